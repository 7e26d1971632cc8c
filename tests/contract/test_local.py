"""The embedded tracker keeps the contract."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from pm_sync.model import IssueRef
from pm_sync.trackers.base import Tracker
from pm_sync.trackers.local.tracker import LocalTracker
from tests.contract.support import Remote, create
from tests.contract.tracker_contract import TrackerContract
from tests.factories import Clock, draft, local_ref


@dataclass(frozen=True, slots=True)
class LocalRemote:
    """People at work on the database with a program of their own."""

    path: Path
    clock: Clock

    def open(self) -> Tracker:
        """Open the tracker."""
        return LocalTracker.open(self.path, clock=self.clock)

    def now(self) -> datetime:
        """The test's clock is the tracker's."""
        return self.clock()

    def wait(self) -> None:
        """Changes are counted, so no time needs to pass."""

    def add(self, title: str) -> IssueRef:
        """Open an issue."""
        self._make_sure_of_tables()
        return local_ref(self._execute("INSERT INTO issues (title) VALUES (?)", title))

    def retitle(self, ref: IssueRef, title: str) -> None:
        """Change the title."""
        self._execute("UPDATE issues SET title = ? WHERE number = ?", title, ref.id)

    def label(self, ref: IssueRef, label: str) -> None:
        """Add a label."""
        self._execute("UPDATE issues SET labels = json_insert(labels, '$[#]', ?) WHERE number = ?", label, ref.id)

    def finish(self, ref: IssueRef) -> None:
        """Close as done."""
        day = self.clock().date().isoformat()
        self._execute("UPDATE issues SET state = 'done', settled = ? WHERE number = ?", day, ref.id)

    def delete(self, ref: IssueRef) -> None:
        """Delete for good."""
        self._execute("DELETE FROM issues WHERE number = ?", ref.id)

    def cut_short(self, ref: IssueRef) -> None:
        """Nothing is written after the creating call."""

    def written(self) -> object:
        """The database as it is on disk."""
        return {path.name: path.read_bytes() for path in self.path.parent.iterdir()}

    def comments(self, ref: IssueRef) -> Sequence[str]:
        """The texts, oldest first."""
        query = "SELECT json_group_array(text) FROM (SELECT text FROM comments WHERE issue = ? ORDER BY id)"
        with closing(sqlite3.connect(self.path)) as db:
            [texts] = db.execute(query, [ref.id]).fetchone()
        return list(json.loads(texts))

    def _make_sure_of_tables(self) -> None:
        with closing(self.open()) as tracker:
            tracker.create([])

    def _execute(self, query: str, *values: str) -> int:
        with closing(sqlite3.connect(self.path)) as db, db:
            db.execute("PRAGMA foreign_keys = ON")
            return db.execute(query, values).lastrowid or 0


class TestLocal(TrackerContract):
    """The contract, and what the embedded tracker promises beyond it."""

    @pytest.fixture
    def remote(self, tmp_path: Path, clock: Clock) -> Remote:
        """An empty folder."""
        return LocalRemote(tmp_path / "tracker.db", clock)

    def test_creating_twice_with_one_key_gives_one_issue(self, tracker: Tracker) -> None:
        """The key is a unique column: the second create, and one in the same batch, give the issue that is there."""
        first, same = create(tracker, draft(), draft())
        [later] = create(tracker, draft(details="Other words"))
        assert {first.ref, same.ref, later.ref} == {local_ref(1)}
        assert later.details == ""
