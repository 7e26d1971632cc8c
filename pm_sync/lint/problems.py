"""What linting finds: a finding is a rule's word about some bytes, a problem that word with its place and weight."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from msgspec import Struct

from pm_sync.lint.catalog import Rule, Severity
from pm_sync.markdown.edits import Edit
from pm_sync.model import Span


class Finding(Struct, frozen=True):
    """What one rule found."""

    span: Span
    message: str
    edits: tuple[Edit, ...] = ()
    """The mend, where there is but one that can be meant."""


class Problem(Struct, frozen=True):
    """A finding as it is reported; columns count characters, and the end is the place behind the last one."""

    rule: Rule
    severity: Severity
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    message: str
    edits: tuple[Edit, ...] = ()

    @property
    def fixable(self) -> bool:
        """Whether ``--fix`` would mend it."""
        return bool(self.edits)


class Linted(Struct, frozen=True):
    """One postmortem's problems, in the order they stand, and how many a comment turned off."""

    problems: tuple[Problem, ...]
    suppressed: int = 0


class LintReport(Struct, frozen=True):
    """The problems of all postmortems looked at."""

    problems: tuple[Problem, ...]
    postmortems: int
    suppressed: int = 0
    fixed: int = 0
    """How many were mended before."""

    @property
    def summary(self) -> Mapping[str, int]:
        """How many there are of each severity, and what became of the others."""
        counts = Counter(problem.severity for problem in self.problems)
        found = {severity.value: counts[severity] for severity in reversed(Severity)}
        fixable = sum(problem.fixable for problem in self.problems)
        return {**found, "fixable": fixable, "fixed": self.fixed, "suppressed": self.suppressed}

    def fails(self, lightest: Severity | None) -> bool:
        """Whether a problem weighs as much as this or more; with None nothing does."""
        return lightest is not None and any(p.severity.weight >= lightest.weight for p in self.problems)


def make_report(linted: Iterable[Linted], fixed: int = 0) -> LintReport:
    """Put the problems of several postmortems together."""
    every = list(linted)
    problems = tuple(problem for one in every for problem in one.problems)
    return LintReport(problems, len(every), sum(one.suppressed for one in every), fixed)
