"""Fields as people strew them about an item's words."""

from __future__ import annotations

from datetime import date

import pytest

from pm_sync.model import ActionItem, State
from pm_sync.postmortem.read import read_postmortem

HEAD = "# Outage\n\n## Impact\n\nNobody could pay.\n\n## Action items\n\n"


def only_item(body: str) -> ActionItem:
    """The one item of a postmortem with this list of measures."""
    (item,) = read_postmortem((HEAD + body).encode(), "x.md").items
    return item


@pytest.mark.parametrize(
    ("body", "text", "owners"),
    [
        ("- Split the cache | Owner: @sara | Due: 2024-07-01 | Priority: P2", "Split the cache", ("@sara",)),
        ("- Split the cache - Assigned to: @sara", "Split the cache", ("@sara",)),
        ("- Split the cache. *Owner: TBD*", "Split the cache.", ()),
        ("- Split the cache. Owner: J. Doe", "Split the cache.", ("J. Doe",)),
        ("- Split the cache; owner - Mei; due - 20th March 2024", "Split the cache", ("Mei",)),
        ("- Split the cache → Mei → 15-Mar-2024", "Split the cache", ("Mei",)),
        ("- Split the cache - Mei - 5/10/2024", "Split the cache", ("Mei",)),
        ("- Split the cache (resp. : équipe infra, avant le 30 juin)", "Split the cache", ("équipe infra",)),
        ("1. What: Split the cache\n   Who: J. Smith, R. Lee\n   When: Q3 2024", "Split the cache", ("J. Smith", "R. Lee")),
        ("- Split the cache (owner=Eli; due=June 30, 2024)", "Split the cache", ("Eli",)),
        ("- Split the cache (owner: Ann, Jira: OPS-5)", "Split the cache", ("Ann",)),
        ("- Split the cache (@ann, @bob; due 2024-05-05; high)", "Split the cache", ("@ann", "@bob")),
        ("- Split the cache {owner: Ann}", "Split the cache", ("Ann",)),
        ("- ann@example.com: split the cache", "split the cache", ("ann@example.com",)),
        ("- Split the cache -> Mei -> 2024-07-01", "Split the cache", ("Mei",)),
        ("| Measure | Who |\n|---|---|\n| Split the cache | n. n. |", "Split the cache", ()),
        ("| Mesure | Responsable |\n|---|---|\n| Split the cache | à désigner |", "Split the cache", ()),
        ("| Measure | Who |\n|---|---|\n| Split the cache | Chen W. |", "Split the cache", ("Chen W.",)),
    ],
)  # fmt: skip
def test_who_does_it_is_no_part_of_the_words(body: str, text: str, owners: tuple[str, ...]) -> None:
    """However the owner is told, the words remain without it, and nobody stays nobody."""
    item = only_item(body)
    assert (item.text, item.owners) == (text, owners)


def test_a_day_of_either_order_is_due_as_it_is_written() -> None:
    """5/10 may be in May or in October: it is kept in words, unless another day of the file tells the order."""
    item = only_item("- Split the cache by 5/10/2024")
    assert (item.text, item.due, item.due_text) == ("Split the cache", None, "5/10/2024")
    ordered = read_postmortem(f"{HEAD}- Split the cache by 5/10/2024\n- Test it by 25/10/2024\n".encode(), "x.md")
    assert [i.due for i in ordered.items] == [date(2024, 10, 5), date(2024, 10, 25)]


def test_no_day_of_either_order_is_taken_for_a_due_date() -> None:
    """There is no month 30 and no day 0, so such numbers are words."""
    assert only_item("- Split the cache - 0/10/2024").due_text is None


def test_a_word_in_capitals_behind_a_label_is_its_value() -> None:
    """TBD behind "Owner:" says nothing about how the item stands."""
    assert only_item("- Split the cache. Owner: TBD").done is None
    assert only_item("- Split the cache. Status: DONE").done is State.DONE.settled


