"""Lint one postmortem: every rule that is on, less what its own comments turn off."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from pm_sync.lint import items, links, sections, suppress, times
from pm_sync.lint.catalog import RULES, Rule, Severity
from pm_sync.lint.problems import Finding, Linted, Problem
from pm_sync.lint.subject import LintOptions, Subject
from pm_sync.markdown.text import BOM
from pm_sync.model import Postmortem

Check = Callable[[Subject], Iterable[Finding]]

CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "PM001": sections.no_action_section,
        "PM002": sections.no_items,
        "PM003": sections.missing_section,
        "PM004": sections.placeholder,
        "PM005": items.no_owner,
        "PM006": items.no_due_date,
        "PM007": items.no_priority,
        "PM008": items.vague_wording,
        "PM009": items.duplicate_item,
        "PM010": items.no_preventive_item,
        "PM011": items.done_without_link,
        "PM012": links.repeated_link,
        "PM013": links.broken_link,
        "PM014": items.unknown_person,
        "PM015": times.impossible_time,
        "PM016": times.end_before_start,
        "PM017": times.wrong_duration,
        "PM018": links.broken_checkbox,
        "PM019": suppress.unknown_rule,
    }
)
"""What each rule does."""

_DEFAULT = LintOptions()


def lint(postmortem: Postmortem, data: bytes, options: LintOptions = _DEFAULT) -> Linted:
    """Find what is wrong with a postmortem.

    Args:
        postmortem: As it was read from ``data``.
        data: The file's bytes.
        options: Which rules hold, and what they may be told.

    Raises:
        ReadError: the bytes aren't UTF-8.

    """
    subject = Subject.of(postmortem, data, options)
    off = suppress.Suppressions(subject)
    found = [
        (rule, severity, finding)
        for rule in RULES
        if (severity := options.severities.get(rule.id)) is not None
        for finding in CHECKS[rule.id](subject)
    ]
    places = _places(subject, {at for *_, finding in found for at in (finding.span.start, finding.span.end)})
    problems = [_problem(postmortem.path, places, *one) for one in found]
    kept = [problem for problem in problems if not off.cover(problem.rule.id, problem.line)]
    kept.sort(key=lambda problem: (problem.line, problem.column, problem.rule.id))
    return Linted(tuple(kept), len(found) - len(kept))


def _places(subject: Subject, offsets: Iterable[int]) -> dict[int, tuple[int, int]]:
    """The line and column of each offset, counted once along the file: a line may be long and full of findings."""
    places: dict[int, tuple[int, int]] = {}
    last, column = 0, 1
    for offset in sorted(offsets):
        start = subject.line_start(offset)
        if start > last or not places:
            last, column = start, 1
            # A byte order mark is no character of the first line.
            last += len(BOM) if start == 0 and subject.data.startswith(BOM) and offset >= len(BOM) else 0
        column += len(subject.data[last:offset].decode("utf-8", "replace"))
        last = offset
        places[offset] = (bisect_right(subject.starts, offset), column)
    return places


def _problem(
    path: str, places: Mapping[int, tuple[int, int]], rule: Rule, severity: Severity, finding: Finding
) -> Problem:
    start, end = places[finding.span.start], places[finding.span.end]
    return Problem(rule, severity, path, *start, *end, finding.message, finding.edits)
