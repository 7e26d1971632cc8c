"""Lists as people type them: boxes, numbers and signs that Markdown doesn't know."""

from __future__ import annotations

import pytest

from pm_sync.model import ActionItem
from pm_sync.postmortem.read import read_postmortem

HEAD = "# Outage\n\n## Summary\n\nIt broke.\n\n## Action items\n\n"


def _items(text: str) -> tuple[ActionItem, ...]:
    return read_postmortem(f"{HEAD}{text}\n".encode(), "x.md").items


@pytest.mark.parametrize(
    ("line", "done"),
    [
        ("- [ ]Add an alert", False),
        ("- [x]Add an alert", True),
        ("- [  ] Add an alert", False),
        ("- [ x ] Add an alert", True),
        ("- [X ] Add an alert", True),
        ("- ( ) Add an alert", False),
        ("- □ Add an alert", False),
        ("- ☒ Add an alert", True),
        ("- ❌ Add an alert", False),
        ("- Add an alert [ ]", False),
        ("- Add an alert [x]", True),
        ("- Add an alert ☐", False),
        ("- :white_check_mark: Add an alert", True),
        ("- :x: Add an alert", False),
        ("- :fire: Add an alert", None),
        ("- :red_circle: Add an alert", None),
        ("- Add an alert :white_check_mark:", True),
        ("- Add an alert :hourglass: 2024-05-01", False),
        ("- - Add an alert", None),
        ("* * [x] Add an alert", True),
    ],
)
def test_a_box_or_sign_written_by_hand_says_how_an_item_stands(line: str, done: bool | None) -> None:
    """It is no part of the words."""
    assert [(item.text, item.done) for item in _items(line)] == [("Add an alert", done)]


@pytest.mark.parametrize(
    "line",
    ["- Return [] for an empty key", "- Support arrays in `a[ ]`", "- Say :fire: where it burns", "- Drop /a :tada"],
)
def test_what_looks_like_one_amid_words_stays(line: str) -> None:
    """A pair of brackets or a short code may be what an item is about."""
    assert [item.text for item in _items(line)] == [line[2:].replace("`", "")]


@pytest.mark.parametrize(
    "lines",
    [
        "-[ ] Add an alert\n-[x] Test it",
        "1.Add an alert\n2.Test it",
        "1 - Add an alert\n2 - Test it",
        "A. Add an alert\nB. Test it",
        "#1 Add an alert\n#2 Test it",
        "1.Add an alert\n\n2.Test it",
        "- [ ] 1. Add an alert\n- [ ] 2. Test it",
        "TODO: Add an alert\nTODO: Test it",
        "Action: Add an alert\nAction: Test it",
        "Next steps: Add an alert\nTest it",
        "Next steps:\nAdd an alert\nTest it",
    ],
)
def test_lines_that_are_a_list_to_the_eye_are_items(lines: str) -> None:
    """Each of them, without its number or label, however a paragraph runs on to Markdown."""
    assert [item.text for item in _items(lines)] == ["Add an alert", "Test it"]


@pytest.mark.parametrize(
    ("lines", "texts"),
    [
        ("- [ ] 1. Stage is tested\n- [ ] 3. Stage is not", ["1. Stage is tested", "3. Stage is not"]),
        ("- 1 TB disk for ten nodes\n- 2 TB disk for one", ["1 TB disk for ten nodes", "2 TB disk for one"]),
        ("- 1.5 s for a timeout\n- 2.5 s for a retry", ["1.5 s for a timeout", "2.5 s for a retry"]),
    ],
)
def test_numbers_that_count_nothing_stay(lines: str, texts: list[str]) -> None:
    """Only a list that goes 1, 2, 3 is counted."""
    assert [item.text for item in _items(lines)] == texts


def test_a_label_keeps_the_words_behind_it() -> None:
    """What stands on a label's own line is an item as well as the lines below."""
    (item,) = _items("Next steps: rotate the keys\nOwner: Ann")
    assert (item.text, item.owners) == ("rotate the keys", ("Ann",))


