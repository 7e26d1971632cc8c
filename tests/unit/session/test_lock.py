"""The lock: one process at a time, and the message of who has it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pm_sync.errors import LockHeld, WriteError
from pm_sync.session.lock import hold_lock
from tests.factories import NOW


def test_it_is_held_once(tmp_path: Path) -> None:
    """The second one is told who has it, since when, and what to do."""
    with (
        hold_lock(tmp_path, NOW),
        pytest.raises(LockHeld, match=r"process \d+ on \S+ \(since 2026-11-22T09:30:00\+00:00\) is syncing.*; wait"),
        hold_lock(tmp_path, NOW, patience=0),
    ):
        pytest.fail("both have it")


def test_it_is_let_go(tmp_path: Path) -> None:
    """Also when what was done under it fails, and nothing is left but the empty file."""
    with pytest.raises(ZeroDivisionError), hold_lock(tmp_path, NOW):
        _ = 1 // 0
    with hold_lock(tmp_path, NOW, patience=0):
        pass
    assert {path.name for path in tmp_path.iterdir()} <= {"lock"}


def test_a_dead_process_holds_nothing(tmp_path: Path) -> None:
    """What it left behind says nothing any more."""
    (tmp_path / "lock").touch()
    (tmp_path / "lock.json").write_text('{"pid": 1, "host": "elsewhere", "since": "2026"}')
    with hold_lock(tmp_path, NOW, patience=0):
        assert "elsewhere" not in (tmp_path / "lock.json").read_text()


@pytest.mark.parametrize("said", ["", "null", '{"pid": "one"}', "\x00"])
def test_who_holds_it_may_be_unreadable(tmp_path: Path, said: str) -> None:
    """The message does without."""
    with hold_lock(tmp_path, NOW):
        (tmp_path / "lock.json").write_text(said)
        with pytest.raises(LockHeld, match="another process is syncing"), hold_lock(tmp_path, NOW, patience=0):
            pytest.fail("both have it")


def test_a_lock_that_cannot_be_taken(tmp_path: Path) -> None:
    """Says where it is and what to do, say where the folder is read-only."""
    (tmp_path / "lock").mkdir()
    with pytest.raises(WriteError, match="can't be locked: is a directory") as told, hold_lock(tmp_path, NOW):
        pytest.fail("nobody has it")
    assert told.value.place == str(tmp_path / "lock")
    assert told.value.hint == "sync keeps its lock there: give the folder and the file their write permission back"


def test_it_does_not_matter_whether_we_can_say_who_we_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk keeps nobody from working."""

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with hold_lock(tmp_path, NOW, patience=0):
        assert not (tmp_path / "lock.json").exists()


def test_a_second_one_waits(tmp_path: Path, real_sleep: Callable[[float], None]) -> None:
    """Until the first has let go."""
    first = hold_lock(tmp_path, NOW)
    first.__enter__()

    def let_go(_: float) -> None:
        first.__exit__(None, None, None)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("time.sleep", let_go)
        with hold_lock(tmp_path, NOW, patience=5):
            assert (tmp_path / "lock.json").exists()
