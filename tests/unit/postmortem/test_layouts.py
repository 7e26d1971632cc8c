"""Action items in every layout people use."""

from __future__ import annotations

import pytest

from pm_sync.postmortem.read import ReadOptions, read_postmortem

HEAD = "# Outage\n\n## Impact\n\nNobody could pay.\n\n"


def texts(body: str, options: ReadOptions | None = None) -> list[str]:
    """The texts of the items of a postmortem with this body."""
    return [item.text for item in read_postmortem((HEAD + body).encode(), "x.md", options or ReadOptions()).items]


TWO = ["Add an alert", "Test the failover"]


@pytest.mark.parametrize(
    "body",
    [
        "## Action items\n\n- Add an alert\n- Test the failover\n",
        "## Action items\n\n1. Add an alert\n1. Test the failover",
        "## Action items\n\n* Add an alert\n\n* Test\n  the failover\n",
        "Action Items\n------------\n\n- [ ] Add an alert\n- [x] Test the failover\n",
        "## 🛠️ 4. Next steps ##\n\n+ Add an alert\n+ Test the failover\n",
        "##### Follow-ups:\n\n- Add an alert\r\n- Test the failover\r\n",
        "**Action items**\n\n- Add an alert\n- Test the failover\n",
        "Action items:\n- Add an alert\n- Test the failover\n",
        "## Detection\nSlow.\n\nAction Items\n- Add an alert\n- Test the failover\n\n## Notes\n- none of it\n",
        "## Follow-up\n\n- **Tasks:**\n  - Add an alert\n  - Test the failover\n",
        "## Measures and prevention\n\n- **Improvements:** better everything\n\n- **Tasks:**\n\n**Add an alert**\n\nTest the failover\n",
        "## Remediation\n\n**Improvements**\n\n- Be better\n\n**To do**\n\n- Add an alert\n- Test the failover\n",
        "## Corrective actions\n\n### 1) Add an alert\n\nIt was missing.\n\n### 2) Test the failover\n\nMonthly.\n",
        "## Corrective actions\n\n### Add an alert\n\n- Owner: Ann\n- Due: 2024-05-01\n\n### Test the failover\n\n- Owner: Bo\n",
        "## Corrective actions\n\n**Add an alert**\n\n**Test the failover**\n",
        "## Preventive measures\n\nThe disk was full. We should add an alert. This helps. The failover must be tested too.\n",
        "## Actions\n\n| # | Owner | What |\n|---|:-:|--:|\n| 1 | Ann | **Add** an alert |\n| 2 | | Test the failover |\n",
        "## Actions\n\n|Task|Status|\n|-|-|\n|Add an alert|\n|Test the failover|Open|Extra|\n",
        "## Actions\n\n### Backend\n\n- Add an alert\n\n### Short term\n\n- Test the failover\n",
        "## Actions\n\n- Monitoring:\n  - Add an alert\n- Test the failover\n",
        "## Actions\n\n<details>\n<summary>All</summary>\n\n- Add an alert\n- Test the failover\n\n</details>\n",
        "> [!IMPORTANT]\n> ## Actions\n> - Add an alert\n> - Test the failover\n",
        "## Actions\n\n• Add an alert\n• Test the failover\n",
        "\\## Actions\n\n\\- \\[ \\] Add an alert\n\n\\* Test the failover\n",
        "## Actions\n\n- [] Add an alert\n- Test the failover",
        "## Action items\n\n## Short term\n\n- Add an alert\n\n## Long term\n\n- Test the failover\n\n## Glossary\n\n- SLO\n",
        "<!-- pm-sync: items -->\n\n- Add an alert\n- Test the failover\n",
        "## Actions\n\n<!-- pm-sync: ignore -->\n\n- Not this\n\nthen\n\n- Add an alert\n- Test the failover\n",
        "## What we will do so that this does not happen again: avoid recurrence\n\n- Add an alert\n- Test the failover\n",
    ],
)  # fmt: skip
def test_a_layout_gives_its_items(body: str) -> None:
    """Each of these says the same two tasks, in its own way; prose keeps its sentences."""
    found = [text.removeprefix("We should ").capitalize().rstrip(".") for text in texts(body)]
    if "must be tested" in body:
        assert found == ["Add an alert. this helps", "The failover must be tested too"]
    else:
        assert found == TWO


@pytest.mark.parametrize(
    "body",
    [
        "## Lessons learned\n\n- Alerts are good\n",
        "## Timeline\n\n- [ ] 10:00 alert\n",
        "## What went well\n\n### Improvements\n\n- We were fast\n",
        "## Actions taken\n\n- Restarted it\n",
        "## Actions\n\n```\n- [ ] code\n```\n\n<!--\n- [ ] comment\n-->\n\n> - [ ] quoted\n",
        "## Actions\n\n| Time | Event |\n|---|---|\n| 10:00 | Restarted |\n",
        "## Action items\n\n### Lessons learned\n\n- Be careful\n",
        "## Actions\n\n| Time (UTC) | Status | Description |\n|---|---|---|\n| 10:00 | Down | Restarted it |\n| 10:05 | Up | It was back |\n",
    ],
    ids=[
        "lessons",
        "timeline",
        "went-well",
        "taken",
        "not-text",
        "table-of-events",
        "lessons-below",
        "timeline-with-status",
    ],
)
def test_what_is_no_measure_gives_no_item(body: str) -> None:
    """Narrative, lessons, code and quotations are never items."""
    assert texts(body) == []


