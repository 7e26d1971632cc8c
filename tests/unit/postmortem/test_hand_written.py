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
