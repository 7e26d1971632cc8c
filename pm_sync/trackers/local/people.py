"""The tracker as people see it: everything an issue holds, and what they do to it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from msgspec import Struct

from pm_sync.model import Issue, IssueRef, State
from pm_sync.trackers.local import store
from pm_sync.trackers.local.database import Database


class Entry(Struct, frozen=True):
    """An issue with what only this tracker tells of it."""

    issue: Issue
    incident: str
    path: str
    """The postmortem its item stands in; empty for an issue that a person made."""
    line: int
    owners: tuple[str, ...]
    type: str | None
    parent: IssueRef | None
    duplicate_of: IssueRef | None
    comments: tuple[str, ...]
    """Oldest first."""


class Move(Struct, frozen=True):
    """What became of one issue that a person wanted moved."""

    before: State
    issue: Issue
    """As it is now."""


def entries(database: Database, states: Collection[State] = frozenset(State)) -> tuple[Entry, ...]:
    """All issues in one of the states, by number."""
    query = "SELECT * FROM issues WHERE state IN (SELECT value FROM json_each(?)) ORDER BY number"
    wanted = json.dumps([state.value for state in states])

    def work(db: sqlite3.Connection) -> tuple[Entry, ...]:
        comments = _comments(db)
        return tuple(_entry(row, comments.get(row["number"], ())) for row in db.execute(query, [wanted]))

    return database.read(work)


def entry(database: Database, number: int) -> Entry:
    """One issue.

    Raises:
        NotFound: there is none of this number.

    """

    def work(db: sqlite3.Connection) -> Entry:
        return _entry(store.row_of(db, number, _name(number)), _comments(db).get(number, ()))

    return database.read(work)


def move(
    database: Database, numbers: Sequence[int], state: State, now: datetime, *, day: date, reason: str = ""
) -> tuple[Move, ...]:
    """Bring issues into a state: all of them, or none.

    Args:
        database: Where they are.
        numbers: Which.
        state: The state.
        now: The time of the comment.
        day: When they were settled, if the state is a settled one.
        reason: Kept as a comment.

    Raises:
        NotFound: there is no issue of one of the numbers.

    """

    def one(db: sqlite3.Connection, number: int) -> Move:
        issue = _issue(db, number)
        moved = store.move(db, issue, state, day, None)
        if reason:
            store.comment(db, issue, reason, None, now)
        return Move(issue.state, moved)

    return database.write(lambda db: tuple(one(db, number) for number in numbers))


def edit(database: Database, number: int, values: Mapping[str, str | None]) -> Issue:
    """Change fields (``title``, ``due``, ``priority``); None empties one.

    Raises:
        NotFound: there is no issue of this number.

    """

    def work(db: sqlite3.Connection) -> Issue:
        row = store.row_of(db, number, _name(number))
        query = "UPDATE issues SET title = :title, due = :due, priority = :priority WHERE number = :number"
        db.execute(query, dict(row) | dict(values))
        return _issue(db, number)

    return database.write(work)


def _issue(db: sqlite3.Connection, number: int) -> Issue:
    return store.issue_of(store.row_of(db, number, _name(number)))


def _comments(db: sqlite3.Connection) -> Mapping[int, Sequence[str]]:
    comments: dict[int, list[str]] = {}
    for row in db.execute("SELECT issue, text FROM comments ORDER BY id"):
        comments.setdefault(row["issue"], []).append(row["text"])
    return comments


def _entry(row: sqlite3.Row, comments: Sequence[str]) -> Entry:
    return Entry(
        issue=store.issue_of(row),
        incident=row["incident"],
        path=row["path"],
        line=row["line"],
        owners=tuple(json.loads(row["owners"])),
        type=row["type"],
        parent=_ref(row["parent"]),
        duplicate_of=_ref(row["duplicate_of"]),
        comments=tuple(comments),
    )


def _name(number: int) -> str:
    return str(store.ref_of(number))


def _ref(number: int | None) -> IssueRef | None:
    return None if number is None else store.ref_of(number)
