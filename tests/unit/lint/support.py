"""Linting a text, and what it comes to in a few words."""

from __future__ import annotations

from typing import Any

from pm_sync.lint.check import lint
from pm_sync.lint.problems import Problem
from pm_sync.lint.subject import LintOptions
from pm_sync.postmortem.read import read_postmortem

PATH = "postmortems/checkout.md"
HEAD = "# Checkout was down\n\n## Action items\n\n"
WHOLE = "(owner: Jane, due: 2026-05-01, P1)"
"""What an item needs so that nothing is missing."""


def problems(text: str, **options: Any) -> tuple[Problem, ...]:
    """All problems of a text."""
    data = text.encode()
    return lint(read_postmortem(data, PATH), data, LintOptions(**options)).problems


def places(rule: str, text: str, **options: Any) -> list[tuple[int, int]]:
    """Line and column of each problem that a rule finds."""
    return [(p.line, p.column) for p in problems(text, **options) if p.rule.name == rule]


def messages(rule: str, text: str, **options: Any) -> list[str]:
    """What a rule says."""
    return [p.message for p in problems(text, **options) if p.rule.name == rule]


def item(text: str, *, after: str = "") -> str:
    """A postmortem with one item, in line 5, that lacks nothing."""
    return f"{HEAD}- [ ] {text} {WHOLE}\n{after}"
