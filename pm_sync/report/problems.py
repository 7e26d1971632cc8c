"""One line on stderr for each item that failed or needs a person, whatever the format of the report."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator

from pm_sync.model import IssueRef
from pm_sync.report.base import Result
from pm_sync.report.clean import clean
from pm_sync.report.style import cut
from pm_sync.report.words import title_of
from pm_sync.status.items import Failure
from pm_sync.sync.changes import Change, ChangeKind, Outcome, Plan, SyncResult

_TITLE_COLUMNS = 60
_HINTS = {
    ChangeKind.CONFLICT: "`pm-sync explain {place}` says more",
    ChangeKind.LOST: "remove the link, or name another issue: `pm-sync link {place} REF`",
}


def problem_lines(result: Result) -> list[str]:
    """Say ``PATH:LINE: REF what, why; what to do`` for each failed, conflicting or lost item, in the plan's order.

    A postmortem that could not be written has a line too. An issue that can't be reached now has none: nothing is
    wrong with its item. What was merely read, or its status, has no problems of this kind.
    """
    match result:
        case Plan():
            return list(_standing(result))
        case SyncResult():
            failed = [_failed(outcome) for outcome in result.outcomes if not outcome.ok]
            return [*_standing(result.plan), *failed, *map(clean, result.file_errors)]
        case _:
            return []


def gate_lines(failures: Iterable[Failure]) -> list[str]:
    """Say ``PATH:LINE: REF “title” what is wrong`` for each item that fails the gate."""
    return [clean(str(failure)) for failure in failures]


def _standing(plan: Plan) -> Iterator[str]:
    """What the plan itself can't settle."""
    for change in plan.of(*_HINTS):
        yield _line(change, change.ref, change.kind.value, change.reason, _HINTS[change.kind])


def _failed(outcome: Outcome) -> str:
    change = outcome.change
    what = f"{change.kind.value.replace('_', ' ')} failed"
    return _line(change, outcome.ref or change.ref, what, outcome.error or "", "run `pm-sync sync` again")


def _line(change: Change, ref: IssueRef | None, what: str, why: str, hint: str) -> str:
    """A reason that says what to do, after a semicolon, needs no hint of ours."""
    place = f"{change.path}:{change.line}" if change.line else change.path
    said = why if ";" in why else f"{why}; {hint.format(place=shlex.quote(place))}"
    return clean(f"{place}: {ref or f'“{cut(title_of(change), _TITLE_COLUMNS)}”'} {what}, {said}")
