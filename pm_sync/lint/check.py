"""Lint one postmortem: every rule that is on, less what its own comments turn off."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from pm_sync.lint import items, links, sections, suppress, times
from pm_sync.lint.catalog import RULES, Rule, Severity
from pm_sync.lint.problems import Finding, Linted, Problem
from pm_sync.lint.subject import LintOptions, Subject
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
    off = suppress.suppressions(subject)
    found = [
        _problem(subject, rule, severity, finding)
        for rule in RULES
        if (severity := options.severities.get(rule.id)) is not None
        for finding in CHECKS[rule.id](subject)
    ]
    kept = [p for p in found if not any(suppression.covers(p.rule.id, p.line) for suppression in off)]
    kept.sort(key=lambda problem: (problem.line, problem.column, problem.rule.id))
    return Linted(tuple(kept), len(found) - len(kept))


def _problem(subject: Subject, rule: Rule, severity: Severity, finding: Finding) -> Problem:
    line, column = subject.lines.place(finding.span.start)
    end_line, end_column = subject.lines.place(finding.span.end)
    path = subject.postmortem.path
    return Problem(rule, severity, path, line, column, end_line, end_column, finding.message, finding.edits)
