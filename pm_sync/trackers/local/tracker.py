"""The tracker as pm-sync sees it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pm_sync.errors import NotFound, TrackerError
from pm_sync.mark import Mark
from pm_sync.model import Issue, IssueDraft, IssueRef, Lost, State
from pm_sync.trackers.base import Found, ReadRequest, Snapshot, Target
from pm_sync.trackers.local import CAPABILITIES, store
from pm_sync.trackers.local.database import PATIENCE, Database

if TYPE_CHECKING:
    from pm_sync.findings import Finding


class LocalTracker:
    """Issues in an SQLite file."""

    kind = store.KIND
    capabilities = CAPABILITIES

    def __init__(self, database: Database, name: str, clock: Callable[[], datetime]) -> None:
        self.name = name
        self._database = database
        self._clock = clock

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        name: str = store.KIND,
        clock: Callable[[], datetime],
        read_only: bool = False,
        patience: float = PATIENCE,
    ) -> LocalTracker:
        """Open the database at ``path``, which is not touched before it is needed, and made by the first create.

        Args:
            path: The file; its folder must be there before anything is created.
            name: As configured.
            clock: Tells the time, with its zone.
            read_only: Leave the file and its folder exactly as they are; whatever writes is refused.
            patience: Seconds to wait for another process's lock.

        """
        return cls(Database(path, read_only=read_only, patience=patience), name, clock)

    def read(self, request: ReadRequest) -> Snapshot:
        """Answer the whole request from one state of the database.

        Raises:
            NotFound: issues are linked although the database never held any: it is not the one that the links mean,
                and knows nothing about them.
            TrackerError: the database can't be read.

        """

        def answer(db: sqlite3.Connection) -> Snapshot:
            if request.linked and not store.has_held_any(db):
                raise self._missing()
            src = request.src if request.gone or request.wanted else None
            return Snapshot(_found(db, request.linked), store.by_marks(db, request.wanted, src))

        return self._database.read(answer)

    def target(self) -> Target:
        """Look whether the database, or a new one, can be written."""
        path = self._database.path
        for place in (path.parent, path):
            if place.exists() and not os.access(place, os.W_OK):
                return Target(public=False, refusal=f"{place} is read-only")
        return Target(public=False)

    def create(self, drafts: Sequence[IssueDraft]) -> Sequence[Issue | TrackerError]:
        """Create an issue for each draft in one transaction: all of them or, where SQLite fails, none."""
        now = self._clock()
        try:
            return self._database.write(lambda db: store.insert(db, drafts, now), create=True)
        except TrackerError as error:
            return [error] * len(drafts)

    def created_since(self, start: datetime, marks: Sequence[Mark]) -> Sequence[Issue]:
        """Issues with the text of one of the marks, made since ``start``."""
        return self._database.read(lambda db: store.since(db, start, marks))

    def update(self, issue: Issue, draft: IssueDraft, changed: frozenset[str]) -> Issue:
        """Write the ``changed`` fields and refresh the mark, unless somebody changed one of them meanwhile."""
        return self._database.write(lambda db: store.rewrite(db, issue, draft, changed))

    def move(self, issue: Issue, state: State, duplicate_of: IssueRef | None = None) -> Issue:
        """Bring the issue into ``state``, unless somebody moved it meanwhile."""
        today = self._clock().astimezone(UTC).date()
        return self._database.write(lambda db: store.move(db, issue, state, today, duplicate_of))

    def comment(self, issue: Issue, text: str, key: str) -> None:
        """Add a comment, once for each issue and ``key``."""
        now = self._clock()
        self._database.write(lambda db: store.comment(db, issue, text, key, now))

    def void_mark(self, issue: Issue) -> None:
        """Forget the issue's mark."""
        self._database.write(lambda db: store.void_mark(db, issue))

    def diagnose(self, clock: Callable[[], datetime], linked: Collection[IssueRef]) -> Sequence[Finding]:  # noqa: ARG002  it has no clock
        """Look whether the database is there, and whole."""
        from pm_sync.trackers.local.diagnosis import diagnose  # noqa: PLC0415 - only a doctor needs it

        return diagnose(self._database, self.target().refusal, self._missing() if linked else None)

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def _missing(self) -> NotFound:
        return NotFound(
            "the local tracker's database is missing or empty, though postmortems link to its issues",
            place=str(self._database.path),
            hint="restore it from a backup, or give up the links with `pm-sync unlink PATH:LINE`",
        )


def _found(db: sqlite3.Connection, linked: Sequence[IssueRef]) -> dict[IssueRef, Found]:
    numbers = {ref: store.number_of(ref) for ref in linked}
    issues = store.by_numbers(db, [number for number in numbers.values() if number is not None])
    lost = Lost("the local tracker has no such issue (any more)")
    return {ref: lost if number is None else issues.get(number, lost) for ref, number in numbers.items()}
