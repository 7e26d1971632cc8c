"""Layouts in which people write items without a Markdown list, and fields in places of their own."""

from __future__ import annotations

from datetime import date

import pytest

from pm_sync.model import ActionItem
from pm_sync.postmortem.read import read_postmortem

HEAD = "# Outage\n\n## Impact\n\nNobody could pay.\n\n"


def read(body: str) -> list[ActionItem]:
    """The items of a postmortem with this body."""
    return list(read_postmortem((HEAD + body).encode(), "x.md").items)


def texts(body: str) -> list[str]:
    """Their texts."""
    return [item.text for item in read(body)]


TWO = ["Add an alert", "Test the failover"]


@pytest.mark.parametrize(
    "body",
    [
        "## Next steps\n\nAction: Add an alert\nOwner: Ann\nDue: 2024-05-01\n\nAction: Test the failover\nOwner: Bo\n",
        "## Next steps\n\nTask 1: Add an alert\nOwner: Ann\nTask 2: Test the failover\nOwner: Bo\n",
        "## Follow-ups\n\n🔴 **[High]** Add an alert — _Ann Lee_ — due 2024-05-01\n\n🟢 **[Low]** Test the failover\n",
        "## Follow-ups\n\nTask: Add an alert\n\nOwner: Ann\n\nTask: Test the failover\n\nOwner: Bo\n",
        "**Action items:** add an alert; test the failover\n\n**Timeline:** it broke; we ran; it was over\n",
        "## Actions\n\n- R1 - Add an alert (High)\n- R2 - Test the failover (Low)\n",
        "## Cosas que se pueden mejorar\n\n- Todo\n\n## Acciones correctivas\n\n- Add an alert\n- Test the failover\n",
    ],
    ids=[
        "records",
        "records-in-one",
        "paragraphs",
        "records-apart",
        "behind-the-label",
        "codes",
        "beside-improvements",
    ],
)
def test_a_layout_without_a_list_gives_its_items(body: str) -> None:
    """Each of these says the same two tasks, and no more."""
    assert [text[0].upper() + text[1:] for text in texts(body)] == TWO


def test_a_record_has_its_fields() -> None:
    """The lines below a task's line say who, when and how far."""
    (item,) = read("## Next steps\n\nAction: Add an alert\nOwner: Ann\nDue: 2024-05-01\nStatus: Closed\n")
    assert (item.owners, item.due, item.done) == (("Ann",), date(2024, 5, 1), True)


def test_recommendations_count_where_nothing_else_is_a_list() -> None:
    """A broad list beside a clear one is wishes; beside prose it is the list."""
    broad = "## Recommendations\n\n- Add an alert\n\n## Next steps\n\n{}We will test the failover.\n"
    assert texts(broad.format("")) == ["Add an alert", "We will test the failover."]
    assert texts(broad.format("- ")) == ["We will test the failover."]


@pytest.mark.parametrize(
    ("line", "text", "owners"),
    [
        ("- KM/JD: look into the queries", "look into the queries", ("KM", "JD")),
        ("- **AL**: add paging", "add paging", ("AL",)),
        ("- CI/CD: add a stage", "CI/CD: add a stage", ()),
        ("- DB: add an index", "DB: add an index", ()),
        ("- NY: the second site is slow", "NY: the second site is slow", ()),
    ],
)
def test_initials_before_an_instruction_are_owners(line: str, text: str, owners: tuple[str, ...]) -> None:
    """Two letters may be somebody or something: what is known as a thing stays in the text."""
    (item,) = read(f"## Actions\n\n{line}\n")
    assert (item.text, item.owners) == (text, owners)


@pytest.mark.parametrize(
    ("line", "text", "ref"),
    [
        ("- Fix the flaky test in #88", "Fix the flaky test in #88", "#88"),
        ("- Merge [#88](https://x.io/a/b/pull/88)", "Merge #88", "#88"),
        ("- Fix the flaky test, tracked in #88", "Fix the flaky test", "#88"),
        ("- [Add a slow alert](https://x.io/a/b/issues/9)", "Add a slow alert", "https://x.io/a/b/issues/9"),
    ],
)
def test_a_reference_that_the_sentence_needs_stays_in_it(line: str, text: str, ref: str) -> None:
    """What a preposition governs is part of the words; a label that is the item's own words is no reference."""
    (item,) = read(f"## Actions\n\n{line}\n")
    assert (item.text, [link.ref for link in item.links]) == (text, [ref])


def test_a_state_in_another_column_is_read() -> None:
    """Capitals behind a bug's number say how it stands; struck words are settled whatever stands behind them."""
    table = (
        "| Action | Owner | Bug |\n|---|---|---|\n| Add it | ann | Bug 5 **DONE** |\n| Test it | bo | n/a **TODO** |\n"
    )
    assert [item.done for item in read(f"## Actions\n\n{table}")] == [True, False]
    assert [item.done for item in read("## Actions\n\n- ~~Add it~~ https://x.io/a/very/long/path/issues/12345\n")] == [
        True
    ]
    assert [item.done for item in read("## Actions\n\n- 🔴 Add it\n")] == [None]
