"""Layouts of the reviews that providers publish: sentences with bold leads, numbered paragraphs, scoped labels."""

from __future__ import annotations

import pytest

from pm_sync.model import ActionItem
from pm_sync.postmortem.read import read_postmortem

HEAD = "# Outage\n\n## Impact\n\nNobody could pay.\n\n"


def items(body: str) -> tuple[ActionItem, ...]:
    """The items of a postmortem with this body."""
    return read_postmortem((HEAD + body).encode(), "x.md").items


def test_a_bold_sentence_leads_the_one_that_commits() -> None:
    """Its words are the title, and what commits explains them."""
    (item,) = items("## Next steps\n\n**Roll-out.** We will deploy in stages from May on. It helps.\n")
    assert (item.title, item.details) == ("Roll-out", "We will deploy in stages from May on. It helps.")


def test_numbers_with_points_before_paragraphs_are_no_words() -> None:
    """They count the paragraphs, while a number before a unit is a word."""
    assert [item.text for item in items("## Action plan\n\n6.1 Replace the disk\n\n6.2 Watch its age\n")] == [
        "Replace the disk",
        "Watch its age",
    ]
    assert [item.text for item in items("## Action plan\n\n2.5 days of training must be given.\n")] == [
        "2.5 days of training must be given."
    ]


def test_an_aim_without_the_word_prevent_announces_measures() -> None:
    """What customers could do about it is advice, and nothing of ours."""
    ours = "## How are we making this less likely?\n\n- We are adding alerts (Estimated completion: June 2024)\n\n"
    theirs = "## How can customers make this less impactful?\n\n- Use two zones\n"
    assert [(item.text, item.due_text) for item in items(ours + theirs)] == [("We are adding alerts", "June 2024")]


@pytest.mark.parametrize("title", ["Actions taken and planned", "Actions taken / to be taken"])
def test_a_title_of_two_states_tells_neither(title: str) -> None:
    """Some of what stands below is done and some is not: nothing is said to be done that isn't."""
    assert [item.done for item in items(f"## {title}\n\n- Restart nodes nightly\n- Page earlier\n")] == [None, None]


def test_what_stands_around_the_words_is_taken_off() -> None:
    """The number of an item in its incident, a scoped label, and the dash behind an address."""
    body = (
        "## Actions\n\n- [INC-51-2] Raise the limit\n"
        '- Limit retries - @amy - ~"severity::3"\n- https://git.example.com/a/b/-/merge_requests/7 - revert the change\n'
    )
    assert [(item.text, item.team, item.priority) for item in items(body)] == [
        ("Raise the limit", None, None),
        ("Limit retries", None, "3"),
        ("revert the change", None, None),
    ]