@pytest.mark.parametrize(
    ("line", "owners", "due"),
    [
        ("Add an alert @ann/@bob", ("@ann", "@bob"), None),
        ("Add an alert @acme/infra", ("@acme/infra",), None),
        ("Add an alert <ann@example.com>", ("ann@example.com",), None),
        ("Add an alert (ann@example.com)", ("ann@example.com",), None),
        ("Add an alert - ann@example.com - 2024-05-01", ("ann@example.com",), "2024-05-01"),
        ("Add an alert [Ann](mailto:ann@example.com)", ("Ann",), None),
        ("Add an alert ([Ann](https://github.com/ann))", ("Ann",), None),
        ("Add an alert by Friday", (), "Friday"),
        ("Add an alert by EOD", (), "EOD"),
        ("Add an alert by end of Q3", (), "end of Q3"),
        ("Add an alert\n\n  Owner: Ann / Due: 2024-05-01 / Ticket: #3", ("Ann",), "2024-05-01"),
    ],
)
def test_people_and_days_at_the_end_are_fields(line: str, owners: tuple[str, ...], due: str | None) -> None:
    """An address or a link to somebody names them; what follows "by" is a day where nothing else is called so."""
    (item,) = _items(f"- {line}")
    assert (item.text, item.owners, item.due_text) == ("Add an alert", owners, due)


@pytest.mark.parametrize(
    "words", ["Group the reports by week", "Sort them by name", "Link [the wiki](https://github.com/acme/app)"]
)
def test_words_that_only_look_like_a_field_stay(words: str) -> None:
    """What "by" leads to is mostly no day, and a repository is nobody."""
    (item,) = _items(f"- {words}")
    assert (item.owners, item.due_text) == ((), None)
    assert item.text == words.replace("[", "").partition("]")[0]


def test_a_bracket_is_not_cut_into_title_and_details() -> None:
    """A full stop within it ends no sentence."""
    (item,) = _items("- Add an alert (see Foo. Bar) to the board. Test it there.")
    assert (item.title, item.details) == ("Add an alert (see Foo. Bar) to the board.", "Test it there.")


@pytest.mark.parametrize(
    "table",
    [
        "| Add an alert | @ann | 2024-05-01 | open |\n|---|---|---|---|\n| Test it | @bob | 2024-05-02 | done |\n",
        "| | | | |\n|---|---|---|---|\n| Add an alert | @ann | 2024-05-01 | open |\n| Test it | @bob | 2024-05-02 | done |\n",
        "| [ ] | Add an alert | @ann | 2024-05-01 |\n|---|---|---|---|\n| [x] | Test it | @bob | 2024-05-02 |\n",
        "| | Action | | Due |\n|---|---|---|---|\n| ☐ | Add an alert | @ann | 2024-05-01 |\n| ☑ | Test it | @bob | 2024-05-02 |\n",
    ],
    ids=["first-row", "empty", "boxes", "some"],
)
def test_a_column_without_a_header_is_known_by_its_cells(table: str) -> None:
    """A table's first row may be one of its tasks."""
    told = [(item.text, item.owners, item.due_text, item.done) for item in _items(table)]
    assert told == [
        ("Add an alert", ("@ann",), "2024-05-01", False),
        ("Test it", ("@bob",), "2024-05-02", True),
    ]


def test_a_table_without_tasks_is_shown() -> None:
    """Whatever its rows say, nothing in a section of measures vanishes unseen."""
    read = read_postmortem(f"{HEAD}- Add an alert\n\n| Metric | Before |\n|---|---|\n| Errors | 5 |\n".encode(), "x.md")
    assert [item.text for item in read.items] == ["Add an alert"]
    assert [(r.text, r.line, r.reason) for r in read.rejected] == [
        ("Metric | Before", 11, "a table without a column of tasks")
    ]


def test_words_in_a_column_without_a_header_are_kept() -> None:
    """They are details, where they are no field."""
    (item,) = _items("| # | Task | |\n|---|---|---|\n| 1 | Add an alert | for disks |\n")
    assert (item.text, item.details) == ("Add an alert", "for disks")


