"""Postmortems written as plain text: headings without a sign, no blank lines below them, bullets of a word processor."""

from __future__ import annotations

import pytest

from pm_sync.model import ActionItem
from pm_sync.postmortem.read import read_postmortem


def read(body: str) -> list[ActionItem]:
    """The items of a file that is nothing but this."""
    return list(read_postmortem(body.encode(), "x.md").items)


def texts(body: str) -> list[str]:
    """Their texts."""
    return [item.text for item in read(body)]


TWO = ["Add an alert.", "Test the failover."]


@pytest.mark.parametrize(
    "body",
    [
        "Timeline:\n10:00 it broke\n\nCorrective measures:\nAdd an alert. Test the failover.\n\n![chart](a.png)\n",
        "Impact:\nNobody could pay.\nNext steps:\nAdd an alert.\nTest the failover.\nConclusion:\nWe should be glad.\n",
        "Cause: a full disk.\n\nPreventive measures:\nImprovements: be better.\nTasks:\nAdd an alert.\nTest the failover.\n",
        "Corrective measures\nImprovements:\nBetter alerts.\nTasks to address the issue:\n 1. Add an alert.\n 2. Test the failover.\n",
        "Corrective measures:\n\no\tAdd an alert.\n\no\tTest the failover.\n",
        "Preventive actions:\n\nAdd an alert.\nTest the failover.\n\nBy taking these measures we will sleep better.\n",
    ],
    ids=["sentences", "one-paragraph", "label-and-tasks", "label-over-list", "pasted-bullets", "line-by-line"],
)
def test_plain_text_gives_its_items(body: str) -> None:
    """Each of these says the same two tasks and nothing else that would be one."""
    assert texts(body) == TWO


def test_a_label_in_a_paragraph_keeps_the_places() -> None:
    """An item below a label inside a paragraph stands where its words stand."""
    source = "Impact:\nNone.\nNext steps:\nWe will add an alert.\n"
    (item,) = read(source)
    assert (item.line, source[item.span.start : item.span.end]) == (4, "We will add an alert.")


def test_labels_that_open_no_measures_leave_a_paragraph_whole() -> None:
    """Lines that name other sections are no reason to look for items."""
    assert texts("Impact:\nWe will see.\nRoot cause:\nThe disk should be larger.\n") == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("**Improvements/Fixes:**\n\n- Be better\n\n**Task list:**\n\n1. Add an alert.\n2. Test the failover.\n", TWO),
        (
            "### Improvements\n\n- Be better\n\n### Tasks\n\n1. **Now:**\n   - Add an alert.\n2. **Later:**\n   - Test the failover.\n",
            TWO,
        ),
    ],
    ids=["labels", "groups-below"],
)
def test_tasks_in_groups_of_their_own_still_outdo_the_wishes_beside_them(body: str, expected: list[str]) -> None:
    """Where the list of tasks stands, below a label or in groups, changes nothing about it."""
    head = "Corrective measures\n\n" if body.startswith("**") else "## Corrective measures\n\n"
    assert texts(head + body) == expected


@pytest.mark.parametrize(
    ("prose", "count"),
    [
        ("Ensuring that every change is tested. Adding a second line.", 2),
        ("Monitoring was slow. Testing showed nothing.", 0),
        ("All of the steps below should be taken. By implementing these measures we will be safer.", 0),
        ("Documentation: Update the guide.", 1),
        ("Then the team introduced a second line.", 1),
    ],
)
def test_sentences_that_name_a_measure_by_other_forms(prose: str, count: int) -> None:
    """A gerund and an instruction behind a lead name a measure; what speaks of measures is none."""
    assert len(texts(f"## Corrective measures\n\n{prose}\n")) == count


def test_looking_ahead_counts_only_where_nothing_is_listed() -> None:
    """The closing words of a postmortem with a list of measures add nothing to it."""
    listed = "## Impact\n\nAll.\n\n## Remediation\n\n- Add an alert\n\n## Moving forward\n\nWe will be better.\n"
    assert texts(listed) == ["Add an alert"]
    assert texts(listed.replace("## Remediation\n\n- Add an alert\n\n", "")) == ["We will be better."]


@pytest.mark.parametrize(
    ("body", "done"),
    [
        ("- Contacted the customers", True),
        ("- Runbook updated in the wiki", True),
        ("- Retries: Added a limit for each client", True),
        ("- Retries: the limit has now been configured", True),
        ("- Retries: the limit was exceeded", None),
        ("- Retries: the team will say what it has changed", None),
        ("**The following measures were implemented:**\n\n- Code review of each query", True),
    ],
)
def test_done_is_told_by_a_report(body: str, done: bool | None) -> None:
    """What is reported as done is done, in the item, behind its lead, or in the words above the list."""
    (item,) = read(f"# Outage\n\n## Corrective actions\n\n{body}\n")
    assert item.done is done


def test_things_above_a_list_own_nothing() -> None:
    """A word that begins with a capital is a name only if it can be one."""
    body = "## Actions\n\n**Options**\n\n- Add an alert\n\n**Anna**\n\n- Test the failover\n"
    assert [item.owners for item in read(body)] == [(), ("Anna",)]
