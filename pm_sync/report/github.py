"""Reports as annotations on the lines of a pull request: workflow commands that GitHub's runner reads from the log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pm_sync.lint.catalog import Severity
from pm_sync.lint.problems import LintReport, Problem
from pm_sync.model import Postmortem
from pm_sync.report.base import Options
from pm_sync.report.clean import clean
from pm_sync.report.words import (
    DONE,
    ItemCount,
    ItemPart,
    due_text,
    item_facts,
    lint_summary,
    plan_summary,
    status_summary,
    sync_summary,
    title_of,
    where,
)
from pm_sync.status.items import LOST, UNREACHABLE, UNSYNCED, StatusItem, StatusReport
from pm_sync.sync.changes import Change, ChangeKind, Outcome, Plan, SyncResult

_PLAN_LEVELS = {ChangeKind.CONFLICT: "error", ChangeKind.LOST: "warning", ChangeKind.UNREACHABLE: "warning"}
_PROBLEM_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_STATE_CONCERNS = {
    LOST: "its issue is gone",
    UNREACHABLE: "its issue can't be read",
    UNSYNCED: "has no issue yet",
}


def annotation(level: str, path: str, line: int, title: str, message: str, *, column: int = 0) -> str:
    """One workflow command; nothing in its values can end it or begin another.

    Args:
        level: ``error``, ``warning`` or ``notice``.
        path: Relative to the repository's root; empty where the message is about no file.
        line: 1-based; 0 where the message is about the whole file.
        title: The heading of the annotation.
        message: Its text.
        column: 1-based; 0 where the message is about the whole line.

    """
    place = (f"file={_property(path)}," if path else "") + (f"line={line}," if path and line else "")
    place += f"col={column}," if path and line and column else ""
    return f"::{level} {place}title={_property(title)}::{_data(message)}"


def item_part(postmortem: Postmortem, options: Options) -> ItemPart[str]:  # noqa: ARG001 - every format's signature
    """A notice for each item, a warning for each rejected one."""
    return ItemPart.of(postmortem, "".join(f"{line}\n" for line in _item_annotations(postmortem)))


def items(parts: Iterable[ItemPart[str]], options: Options) -> Iterator[str]:  # noqa: ARG001 - every format's signature
    """What was read."""
    count = ItemCount()
    yield from count.passing(parts)
    yield _page((), str(count))


def plan(plan: Plan, options: Options) -> str:
    """What would happen to each item, as a notice; conflicts as errors; unchanged items if everything is asked for."""
    shown = (change for change in plan.changes if options.verbose or change.kind is not ChangeKind.UNCHANGED)
    return _page(map(_change_annotation, shown), plan_summary(plan))


def sync(result: SyncResult, options: Options) -> str:  # noqa: ARG001 - every format's signature
    """What happened to each item; failures and conflicts as errors."""
    standing = (_change_annotation(change) for change in result.plan.of(*_PLAN_LEVELS))
    errors = (f"::error::{_data(error)}" for error in result.file_errors)
    return _page([*standing, *map(_outcome_annotation, result.outcomes), *errors], sync_summary(result))


def status(report: StatusReport, options: Options) -> str:  # noqa: ARG001 - every format's signature
    """A warning for each item that is overdue or lost, a notice for each with a lesser concern."""
    found = (_status_annotation(item, _concerns(item)) for item in report.items if _concerns(item))
    return _page(found, status_summary(report))


def lint(report: LintReport, options: Options) -> str:  # noqa: ARG001 - every format's signature
    """An annotation for each problem."""
    return _page(map(_problem_annotation, report.problems), lint_summary(report))


def _problem_annotation(problem: Problem) -> str:
    title = f"{problem.rule.id} {problem.rule.name}"
    level = _PROBLEM_LEVELS[problem.severity]
    return annotation(level, problem.path, problem.line, title, problem.message, column=problem.column)


def _page(annotations: Iterable[str], summary: str) -> str:
    return "\n".join([*annotations, clean(summary)]) + "\n"


def _item_annotations(postmortem: Postmortem) -> Iterator[str]:
    for item in postmortem.items:
        message = "; ".join([item.text, ", ".join(item_facts(item))]).removesuffix("; ")
        yield annotation("notice", postmortem.path, item.line, "Action item", message)
    for rejected in postmortem.rejected:
        message = f"{rejected.text}: {rejected.reason}"
        yield annotation("warning", postmortem.path, rejected.line, "Not an action item", message)


def _change_annotation(change: Change) -> str:
    level = _PLAN_LEVELS.get(change.kind, "notice")
    return annotation(level, change.path, change.line, _heading(change), f"{title_of(change)}: {change.reason}")


def _outcome_annotation(outcome: Outcome) -> str:
    change = outcome.change
    if outcome.error is not None:
        message = f"{title_of(change)}: {outcome.error}"
        return annotation("error", change.path, change.line, f"{_heading(change)} failed", message)
    message = "; ".join([title_of(change), *outcome.notes])
    title = f"{DONE[change.kind].capitalize()} {outcome.ref or where(change)}".rstrip()
    return annotation("notice", change.path, change.line, title, message)


def _heading(change: Change) -> str:
    word = change.kind.value.replace("_", " ").capitalize()
    return f"{word} {where(change)}".rstrip()


def _concerns(item: StatusItem) -> list[str]:
    if not item.active:
        return []
    concerns = [
        f"overdue: {due_text(item)}" if item.overdue else "",
        _STATE_CONCERNS.get(item.state, ""),
        "no owner" if item.unowned else "",
        "no due date" if item.no_due else "",
    ]
    return [concern for concern in concerns if concern]


def _status_annotation(item: StatusItem, concerns: Sequence[str]) -> str:
    level = "warning" if item.overdue or item.state == LOST else "notice"
    title = f"Open action item {item.ref or ''}".rstrip()
    return annotation(level, item.path, item.line, title, f"{item.title}: {', '.join(concerns)}")


def _data(text: str) -> str:
    """A message: the runner turns these three back."""
    return clean(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """A value between the commas of the command."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
