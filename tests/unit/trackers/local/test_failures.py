"""Whatever can be wrong with a file is told with its place and what to do, and makes nothing worse."""

from __future__ import annotations

import os
import sqlite3
import stat
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from pm_sync.errors import TrackerError
from pm_sync.trackers.base import ReadRequest
from pm_sync.trackers.local.database import Database
from pm_sync.trackers.local.tracker import LocalTracker
from tests.factories import SRC, Clock, draft, mark

EVERYTHING = ReadRequest(wanted=(mark(),), src=SRC)
NOBODY = 65534


def count(db: sqlite3.Connection) -> int:
    """The number of issues."""
    [number] = db.execute("SELECT count(*) FROM issues").fetchone()
    return int(number)


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


@pytest.mark.parametrize("name", ["", "file/tracker.db"], ids=["folder", "below a file"])
def test_a_path_to_no_file_is_told(tmp_path: Path, name: str) -> None:
    """Something that is no file, and can't be one, can't be opened."""
    (tmp_path / "file").touch()
    with (
        closing(LocalTracker.open(tmp_path / name, clock=Clock())) as tracker,
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


def test_a_bug_of_ours_stays_a_bug(path: Path) -> None:
    """A wrong use of the library is no failure of the database, and is not told as one."""
    with pytest.raises(sqlite3.ProgrammingError):
        Database(path, read_only=True).read(lambda db: db.execute("SELECT ?", []))


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