def test_a_key_in_brackets_with_the_word_for_it_is_a_reference() -> None:
    """The bracket holds nothing else, so it goes from the words."""
    item = only_item("- Ask the vendor [Ticket SUP-991]")
    assert (item.text, [link.ref for link in item.links]) == ("Ask the vendor", ["SUP-991"])
    assert only_item("- Ask the vendor [as in SUP-991]").links == ()


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("- Rotate the keys. Ticket: OPS-55", "Rotate the keys."),
        ("- Rotate the keys - Jira: OPS-55", "Rotate the keys"),
        ("- Rotate the keys\n  - ticket: OPS-55\n  - owner: Sam", "Rotate the keys"),
        ("- Rotate the keys\n- Ticket: OPS-55", "Rotate the keys"),
        ("- **Issue:** OPS-55 — rotate the keys", "rotate the keys"),
    ],
)
def test_a_key_behind_a_label_for_issues_is_a_reference(body: str, text: str) -> None:
    """The label says what it is, wherever it stands; what is more than a number and its label is an item of its own."""
    item = only_item(body)
    assert (item.text, [link.ref for link in item.links]) == (text, ["OPS-55"])


def test_a_key_behind_another_label_is_a_word() -> None:
    """An error's number is no issue's."""
    assert only_item("- Error: DB-2002 is logged too often").links == ()


def test_one_word_that_heads_measures_is_their_kind() -> None:
    """The title "Prevent" has the aim of a section of measures, and is the kind of those below it as "Detect" is."""
    body = f"{HEAD}**Prevent**\n\n- Add an alert\n\n**Detect**\n\n- Test it\n"
    assert [item.type for item in read_postmortem(body.encode(), "x.md").items] == ["Prevent", "Detect"]


def test_lines_below_a_line_that_leads_to_them_are_a_list() -> None:
    """Markdown knows no list with letters, and takes the lines for a paragraph's."""
    body = f"{HEAD}To prevent this:\na) Split the cache\nb) Nightly restore test\n\n- Add an alert\n"
    items = read_postmortem(body.encode(), "x.md").items
    assert [item.text for item in items] == ["Split the cache", "Nightly restore test", "Add an alert"]


def test_a_list_that_says_who_and_when_is_none_of_wishes() -> None:
    """Broad improvements beside a list of tasks are wishes, but not where most of them have an owner, a day or a state."""
    beside = "# Outage\n\n## Impact\n\nAll.\n\n## {}\n\n{}\n## Action items\n\n- Add an alert\n"
    told = read_postmortem(
        beside.format("Permanent fix", "- Split the cache (owner: Ann)\n- Test it [DONE]\n").encode(), "x"
    )
    assert [item.text for item in told.items] == ["Split the cache", "Test it", "Add an alert"]
    wished = read_postmortem(beside.format("Permanent fix", "- Split the cache\n- Test it\n").encode(), "x")
    assert [item.text for item in wished.items] == ["Add an alert"]


def test_what_a_quotation_lists_is_shown_and_not_taken() -> None:
    """Somebody else's words are no measures of ours, but nothing vanishes unseen."""
    read = read_postmortem(f"{HEAD}- Add an alert\n\n> - [ ] Split the cache\n> - Test it\n".encode(), "x.md")
    assert [item.text for item in read.items] == ["Add an alert"]
    assert [(r.text, r.line, r.reason) for r in read.rejected] == [
        ("Split the cache", 11, "in a quotation"),
        ("Test it", 12, "in a quotation"),
    ]


@pytest.mark.parametrize(
    ("list_", "reason"),
    [
        ("    - [ ] Split the cache\n    - Test it\n", "code, as its line is indented"),
        ("\t1. Split the cache\n\t2. Test it\n", "code, as its line is indented"),
        ("<br>\n- [ ] Split the cache\n- Test it\n", "part of HTML, as no blank line is above"),
        (
            "<details><summary>Tasks</summary>\n* Split the cache\n* Test it\n",
            "part of HTML, as no blank line is above",
        ),
    ],
    ids=["indented", "tab", "break", "folded-away"],
)
def test_a_list_that_markdown_takes_for_code_or_html_is_shown(list_: str, reason: str) -> None:
    """Whoever wrote it sees why it has no issues, and what to change."""
    read = read_postmortem((HEAD + list_).encode(), "x.md")
    assert read.items == ()
    assert [(r.text, r.reason) for r in read.rejected] == [("Split the cache", reason), ("Test it", reason)]


@pytest.mark.parametrize(
    "hidden",
    ["```yaml\n- name: cache\n```\n", "<!-- - [ ] One task a line -->\n", "    name: cache\n    - size\n", "<br>\n"],
    ids=["fenced", "comment", "indented", "html"],
)
def test_code_and_comments_say_nothing(hidden: str) -> None:
    """What is shown as code, or put out of sight, on purpose is no list that was meant otherwise."""
    read = read_postmortem(f"{HEAD}- Add an alert\n\nWords.\n\n{hidden}".encode(), "x.md")
    assert ([item.text for item in read.items], read.rejected) == (["Add an alert"], ())


