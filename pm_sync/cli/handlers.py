"""The two who listen to a run: a file, one line of JSON for each event, and the terminal."""

from __future__ import annotations

import json
import logging
import os
import stat
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from pm_sync import trace
from pm_sync.cli.terminal import whisper
from pm_sync.errors import UsageError, reason_of
from pm_sync.io import check_named, current_folder, find_root
from pm_sync.redact import hider
from pm_sync.report.clean import clean

_SAID = "pm_sync.said"
_FIRST = b'{"time": "'
"""What each line of a log begins with."""

_Hide = Callable[[str], str]


class Terminal(logging.Handler):
    """Tells on stderr, one line for each event; what was said there anyway is not said twice."""

    def emit(self, record: logging.LogRecord) -> None:
        """Tell."""
        if record.name != _SAID:
            whisper(f"run {trace.RUN}: {clean(record.getMessage())}")


class Lines(logging.Handler):
    """Appends to a file, line by line and each at once: what a killed run did can be read, too."""

    def __init__(self, path: str, environment: Mapping[str, str]) -> None:
        """Open the file; a new one only its owner can read.

        Raises:
            UsageError: it can't be written.

        """
        super().__init__(trace.DEBUG)
        self._path = path
        self._hide = hider(environment)
        self._file: int | None = _open(path)

    def emit(self, record: logging.LogRecord) -> None:
        """Append one event. A disk that is full ends the log, and not the run."""
        if self._file is None:
            return
        try:
            os.write(self._file, self._line(record))
        except OSError as error:
            self.close()
            whisper(f"{self._path}: the log ends here: {reason_of(error)}")

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
        super().close()

    def _line(self, record: logging.LogRecord) -> bytes:
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "run": trace.RUN,
            "event": record.name.rpartition(".")[2],
            "message": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        return f"{json.dumps(_hidden(told, self._hide), default=str)}\n".encode()


def _hidden(value: object, hide: _Hide) -> object:
    """The same without secrets, wherever in it they stand."""
    match value:
        case str():
            return hide(value)
        case dict():
            return {name: _hidden(member, hide) for name, member in value.items()}
        case list() | tuple():
            return [_hidden(member, hide) for member in value]
        case _:
            return value


def _open(path: str) -> int:
    check_named(find_root(current_folder()), Path(path))
    # Not through a link, which a repository could lead anywhere; and no waiting for the other end of a pipe.
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        if os.path.islink(path):  # noqa: PTH114 - as `os.open` below
            raise _unwritable(path, "is a symbolic link, which is not followed")
        file = os.open(path, flags, 0o600)
    except OSError as error:
        raise _unwritable(path, reason_of(error)) from error
    if why := _no_log(file):
        os.close(file)
        raise _unwritable(path, why)
    return file


def _no_log(file: int) -> str:
    """Why what was opened isn't to be appended to, or nothing if it may be."""
    if not stat.S_ISREG(os.fstat(file).st_mode):
        return "is no regular file"
    # Whoever leaves FILE out has named a postmortem instead.
    return "" if os.pread(file, len(_FIRST), 0) in {b"", _FIRST} else "holds something else than a log"


def _unwritable(path: str, why: str) -> UsageError:
    hint = "name a file in a folder that is there and may be written"
    return UsageError(f"{path} can't be written: {why}", place="--log-file", hint=hint)
