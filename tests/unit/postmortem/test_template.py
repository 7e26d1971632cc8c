"""Templates, whose items are examples."""

from __future__ import annotations

import pytest

from pm_sync.postmortem.read import read_postmortem

BODY = "\n\n## Impact\n\nWho was affected?\n\n## Action items\n\n- Add an alert\n"


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("template.md", "# Incident"),
        ("docs/00-template.md", "# Incident"),
        ("docs/incident_template.md", "# Incident"),
        ("docs/templates/incident.md", "# Incident"),
        ("docs/plantilla.md", "# Incidente"),
        ("x.md", "# Outage Postmortem Template"),
        ("x.md", "# 复盘模板"),
        ("x.md", "# Postmortem: [Incident name]"),
        ("x.md", "# Postmortem: [Título]"),
        ("x.md", "# Postmortem\n\n**Date:** YYYY-MM-DD\n**Owner:** [Your name]"),
        ("x.md", "# Postmortem\n\n- **Severity**: [P1 / P2]\n\n| Start |\n|---|\n| DD/MM/YYYY |"),
        ("x.md", "# Postmortem\n\n- **[HH:MM]** - Page\n- **Cause:** [e.g., a full disk]"),
        ("x.md", "# Postmortem\n\n- What went well? [e.g., the rollback]\n\n[Tell the story of the incident here.]"),
        ("x.md", "# Postmortem\n\n- **Start:**  \n- **End:**\n- Severity:\n\n---\n"),
        ("x.md", "# Incident\n\nBriefly describe it.\n\n## Cause\n\n*Explain why it broke*\n\n- List all the hosts\n"),
        ("x.md", "# 障害\n\n- 概要を記載\n- 影響を記述する\n\n## 原因\n\n原因について記述する。\n"),
    ],
)
def test_a_template_gives_no_items_and_says_why(path: str, title: str) -> None:
    """By its title, or by its name or folder where it bears no date."""
    postmortem = read_postmortem((title + BODY).encode(), path)
    assert postmortem.items == ()
    assert [(r.text, r.reason) for r in postmortem.rejected] == [("Add an alert", "an example in a template")]


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("2024-05-01-broken-template.md", "# Outage"),
        ("email-template-outage.md", "# Outage"),
        ("template.md", "# Outage\n\n**Date:** 2024-05-01"),
        ("template-service.md", "# Outage"),
        ("x.md", "# Template engine outage"),
        ("x.md", "# Postmortem: the incident response runbook was outdated"),
        ("x.md", "# Postmortem template\n\n**Date:** 2024-05-01"),
        ("x.md", "# Outage of the template service"),
        ("2024-05-01-outage.md", "# Postmortem\n\n**Date:** YYYY-MM-DD\n**Owner:** [Your name]"),
        ("x.md", "# Checkout: [resolved]"),
        ("x.md", "# [Postmortem] [2024-05-01] Outage"),
        ("x.md", "# Outage\n\n**Severity:** [High]\n**Lead:** [Ann Lee]\n**Cause:** [a link](https://a.b)"),
        ("x.md", "# Outage\n\nExplain the plan: the query was slow.\n\n- 復旧手順を記載"),
        ("x.md", "# Outage\n\nThe parser wanted: YYYY-MM-DD\n"),
        ("x.md", "# Outage\n\n- **Start:** noon\n- **End:**\n- Severity:\n  high\n- Hosts:\n  - a\n- Lead: Ann\n"),
    ],
)
def test_an_incident_about_a_template_is_none(path: str, title: str) -> None:
    """A date, or the word in another place, tells of something that happened."""
    assert [item.text for item in read_postmortem((title + BODY).encode(), path).items] == ["Add an alert"]


@pytest.mark.parametrize(
    "more",
    ["- TBD\n", "- [x] Page earlier\n- TBD\n- TBD\n- TBD\n", "- Page earlier #12\n- {action}\n", "- Action item 1\n"],
)
def test_what_was_begun_is_no_template(more: str) -> None:
    """What is left to be filled in takes nothing away that somebody wrote, ticked or filed."""
    texts = [item.text for item in read_postmortem(("# Outage" + BODY + more).encode(), "x.md").items]
    assert texts == ["Add an alert", *(["Page earlier"] if "Page" in more else [])]


def test_a_tracked_item_makes_it_a_postmortem() -> None:
    """Whoever synced a file meant it."""
    body = BODY.replace("alert", "alert (local#4, open)")
    assert len(read_postmortem(("# Incident" + body).encode(), "template.md").items) == 1


@pytest.mark.parametrize(
    ("lines", "texts"),
    [
        ("- Task 1\n- Task 2\n- Task 3\n", []),
        ("- Task 1\n- Task 2\n- Task 3\n- Task 4\n", ["Task 1", "Task 2", "Task 3", "Task 4"]),
        ("- Task 1\n- Action 4\n", ["Action 4"]),
        ("- Task 1 (local#4, open)\n- TBD (local#5, open)\n- TODO\n", ["Task 1", "TBD"]),
        ("- Follow-up 1 (#12)\n- Follow-up 2\n", ["Follow-up 1"]),
    ],
)
def test_a_placeholder_is_meant_where_it_is_tracked_or_one_of_many(lines: str, texts: list[str]) -> None:
    """Nobody's template goes on to "Task 4", and an issue was made for something."""
    body = f"# Outage\n\n**Date:** 2024-05-01\n\n## Action items\n\n{lines}"
    assert [item.text for item in read_postmortem(body.encode(), "x.md").items] == texts
