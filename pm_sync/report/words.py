"""The sentences that every format for people ends with, and the words in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Generic, Self, TypeVar

from msgspec import Struct

from pm_sync.lint.problems import LintReport
from pm_sync.model import ActionItem, Postmortem
from pm_sync.report.clean import clean
from pm_sync.status.items import StatusItem, StatusReport
from pm_sync.sync.changes import Change, ChangeKind, Plan, SyncResult

Shown = TypeVar("Shown")

_SHOWN_FILES = 5

_INTENDED: Mapping[str, str] = {
    ChangeKind.CREATE: "to create",
    ChangeKind.UPDATE: "to update",
    ChangeKind.CLOSE: "to close",
    ChangeKind.REOPEN: "to reopen",
    ChangeKind.COMMENT: "to comment on",
    ChangeKind.DUPLICATE: "to close as duplicate",
    ChangeKind.LINK: "to link",
    ChangeKind.RELINK: "to relink",
    ChangeKind.WRITE_BACK: "to write back",
}
_LEFT_ALONE: Mapping[str, str] = {
    ChangeKind.CONFLICT: "conflict",
    ChangeKind.LOST: "lost",
    ChangeKind.UNREACHABLE: "unreachable",
    ChangeKind.UNCHANGED: "unchanged",
    "baseline": "baseline",
    "rejected": "rejected",
}
DONE: Mapping[ChangeKind, str] = {
    ChangeKind.CREATE: "created",
    ChangeKind.UPDATE: "updated",
    ChangeKind.CLOSE: "closed",
    ChangeKind.REOPEN: "reopened",
    ChangeKind.COMMENT: "commented on",
    ChangeKind.DUPLICATE: "closed as duplicate",
    ChangeKind.LINK: "linked",
    ChangeKind.RELINK: "relinked",
    ChangeKind.WRITE_BACK: "written back",
}
"""What to say of a change that went through."""


class ItemPart(Struct, Generic[Shown], frozen=True):
    """What a report shows of one postmortem: all that is kept of it, as no report holds two thousand at once."""

    items: int
    rejected: int
    shown: Shown

    @classmethod
    def of(cls, postmortem: Postmortem, shown: Shown) -> Self:
        """The part of one postmortem, with what a format makes of it."""
        return cls(len(postmortem.items), len(postmortem.rejected), shown)


class ItemCount(Struct):
    """How much was read, counted while it passes by."""

    postmortems: int = 0
    items: int = 0
    rejected: int = 0

    def passing(self, parts: Iterable[ItemPart[Shown]]) -> Iterator[Shown]:
        """Count the parts, and hand on what is shown."""
        for part in parts:
            self.postmortems += 1
            self.items += part.items
            self.rejected += part.rejected
            yield part.shown

    def __str__(self) -> str:
        """``3 items in 1 postmortem, 1 rejected.``"""
        left = f", {self.rejected} rejected" if self.rejected else ""
        return f"{plural(self.items, 'item')} in {plural(self.postmortems, 'postmortem')}{left}."


def plan_summary(plan: Plan) -> str:
    """``Plan: 3 to create, 1 to update, 2 conflicts, 40 unchanged.``"""
    intended = _counts(plan.summary, _INTENDED)
    rest = _counts(plan.summary, _LEFT_ALONE) + ([f"{len(plan.removed)} gone"] if plan.removed else [])
    if intended:
        return f"Plan: {', '.join(intended + rest)}."
    return f"Plan: {'; '.join(['nothing to do', *_joined(rest)])}."


def sync_summary(result: SyncResult) -> str:
    """``Done: 3 created, 1 updated; 1 failed; files changed: postmortems/db.md.``"""
    done = Counter(outcome.change.kind for outcome in result.outcomes if outcome.ok)
    parts = _joined(f"{done[kind]} {word}" for kind, word in DONE.items() if done[kind])
    parts += _joined(_not_done(result))
    files = result.files_changed
    if files:
        more = [f"{len(files) - _SHOWN_FILES} more"] if len(files) > _SHOWN_FILES else []
        parts.append(f"files changed: {', '.join([*map(clean, files[:_SHOWN_FILES]), *more])}")
    return f"Done: {'; '.join(parts or _idle(result.plan))}."


def status_summary(report: StatusReport) -> str:
    """``On 2026-06-01: 12 open, 40 done; 2 overdue, 1 without owner.``"""
    counts = report.summary
    states = [f"{counts[state]} {state.replace('_', ' ')}" for state in _STATE_ORDER if counts[state]]
    alarms = [f"{counts[name]} {word}" for name, word in _ALARMS.items() if counts[name]]
    return f"On {report.today}: {'; '.join([*_joined(states), *_joined(alarms)]) or 'no items'}."


def lint_summary(report: LintReport) -> str:
    """``2 problems in 3 postmortems: 1 error, 1 warning; 1 can be mended by --fix.``"""
    counts = report.summary
    total = plural(len(report.problems), "problem") if report.problems else "no problems"
    found = ", ".join(plural(counts[name], name) for name in ("error", "warning", "note") if counts[name])
    more = [
        f"{counts['fixed']} mended" if counts["fixed"] else "",
        f"{counts['fixable']} can be mended by --fix" if counts["fixable"] else "",
        f"{counts['suppressed']} turned off by comments" if counts["suppressed"] else "",
    ]
    first = f"{total} in {plural(report.postmortems, 'postmortem')}" + (f": {found}" if found else "")
    return f"{'; '.join(part for part in (first, *more) if part)}."


_STATE_ORDER = ("open", "in_progress", "unsynced", "lost", "unreachable", "done", "dropped", "baseline")
_ALARMS = {"overdue": "overdue", "unowned": "without owner", "no_due": "without due date", "deferred": "deferred"}


def plural(count: int, one: str) -> str:
    """A number with its noun: ``1 item``, ``2 items``."""
    return f"{count} {one}" if count == 1 else f"{count} {one}s"


def title_of(change: Change) -> str:
    """What the change is about, as short as it is known."""
    return clean(change.draft.title if change.draft else change.text)


def where(change: Change) -> str:
    """The change's issue, or the tracker that will hold it."""
    return clean(str(change.ref or change.tracker or ""))


