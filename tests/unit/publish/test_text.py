"""Texts that fit."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pm_sync.publish.text import fit, one_line

MORE = "… and {lines} more lines."


def test_short_text_stays() -> None:
    """But for the blanks around it."""
    assert fit(" a\nb \n", 100, MORE) == "a\nb"


def test_long_text_ends_with_a_whole_line() -> None:
    """No row of a table is cut in two, and the rest is counted."""
    text = "\n".join(f"| {n:04} |" for n in range(1000))
    shown = fit(text, 200, MORE)
    rows = shown.splitlines()
    assert all(len(row) == 8 for row in rows[:-2])
    assert rows[-1] == f"… and {1000 - len(rows[:-2])} more lines."


@given(st.text(max_size=400), st.integers(60, 300))
def test_never_longer_than_allowed(text: str, limit: int) -> None:
    """Whatever the text, even one without any line end."""
    assert len(fit(text, limit, MORE)) <= limit


@given(st.text(max_size=300), st.integers(1, 140))
def test_one_line_is_one_and_fits(text: str, limit: int) -> None:
    """As commit statuses want it."""
    line = one_line(text, limit)
    assert len(line) <= limit
    assert len(line.splitlines()) <= 1
