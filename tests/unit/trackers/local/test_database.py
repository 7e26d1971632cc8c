"""The file: nothing left behind by readers, one state for each look, and an older or newer schema."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from pm_sync.errors import TrackerError
from pm_sync.trackers.base import ReadRequest
from pm_sync.trackers.local import schema
from pm_sync.trackers.local.database import Database
from pm_sync.trackers.local.tracker import LocalTracker
from tests.factories import SRC, Clock, draft, mark

EVERYTHING = ReadRequest(wanted=(mark(),), src=SRC)


def facts(folder: Path) -> dict[str, tuple[int, int, int]]:
    """All files of a folder with what would tell a change, and the folder itself."""
    files = [folder, *folder.iterdir()]
    return {f.name: (s.st_ino, s.st_size, s.st_mtime_ns) for f in files for s in [f.stat()]}


def count(db: sqlite3.Connection) -> int:
    """The number of issues."""
    [number] = db.execute("SELECT count(*) FROM issues").fetchone()
    return int(number)


def test_a_reader_leaves_the_folder_as_it_is(path: Path, reader: LocalTracker) -> None:
    """Reading makes no file, changes none, and does not touch the folder, not even for a moment."""
    before = facts(path.parent)
    assert len(reader.read(EVERYTHING).marked) == 1
    reader.close()
    assert facts(path.parent) == before


def test_a_reader_of_nothing_makes_nothing(tmp_path: Path) -> None:
    """Without a database there is an empty tracker, and still no database."""
    with closing(LocalTracker.open(tmp_path / "tracker.db", clock=Clock(), read_only=True)) as tracker:
        assert tracker.read(EVERYTHING).marked == ()
    assert list(tmp_path.iterdir()) == []


def test_only_a_create_makes_the_database(tmp_path: Path) -> None:
    """A run that has nothing to create leaves no empty database behind."""
    with closing(LocalTracker.open(tmp_path / "tracker.db", clock=Clock())) as tracker:
        assert tracker.read(EVERYTHING).marked == ()
    assert list(tmp_path.iterdir()) == []


def test_a_reader_can_not_write(reader: LocalTracker) -> None:
    """Whatever would write is refused."""
    [answer] = reader.create([draft("Another")])
    assert isinstance(answer, TrackerError)
    assert "for reading only" in str(answer)


def test_a_reader_sees_what_a_living_writer_has_committed(
    path: Path, reader: LocalTracker, writer: LocalTracker
) -> None:
    """What still stands in the log only is read, and the reader makes no file beside the writer's."""
    writer.create([draft("Another")])
    before = set(facts(path.parent))
    wanted = ReadRequest(wanted=(mark(), mark("Another")), src=SRC)
    assert [issue.title for issue in reader.read(wanted).marked] == ["Add a replica", "Another"]
    assert set(facts(path.parent)) == before


def test_a_reader_looks_again_when_the_file_changes_under_it(path: Path) -> None:
    """A writer that comes and goes while the file is read without locks does not give a torn answer."""
    counts: list[int] = []

    def work(db: sqlite3.Connection) -> int:
        if not counts:
            with closing(LocalTracker.open(path, clock=Clock())) as writer:
                writer.create([draft("Another")])
        counts.append(count(db))
        return counts[-1]

    assert Database(path, read_only=True).read(work) == 2
    assert len(counts) == 2


def test_a_reader_believes_no_error_of_a_file_that_changed_under_it(path: Path) -> None:
    """Pages of two states look like damage; only a file at rest is called damaged."""
    looks: list[int] = []

    def work(db: sqlite3.Connection) -> int:
        looks.append(1)
        if len(looks) == 1:
            os.utime(path, ns=(0, 0))
            db.execute("SELECT nothing")
        return count(db)

    assert Database(path, read_only=True).read(work) == 1
    assert len(looks) == 2


def test_a_reader_gives_up_on_a_file_that_never_rests(path: Path) -> None:
    """A file that changes at every look is an error that says so."""

    def work(db: sqlite3.Connection) -> None:
        os.utime(path, ns=(0, path.stat().st_mtime_ns + 1))

    with pytest.raises(TrackerError, match=r"tracker.db: is written by other processes all the time; run again"):
        Database(path, read_only=True).read(work)


def test_a_database_that_others_have_open_in_another_mode_works_too(path: Path, writer: LocalTracker) -> None:
    """The switch to WAL needs the file for itself; while it can't have it, all goes on without."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = DELETE")
        other.execute("BEGIN")
        assert count(other) == 1
        assert len(writer.read(EVERYTHING).marked) == 1


@pytest.mark.parametrize("read_only", [True, False])
def test_a_newer_schema_is_told(path: Path, read_only: bool) -> None:
    """What a newer version wrote is not guessed at."""
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    with (
        closing(LocalTracker.open(path, clock=Clock(), read_only=read_only)) as tracker,
        pytest.raises(TrackerError, match=r"was written by a newer pm-sync \(schema 2, .* 1\); update pm-sync"),
    ):
        tracker.read(EVERYTHING)


def test_an_older_schema_is_brought_up_to_date(
    path: Path, writer: LocalTracker, reader: LocalTracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A writer migrates the file and keeps its issues; a reader reads it as if it were migrated, and leaves it alone."""
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, ("ALTER TABLE issues ADD COLUMN fresh",)))
    monkeypatch.setattr(schema, "VERSION", 2)
    before = facts(path.parent)
    for database in (reader._database, writer._database):
        titles, version = database.read(_titles_and_version)
        assert (titles, version) == ([("Add a replica", None)], 2)
        if database is reader._database:
            assert facts(path.parent) == before
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (2,)


def _titles_and_version(db: sqlite3.Connection) -> tuple[list[tuple[object, ...]], int]:
    [version] = db.execute("PRAGMA user_version").fetchone()
    return [tuple(row) for row in db.execute("SELECT title, fresh FROM issues")], version


def test_a_migration_that_fails_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All steps of a migration happen, or none."""
    steps = ("ALTER TABLE issues ADD COLUMN fresh", "ALTER TABLE nowhere ADD COLUMN fresh")
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, steps))
    monkeypatch.setattr(schema, "VERSION", 2)
    with pytest.raises(TrackerError, match="no such table: nowhere"):
        Database(path, read_only=False).read(count)
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (1,)
        assert "fresh" not in {row[1] for row in db.execute("PRAGMA table_info(issues)")}


def test_readers_and_a_writer_do_not_wait_for_each_other(path: Path) -> None:
    """The file is in WAL mode."""
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
