"""Regular expressions that are compiled late."""

from __future__ import annotations

import re

import pytest

from pm_sync.regex import regex


def test_a_late_expression_does_what_a_compiled_one_does() -> None:
    """All of its methods give the same, at the first use and later ones."""
    source, text = r"(\w)(\d+)", "a1 b22 a1"
    for late in (regex(source), regex(source, re.IGNORECASE)):
        known = re.compile(source)
        for _ in range(2):
            assert [match.span() for match in late.finditer(text)] == [match.span() for match in known.finditer(text)]
            assert late.sub(r"\2", text) == known.sub(r"\2", text)
            assert late.findall(text) == known.findall(text)
            assert late.split(text) == known.split(text)
            assert (late.match("x1"), late.fullmatch("x1 "), late.search("")) != (None, None, None)
            assert late.fullmatch("x1 ") is None


def test_a_late_expression_is_compiled_when_it_is_used() -> None:
    """A wrong one says so at its first use, and nothing but methods is there."""
    wrong = regex(r"(")
    with pytest.raises(re.error, match="unterminated"):
        wrong.search("x")
    with pytest.raises(AttributeError, match="groups"):
        _ = wrong.groups