@pytest.mark.parametrize(
    ("tail", "owners", "due", "done"),
    [
        (" – owner: infra (Nina) – by EOW", ("infra (Nina)",), "EOW", None),
        (" - owner: Tom - Done", ("Tom",), None, True),
        (" - owner: TBD - Backlog", (), None, False),
        (" (by Friday)", (), "Friday", None),
        (" (due: next sprint)", (), "next sprint", None),
        (" (bis Ende Mai)", (), "Ende Mai", None),
        (" -- scheduled for Q3 -- owner Pat", ("Pat",), "Q3", None),
        (" (assigned to Pat Lee)", ("Pat Lee",), None, None),
        (": DONE (Jan 5)", (), None, True),
        (": **Done** (commit a1b2c3)", (), None, True),
        (" | Pedro | 30 de junio", ("Pedro",), "30 de junio", None),
        (" - Done - May 3", (), None, True),
        (" (담당: 박민수, ~6/15)", ("박민수",), "6/15", None),
        (" - completed on 2024-05-05", (), None, True),
        (" (to be completed on 2024-05-05)", (), "2024-05-05", None),
    ],
)
def test_pieces_parted_by_dashes_come_off_one_by_one(
    tail: str, owners: tuple[str, ...], due: str | None, done: bool | None
) -> None:
    """A label's value ends where a dash parts it from something else that is known, as a point in time that is no day."""
    item = only_item(f"- Split the cache{tail}")
    assert (item.text, item.owners, item.due_text, item.done) == ("Split the cache", owners, due, done)


def test_a_dash_leads_to_an_instruction_as_a_colon_does() -> None:
    """In prose a sentence that begins with a name and a dash says who does it."""
    body = HEAD.replace("Action items", "Next steps") + "Bob - move the job (by Friday)\n\nIt was a long night.\n"
    assert [item.text for item in read_postmortem(body.encode(), "x.md").items] == ["Bob - move the job"]


def test_a_question_in_plain_words_leads_to_its_list() -> None:
    """A question for the next steps needs no heading's signs where the file tells of an incident."""
    read = read_postmortem(b"# Retro\n\nWhat are the next steps?\n\n* Split the cache\n* Test it\n", "x.md")
    assert [item.text for item in read.items] == ["Split the cache", "Test it"]


def test_a_word_for_issues_before_a_colon_may_be_the_sentences() -> None:
    """No issue follows, so nothing is cut out of the words."""
    item = only_item("- Fix the bug: **Done** (commit a1b2c3)")
    assert (item.text, item.details, item.done) == ("Fix the bug", "(commit a1b2c3)", True)
    assert only_item('- Set "private": true in the manifest').done is None


def test_what_stands_behind_struck_words_tells_how_it_went() -> None:
    """It is a detail, whose day is that of the deed, and not when it is due."""
    item = only_item("- [x] ~~Fix the TLS settings~~ Completed by Omar on 2024-02-10, see PR #14")
    assert (item.text, item.due_text, [link.ref for link in item.links]) == ("Fix the TLS settings", None, ["#14"])
    assert item.details == "Completed by Omar on 2024-02-10, see PR #14"


def test_a_day_in_brackets_behind_a_state_is_that_of_the_state() -> None:
    """The due date is what its label says."""
    item = only_item("- Check the rights\n  Due: ASAP\n  Status: done (2024-11-15)")
    assert (item.done, item.due, item.due_text) == (True, None, "ASAP")


def test_bullets_of_fields_belong_to_the_task_before_them() -> None:
    """A label of two words is one: "Due date" is no "Due" with a date behind it."""
    body = (
        f"{HEAD}* Action: Add an alert\n* Owner: Ann\n* Due date: 2024-05-05\n\n---\n\n* Action: Test it\n* Owner: Bo\n"
    )
    items = read_postmortem(body.encode(), "x.md").items
    assert [(item.text, item.owners, item.due_text) for item in items] == [
        ("Add an alert", ("Ann",), "2024-05-05"),
        ("Test it", ("Bo",), None),
    ]


def test_a_word_for_issues_with_a_sentence_behind_it_is_an_item() -> None:
    """Only what names an issue is the field of the item before it."""
    body = f"{HEAD}- Add an alert\n- Linear: ENG-130 migrate\n- Issue: the resolver answers too late\n- Ticket: OPS-4 (merged)\n"
    assert [item.text for item in read_postmortem(body.encode(), "x.md").items] == [
        "Add an alert",
        "Linear: ENG-130 migrate",
        "Issue: the resolver answers too late",
    ]


