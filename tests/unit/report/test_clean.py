"""Untrusted text in reports for people."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pm_sync.report.clean import clean


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
