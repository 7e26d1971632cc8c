"""Applying a plan: every call journalled before and after, each failure kept to its own change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from msgspec import Struct, field
from msgspec.structs import replace

from pm_sync.errors import AccessDenied, AnswerLost, RateLimited, TrackerError
from pm_sync.model import Issue, IssueRef, State
from pm_sync.sync.changes import Change, ChangeKind, Outcome, Remark
from pm_sync.sync.gather import OpenTracker
from pm_sync.sync.journal import Journal
from pm_sync.trackers.base import Capabilities, Tracker

Observer = Callable[[Outcome], None]
"""Told of each outcome as it comes, for a progress bar."""


class Postponed(TrackerError):
    """Nothing was sent: whether the issue above was made has to be found out first."""


class Means(Struct, frozen=True):
    """What it takes to act on the world."""

    open_tracker: OpenTracker
    journal: Journal
    start: datetime
    """When this run began, to find what another machine made meanwhile."""
    observe: Observer
    wait: Callable[[float], None]
    """Sleeps for that many seconds."""


class Applied(Struct):
    """What the trackers have made of the changes so far."""

    outcomes: dict[int, Outcome] = field(default_factory=dict)
    """By the change's place in the plan."""
    issues: dict[int, Issue] = field(default_factory=dict)
    """By the change's place: the issue as it is now, to be recorded in the file."""
    lost: dict[int, TrackerError] = field(default_factory=dict)
    """By the change's place: creates that may or may not have acted, and what waits for them (`Postponed`)."""
    extra: list[Outcome] = field(default_factory=list)
    """Of changes that no plan could foresee: issues that another machine made at the same time."""
    left: int = 0
    """Changes that wait for the next run."""
    stopped: dict[str, TrackerError] = field(default_factory=dict)
    """Trackers that take nothing more in this run."""


def apply_changes(changes: Sequence[Change], means: Means) -> Applied:
    """Carry out all writes to trackers, in the plan's order; changes to files alone are left out here.

    Raises:
        WriteError: the journal can't be written; what was done until then stands, and its marks tell.

    """
    worker = _Worker(changes, means)
    for batch in worker.batches():
        worker.carry_out(batch)
    return worker.applied