@pytest.mark.parametrize(
    ("cell", "done"),
    [
        ("✅", True),
        (":white_check_mark:", True),
        ("❌", False),
        (":x:", False),
        (":construction:", False),
        ("🚫", True),
    ],
)
def test_signs_of_a_state_column(cell: str, done: bool) -> None:
    """A cross beside ticks is no "dropped": nothing is said to be settled that may only be not done yet."""
    assert only_item(f"| Task | Done |\n|---|---|\n| Add an alert | {cell} |").done is done


def test_a_day_of_what_is_done_is_no_due_date() -> None:
    """Below "Date" alone stands when it was done; below "Due" it is due, whatever its state is."""
    done = only_item("| Date | Task | Status |\n|---|---|---|\n| 2024-08-01 | Restarted the consumer | Done |")
    assert (done.done, done.due) == (True, None)
    due = only_item("| Due | Task | Status |\n|---|---|---|\n| 2024-08-01 | Restart the consumer | Done |")
    assert due.due == date(2024, 8, 1)


def test_names_on_lines_of_a_cell_are_several() -> None:
    """They are parted by a break, and a sign is no name."""
    assert only_item("| Task | Owner |\n|---|---|\n| Add an alert | Ann<br>Bo |").owners == ("Ann", "Bo")
    assert only_item("| Task | Owner |\n|---|---|\n| Add an alert | :tada: |").owners == ()


def test_tasks_marked_below_lessons_are_the_tasks() -> None:
    """The lessons above them are shown as such, and are no tasks of which these would be parts."""
    body = "# Outage\n\n## Learnings & action items\n\n- Nothing watched it.\n  - **Action:** add an alert\n- It went well.\n"
    read = read_postmortem(body.encode(), "x.md")
    assert [(item.text, item.parent) for item in read.items] == [("add an alert", None)]
    assert [rejected.text for rejected in read.rejected] == ["Nothing watched it.", "It went well."]


def test_a_column_headed_by_is_of_days_beside_one_of_people() -> None:
    """Alone it says by whom."""
    both = only_item("| Task | Who | By |\n|---|---|---|\n| Add an alert | Ann | Q2 2024 |")
    assert (both.owners, both.due_text) == (("Ann",), "Q2 2024")
    assert only_item("| Task | By |\n|---|---|\n| Add an alert | Ann |").owners == ("Ann",)
    assert only_item("| Task | Triggered by |\n|---|---|\n| Add an alert | Lesson 3 |").owners == ()


@pytest.mark.parametrize(
    "words",
    [
        "Rename `owner: team` label to `team`",
        'Add the label "priority: high" to alerts',
        "Use status: done instead of closed in the tracker",
        "Support due: none in the importer",
    ],
)
def test_labels_that_a_sentence_speaks_of_are_words(words: str) -> None:
    """In code, in quotation marks, or in small letters amid a sentence: nothing is cut out, and nothing said to be done."""
    item = only_item(f"- {words}")
    assert (item.text, item.owners, item.due_text, item.priority, item.done) == (
        words.replace("`", ""),
        (),
        None,
        None,
        None,
    )


def test_what_a_semicolon_parts_from_an_owner_is_no_owner() -> None:
    """It is read for itself, where it says something that is known."""
    item = only_item("- Check the backup; owner: Hans; by the end of Q3")
    assert (item.text, item.owners, item.due_text) == ("Check the backup", ("Hans",), "the end of Q3")


def test_one_word_with_a_state_over_a_list_is_a_group() -> None:
    """What "Owners TBD" says is missing below it, which is no task of its own."""
    body = f"{HEAD}### Owners TBD\n\n- [ ] Clean up\n"
    assert [(item.text, item.parent) for item in read_postmortem(body.encode(), "x.md").items] == [("Clean up", None)]


@pytest.mark.parametrize("words", ["Raise the threshold (5%)", "Restore from backups (100%)"])
def test_a_share_in_brackets_is_no_progress(words: str) -> None:
    """It may be of anything, and 100 % of it would close the issue; behind a label it says how far the work is."""
    item = only_item(f"- {words}")
    assert (item.text, item.done) == (words, None)
    assert only_item("- Split the cache. Status: 100%").done is True
    assert only_item("| Task | Progress |\n|---|---|\n| Add an alert | 100% |").done is True
