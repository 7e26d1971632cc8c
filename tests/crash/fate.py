"""Fate: counts the moments at which a process may die, and kills it at the chosen one.

A moment stands before each effect that reaches beyond the process, and one more within each that isn't over at once:
after an open made or emptied a file, in the middle of what a flush writes, and between a server's answer and its being
read. Whatever is between two effects leaves no trace, so that these are all the moments there are.

Effects are heard of where Python's own library makes them, below everything that the program and its client libraries
do, so that a new call is covered without a word here.
"""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_EFFECTS = frozenset({"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod",
                      "os.chown", "socket.connect", "sqlite3.connect", "subprocess.Popen", "os.system"})  # fmt: skip
_ON_PATHS = frozenset({"os.rename", "os.remove", "os.rmdir", "os.truncate", "os.chmod", "os.chown"})
_RANDOM = re.compile(r"(?<=write-)\w+(?=\.tmp$)|^\d{8}T\d{6}-\w+(?=\.jsonl$)|(?<=^tmp)\w{8}$")
AT_THE_END = "at the end"


class Fate:
    """One process's."""

    def __init__(self, note: Path, last: int = 0) -> None:
        """Choose when to die: at the ``last`` moment counted from 1, or never if it is 0. The note will tell."""
        self._last = last
        self._note = note
        self._met: list[str] = []
        self._armed = False
        self._flushed: dict[int, int] = {}

    def arm(self) -> None:
        """Begin to count."""
        self._watch_flushes()
        self._watch_requests()
        connect = sqlite3.connect
        sqlite3.connect = partial(connect, factory=_connection(self))  # type: ignore[assignment]
        sys.addaudithook(self._hear)
        self._armed = True

    def finish(self) -> None:
        """All is done: the last moment is now. Who outlives it leaves a note of all of them."""
        self._pass(AT_THE_END)
        self._armed = False
        self._note.write_text("\n".join(self._met))

    def meet(self, what: str, half: Callable[[], object] | None = None) -> None:
        """An effect is about to happen; ``half`` does as much of it as may be done when a process dies within."""
        self._pass(f"before {what}")
        if half is not None:
            self._pass(f"within {what}", half)

    def _pass(self, moment: str, half: Callable[[], object] | None = None) -> None:
        if not self._armed:
            return
        self._met.append(moment)
        if len(self._met) == self._last:
            self._armed = False
            if half is not None:
                with suppress(OSError):  # what fails leaves nothing behind
                    half()
            self._note.write_text(moment)
            os.kill(os.getpid(), signal.SIGKILL)

    @contextmanager
    def looking_away(self) -> Iterator[None]:
        """Let what happens meanwhile count for nothing, as it is no act of the program's."""
        armed, self._armed = self._armed, False
        yield
        self._armed = armed

    def _watch_flushes(self) -> None:
        fsync = os.fsync

        def flushed(handle: int) -> None:
            self.meet("flush", partial(self._tear, handle) if stat.S_ISREG(os.fstat(handle).st_mode) else None)
            fsync(handle)
            self._flushed[os.fstat(handle).st_ino] = os.fstat(handle).st_size

        os.fsync = flushed  # type: ignore[assignment]

    def _tear(self, handle: int) -> None:
        """Leave half of what was written since the last flush, as a power cut may."""
        info = os.fstat(handle)
        os.ftruncate(handle, (self._flushed.get(info.st_ino, 0) + info.st_size) // 2)

    def _watch_requests(self) -> None:
        put, get = HTTPConnection.putrequest, HTTPConnection.getresponse
        asked: dict[HTTPConnection, str] = {}

        def putting(connection: HTTPConnection, method: str, url: str, *rest: Any, **more: Any) -> None:
            asked[connection] = f"{method} {urlsplit(url).path}"
            self.meet(asked[connection])
            put(connection, method, url, *rest, **more)

        def getting(connection: HTTPConnection) -> HTTPResponse:
            response = get(connection)
            self._pass(f"within {asked.get(connection, 'an unknown request')}")
            return response

        HTTPConnection.putrequest = putting  # type: ignore[method-assign, assignment]
        HTTPConnection.getresponse = getting  # type: ignore[method-assign, assignment]

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self._armed:
            return
        if event == "open":
            path, _, flags = arguments
            if not isinstance(path, int) and flags & _WRITING:
                self.meet(f"open {_name(path)}", partial(_open, path, flags))
        elif event == "os.mkdir":
            if not Path(os.fsdecode(arguments[0])).exists():
                self.meet(f"mkdir {_name(arguments[0])}")
        elif event in _EFFECTS:
            self.meet(f"{event} {_name(arguments[0])}" if event in _ON_PATHS else event)


def _open(path: Any, flags: int) -> None:
    os.close(os.open(path, flags, 0o600))


def _name(path: Any) -> str:
    """A file's name without what differs from run to run."""
    return _RANDOM.sub("*", Path(os.fsdecode(path)).name) if not isinstance(path, int) else "a file"


def _connection(fate: Fate) -> type[sqlite3.Connection]:
    class Connection(sqlite3.Connection):
        """A connection whose every transaction may be the last; what dies within one has done nothing."""

        def __exit__(self, *error: object) -> Any:
            """End the transaction, unless the time has come."""
            fate.meet("commit")
            return super().__exit__(*error)  # type: ignore[arg-type]

        def commit(self) -> None:
            """The same."""
            fate.meet("commit")
            super().commit()

        def close(self) -> None:
            """Move what was written from the log into the file."""
            fate.meet("the database's closing")
            super().close()

    return Connection
