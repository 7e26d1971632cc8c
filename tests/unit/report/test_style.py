"""Colours and columns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pm_sync.report.style import Cell, Ink, Style, align, columns, cut, lay_out, width


def test_colour_only_where_it_is_asked_for() -> None:
    """Without colour the text is untouched, and empty text never gets an escape."""
    assert Style()(Ink.RED, "no") == "no"
    assert Style(color=True)(Ink.RED, "no") == "\x1b[31mno\x1b[0m"
    assert Style(color=True)(Ink.RED, "") == ""
    assert Style(color=True)(None, "no") == "no"


@pytest.mark.parametrize(("text", "columns"), [("abc", 3), ("日本", 4), ("e\u0301", 1), ("", 0)])
def test_width_is_what_a_terminal_shows(text: str, columns: int) -> None:
    """Wide characters take two columns, combining ones none."""
    assert width(text) == columns


@pytest.mark.parametrize(
    ("text", "shown"),
    [("12345678", "12345678"), ("123456789", "1234567…"), ("日本語日本", "日本語…"), ("123456 89", "123456…")],
)
def test_cut_keeps_what_fits(text: str, shown: str) -> None:
    """The ellipsis is within the limit of eight columns, and follows no blank."""
    assert cut(text, 8) == shown


@given(st.text(), st.integers(2, 20))
def test_cut_never_exceeds_its_columns(text: str, columns: int) -> None:
    """Whatever the text, it fits."""
    assert width(cut(text, columns)) <= columns


def test_columns_line_up_by_display_width() -> None:
    """Wide characters count twice, numbers stand to the right, and no line ends in blanks."""
    rows = [
        [Cell("日本"), Cell("9", right=True), Cell("x")],
        [Cell("ab"), Cell("10", right=True), Cell("")],
        [Cell(""), Cell("", right=True), Cell("y")],
    ]
    assert align(rows, Style()) == ["日本   9  x", "ab    10", "          y"]


def test_empty_columns_are_left_out() -> None:
    """A column that no row uses takes no room."""
    assert align([[Cell("a"), Cell(""), Cell("b")], [Cell("c"), Cell(""), Cell("d")]], Style()) == ["a  b", "c  d"]


def test_a_long_cell_pushes_only_its_own_row() -> None:
    """Columns are at most as wide as the limit."""
    rows = [[Cell("a" * 8), Cell("x")], [Cell("b"), Cell("y")]]
    assert align(rows, Style(), limit=4) == ["aaaaaaaa  x", "b     y"]


def test_colours_dont_disturb_the_columns() -> None:
    """Escapes surround the text, not the blanks, and count for nothing."""
    rows = [[Cell("a", Ink.RED), Cell("x")], [Cell("bb"), Cell("y", Ink.DIM)]]
    assert align(rows, Style(color=True)) == ["\x1b[31ma\x1b[0m   x", "bb  \x1b[2my\x1b[0m"]


def test_blocks_that_were_laid_out_apart() -> None:
    """They stand in the same columns as if they had been one; a column that only one of them uses stays."""
    one = [
        [Cell("a"), Cell("9", right=True), Cell(""), Cell("x", Ink.RED)],
        [Cell("bb"), Cell("8", right=True), Cell(""), Cell("")],
    ]
    two = [[Cell("c" * 9), Cell("10", right=True), Cell("y"), Cell("")]]
    painted = Style(color=True)
    apart = lay_out([columns(rows, painted, limit=4) for rows in (one, [], two)])
    assert [line for lines in apart for line in lines] == align([*one, *two], painted, limit=4)
    assert apart[1] == []


@given(
    st.lists(st.lists(st.tuples(st.text("ab日\u0301", max_size=6), st.text("c ", max_size=3)), max_size=3), max_size=4)
)
def test_blocks_of_any_text(blocks: list[list[tuple[str, str]]]) -> None:
    """Whoever lays blocks out apart gets what one who has them all would get."""
    cells = [[[Cell(one, right=True), Cell("|"), Cell(other)] for one, other in block] for block in blocks]
    apart = lay_out([columns(rows, Style(), limit=5) for rows in cells])
    assert [line for lines in apart for line in lines] == align(
        [row for rows in cells for row in rows], Style(), limit=5
    )


def test_nothing_to_align() -> None:
    """No rows, no lines."""
    assert align([], Style()) == []