def item_facts(item: ActionItem) -> list[str]:
    """What an item says of itself, as written."""
    facts = [
        *item.owners,
        f"due {item.due or item.due_text}" if item.due or item.due_text else "",
        item.priority or "",
        item.type or "",
        item.team or "",
        f"deferred until {item.deferral.until}: {item.deferral.reason}" if item.deferral else "",
        *(link.ref for link in item.links),
        f"{item.annotation.link.ref} ({item.annotation.state.word})" if item.annotation else "",
    ]
    return [clean(fact) for fact in facts if fact]


def due_text(item: StatusItem) -> str:
    """When an item is due and why then: ``2026-05-29 (sla:P1)``; empty where nothing says."""
    if item.due is None:
        return ""
    if item.deferral and item.due_source == "deferred":
        return clean(f"{item.due} (deferred: {item.deferral.reason})")
    return f"{item.due}" if item.due_source == "item" else clean(f"{item.due} ({item.due_source})")


def _counts(summary: Mapping[str, int], words: Mapping[str, str]) -> list[str]:
    said = {name: words[name] for name in words if summary[name]}
    return [plural(summary[n], word) if word == "conflict" else f"{summary[n]} {word}" for n, word in said.items()]


def _not_done(result: SyncResult) -> list[str]:
    counts = {
        "failed": result.summary["failed"],
        "conflict": result.summary["conflict"],
        "lost": result.summary["lost"],
        "left for the next run": result.left,
    }
    said = _counts(counts, {word: word for word in counts})
    return [*said, f"{plural(len(result.file_errors), 'file')} not written"] if result.file_errors else said


def _idle(plan: Plan) -> list[str]:
    return ["nothing to do", *_joined(_counts(plan.summary, _LEFT_ALONE))]


def _joined(words: Iterable[str]) -> list[str]:
    """One part of a sentence, or none."""
    part = ", ".join(words)
    return [part] if part else []
