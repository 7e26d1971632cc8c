"""How each action item stands on one day, as values."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from pm_sync.model import ActionItem, Deferral, IssueRef, State

UNSYNCED = "unsynced"
"""The item has no issue yet."""
LOST = "lost"
"""Its issue is known to be gone."""
UNREACHABLE = "unreachable"
"""Nothing is known about its issue now."""

STATES = (*(state.value for state in State), UNSYNCED, LOST, UNREACHABLE)
SETTLED = frozenset({State.DONE.value, State.DROPPED.value})


class Tracked(Struct, frozen=True):
    """An item, and what is known of its issue."""

    item: ActionItem
    path: str
    state: str
    """One of `STATES`."""
    ref: IssueRef | None = None
    created: date | None = None
    """The day its issue was created, where it was read."""
    assignees: tuple[str, ...] = ()
    """Who has the issue, as the tracker says."""


class StatusItem(Struct, frozen=True):
    """One item on one day."""

    path: str
    line: int
    text: str
    title: str
    state: str
    """One of `STATES`."""
    active: bool
    """Whether something is still to be done: not settled, and the postmortem doesn't call it done either."""
    ref: IssueRef | None = None
    owners: tuple[str, ...] = ()
    """As written in the postmortem, else the issue's assignees."""
    team: str | None = None
    priority: str | None = None
    severity: str | None = None
    """The incident's."""
    due: date | None = None
    due_source: str | None = None
    """``item``, ``sla:RULE``, ``deferred``, or None where nothing gives a due date."""
    deferral: Deferral | None = None
    deferred: bool = False
    """The deferral holds today."""
    age_days: int | None = None
    """Days since the incident's end, else its start, else its date, else the issue's creation."""
    overdue: bool = False
    """Still to be done although the due date has passed; on the day itself it is in time."""

    @property
    def unowned(self) -> bool:
        """Still to be done, and neither a person nor a team is named."""
        return self.active and not self.owners and not self.team

    @property
    def no_due(self) -> bool:
        """Still to be done, and nothing says by when."""
        return self.active and self.due is None

    def stale(self, days: int) -> bool:
        """Still to be done, not deferred, and older than so many days."""
        return self.active and not self.deferred and self.age_days is not None and self.age_days > days


class StatusReport(Struct, frozen=True):
    """All items on one day, in the order of the postmortems."""

    today: date
    items: tuple[StatusItem, ...] = ()
    baseline: int = 0
    """Items older than ``since`` that have no issue, and aren't among ``items``."""

    @property
    def summary(self) -> dict[str, int]:
        """How many items are in each state, and how many are overdue, without owner, without due date or deferred."""
        counts = dict.fromkeys(STATES, 0)
        for item in self.items:
            counts[item.state] += 1
        return counts | {
            "overdue": sum(item.overdue for item in self.items),
            "unowned": sum(item.unowned for item in self.items),
            "no_due": sum(item.no_due for item in self.items),
            "deferred": sum(item.deferred for item in self.items),
            "baseline": self.baseline,
        }


class Failure(Struct, frozen=True):
    """One item that fails the gate."""

    item: StatusItem
    message: str
    """Follows the item's title: ``was due on 2026-06-01 (sla:P1)``."""

    def __str__(self) -> str:
        ref = f"{self.item.ref} " if self.item.ref else ""
        return f"{self.item.path}:{self.item.line}: {ref}“{self.item.title}” {self.message}"
