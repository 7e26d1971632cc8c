"""The lock: one process at a time syncs a repository on this machine."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pm_sync.errors import LockHeld, WriteError, reason_of

if TYPE_CHECKING:
    from filelock import FileLock

PATIENCE = 10.0
"""Seconds to wait for another process before saying who it is."""


@contextmanager
def hold_lock(folder: Path, now: datetime, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the lock in ``folder``; the system lets go of it when the process dies, however it dies.

    Raises:
        LockHeld: another process holds it for longer than ``patience`` seconds.
        WriteError: there is no locking in this folder.

    """
    from filelock import FileLock  # noqa: PLC0415 - slow to import, and only sync needs it

    holder = folder / "lock.json"
    with _take(FileLock(folder / "lock", timeout=patience), holder):
        _tell_who(holder, now)
        try:
            yield
        finally:
            holder.unlink(missing_ok=True)


def _take(lock: FileLock, holder: Path) -> AbstractContextManager[object]:
    from filelock import Timeout  # noqa: PLC0415 - as above

    try:
        return lock.acquire()
    except Timeout:
        hint = "wait until it has ended, or stop it"
        raise LockHeld(f"{_who(holder)} is syncing this repository", place=lock.lock_file, hint=hint) from None
    except OSError as error:
        hint = "sync keeps its lock there: give the folder and the file their write permission back"
        raise WriteError(f"can't be locked: {reason_of(error)}", place=lock.lock_file, hint=hint) from error


def who_holds(folder: Path) -> str | None:
    """Who is syncing the repository just now; None for nobody. Makes no file, and waits for nobody."""
    lock = folder / "lock"
    if not os.access(lock, os.W_OK):
        return None
    from filelock import FileLock, Timeout  # noqa: PLC0415 - as above

    try:
        with FileLock(lock, timeout=0):
            return None
    except Timeout:
        return _who(folder / "lock.json")


def _tell_who(holder: Path, now: datetime) -> None:
    me = {"pid": os.getpid(), "host": os.uname().nodename, "since": now.isoformat(timespec="seconds")}
    # It only makes a message clearer: a full disk must not keep anybody from working.
    with suppress(OSError):
        holder.write_text(json.dumps(me), encoding="utf-8")


def _who(holder: Path) -> str:
    try:
        match json.loads(holder.read_text(encoding="utf-8")):
            case {"pid": int(pid), "host": str(host), "since": str(since)}:
                return f"process {pid} on {host} (since {since})"
    except (OSError, ValueError):
        pass
    return "another process"
