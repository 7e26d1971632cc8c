"""A process that dies: runs ``pm-sync`` and is killed at its N-th side effect, for every N there is.

Run as a script with a template folder and a folder to work in. For each N it copies the template twice, has a process
killed there, lets another one go on (in the second copy without the journal), and leaves a file that says what the
killed one was about to do. It forks instead of starting anew, as importing everything takes longer than a run.
"""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from pm_sync.cli.main import run

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_PATHS = frozenset({"os.rename", "os.remove", "os.mkdir"})


class Fate:
    """Counts side effects, and kills the process right before the chosen one."""

    def __init__(self, last: int, note: Path) -> None:
        self._left = last
        self._note = note
        self._armed = False

    def arm(self) -> None:
        """Begin to count, in files, renames, flushes and transactions."""
        fsync, connect = os.fsync, sqlite3.connect
        os.fsync = self._before("flush", fsync)  # type: ignore[assignment]
        sqlite3.connect = partial(connect, factory=_connection(self))  # type: ignore[assignment]
        sys.addaudithook(self._hear)
        self._armed = True

    def meet(self, what: str) -> None:
        """A side effect is about to happen."""
        self._left -= 1
        if self._left == 0:
            self._armed = False
            self._note.write_text(what)
            os.kill(os.getpid(), signal.SIGKILL)

    def _before(self, what: str, act: Callable[[int], None]) -> Callable[[Any], None]:
        def acting(handle: Any) -> None:
            self.meet(what)
            act(handle)

        return acting

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self._armed:
            return
        if event == "open" and isinstance(arguments[0], str) and arguments[2] & _WRITING:
            self.meet(f"open {Path(arguments[0]).name}")
        elif event in _PATHS and not (event == "os.mkdir" and Path(arguments[0]).exists()):
            self.meet(f"{event} {Path(os.fsdecode(arguments[0])).name}")


def _connection(fate: Fate) -> type[sqlite3.Connection]:
    class Connection(sqlite3.Connection):
        """A connection whose every transaction may be the last; what dies within one has done nothing."""

        def __exit__(self, *error: object) -> Any:
            """End the transaction, unless the time has come."""
            fate.meet("commit")
            return super().__exit__(*error)  # type: ignore[arg-type]

    return Connection


def in_child(folder: Path, fate: Fate | None = None) -> int:
    """Sync in a process of its own; returns its exit code, or a negative number if it was killed."""
    child = os.fork()
    if child == 0:
        os.chdir(folder)
        if fate is not None:
            fate.arm()
        os._exit(run(["sync", "--yes"]))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main(template: Path, work: Path) -> None:
    """Kill at every side effect, and then go on with and without the journal."""
    clean = work / "clean"
    shutil.copytree(template, clean)
    os.chdir(clean)
    run(["sync", "--yes"])  # also so that all modules are loaded before the first fork
    for last in count(1):
        folder = work / f"{last:03}-journal"
        shutil.copytree(template, folder)
        if in_child(folder, Fate(last, work / f"{last:03}-event")) >= 0:
            shutil.rmtree(folder)
            return
        lost = work / f"{last:03}-lost"
        shutil.copytree(folder, lost)
        shutil.rmtree(lost / ".pm-sync" / "journal", ignore_errors=True)
        for left in (folder, lost):
            code = in_child(left)
            (left / "code").write_text(str(code))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
