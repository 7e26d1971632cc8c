"""Untrusted text in reports for people."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pm_sync.report.clean import clean, clean_lines


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Add a replica", "Add a replica"),
        ("  two\r\nlines\u2028and\ttabs ", "two lines and tabs"),
        ("\x1b[31mred\x1b[0m", "\ufffd[31mred\ufffd[0m"),
        ("\x9b31m", "\ufffd31m"),
        ("a\u202eb\u2066c", "a\ufffdb\ufffdc"),
        ("\ud800", "\ufffd"),
        ("::error::gotcha", ": :error::gotcha"),
        (" ::error::gotcha", ": :error::gotcha"),
        ("std::vector", "std::vector"),
        ("see ##[add-mask]x", "see # #[add-mask]x"),
        ("日本語 👩‍👩‍👧 é", "日本語 👩‍👩‍👧 é"),
    ],
)
def test_clean(text: str, shown: str) -> None:
    """Readable text stays; what acts on a terminal or a runner doesn't."""
    assert clean(text) == shown


@given(st.text(st.characters(codec=None)))
def test_nothing_acts_after_cleaning(text: str) -> None:
    """One line, no control characters, no surrogates, no command: for any text at all."""
    line = clean(text)
    assert not {unicodedata.category(char) for char in line} & {"Cc", "Cs", "Zl", "Zp"}
    assert not line.lstrip().startswith("::")
    assert "##[" not in line
    assert clean(line) == line


@given(st.text(st.characters(codec=None)))
def test_no_line_of_several_acts(text: str) -> None:
    """There are as many lines as before, and none of them moves a cursor or commands a runner."""
    shown = clean_lines(text)
    assert shown.count("\n") == text.count("\n")
    assert not {unicodedata.category(char) for char in shown.replace("\n", "")} & {"Cc", "Cs", "Zl", "Zp"}
    assert not [line for line in shown.split("\n") if line.lstrip().startswith("::") or "##[" in line]
    assert clean_lines(shown) == shown


def test_lines_keep_their_blanks() -> None:
    """What is laid out in columns stays so."""
    assert clean_lines("a:\n  - b   # c\n  ::error::d") == "a:\n  - b   # c\n  : :error::d"
