"""The tables, and how a database made by an earlier version is brought up to date."""

from __future__ import annotations

import sqlite3

from pm_sync.errors import TrackerError

APPLICATION_ID = int.from_bytes(b"pmsy", "big")
"""Written into the file's header, so that another program's database is never taken for ours."""

_FIRST = (
    """
    CREATE TABLE issues (
        number        INTEGER PRIMARY KEY AUTOINCREMENT, -- a deleted issue's number is never given again
        title         TEXT NOT NULL,
        details       TEXT NOT NULL DEFAULT '',
        state         TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'in_progress', 'done', 'dropped')),
        created       TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
        settled       TEXT CHECK (settled IS date(settled)),
        due           TEXT CHECK (due IS date(due)),
        priority      TEXT,
        type          TEXT,
        labels        TEXT NOT NULL DEFAULT '[]' CHECK (json_type(labels) = 'array'),
        owners        TEXT NOT NULL DEFAULT '[]' CHECK (json_type(owners) = 'array'),
        assignees     TEXT NOT NULL DEFAULT '[]' CHECK (json_type(assignees) = 'array'),
        extra         TEXT NOT NULL DEFAULT '{}' CHECK (json_type(extra) = 'object'),
        parent        INTEGER REFERENCES issues ON DELETE SET NULL,
        duplicate_of  INTEGER REFERENCES issues ON DELETE SET NULL,
        incident      TEXT NOT NULL DEFAULT '',
        path          TEXT NOT NULL DEFAULT '',
        line          INTEGER NOT NULL DEFAULT 0,
        url           TEXT,
        mark          TEXT,
        mark_key      TEXT UNIQUE,
        mark_text_key TEXT,
        mark_src      TEXT,
        touched       INTEGER NOT NULL DEFAULT 0 -- how often anybody changed it since its creation
    )
    """,
    "CREATE INDEX issues_by_text ON issues (mark_text_key)",
    "CREATE INDEX issues_by_source ON issues (mark_src, state)",
    """
    CREATE TABLE comments (
        id      INTEGER PRIMARY KEY,
        issue   INTEGER NOT NULL REFERENCES issues ON DELETE CASCADE,
        key     TEXT, -- of a comment that pm-sync made: it is made once
        text    TEXT NOT NULL,
        created TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
        UNIQUE (issue, key)
    )
    """,
    # Triggers, so that also a change made with another program is noticed.
    """
    CREATE TRIGGER issue_touched AFTER UPDATE OF
        title, details, state, due, priority, type, labels, owners, assignees, parent, duplicate_of
    ON issues BEGIN
        UPDATE issues SET touched = touched + 1 WHERE number = NEW.number;
    END
    """,
    """
    CREATE TRIGGER issue_commented AFTER INSERT ON comments BEGIN
        UPDATE issues SET touched = touched + 1 WHERE number = NEW.issue;
    END
    """,
)

MIGRATIONS = (_FIRST,)
"""The statements that lead from each version to the next; what was released never changes."""

VERSION = len(MIGRATIONS)


def version(db: sqlite3.Connection, place: str) -> int:
    """Tell the schema's version, 0 for a database without any table.

    Raises:
        TrackerError: the database belongs to another program, or to a newer version of this one.

    """
    [number] = db.execute("PRAGMA user_version").fetchone()
    [owner] = db.execute("PRAGMA application_id").fetchone()
    [tables] = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if owner != APPLICATION_ID and (owner, number, tables) != (0, 0, 0):
        hint = "move it away, or restore the tracker's own from a backup"
        raise TrackerError("is another program's database", place=place, hint=hint)
    if number > VERSION:
        what = f"was written by a newer pm-sync (schema {number}, this one knows {VERSION})"
        raise TrackerError(what, place=place, hint="update pm-sync")
    return int(number)


def migrate(db: sqlite3.Connection, place: str) -> None:
    """Bring the schema up to date in one transaction; does nothing where another process was faster."""
    with db:
        db.execute("BEGIN IMMEDIATE")
        at = version(db, place)
        for statements in MIGRATIONS[at:]:
            for statement in statements:
                db.execute(statement)
        # PRAGMA takes no parameters; both are numbers of our own, and part of the transaction.
        db.execute(f"PRAGMA application_id = {APPLICATION_ID:d}")
        db.execute(f"PRAGMA user_version = {VERSION:d}")
