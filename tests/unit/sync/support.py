"""What tests of applied plans stand on: a real embedded tracker, also one that fails on purpose."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from pm_sync.errors import AnswerLost, TrackerError
from pm_sync.mark import Mark
from pm_sync.model import Issue, IssueDraft, IssueRef
from pm_sync.sync.apply import Applied, Means, apply_changes
from pm_sync.sync.changes import Change, ChangeKind, Outcome
from pm_sync.sync.journal import Journal
from pm_sync.sync.settle import settle_creates
from pm_sync.trackers.base import ReadRequest
from pm_sync.trackers.local import people
from pm_sync.trackers.local.database import Database
from pm_sync.trackers.local.tracker import LocalTracker
from tests.factories import ANY_STATE, PATH, Clock, draft


@dataclass(slots=True)
class Calls:
    """What a tracker was asked to do."""

    creates: list[list[str]] = field(default_factory=list)
    """The titles of each call."""
    waits: list[float] = field(default_factory=list)


class FaultyTracker(LocalTracker):
    """The embedded tracker behind a bad connection."""

    def __init__(self, path: Path, clock: Clock, calls: Calls, **capabilities: Any) -> None:
        super().__init__(Database(path, read_only=False), "local", clock)
        self.capabilities = replace(ANY_STATE, **{"create_batch": 100} | capabilities)
        self.calls = calls
        self.refuse: dict[str, TrackerError] = {}
        """By title: not created, and this is the answer."""
        self.lose: dict[str, int] = {}
        """By title: how often it is created and the answer lost on its way."""
        self.swallow: set[str] = set()
        """Titles whose first create is lost on the way there: nothing is made."""
        self.twins: dict[IssueRef, Mark] = {}
        """Issues that bear somebody's mark besides their own, as another machine makes them at the same time."""

    def create(self, drafts: Sequence[IssueDraft]) -> Sequence[Issue | TrackerError]:
        """Create what isn't to be refused, and lose the answers that are to be lost."""
        self.calls.creates.append([draft.title for draft in drafts])
        return [self._create(draft) for draft in drafts]

    def _create(self, draft: IssueDraft) -> Issue | TrackerError:
        if draft.title in self.swallow:
            self.swallow.remove(draft.title)
            return AnswerLost("the connection broke")
        if draft.title in self.refuse:
            return self.refuse[draft.title]
        [made] = super().create([draft])
        if self.lose.get(draft.title, 0) > 0:
            self.lose[draft.title] -= 1
            return AnswerLost("the connection broke")
        return made

    def created_since(self, start: datetime, marks: Sequence[Mark]) -> Sequence[Issue]:
        """Also what another machine made."""
        twins = super().read(ReadRequest(linked=tuple(self.twins))).found if self.twins else {}
        found = [replace(issue, mark=self.twins[ref]) for ref, issue in twins.items() if isinstance(issue, Issue)]
        return [*super().created_since(start, marks), *found]


@dataclass(slots=True)
class Bench:
    """A tracker, a journal and a clock to apply changes with."""

    folder: Path
    clock: Clock = field(default_factory=Clock)
    calls: Calls = field(default_factory=Calls)
    told: list[Outcome] = field(default_factory=list)
    capabilities: dict[str, Any] = field(default_factory=dict)
    tracker: FaultyTracker = field(init=False)

    def __post_init__(self) -> None:
        self.tracker = FaultyTracker(self.folder / "tracker.db", self.clock, self.calls, **self.capabilities)

    def journal(self, run: str = "now") -> Journal:
        """The journal of a run that begins now."""
        return Journal(self.folder / "journal", run, self.clock())

    def means(self) -> Means:
        """Means that record instead of waiting."""
        return Means(lambda _: self.tracker, self.journal(), self.clock(), self.told.append, self.calls.waits.append)

    def apply(self, *changes: Change) -> Applied:
        """Apply and settle, as a run does."""
        means = self.means()
        applied = apply_changes(changes, means)
        settle_creates(changes, applied, means)
        return applied

    def later(self, **amount: float) -> None:
        """Let time pass."""
        self.clock.now += timedelta(**amount)

    def issues(self) -> tuple[people.Entry, ...]:
        """All issues there are."""
        return people.entries(Database(self.folder / "tracker.db", read_only=True))

    def titles(self) -> list[str]:
        """The titles of all issues there are, oldest first."""
        return [entry.issue.title for entry in self.issues()]


MakeBench = Callable[..., Bench]
"""Takes capabilities by name."""


def creating(title: str = "Add a replica", parent: str = "", **fields: Any) -> Change:
    """A create, as a plan has it; its key is its mark's."""
    wish = draft(title, **fields)
    return Change(
        ChangeKind.CREATE, PATH, 12, title, "no issue yet", "local", key=wish.mark.key, draft=wish, parent=parent
    )


def about(issue: Issue, kind: ChangeKind, **fields: Any) -> Change:
    """A change of an issue that is there."""
    return Change(kind, PATH, 12, issue.title, "", "local", issue.ref, key="k", issue=issue, **fields)


def ref_of(applied: Applied, at: int = 0) -> str:
    """The issue that a change ended with."""
    return str(applied.issues[at].ref)


def made(bench: Bench, title: str = "Add a replica") -> Issue:
    """An issue that is there already."""
    issue = bench.tracker.create([draft(title)])[0]
    assert isinstance(issue, Issue)
    bench.calls.creates.clear()
    return issue
