"""Plans and outcomes as values: what `make_plan` says, `apply` performs and every report shows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from msgspec import Struct

from pm_sync.model import Issue, IssueDraft, IssueRef, RejectedItem, State


class ChangeKind(StrEnum):
    """One intended write, or the reason why there is none."""

    CREATE = "create"
    UPDATE = "update"
    CLOSE = "close"
    REOPEN = "reopen"
    COMMENT = "comment"
    DUPLICATE = "duplicate"
    LINK = "link"
    RELINK = "relink"
    WRITE_BACK = "write_back"
    CONFLICT = "conflict"
    LOST = "lost"
    UNREACHABLE = "unreachable"
    UNCHANGED = "unchanged"

    @property
    def remote(self) -> bool:
        """Whether it is a write to a tracker."""
        return self in _REMOTE

    @property
    def pending(self) -> bool:
        """Whether it writes anything, anywhere."""
        return self.remote or self in (ChangeKind.LINK, ChangeKind.RELINK, ChangeKind.WRITE_BACK)


_REMOTE = frozenset(
    {
        ChangeKind.CREATE,
        ChangeKind.UPDATE,
        ChangeKind.CLOSE,
        ChangeKind.REOPEN,
        ChangeKind.COMMENT,
        ChangeKind.DUPLICATE,
    }
)


class Remark(Struct, frozen=True):
    """What a comment says, once."""

    text: str
    key: str
    """No second comment on one issue has it."""


class Change(Struct, frozen=True):
    """One line of a plan."""

    kind: ChangeKind
    path: str
    line: int
    text: str
    reason: str
    tracker: str | None = None
    """The tracker's configured name."""
    ref: IssueRef | None = None
    item: int | None = None
    """Index into the postmortem's items; None where the change is about an issue that no item has."""
    key: str = ""
    """The item's key, by which the journal knows it."""
    draft: IssueDraft | None = None
    parent: str = ""
    """The key of the item that this one is a sub-task of."""
    changed: frozenset[str] = frozenset()
    """The fields an update writes."""
    state: State | None = None
    """The state to bring the issue into, or the one to record in the file."""
    day: date | None = None
    """The day to record beside a settled state."""
    issue: Issue | None = None
    """The issue as it was read."""
    duplicate_of: IssueRef | None = None
    """The older issue that stays."""
    remark: Remark | None = None
    """What to comment."""
    control: bool = True
    """Whether the file's box or state cell follows the state (creating leaves both as they are)."""


class Removed(Struct, frozen=True):
    """An open issue of ours whose item is gone from the postmortems, and that `removed: report` leaves alone."""

    ref: IssueRef
    title: str
    path: str


class Plan(Struct, frozen=True):
    """All changes in file order, and what stays out of them."""

    changes: tuple[Change, ...] = ()
    baseline: int = 0
    """Items without a link that are older than ``since``, or outside of ``--changed-since``: left as they are."""
    rejected: tuple[tuple[str, RejectedItem], ...] = ()
    """With the path of the postmortem each stands in."""
    removed: tuple[Removed, ...] = ()
    notices: tuple[str, ...] = ()
    """What a person should know before saying yes."""

    @property
    def summary(self) -> dict[str, int]:
        """Counts of each kind of change, and of what stays out."""
        counts = {kind.value: 0 for kind in ChangeKind}
        for change in self.changes:
            counts[change.kind.value] += 1
        return counts | {"baseline": self.baseline, "rejected": len(self.rejected)}

    @property
    def pending(self) -> tuple[Change, ...]:
        """The changes that write something, anywhere."""
        return tuple(change for change in self.changes if change.kind.pending)

    def of(self, *kinds: ChangeKind) -> tuple[Change, ...]:
        """The changes of these kinds, in order."""
        return tuple(change for change in self.changes if change.kind in kinds)


class Outcome(Struct, frozen=True):
    """What happened to one change."""

    change: Change
    ref: IssueRef | None = None
    error: str | None = None
    notes: tuple[str, ...] = ()
    """What the tracker could not do as asked, though the change went through."""

    @property
    def ok(self) -> bool:
        """Whether the change went through."""
        return self.error is None


class SyncResult(Struct, frozen=True):
    """What a whole run did."""

    plan: Plan
    outcomes: tuple[Outcome, ...] = ()
    files_changed: tuple[str, ...] = ()
    file_errors: tuple[str, ...] = ()
    """Postmortems that could not be written, one message each."""
    left: int = 0
    """Changes left for the next run."""

    @property
    def summary(self) -> dict[str, int]:
        """The plan's counts, and what became of them."""
        done = [outcome.change.kind for outcome in self.outcomes if outcome.ok]
        return self.plan.summary | {
            "created": _count(done, ChangeKind.CREATE),
            "updated": _count(done, ChangeKind.UPDATE),
            "closed": _count(done, ChangeKind.CLOSE, ChangeKind.DUPLICATE),
            "failed": sum(not outcome.ok for outcome in self.outcomes),
            "left": self.left,
        }


def _count(kinds: Iterable[ChangeKind], *of: ChangeKind) -> int:
    return sum(kind in of for kind in kinds)
