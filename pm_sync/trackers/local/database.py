"""The file: connections and locks, reading without leaving a trace, and SQLite's errors told as ours."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypeVar

from pm_sync.errors import TrackerError
from pm_sync.io import inside
from pm_sync.trackers.local import schema

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]
"""What to do with an open transaction; as a reader it may be called again, so it must have no effect of its own."""

PATIENCE = 10.0
"""Seconds to wait for a lock that another process holds."""

_GLIMPSES = 20
"""How often to look again at a file that changed while it was read."""

_EXPLAINED = {
    sqlite3.SQLITE_BUSY: ("is locked by another process", "wait for it to end, or end it, and run again"),
    sqlite3.SQLITE_LOCKED: ("is locked by another process", "wait for it to end, or end it, and run again"),
    sqlite3.SQLITE_READONLY: ("is read-only", "give the file and its folder their write permission back"),
    sqlite3.SQLITE_FULL: ("can't grow: the disk is full", "make room and run again; what was there is unharmed"),
    sqlite3.SQLITE_IOERR: ("can't be read or written: the disk reports an error", "check the disk, and run again"),
    sqlite3.SQLITE_CANTOPEN: ("can't be opened", "check that its folder is there and that you may write in it"),
    sqlite3.SQLITE_PERM: ("may not be opened", "check the permissions of the file and its folder"),
    sqlite3.SQLITE_CORRUPT: ("is damaged", "restore it from a backup; sqlite3's .recover may save the rest"),
    sqlite3.SQLITE_NOTADB: ("is not an SQLite database", "restore it from a backup, or move it away to start anew"),
}


def database_path(root: Path, path: str) -> Path:
    """The file of a configured path, whose folder no link of the repository leads elsewhere.

    Raises:
        ReadError: one does.

    """
    file = root / path
    return root / inside(root, file.parent) / file.name


class Database:
    """The tracker's file, which is made by the first write that may make it.

    Every method raises `TrackerError`, with the file as its place, for whatever SQLite can't do.
    """

    def __init__(self, path: Path, *, read_only: bool, patience: float = PATIENCE) -> None:
        self.path = path
        self.read_only = read_only
        self._patience = patience
        self._connection: sqlite3.Connection | None = None

    def read(self, work: Work[T]) -> T:
        """Run ``work`` on one consistent state of the database; without a file it sees an empty one."""
        with self._told():
            if _is_missing(self.path):
                return self._on_nothing(work)
            if self.read_only:
                return self._glimpse(work)
            with self._open(create=False) as db:
                db.execute("BEGIN")
                return work(db)

    def write(self, work: Work[T], *, create: bool = False) -> T:
        """Run ``work`` in a transaction of its own, alone among all processes; all of it happens, or nothing.

        Args:
            work: Gets the connection, and must not end the transaction.
            create: Whether to make a file that isn't there; otherwise ``work`` sees an empty database, in which it
                won't find what it is about.

        """
        if self.read_only:
            raise TrackerError("was opened for reading only", place=str(self.path))
        with self._told():
            if not create and _is_missing(self.path):
                return self._on_nothing(work)
            with self._open(create=create) as db:
                db.execute("BEGIN IMMEDIATE")
                return work(db)

    def close(self) -> None:
        """Let go of the file; what was written moves from the log into it."""
        if self._connection:
            with self._told():
                self._connection.close()
            self._connection = None

    def _open(self, *, create: bool) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = self._prepared(self._connect("mode=rwc" if create else "mode=rw"))
        return self._connection

    def _prepared(self, db: sqlite3.Connection) -> sqlite3.Connection:
        try:
            # Before anything is written, as the database may be another program's; in one transaction, as another
            # process may be making it just now.
            with db:
                db.execute("BEGIN")
                at = schema.version(db, str(self.path))
            _prefer_wal(db)
            db.execute("PRAGMA foreign_keys = ON")
            if at < schema.VERSION:
                schema.migrate(db, str(self.path))
        except BaseException:
            db.close()
            raise
        return db

    def _glimpse(self, work: Work[T]) -> T:
        """Read without making, changing or locking any file, as long as nobody else has the database open.

        A reader of a database in WAL mode leaves two files behind, and can't work in a folder it may not write.
        ``immutable`` needs neither files nor locks, but is true only for a file that stays as it is: so look whether
        it did. While somebody writes, their log is there, and SQLite's own protocol for readers costs no new file.
        """
        for _ in range(_GLIMPSES):
            before = _files(self.path)
            log_in_use = any(before[1:])
            try:
                with closing(self._connect("mode=ro" if log_in_use else "immutable=1")) as db:
                    result = self._on_current(db, work)
            except sqlite3.Error:
                if _files(self.path) == before:
                    raise
            else:
                if log_in_use or _files(self.path) == before:
                    return result
        raise TrackerError("is written by other processes all the time", place=str(self.path), hint="run again")

    def _on_nothing(self, work: Work[T]) -> T:
        with closing(_memory()) as db:
            return self._on_current(db, work)

    def _on_current(self, db: sqlite3.Connection, work: Work[T]) -> T:
        """Run ``work`` on the database, or on a copy that is brought up to date where the database isn't."""
        db.execute("BEGIN")
        if schema.version(db, str(self.path)) == schema.VERSION:
            return work(db)
        db.rollback()
        with closing(_memory()) as copy:
            db.backup(copy)
            schema.migrate(copy, str(self.path))
            return work(copy)

    def _connect(self, how: str) -> sqlite3.Connection:
        if self.path.is_symlink():
            # A repository could have it lead to any file of whoever runs us.
            hint = "put the database itself there"
            raise TrackerError("is a symbolic link, which is never followed", place=str(self.path), hint=hint)
        # As a URI, whatever characters the path holds; without the module's own transactions, which begin too late.
        uri = f"{self.path.absolute().as_uri()}?{how}"
        return _with_rows(sqlite3.connect(uri, timeout=self._patience, isolation_level=None, uri=True))

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", None)
            if code is None:  # not SQLite's word but the module's: a bug of ours
                raise
            # The lower byte is the kind of error, the upper ones refine it.
            what, hint = _EXPLAINED.get(code & 0xFF, (f"can't be used: {error}", None))
            raise TrackerError(what, place=str(self.path), hint=hint) from error


def _prefer_wal(db: sqlite3.Connection) -> None:
    """Let readers and a writer work side by side, if not now then from a later run on."""
    try:
        db.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:
        # Only the first switch needs the file for itself. Who has it now is switching too, or works well without.
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise


def _is_missing(path: Path) -> bool:
    try:
        path.lstat()
    except FileNotFoundError:
        return True
    except OSError:  # such as a folder that may not be searched: SQLite says it better
        return False
    return False


def _memory() -> sqlite3.Connection:
    return _with_rows(sqlite3.connect(":memory:", isolation_level=None))


def _with_rows(db: sqlite3.Connection) -> sqlite3.Connection:
    db.row_factory = sqlite3.Row
    return db


_Facts = tuple[int, int, int] | None


def _files(path: Path) -> tuple[_Facts, _Facts, _Facts]:
    """What tells whether the database changed: the file itself, and the logs of an unfinished or unmerged write."""
    return _facts(path), _facts(Path(f"{path}-wal")), _facts(Path(f"{path}-journal"))


def _facts(path: Path) -> _Facts:
    """None for a file that isn't there or is empty, which as a log says the same."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return (stat.st_ino, stat.st_size, stat.st_mtime_ns) if stat.st_size else None
