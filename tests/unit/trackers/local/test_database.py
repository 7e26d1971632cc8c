"""The file: nothing left behind by readers, clear errors, and an older or newer schema."""

from __future__ import annotations

import os
import sqlite3
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pm_sync.errors import TrackerError
from pm_sync.trackers.base import ReadRequest
from pm_sync.trackers.local import LocalTracker, schema
from pm_sync.trackers.local.database import Database
from tests.factories import SRC, Clock, draft, mark

EVERYTHING = ReadRequest(wanted=(mark(),), src=SRC)
NOBODY = 65534


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with one issue, in a folder of its own."""
    folder = tmp_path / "state #1?"
    folder.mkdir()
    path = folder / "tracker.db"
    with closing(LocalTracker.open(path, clock=Clock())) as tracker:
        tracker.create([draft()])
    return path


@pytest.fixture
def reader(path: Path) -> Iterator[LocalTracker]:
    """The tracker as ``plan`` opens it."""
    with closing(LocalTracker.open(path, clock=Clock(), read_only=True)) as tracker:
        yield tracker


@pytest.fixture
def writer(path: Path) -> Iterator[LocalTracker]:
    """The tracker as ``sync`` opens it, without much patience."""
    with closing(LocalTracker.open(path, clock=Clock(), patience=0.01)) as tracker:
        yield tracker


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


def test_a_reader_gives_up_on_a_file_that_never_rests(path: Path) -> None:
    """A file that changes at every look is an error that says so."""

    def work(db: sqlite3.Connection) -> None:
        os.utime(path, ns=(0, path.stat().st_mtime_ns + 1))

    with pytest.raises(TrackerError, match=r"tracker.db: is written by other processes all the time; run again"):
        Database(path, read_only=True).read(work)


def test_a_lock_held_too_long_is_told(path: Path, writer: LocalTracker) -> None:
    """A write waits for its turn, but not for ever; a read does not wait."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        [answer] = writer.create([draft("Another")])
        assert str(answer) == f"{path}: is locked by another process; wait for it to end, or end it, and run again"
        assert len(writer.read(EVERYTHING).marked) == 1
    [made] = writer.create([draft("Another")])
    assert not isinstance(made, TrackerError)


@pytest.mark.parametrize("read_only", [True, False])
@pytest.mark.parametrize(
    ("content", "said"),
    [(b"Not a database, but long enough to be one. " * 40, "is not an SQLite database"), (None, "is damaged")],
    ids=["text", "damaged"],
)
def test_an_unusable_file_is_told_and_left_alone(path: Path, content: bytes | None, said: str, read_only: bool) -> None:
    """Neither text nor a damaged database gives a traceback, and the file stays for whoever wants to rescue it."""
    if content is None:
        whole = path.read_bytes()
        content = whole[:4096] + b"\xff" * (len(whole) - 4096)
    path.write_bytes(content)
    with (
        closing(LocalTracker.open(path, clock=Clock(), read_only=read_only)) as tracker,
        pytest.raises(TrackerError) as caught,
    ):
        tracker.read(EVERYTHING)
    assert (caught.value.place, caught.value.what) == (str(path), said)
    assert caught.value.hint
    assert path.read_bytes() == content


def test_a_folder_in_the_files_place_is_told(tmp_path: Path) -> None:
    """Something that is no file can't be opened."""
    with (
        closing(LocalTracker.open(tmp_path, clock=Clock())) as tracker,
        pytest.raises(TrackerError, match="can't be opened; check"),
    ):
        tracker.read(EVERYTHING)


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    """The folder is its caller's to make."""
    with closing(LocalTracker.open(tmp_path / "gone" / "tracker.db", clock=Clock())) as tracker:
        [answer] = tracker.create([draft()])
    assert "can't be opened; check that its folder is there" in str(answer)


def test_a_symbolic_link_is_not_followed(path: Path, tmp_path: Path) -> None:
    """A repository can't have its tracker lead to a file elsewhere, whether there is one or not."""
    link = tmp_path / "tracker.db"
    for target in (path, tmp_path / "none"):
        link.symlink_to(target)
        with closing(LocalTracker.open(link, clock=Clock())) as tracker:
            [answer] = tracker.create([draft("Another")])
        assert "is a symbolic link" in str(answer)
        link.unlink()
    assert not (tmp_path / "none").exists()


def test_a_full_disk_loses_nothing(writer: LocalTracker, path: Path) -> None:
    """A batch that does not fit is left out as a whole, and what was there stays."""
    database = Database(path, read_only=False)
    database.write(lambda db: db.execute("PRAGMA max_page_count = 1"))
    full = LocalTracker(database, "local", Clock())
    answers = full.create([draft("Short"), draft("Long", details="x" * 100_000)])
    assert {str(answer) for answer in answers} == {
        f"{path}: can't grow: the disk is full; make room and run again; what was there is unharmed"
    }
    full.close()
    assert writer._database.read(count) == 1


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    """A database that isn't ours is neither changed nor read."""
    path = tmp_path / "tracker.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE issues (name)")
    before = path.read_bytes()
    with closing(LocalTracker.open(path, clock=Clock())) as tracker:
        [answer] = tracker.create([draft()])
    assert "is another program's database; move it away" in str(answer)
    assert path.read_bytes() == before


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


def test_a_bug_of_ours_stays_a_bug(path: Path) -> None:
    """A wrong use of the library is no failure of the database, and is not told as one."""
    with pytest.raises(sqlite3.ProgrammingError):
        Database(path, read_only=True).read(lambda db: db.execute("SELECT ?", []))


def test_readers_and_a_writer_do_not_wait_for_each_other(path: Path) -> None:
    """The file is in WAL mode."""
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_folder_without_write_permission_can_be_read_but_not_written(clock: Clock) -> None:
    """Reading needs no permission to write; a write says what is missing, and the target says it before."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "tracker.db")
        with closing(LocalTracker.open(path, clock=clock)) as tracker:
            tracker.create([draft()])
        path.chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)
        Path(name).chmod(0o555)
        try:
            said = without_privileges(lambda: _try_all(path, clock))
        finally:
            Path(name).chmod(0o755)
    assert said == "1 issue, no write, refusal"


def _try_all(path: Path, clock: Clock) -> str:
    with closing(LocalTracker.open(path, clock=clock, read_only=True)) as reader:
        found = len(reader.read(EVERYTHING).marked)
    with closing(LocalTracker.open(path, clock=clock)) as writer:
        [answer] = writer.create([draft("Another")])
        refusal = writer.target().refusal or ""
    wrote = "no write" if isinstance(answer, TrackerError) and answer.hint else "write"
    return f"{found} issue, {wrote}, {'refusal' if 'is read-only' in refusal else 'no refusal'}"


def without_privileges(work: Callable[[], str]) -> str:
    """Run ``work`` in a process that may not write everywhere, as root may."""
    receiving, sending = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                os.setuid(NOBODY)
            os.write(sending, work().encode())
        finally:
            os._exit(0)
    os.close(sending)
    with os.fdopen(receiving) as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return said
