"""What becomes of candidates: each an item once, or rejected with the reason."""

from __future__ import annotations

from pm_sync.postmortem.read import read_postmortem

WISHES = (
    "# Outage\n\n## Impact\n\nIt was down.\n\n## Corrective measures\n\n"
    "### Improvements\n\n- Better alerts{}\n- Update the runbook\n\n### Tasks\n\n- Update the runbook\n"
)


def test_wishes_beside_a_list_of_tasks_are_said() -> None:
    """They are no items, take nothing away from the tasks, and nobody need wonder where they are."""
    postmortem = read_postmortem(WISHES.format("").encode(), "x.md")
    assert [(item.text, item.line) for item in postmortem.items] == [("Update the runbook", 16)]
    assert [(r.text, r.reason) for r in postmortem.rejected] == [
        ("Better alerts", "a wish beside the list of tasks"),
        ("Update the runbook", "a wish beside the list of tasks"),
    ]


def test_a_tracked_wish_stays_an_item() -> None:
    """A list of tasks that is added later makes no issue an orphan."""
    items = read_postmortem(WISHES.format(" (local#4, open)").encode(), "x.md").items
    assert [item.text for item in items] == ["Better alerts", "Update the runbook"]


def test_tasks_outdo_wishes_in_a_section_of_their_own() -> None:
    """Also where neither stands below a heading that names measures."""
    text = "# Outage\n\n## Root cause\n\nA full disk.\n\n## Improvements\n\n- Better alerts\n\n## Tasks\n\n- Clean the disk\n"
    assert [item.text for item in read_postmortem(text.encode(), "x.md").items] == ["Clean the disk"]


def test_a_lead_with_its_explanation_is_no_empty_label() -> None:
    """Although the explanation ends in a colon, and what it leads to stands in a list of its own."""
    text = (
        "## Action items\n\n1. **Deeper monitoring**\n   We will watch:\n\n- reads\n- writes\n\n2. **Observability:**\n"
    )
    postmortem = read_postmortem(text.encode(), "x.md")
    assert [item.title for item in postmortem.items] == ["Deeper monitoring"]
    assert [r.reason for r in postmortem.rejected] == ["a label with nothing behind it"]
