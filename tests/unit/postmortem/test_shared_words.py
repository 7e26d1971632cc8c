"""What reads one language's words for another's, an ornament for a state, or an assignment's words for the writer's."""

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


def done(body: str) -> list[bool | None]:
    """Whether each of them is done."""
    return [item.done for item in read(body)]


@pytest.mark.parametrize(
    "lead",
    ["Database", "Data", "Implementation", "Termination", "Linking", "Directory", "GitHub Actions", "Bug triage"],
)
def test_an_english_lead_is_no_word_of_another_language(lead: str) -> None:
    """What begins as a foreign due date, state or link does, is the item's own first word."""
    (item,) = read(f"## Action items\n\n- {lead}: add a check\n")
    assert (item.text, item.done, item.due_text) == (f"{lead}: add a check", None, None)


@pytest.mark.parametrize(
    "title", ["Database", "Dataflow", "Timeouts", "Implementation", "Trigger alerts on lag", "Closing the gaps"]
)
def test_a_group_with_such_a_name_is_read(title: str) -> None:
    """A group below the action items keeps its tasks, open as they are, whatever its name begins with elsewhere."""
    (item,) = read(f"## Action items\n\n### {title}\n\n- Add a check\n")
    assert (item.text, item.done) == ("Add a check", None)


def test_a_day_behind_a_foreign_due_date_is_one() -> None:
    """The label is known by its value."""
    (item,) = read("## Action items\n\n- Add a check\n  - Data: 2024-06-01\n")
    assert item.due_text == "2024-06-01"


def test_a_colon_within_code_ends_no_lead() -> None:
    """A setting with its value is one thing, and stays whole in the title."""
    (item,) = read("## Action items\n\n- Set `pool: 20` in the chart\n")
    assert item.title == "Set pool: 20 in the chart"


def test_lines_below_a_bold_label_in_a_bullet_are_tasks_of_their_own() -> None:
    """Markdown takes them for the bullet's own lines."""
    body = "## Corrective measures\n\n* **Tasks:**\nAdd an alert on the queue.\nTest the failover each month.\n"
    assert texts(body) == ["Add an alert on the queue.", "Test the failover each month."]


def test_what_speaks_of_the_tasks_below_their_lines_is_none() -> None:
    """A paragraph's last line may sum up."""
    body = "**Tasks:**\nAdd an alert.\nTest the failover.\nBy taking these steps, we hope to sleep.\n"
    assert texts(f"## Corrective measures\n\n{body}") == ["Add an alert.", "Test the failover."]


def test_titles_without_a_colon_part_the_lines_of_a_section() -> None:
    """Wishes and tasks stand in one paragraph, below lines that are only their names."""
    body = "Corrective Measures:\nImprovements\nBetter alerts: Add some.\nSpecific Tasks\nAlerts: Add one.\nTests: Run them.\n"
    assert texts(body) == ["Alerts: Add one.", "Tests: Run them."]


def test_final_thoughts_are_no_measures() -> None:
    """What stands below the tasks of a plain text under a name of its own is none of them."""
    body = "Tasks:\nAdd an alert.\nTest the failover.\n\nFinal Thoughts\nWe should have looked sooner, and we will.\n"
    assert texts(f"Corrective measures\n{body}") == ["Add an alert.", "Test the failover."]


@pytest.mark.parametrize("sign", ["1-", "1-\t"])
def test_numbers_with_a_dash_are_a_list_to_the_eye(sign: str) -> None:
    """Markdown knows numbers only with a full stop or a bracket."""
    first, second = sign, sign.replace("1", "2")
    body = f"## Next steps\n\nWe agreed on this plan:\n{first} Alerts on the queue\n{second} Failover tests\n"
    assert texts(body) == ["Alerts on the queue", "Failover tests"]


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ("1. **Be careful:** It breaks.\n2. **Action:** Add an alert (Owner: Ann)\n", ["Add an alert"]),
        ("- It breaks when one is not careful\n- [ ] Add an alert\n", ["Add an alert"]),
        ("- Add an alert\n- Test the failover\n", ["Add an alert", "Test the failover"]),
        (
            "### Immediate actions\n\n- Add an alert\n\n### Long-term improvements\n\n- Two regions\n",
            ["Add an alert", "Two regions"],
        ),
    ],
    ids=["label", "box", "unmarked", "groups"],
)
def test_tasks_among_lessons(listed: str, expected: list[str]) -> None:
    """Below a title that names both, marks and groups tell the tasks from the lessons, if there are any."""
    assert texts(f"## Lessons learned & action items\n\n{listed}") == expected


