"""Titles of measures in bold type, tables that say by their headers what they hold, and what is still open."""

from __future__ import annotations

import pytest

from pm_sync.model import ActionItem
from pm_sync.postmortem.read import read_postmortem

HEAD = "# Outage\n\n## Impact\n\nNobody could pay on 2024-05-01.\n\n"


def read(body: str) -> list[ActionItem]:
    """The items of a postmortem with this body."""
    return list(read_postmortem((HEAD + body).encode(), "x.md").items)


def texts(body: str) -> list[str]:
    """Their texts."""
    return [item.text for item in read(body)]


def test_plain_paragraphs_below_a_bold_title_explain_it() -> None:
    """A number or an instruction in bold type is the title; what follows in plain type goes on about it."""
    numbered = (
        "**1. Slow queries**\n\nThe pool was exhausted.\n\nSo was the cache.\n\n**2. Paging**\n\nNobody was called.\n"
    )
    assert texts(f"## Action items\n\n{numbered}") == ["Slow queries", "Paging"]
    worded = "**Add a timeout**\n\nRequests waited forever.\n\n**Limit the pool**\n\nIt grew without end.\n"
    assert texts(f"## Action items\n\n{worded}") == ["Add a timeout", "Limit the pool"]


def test_an_instruction_below_a_bold_one_is_another_unless_it_is_a_sentence() -> None:
    """The full stop tells an explanation from the next task."""
    assert texts("## Actions\n\n**Add an alert**\n\nTest the failover\n") == ["Add an alert", "Test the failover"]
    assert texts("## Actions\n\n**Add an alert**\n\nWatch the queue's length with it.\n") == ["Add an alert"]


def test_a_colon_behind_a_bold_title_is_no_part_of_it() -> None:
    """It only leads to the fields below."""
    (item,) = read("## Actions\n\n- **Upgrade the cache:**\n  - Owner: Ann\n")
    assert (item.text, item.owners) == ("Upgrade the cache", ("Ann",))


@pytest.mark.parametrize(
    ("paragraph", "count"),
    [
        ("Add a timeout to the client. Limit the pool. Document the order of restarts.", 3),
        ("Add a timeout to the client. It waited forever. Limit the pool.", 1),
    ],
)
def test_instructions_in_one_paragraph_are_a_task_each(paragraph: str, count: int) -> None:
    """Below a title that says tasks, where every sentence is one."""
    assert len(texts(f"## Outage\n\nIt broke.\n\n### Tasks\n\n{paragraph}\n")) == count


def test_a_header_of_two_fields_has_cells_of_two() -> None:
    """The same sign joins both."""
    table = "| Action | Owner / Due |\n|---|---|\n| Add an alert | Ann / 2024-06-01 |\n| Test the failover | Bo |\n"
    first, second = read(f"## Action items\n\n{table}")
    assert (first.owners, str(first.due)) == (("Ann",), "2024-06-01")
    assert (second.text, second.due) == ("Test the failover", None)


def test_what_is_severe_is_not_therefore_a_task() -> None:
    """A table of conditions and severities lists none."""
    table = "| Condition | Severity |\n|---|---|\n| Disk above 80 % | High |\n"
    assert texts(f"## Action items\n\n- Alert on these conditions\n\n{table}") == ["Alert on these conditions"]


def test_steps_of_what_was_done_belong_to_it() -> None:
    """A line that looks back names no group of tasks."""
    steps = "- The script was rewritten to:\n  - Check the disk\n  - Stop on errors\n- Add an alert\n"
    assert [text.split(":")[0] for text in texts(f"## Action items\n\n{steps}")] == [
        "The script was rewritten to",
        "Add an alert",
    ]


@pytest.mark.parametrize(
    ("headers", "count"),
    [
        ("Action item | Owner", 1),
        ("Follow-up item | Status", 1),
        ("Action item | Result of it", 0),
        ("Step | Owner", 0),
    ],
)
def test_a_table_says_by_itself_that_it_lists_action_items(headers: str, count: int) -> None:
    """No heading needs to say so, if somebody does them or they have a state."""
    table = f"| {headers} |\n|---|---|\n| Add an alert | Ann |\n"
    assert len(texts(f"## Root cause\n\nDisk.\n\n## Ownership\n\n{table}")) == count


def test_such_a_table_below_the_timeline_is_none() -> None:
    """What its heading says stands first."""
    table = "| Action item | Owner |\n|---|---|\n| Add an alert | Ann |\n"
    assert texts(f"## Timeline\n\n{table}") == []


def test_work_is_a_column_of_tasks() -> None:
    """What closes it explains it."""
    table = "| Priority | Proposed work | Closure criterion |\n|---|---|---|\n| P1 | Add an alert | It fires in the test environment |\n"
    (item,) = read(f"## Open follow-up proposals\n\n{table}")
    assert (item.text, item.priority) == ("Add an alert", "P1")


@pytest.mark.parametrize(
    "title", ["Open items", "Remaining items", "Outstanding follow-ups", "Unresolved action items"]
)
def test_what_is_open_counts_beside_other_measures(title: str) -> None:
    """Such a title says as much as "Action items" does."""
    body = f"**Remediation:** Restarted it.\n\n## {title}\n\n- Add an alert\n"
    assert texts(body)[-1] == "Add an alert"
