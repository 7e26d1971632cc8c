"""Processes that die: runs ``pm-sync`` again and again, each time in a process of its own that fate may kill.

Run as a script. Each line on stdin is an `Order` as JSON, each line on stdout the exit code that came of it, negative
where the process was killed. It forks instead of starting anew, as importing everything takes longer than a run does.
"""

from __future__ import annotations

import gc
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import nullcontext
from datetime import datetime, timedelta, tzinfo
from functools import cache
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from msgspec import Struct, convert, to_builtins

from tests.crash.fate import Fate

_ROOT = Path(__file__).parents[2]
TIME_PATH = "/__time"
"""Where a server that has a clock of its own is told that time passes."""


class Order(Struct, frozen=True):
    """One run."""

    folder: str
    words: tuple[str, ...]
    environment: Mapping[str, str]
    said: str
    """Where its output goes."""
    note: str = ""
    """Where the moments it met are noted; empty: fate lets it alone."""
    last: int = 0
    """The moment to die at, if any."""
    ahead: float = 0.0
    """Seconds that the clock is put forward."""
    clock: str = ""
    """The address of a server whose clock goes on with ours; empty: whoever waits is mistaken."""
    warm: bool = False
    """Run in the process that forks itself, so that whatever is made but once is made before."""


class Dying:
    """The process that the others are forked from; a context manager."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.crash.dying"]
        self._process = subprocess.Popen(
            command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )

    def run(self, order: Order) -> int:
        """Have it done; returns the exit code."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(to_builtins(order)) + "\n")
        answer = self._process.stdout.readline()
        assert answer, "the process that forks has died itself"
        return int(answer)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()


class _Later(datetime):
    """The time, put forward."""

    ahead = timedelta()

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        """The time now."""
        return datetime.now(tz) + cls.ahead


def _carry_out(order: Order) -> int:
    if order.warm:
        return _warm_up(order)
    child = os.fork()
    if child == 0:
        # Whatever happens: the child must not go on with its parent's work.
        try:
            os._exit(_live(order))
        finally:
            os._exit(99)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _warm_up(order: Order) -> int:
    from typer import main  # noqa: PLC0415

    # Typer builds all commands anew for each run, which takes longer than the run itself.
    main.get_command = cache(main.get_command)
    _enter(order)
    code = _run(order)
    gc.freeze()  # so that collecting garbage doesn't copy all of it into each child
    return code


def _enter(order: Order) -> None:
    said = os.open(order.said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(said, stream)
    os.close(said)
    os.chdir(order.folder)
    os.environ.clear()
    os.environ.update(order.environment)


def _live(order: Order) -> int:
    _enter(order)
    fate = Fate(Path(order.note), order.last) if order.note else None
    _set_clock(order, fate)
    if fate is not None:
        fate.arm()
    code = _run(order)
    if fate is not None:
        fate.finish()
    return code


def _run(order: Order) -> int:
    from pm_sync.cli.main import run  # noqa: PLC0415  after the environment is set

    code = run(order.words)
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def _set_clock(order: Order, fate: Fate | None) -> None:
    from pm_sync.cli import options  # noqa: PLC0415

    _Later.ahead = timedelta(seconds=order.ahead)

    really_sleep = time.sleep

    def sleep(seconds: float, /) -> None:
        if sys._getframe(1).f_globals["__name__"] == "subprocess":
            return really_sleep(seconds)  # that is how it waits for a process that has a time limit
        assert order.clock, f"waited {seconds} s"
        with fate.looking_away() if fate else nullcontext():
            pass_time(order.clock, seconds)
        _Later.ahead += timedelta(seconds=seconds)
        return None

    options.datetime = _Later  # type: ignore[attr-defined]
    time.sleep = sleep  # type: ignore[assignment]


def pass_time(url: str, seconds: float) -> None:
    """Tell a server that time has passed."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname or "", parts.port or 80)) as connection:
        connection.sendall(f"PUT {TIME_PATH}/{seconds} HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n".encode())
        assert b" 204 " in connection.recv(1000)


def _main() -> None:
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    for line in sys.stdin:
        answers.write(f"{_carry_out(convert(json.loads(line), Order))}\n")


if __name__ == "__main__":
    _main()
