"""A house for tests: a repository in a folder of its own, with the embedded tracker, synced in this process.

Everything below the command line is the real thing: configuration, reader, plan, tracker, journal, files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path
from typing import Any

from pm_sync import statefolder
from pm_sync.model import State
from pm_sync.session import linking
from pm_sync.session.runs import Planned, Synced, locked, make_run, sync_run
from pm_sync.session.scope import Scope
from pm_sync.session.session import Session, World
from pm_sync.sync.changes import SyncResult
from pm_sync.trackers.local import people
from pm_sync.trackers.local.database import Database
from tests.factories import Clock

DATABASE = ".pm-sync/tracker.db"
JOURNAL = ".pm-sync/journal"


def never_wait(seconds: float) -> None:
    """Stand in for a sleep that nothing should need."""
    raise AssertionError(f"waited {seconds} s")


@dataclass(slots=True)
class House:
    """A repository, its issues, and the people who work with both."""

    root: Path
    clock: Clock = field(default_factory=Clock)
    environment: Mapping[str, str] = field(default_factory=dict)
    sleep: Callable[[float], None] = never_wait

    # The files.

    def write(self, path: str, text: str | bytes) -> None:
        """Write a file, as an editor does."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)

    def read(self, path: str) -> str:
        """What a file says."""
        return (self.root / path).read_bytes().decode()

    def replace(self, path: str, old: str, new: str) -> None:
        """Edit one place of a file, which must be there."""
        text = self.read(path)
        assert old in text, f"{old!r} is not in {path}"
        self.write(path, text.replace(old, new, 1))

    def files(self) -> dict[str, bytes]:
        """Every file but our own state."""
        found = (path for path in sorted(self.root.rglob("*")) if path.is_file() and ".pm-sync" not in path.parts)
        return {path.relative_to(self.root).as_posix(): path.read_bytes() for path in found}

    # The commands.

    def session(self, *, read_only: bool = False) -> Session:
        """Open a session, as a command does."""
        return Session.open(World(self.root, self.environment, self.clock, self.sleep), read_only=read_only)

    def plan(self, *paths: str, offline: bool = False, **scope: Any) -> Planned:
        """What ``pm-sync plan`` makes."""
        with self.session(read_only=True) as session:
            return make_run(session, Scope(paths=paths, **scope), offline=offline)

    def sync(self, *paths: str, look: Callable[[Planned], None] = lambda _: None, **scope: Any) -> SyncResult:
        """What ``pm-sync sync --yes`` does; ``look`` is shown its plan."""
        return self.carry_out(*paths, look=look, **scope).result

    def carry_out(self, *paths: str, look: Callable[[Planned], None] = lambda _: None, **scope: Any) -> Synced:
        """The same, with what publishing needs to know of it."""
        with self.session() as session, locked(session):
            statefolder.sweep(session.root)
            planned = make_run(session, Scope(paths=paths, **scope))
            look(planned)
            return sync_run(session, planned, lambda _: None)

    def link(self, place: str, ref: str) -> linking.Linking:
        """What ``pm-sync link`` does."""
        with self.session() as session, locked(session):
            return linking.link(session, place, ref)

    def unlink(self, place: str) -> linking.Linking:
        """What ``pm-sync unlink`` does."""
        with self.session() as session, locked(session):
            return linking.unlink(session, place)

    # The people who work in the tracker.

    def issues(self) -> tuple[people.Entry, ...]:
        """All issues there are."""
        return people.entries(Database(self.root / DATABASE, read_only=True))

    def move(self, number: int, state: State) -> None:
        """Close, start, drop or reopen an issue."""
        now = self.clock()
        self._work(lambda database: people.move(database, [number], state, now, day=now.astimezone(UTC).date()))

    def open(self, title: str) -> None:
        """Open an issue by hand; the database must be there."""
        self._work(lambda d: d.write(lambda db: db.execute("INSERT INTO issues (title) VALUES (?)", [title])))

    def delete(self, number: int) -> None:
        """Delete an issue by hand."""
        self._work(lambda d: d.write(lambda db: db.execute("DELETE FROM issues WHERE number = ?", [number])))

    def comment(self, number: int, text: str) -> None:
        """Say something of an issue."""
        words = "INSERT INTO comments (issue, text) VALUES (?, ?)"
        self._work(lambda d: d.write(lambda db: db.execute(words, [number, text])))

    def retitle(self, number: int, title: str) -> None:
        """Change an issue's title."""
        self._work(lambda database: people.edit(database, number, {"title": title}))

    def put_off(self, number: int, due: str) -> None:
        """Change an issue's due date; empty for none."""
        self._work(lambda database: people.edit(database, number, {"due": due or None}))

    def _work(self, work: Any) -> None:
        database = Database(self.root / DATABASE, read_only=False)
        try:
            work(database)
        finally:
            database.close()

    # What a crash leaves behind.

    def strays(self) -> list[str]:
        """Files of a run that should not outlive it."""
        state = self.root / ".pm-sync"
        return sorted(path.name for pattern in ("*.tmp", "journal/*", "lock.json") for path in state.glob(pattern))
