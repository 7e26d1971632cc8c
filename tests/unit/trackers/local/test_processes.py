"""Several processes at once, and processes that die at any moment."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from pm_sync.errors import TrackerError
from pm_sync.model import Issue
from pm_sync.trackers.base import ReadRequest
from pm_sync.trackers.local.tracker import LocalTracker
from tests.factories import NOW, Clock, draft, local_ref, mark

TITLES = [f"Item {number}" for number in range(5)]
DRAFTS = [draft(title) for title in TITLES]

CREATE = """
import sys
from contextlib import closing
from pathlib import Path
from pm_sync.trackers.local.tracker import LocalTracker
from tests.factories import Clock, draft

print("ready", flush=True)
sys.stdin.readline()
with closing(LocalTracker.open(Path(sys.argv[1]), clock=Clock())) as tracker:
    print(*(getattr(made, "ref", made) for made in tracker.create([draft(title) for title in sys.argv[2:]])))
"""
WORKERS = 8


@pytest.mark.usefixtures("real_sleep")
def test_many_processes_with_the_same_keys_make_one_issue_each(tmp_path: Path) -> None:
    """Eight processes that start from nothing at once agree on the database and on every issue."""
    path = tmp_path / "tracker.db"
    workers = [_worker(path) for _ in range(WORKERS)]
    for worker in workers:
        assert worker.stdout
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        assert worker.stdin
        worker.stdin.write("go\n")
        worker.stdin.flush()
    answers = [worker.communicate(timeout=60)[0].split() for worker in workers]
    assert [worker.returncode for worker in workers] == [0] * WORKERS
    assert answers == [[f"local#{n}" for n in range(1, 6)]] * WORKERS
    assert _titles(path) == TITLES


def _worker(path: Path) -> subprocess.Popen[str]:
    root = Path(__file__).parents[4]
    command = [sys.executable, "-c", CREATE, str(path), *TITLES]
    return subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_a_process_killed_at_any_statement_leaves_all_or_nothing(tmp_path: Path) -> None:
    """Killed before its n-th statement, for every n from opening to closing, a run loses nothing and doubles nothing."""
    for statement in count(1):
        folder = tmp_path / str(statement)
        folder.mkdir()
        path = folder / "tracker.db"
        survived = _run_and_kill(path, statement)
        assert _look(path) in ([], TITLES)
        with closing(LocalTracker.open(path, clock=Clock())) as tracker:
            made = tracker.create(DRAFTS)
        assert [issue.ref for issue in made if isinstance(issue, Issue)] == [local_ref(n) for n in range(1, 6)]
        assert _titles(path) == TITLES
        if survived:
            break
    assert statement > len(TITLES)


def _run_and_kill(path: Path, statement: int) -> bool:
    """Create in a process that is killed before its n-th statement; tell whether it got to its end before."""
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            sqlite3.connect = _killing(sqlite3.connect, statement)  # type: ignore[assignment]
            with closing(LocalTracker.open(path, clock=Clock())) as tracker:
                tracker.create(DRAFTS)
            os._exit(0)
        os._exit(1)
    _, status = os.waitpid(child, 0)
    assert status in (0, signal.SIGKILL)
    return status == 0


def _killing(connect: Callable[..., sqlite3.Connection], statement: int) -> Callable[..., sqlite3.Connection]:
    executed = count(1)

    def trace(_: str) -> None:
        if next(executed) == statement:
            os.kill(os.getpid(), signal.SIGKILL)

    def connecting(*args: Any, **kwargs: Any) -> sqlite3.Connection:
        connection = connect(*args, **kwargs)
        connection.set_trace_callback(trace)
        return connection

    return connecting


def _look(path: Path) -> list[str]:
    """What a reader sees of the database that a killed process left, which may be not yet one."""
    request = ReadRequest(wanted=tuple(mark(title) for title in TITLES))
    with closing(LocalTracker.open(path, clock=lambda: NOW, read_only=True)) as tracker:
        try:
            return [issue.title for issue in tracker.read(request).marked]
        except TrackerError:
            return []


def _titles(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        return [title for (title,) in db.execute("SELECT title FROM issues ORDER BY number")]