def test_a_bare_word_needs_a_postmortem_around_it() -> None:
    """Tasks" alone opens a section only in a document that tells of an incident."""
    assert read_postmortem(b"# Homework\n\n## Tasks\n\n- Write it\n", "x.md").items == ()
    assert texts("## Tasks\n\n- Write it\n") == ["Write it"]


def test_the_configuration_adds_and_removes_sections() -> None:
    """Regular expressions over headings decide before the vocabulary."""
    assert texts("## Zu tun, Leute\n\n- Write it\n", ReadOptions(include=("^zu tun",))) == ["Write it"]
    assert texts("## Action items\n\n- Write it\n", ReadOptions(exclude=("action",))) == []


def test_subtasks_have_their_parent_and_explanations_are_details() -> None:
    """Nested to-dos are items of their own; nested reasons, links and fields belong to the item above."""
    body = "## Actions\n\n- Speed up recovery\n  - Add a runbook\n  - Test it\n- Add a cache\n  - because it is slow\n  - PR: https://x.io/a/b/pull/5\n  - Owner: Ann\n"
    items = read_postmortem((HEAD + body).encode(), "x.md").items
    assert [(item.text, item.parent) for item in items] == [
        ("Speed up recovery", None), ("Add a runbook", 0), ("Test it", 0), ("Add a cache", None),
    ]  # fmt: skip
    assert items[3].details == "because it is slow"
    assert items[3].owners == ("Ann",)
    assert [link.url for link in items[3].links] == ["https://x.io/a/b/pull/5"]


def test_equal_items_are_numbered_and_a_repeating_list_is_said() -> None:
    """Equal items of one list are told apart; a second list of the same incident that says them again is rejected."""
    body = "## Actions\n\n- Do it\n- Do it\n\n## Next steps\n\n- Do it\n- Do more\n"
    postmortem = read_postmortem((HEAD + body).encode(), "x.md")
    assert [(item.text, item.ordinal) for item in postmortem.items] == [("Do it", 0), ("Do it", 1), ("Do more", 0)]
    assert [(r.line, r.reason) for r in postmortem.rejected] == [(14, "says again what line 9 says")]


def test_several_incidents_in_one_file_keep_their_items() -> None:
    """Equal items below equal headings of two incidents are two items."""
    one = "# {}\n\n## Impact\n\nx\n\n## Actions\n\n- Do it\n\n"
    items = read_postmortem((one.format("A") + one.format("B")).encode(), "x.md").items
    assert [(item.section[0], item.ordinal) for item in items] == [("A", 0), ("B", 1)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("- TBD", "a placeholder"),
        ("- N/A", "says that there is nothing to do"),
        ("- No further actions were needed this time.", "says that there is nothing to do"),
        ("- {{ summary }} [link to issue]", "a placeholder"),
        ("- [Describe the action]", "a placeholder"),
        ("- Action item 1", "a placeholder"),
        ("- _(what we do about it)_", "a placeholder"),
        ("- [ ]", "empty"),
        ("- ...", "no words"),
        ("- [Describe it] (owner: XXX, due: YYYY-MM-DD)", "a placeholder"),
        ("- [What to change] (file: XXX)", "a placeholder"),
        ("- Who looks after them:", "a label with nothing behind it"),
        ("- **14:45** - Restart it", "an entry of a timeline"),
        ("- 14:45-15:10 UTC: Restart it", "an entry of a timeline"),
        ("No action items.", "says that there is nothing to do"),
        ("| Task | Owner |\n|---|---|\n| | |", "an empty row"),
        ("- " + "long " * 2000, "too long for an action item"),
    ],
)
def test_what_cannot_be_used_is_said_with_its_place(line: str, reason: str) -> None:
    """Placeholders and empty places are no items, and none is dropped silently."""
    postmortem = read_postmortem((HEAD + "## Action items\n\n" + line + "\n").encode(), "x.md")
    assert postmortem.items == ()
    assert [rejected.reason for rejected in postmortem.rejected] == [reason]
    assert postmortem.rejected[0].line == (11 if line.startswith("|") else 9)


def test_a_short_row_above_another() -> None:
    """A row's missing cells are nowhere: what is written there would break the row below."""
    data = (
        b"# Outage\n\n## Action items\n\n| # | Action | Status | Issue |\n|---|---|---|---|\n"
        b"| 1 | Document the failover | Open |\n| 2 | Rotate the keys | Open | |\n"
    )
    short, whole = read_postmortem(data, "pm.md").items
    assert (short.anchor.link_cell, short.text) == (None, "Document the failover")
    assert whole.anchor.link_cell is not None


def test_a_time_of_day_in_a_sentence_makes_no_timeline() -> None:
    """Only what stands apart from the words behind it does."""
    assert texts("## Action items\n\n- 14:45 is when the job should start\n") == ["14:45 is when the job should start"]
