"""How the embedded tracker's database stands."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from pm_sync.errors import TrackerError
from pm_sync.findings import Finding, failure, fine, of_error
from pm_sync.trackers.local import schema, store
from pm_sync.trackers.local.database import Database

_MOST_PROBLEMS = 3


def diagnose(database: Database, refusal: str | None, missing: TrackerError | None) -> list[Finding]:
    """Look at the database without writing to it.

    Args:
        database: The file.
        refusal: Why nothing can be created in it.
        missing: What it means that it holds nothing; None where it may be new.

    """
    write = failure("create", refusal, "give it its write permission back") if refusal else fine("create", "allowed")
    try:
        held = database.read(store.has_held_any)
        if missing is not None and not held:
            return [of_error("database", missing), write]
        if not database.path.exists():
            return [fine("database", f"{database.path} is not there yet: the first create makes it"), write]
        return [*database.read(lambda db: _of_content(db, database.path)), write]
    except TrackerError as error:
        return [of_error("database", error)]


def _of_content(db: sqlite3.Connection, path: Path) -> list[Finding]:
    problems = [str(row[0]) for row in db.execute(f"PRAGMA integrity_check({_MOST_PROBLEMS})")]
    if problems != ["ok"]:
        hint = "restore it from a backup; sqlite3's .recover may save the rest"
        return [failure("database", f"{path} is damaged: {'; '.join(problems)}", hint)]
    broken = [str(row[0]) for row in db.execute("PRAGMA foreign_key_check")]
    if broken:
        hint = "restore it from a backup"
        return [failure("database", f"{path} has entries of issues that it doesn't hold: {', '.join(broken)}", hint)]
    [issues, settled] = db.execute("SELECT count(*), total(state IN ('done', 'dropped')) FROM issues").fetchone()
    return [
        fine("database", f"{path} is whole and holds {issues} issues, {issues - int(settled)} of them open"),
        fine("versions", f"schema {schema.version(db, str(path))}, SQLite {sqlite3.sqlite_version}"),
    ]
