"""Listening to a run: what ``-v`` and ``--log-file`` set up. A run that was asked for neither loads nothing of it."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from pm_sync import __version__, trace

if TYPE_CHECKING:
    import logging

LOG_FILE = "PM_SYNC_LOG_FILE"
"""The variable that does the same as ``--log-file``, for commands without that option and for workflows."""

_listening: list[logging.Handler] = []


def start_log(*, verbose: int = 0, quiet: bool = False, log_file: Path | None = None) -> None:
    """Begin to listen, as far as somebody asked for it.

    Args:
        verbose: 1 for the run's name and what it does, 2 for each request too, on stderr.
        quiet: Nothing of it on stderr.
        log_file: Append everything to this file.

    Raises:
        UsageError: the file can't be written.

    """
    path = str(log_file) if log_file is not None else os.environ.get(LOG_FILE, "")
    if not path and (quiet or not verbose):
        return
    import logging  # noqa: PLC0415 - slow, and few runs are asked for more

    from pm_sync.cli.handlers import Lines, Terminal  # noqa: PLC0415

    _stop()
    if path:
        _listening.append(Lines(path, os.environ))
    if verbose and not quiet:
        _listening.append(Terminal(trace.DEBUG if verbose > 1 else trace.INFO))
    logger = logging.getLogger("pm_sync")
    logger.setLevel(trace.DEBUG)
    for handler in _listening:
        logger.addHandler(handler)
    python = sys.version.split()[0]
    told = f"pm-sync {__version__} on Python {python}"
    trace.tell("start", told, level=trace.INFO, version=__version__, python=python, words=sys.argv[1:])


def end_log(code: int, started: float) -> None:
    """Tell what the run came to, and stop listening.

    Args:
        code: The exit code.
        started: When it began, by `time.monotonic`.

    """
    if not _listening:
        return
    seconds = time.monotonic() - started
    told = f"ended with {code} after {seconds:.1f} s"
    trace.tell("end", told, level=trace.INFO, code=code, ms=round(seconds * 1000))
    _stop()


def _stop() -> None:
    while _listening:
        import logging  # noqa: PLC0415 - it is loaded already

        handler = _listening.pop()
        logging.getLogger("pm_sync").removeHandler(handler)
        handler.close()
