"""After the last create: find creates whose answer was lost, and issues that another machine made at the same time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from pm_sync.errors import AnswerLost, TrackerError
from pm_sync.model import Issue, IssueDraft
from pm_sync.sync.apply import Applied, Means, Postponed, close_duplicate
from pm_sync.sync.changes import Change, ChangeKind, Outcome
from pm_sync.sync.journal import Journal
from pm_sync.sync.matching import age
from pm_sync.trackers.base import PARENT, Tracker


def settle_creates(changes: Sequence[Change], applied: Applied, means: Means) -> None:
    """Look up once more, for each tracker, what was made since the run's start, and take it into ``applied``.

    Of two issues with one key the lowest stays, and the younger is closed as its duplicate if we made it.
    A create that was lost and isn't found is sent once more, and then whatever waits for it; what is lost again is left
    to the next run.
    """
    places: dict[str, list[int]] = defaultdict(list)
    for at, change in enumerate(changes):
        if at in applied.lost or (change.kind is ChangeKind.CREATE and at in applied.issues):
            places[change.tracker or ""].append(at)
    for name, creates in places.items():
        settler = _Settler(changes, applied, means.open_tracker(name), means.journal)
        if any(at in applied.lost for at in creates):
            means.wait(settler.tracker.capabilities.index_lag)
        try:
            settler.settle(creates, min((means.start, *means.journal.unsettled.values())))
        except TrackerError as error:
            applied.stopped[name] = error
            _tell_unchecked(creates, applied, error)
    for at, lost in applied.lost.items():
        reason = applied.stopped.get(changes[at].tracker or "", lost)
        unknown = "" if isinstance(lost, Postponed) else "whether the issue was made is not known, "
        message = f"{reason}; {unknown}the next run looks it up"
        applied.outcomes[at] = Outcome(changes[at], None, message)
        applied.left += 1


def _tell_unchecked(creates: Sequence[int], applied: Applied, error: TrackerError) -> None:
    made = [at for at in creates if at not in applied.lost]
    if made:
        last = applied.outcomes[made[-1]]
        note = f"whether another run made the same issues could not be checked, the next whole run does: {error}"
        applied.outcomes[made[-1]] = replace(last, notes=(*last.notes, note))


class _Settler:
    def __init__(self, changes: Sequence[Change], applied: Applied, tracker: Tracker, journal: Journal) -> None:
        self._changes, self._applied, self.tracker, self._journal = changes, applied, tracker, journal

    def settle(self, creates: Sequence[int], start: datetime) -> None:
        drafts = (self._changes[at].draft for at in creates if self._changes[at].kind is ChangeKind.CREATE)
        marks = [draft.mark for draft in drafts if draft is not None]
        seen: dict[str, list[Issue]] = defaultdict(list)
        for issue in self.tracker.created_since(start, marks):
            if issue.mark is not None:
                seen[issue.mark.key].append(issue)
        for at in creates:
            twins = seen[self._changes[at].key] if self._changes[at].kind is ChangeKind.CREATE else []
            if at in self._applied.lost:
                self._find_lost(at, twins)
            else:
                self._yield_to_older(at, twins)

    def _find_lost(self, at: int, twins: Sequence[Issue]) -> None:
        change = self._changes[at]
        if twins:
            self._made(at, self._placed(change, min(twins, key=age)))
            return
        if any(self._changes[other].key == change.parent for other in self._applied.lost if other != at):
            return
        self._journal.intend([change])
        result = self._send(change)
        if isinstance(result, Issue):
            self._made(at, result)
        elif not isinstance(result, AnswerLost):
            self._journal.settle([(change, None)])
            self._failed(at, result)

    def _placed(self, change: Change, issue: Issue) -> Issue:
        """An issue that was found, below the one above it: whether its create came to that nobody knows."""
        draft = self._draft(change)
        if draft.parent is None or draft.parent in issue.parents:
            return issue
        try:
            return self.tracker.update(issue, draft, frozenset({PARENT}))
        except TrackerError as error:
            return replace(issue, notes=(*issue.notes, f"not below {draft.parent}: {error}"))

    def _send(self, change: Change) -> Issue | TrackerError:
        if change.issue is None:
            return self.tracker.create([self._draft(change)])[0]
        try:
            return self.tracker.update(change.issue, self._draft(change), change.changed)
        except TrackerError as error:
            return error

    def _draft(self, change: Change) -> IssueDraft:
        """The draft, as a sub-task of the issue that this run made for the item above it."""
        if change.draft is None:
            msg = f"nothing is drafted for {change}"
            raise ValueError(msg)
        made = {self._changes[at].key: issue.ref for at, issue in self._applied.issues.items()}
        return replace(change.draft, parent=made.get(change.parent, change.draft.parent))

    def _made(self, at: int, issue: Issue) -> None:
        del self._applied.lost[at]
        self._journal.settle([(self._changes[at], issue.ref)])
        self._applied.issues[at] = issue
        self._applied.outcomes[at] = Outcome(self._changes[at], issue.ref, notes=issue.notes)

    def _failed(self, at: int, error: TrackerError) -> None:
        del self._applied.lost[at]
        self._applied.outcomes[at] = Outcome(self._changes[at], None, str(error))

    def _yield_to_older(self, at: int, twins: Sequence[Issue]) -> None:
        ours = self._applied.issues[at]
        oldest = min((ours, *twins), key=age)
        if oldest.ref == ours.ref:
            return
        reason = f"another run made {oldest.ref} at the same time, which stays"
        change = replace(self._changes[at], kind=ChangeKind.DUPLICATE, ref=ours.ref, reason=reason, issue=ours)
        try:
            closed = close_duplicate(self.tracker, ours, oldest.ref)
            self._applied.extra.append(Outcome(change, ours.ref, notes=closed.notes))
        except TrackerError as error:
            self._applied.extra.append(Outcome(change, ours.ref, str(error)))
        self._applied.issues[at] = oldest
        self._applied.outcomes[at] = Outcome(self._changes[at], oldest.ref)