class _Worker:
    def __init__(self, changes: Sequence[Change], means: Means) -> None:
        self._changes, self._means = changes, means
        self._refs: dict[str, IssueRef] = {}
        self.applied = Applied()

    def batches(self) -> Iterator[list[int]]:
        """Places of changes to carry out together: creates of one tracker as many as it takes, else one by one."""
        waiting: dict[str, list[int]] = {}
        for at, change in enumerate(self._changes):
            if not change.kind.remote:
                continue
            tracker = change.tracker or ""
            batch = waiting.get(tracker, [])
            if batch and (self._waits_for(change, batch) or self._is_full(change, batch)):
                yield waiting.pop(tracker)
            if self._may_be_made(change):
                self.applied.lost[at] = AnswerLost("an earlier run sent this, and its answer never came")
            elif self._waits_for(change, self.applied.lost):
                self.applied.lost[at] = Postponed("the issue of the item above it is not known yet")
            elif change.kind is ChangeKind.CREATE:
                waiting.setdefault(tracker, []).append(at)
            else:
                yield [at]
        yield from waiting.values()

    def _is_full(self, change: Change, batch: Sequence[int]) -> bool:
        create = change.kind is ChangeKind.CREATE
        return create and len(batch) >= self._capabilities(change.tracker or "").create_batch

    def _may_be_made(self, change: Change) -> bool:
        """Whether an earlier run sent this so lately that a look-up which found nothing means nothing yet."""
        sent = self._means.journal.unsettled.get(change.key)
        if sent is None or change.kind is not ChangeKind.CREATE:
            return False
        return (self._means.start - sent).total_seconds() < self._capabilities(change.tracker or "").index_lag

    def _capabilities(self, tracker: str) -> Capabilities:
        try:
            return self._means.open_tracker(tracker).capabilities
        except TrackerError:
            return Capabilities(frozenset())  # what goes wrong is told by the call itself

    def _waits_for(self, change: Change, creates: Iterable[int]) -> bool:
        """Whether the issue that this one is a sub-task of is among those still to be made."""
        return bool(change.parent) and any(self._changes[at].key == change.parent for at in creates)

    def carry_out(self, batch: Sequence[int]) -> None:
        """Journal and make one call, and take in what came of it."""
        changes = [self._changes[at] for at in batch]
        name = changes[0].tracker or ""
        if name in self.applied.stopped:
            self._leave(batch, self.applied.stopped[name])
            return
        self._means.journal.intend(changes)
        try:
            results = _call(self._means.open_tracker(name), [self._with_parent(change) for change in changes])
        except TrackerError as error:
            results = [error] * len(batch)
        self._take(batch, results)

    def _with_parent(self, change: Change) -> Change:
        if change.draft is None or change.parent not in self._refs:
            return change
        return replace(change, draft=replace(change.draft, parent=self._refs[change.parent]))

    def _leave(self, batch: Sequence[int], error: TrackerError) -> None:
        if isinstance(error, RateLimited):
            self.applied.left += len(batch)
            return
        for at in batch:
            self._tell(at, Outcome(self._changes[at], self._changes[at].ref, str(error)))

    def _take(self, batch: Sequence[int], results: Sequence[Issue | TrackerError]) -> None:
        settled: list[tuple[Change, IssueRef | None]] = []
        for at, result in zip(batch, results, strict=True):
            change = self._changes[at]
            if isinstance(result, AnswerLost) and change.kind is ChangeKind.CREATE:
                # Nothing is journalled: whether it acted is found out after the last create, or by the next run.
                self.applied.lost[at] = result
                continue
            settled.append((change, result.ref if isinstance(result, Issue) else None))
            if isinstance(result, Issue):
                self._refs[change.key] = result.ref
                self.applied.issues[at] = result
                self._tell(at, Outcome(change, result.ref, notes=result.notes))
                continue
            if _concerns_all(result, change):
                self.applied.stopped[change.tracker or ""] = result
            self._leave([at], result)
        self._means.journal.settle(settled)

    def _tell(self, at: int, outcome: Outcome) -> None:
        self.applied.outcomes[at] = outcome
        self._means.observe(outcome)


def _concerns_all(error: TrackerError, change: Change) -> bool:
    """Whether the tracker will take nothing else either. Of a stranger's issue no more is known than that it is closed to us."""
    ours = change.issue is None or change.issue.mark is not None
    return isinstance(error, RateLimited) or (isinstance(error, AccessDenied) and ours)


def _call(tracker: Tracker, changes: Sequence[Change]) -> Sequence[Issue | TrackerError]:
    match changes[0]:
        case Change(kind=ChangeKind.CREATE):
            return tracker.create([change.draft for change in changes if change.draft is not None])
        case Change(issue=Issue() as issue, remark=Remark(text, key)):
            tracker.comment(issue, text, key)
            return [issue]
        case Change(kind=ChangeKind.UPDATE, issue=Issue() as issue, draft=draft, changed=changed) if draft is not None:
            return [tracker.update(issue, draft, changed)]
        case Change(issue=Issue() as issue, duplicate_of=IssueRef() as original):
            return [close_duplicate(tracker, issue, original)]
        case Change(issue=Issue() as issue, state=state) if state is not None:
            return [tracker.move(issue, state)]
        case change:
            msg = f"a change that can't be carried out: {change}"
            raise AssertionError(msg)


def close_duplicate(tracker: Tracker, issue: Issue, original: IssueRef) -> Issue:
    """Close an issue as another one's duplicate, and say so below it.

    Closing comes first: a comment looks like somebody at work, whose issue no later run would close.

    Raises:
        TrackerError: it was not closed.

    """
    closed = tracker.move(issue, State.DROPPED, original)
    where = original.url or original
    text = f"Closed as a duplicate: {where} was made for the same action item, and stays."
    try:
        tracker.comment(closed, text, f"duplicate-{original.id}")
    except TrackerError as error:
        return replace(closed, notes=(*closed.notes, f"closed, but that is not said below it: {error}"))
    return closed