@pytest.mark.parametrize(
    ("lines", "done"),
    [
        ("- Done\n  - Add an alert\n- To do\n  - Test it", [True, False]),
        ("- Short term\n  - Add an alert\n- Long term\n  - Test it", [None, None]),
        ("* Completed\n    * Add an alert\n* In progress\n    * Test it", [True, False]),
    ],
)
def test_a_bullet_that_says_how_others_stand_is_none(lines: str, done: list[bool | None]) -> None:
    """It needs no colon for that, where the others stand below it."""
    assert [(item.text, item.done) for item in _items(lines)] == [("Add an alert", done[0]), ("Test it", done[1])]


def test_a_short_heading_over_fields_is_a_task() -> None:
    """Two words are enough where somebody is named for them."""
    found = _items("### Add alerts\nOwner: Ann\n\n### Rotate keys\nOwner: Bob\nDue: 2024-05-01")
    assert [(item.text, item.owners) for item in found] == [("Add alerts", ("Ann",)), ("Rotate keys", ("Bob",))]


@pytest.mark.parametrize("words", ["See #12, #13 and #14.", "All of it is in https://github.com/acme/app/issues/12"])
def test_a_paragraph_that_only_says_where_measures_are_tracked_is_shown(words: str) -> None:
    """It is no task, but a section with nothing else must not look as if it were empty."""
    read = read_postmortem(f"# Outage\n\n## Next steps\n\n{words}\n".encode(), "x.md")
    assert (read.items, [r.reason for r in read.rejected]) == ((), ["only says where something is tracked"])


@pytest.mark.parametrize(
    ("lines", "owners"),
    [
        ("**Owner:** Ann\n- Add an alert\n\n**Owner:** Bob\n- Test it", ["Ann", "Bob"]),
        ("Owner: Ann\n\n1. Add an alert\n2. Test it", ["Ann", "Ann"]),
        ("### Owner: Ann\n- Add an alert\n### Owner: Bob\n- Test it", ["Ann", "Bob"]),
        ("- Add an alert\n\nOwner: Ann\n\n- Test it\n\nOwner: Bob", ["Ann", "Bob"]),
        ("Owner: Ann\n\n- Add an alert\n- Test it (owner: Bob)", ["Ann", "Bob"]),
    ],
    ids=["above", "above-all", "heading", "below", "own"],
)
def test_a_paragraph_of_fields_is_that_of_the_bullets_beside_it(lines: str, owners: list[str]) -> None:
    """Those below it where it stands above the first of a section, else the one before it."""
    told = [(item.text, *item.owners) for item in _items(lines)]
    assert told == [("Add an alert", owners[0]), ("Test it", owners[1])]


def test_a_row_that_names_those_below_it_is_shown() -> None:
    """It is no task, unless it says what to do."""
    table = "| Task | Owner |\n|---|---|\n| **Short term** | |\n| Add an alert | Ann |\n| Done | |\n| **Test it** | |\n"
    read = read_postmortem((HEAD + table).encode(), "x.md")
    assert [item.text for item in read.items] == ["Add an alert", "Test it"]
    assert [(r.text, r.reason) for r in read.rejected] == [
        ("Short term", "a title of other rows"),
        ("Done", "a title of other rows"),
    ]


@pytest.mark.parametrize(
    "lines",
    [
        "TODO: Add an alert (local#1, open)\nTODO: Test it",
        "Action items: Add an alert (local#1, open)\nTest it (local#2, done 2024-05-01)",
        "Tasks: Add an alert ([#1](https://github.com/acme/app/issues/1), open)\nTest it",
    ],
)
def test_a_label_amid_a_paragraph_reads_the_same_once_its_words_are_annotated(lines: str) -> None:
    """What we write behind an item makes no title of its line."""
    found = _items(lines)
    assert [item.text for item in found] == ["Add an alert", "Test it"]
    assert found[0].annotation is not None


def test_words_behind_a_label_need_not_be_far_from_a_title() -> None:
    """A part of them may be called as a section is; all of them must be, to be part of the title."""
    assert [item.text for item in _items("Next steps: rotate keys and follow-up\nTest it")] == [
        "rotate keys and follow-up",
        "Test it",
    ]