def test_a_state_in_brackets_behind_a_lead_is_the_item_s() -> None:
    """The lead goes on without it, whether it is bold or not."""
    items = read("## Action items\n\n- **Retries (done):** Limit them\n- Pool size (open) - Raise it\n")
    assert [(i.text, i.title, i.done) for i in items] == [
        ("Retries: Limit them", "Retries", True),
        ("Pool size - Raise it", "Pool size - Raise it", False),
    ]


def test_a_sign_of_progress_among_ornaments_is_one_itself() -> None:
    """Where a lock and a chart stand before items, arrows in a circle tell of no progress."""
    assert done("## Actions\n\n- 🔄 Retry with a backoff\n- 🔒 Lock the file\n") == [None, None]
    assert done("## Actions\n\n- 🔄 Retry with a backoff\n- ✅ Lock the file\n") == [False, True]


def test_a_sign_before_the_name_of_a_group_makes_no_task_of_it() -> None:
    """The tasks are below it, and the sign is no part of their type."""
    (item,) = read("## Actions\n\n### 🔄 Process\n\n- Add a second reviewer\n")
    assert (item.text, item.done, item.type) == ("Add a second reviewer", None, "Process")


def test_groups_within_a_list_of_tasks_are_none_themselves() -> None:
    """A bold label over bullets names what they have in common; one that bears fields is a task."""
    nested = "  - **Monitoring:**\n    - Watch the disks\n  - **Cache upgrade:**\n    - Owner: Ann\n"
    items = read(f"## Measures\n\n- **Improvements:**\n  - Better alerts\n- **Tasks:**\n{nested}")
    assert [(i.text, i.owners) for i in items] == [("Watch the disks", ()), ("Cache upgrade", ("Ann",))]


@pytest.mark.parametrize(
    ("below", "count"),
    [
        ("Conduct a thorough review of all settings.\n", 1),
        ("- Conduct a thorough review of all settings.\n- Test each of them in staging first.\n", 2),
        ("- What are the things that can be improved (broadly)?\n- A list of tasks to address the issue\n", 0),
        ("- An owner and a date for each of them\n", 0),
    ],
)
def test_a_title_copied_from_an_assignment(below: str, count: int) -> None:
    """It is the writer's own where his sentences stand below it, and the assignment's where it goes on to ask."""
    assert len(texts(f"## Corrective and preventative measures must contain:\n\n{below}")) == count
    assert len(texts(f"Corrective and preventative measures must contain:\n\n{below}")) == count


def test_what_could_prevent_it_is_a_measure() -> None:
    """A sentence of a section of measures may name one by what it prevents."""
    assert len(texts("## Prevention\n\nThis can be avoided by testing in a copy of the shop.\n")) == 1


@pytest.mark.parametrize(
    ("last", "told"),
    [("closed", False), ("complete.", False), ("is not one that stays open", False), ("(closed)", True)],
)
def test_a_wrapped_line_may_end_in_a_state_s_word(last: str, told: bool) -> None:
    """Where the line before it is full, the word belongs to its sentence."""
    (item,) = read(f"## Actions\n\n- Check each of the other hosts before considering any incident\n  {last}\n")
    assert (item.done is not None, item.text.endswith("incident")) == (told, told)


def test_a_colon_at_the_very_end_makes_no_field_of_the_last_word() -> None:
    """An item may lead to an example, whatever it ends with."""
    (item,) = read("## Actions\n\n- Run this check before the incident is closed:\n\n  ```\n  df -h\n  ```\n")
    assert item.text == "Run this check before the incident is closed:"


def test_a_bracket_that_is_left_of_an_address_goes_with_it() -> None:
    """What leads to an address leads nowhere without it."""
    body = "- Keep a list of all hosts (for example <https://x.example/list>)\n- Read (https://x.example/a) again\n"
    assert texts(f"## Actions\n\n{body}") == ["Keep a list of all hosts", "Read again"]


@pytest.mark.parametrize(
    ("sentence", "count"),
    [
        ("The host is another matter; no disk was removed.", 0),
        ("Monitoring remains as it is.", 0),
        ("Two hosts were removed, and the alert has been changed.", 1),
    ],
)
def test_what_was_not_done_is_no_measure(sentence: str, count: int) -> None:
    """Neither is what stays as it was."""
    assert [i.done for i in read(f"## Follow-up\n\n{sentence}\n")] == [True] * count


@pytest.mark.parametrize(("cell", "expected"), [("Documented", True), ("Filed", False), ("Pool", None)])
def test_a_participle_in_the_column_of_states_says_what_was_done(cell: str, expected: bool | None) -> None:
    """An issue that was only filed is not done."""
    assert done(f"## Actions\n\n| Action | Status |\n|---|---|\n| Add a check | {cell} |\n") == [expected]
