"""The program's entry, and the one place where errors become messages and exit codes."""

from __future__ import annotations

import gc
import os
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from pm_sync import __version__, trace
from pm_sync.cli.log import end_log
from pm_sync.cli.terminal import say, whisper
from pm_sync.errors import ExitCode, PmSyncError, reason_of

_UNSWEPT: Final = 50_000
"""How many more objects there may be before Python looks which of them nobody needs."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run ``pm-sync`` and exit with its code."""
    # Python goes through its objects for cycles that nobody needs, at every 700 more and when it ends. Starting makes
    # 40,000, all of them for good, and going through them took a sixth of its time.
    gc.set_threshold(_UNSWEPT)
    code = run(arguments)
    gc.freeze()
    sys.exit(code)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""

    def command() -> None:
        # Imported here, so that what goes wrong in the import itself is told in the same way.
        from pm_sync.cli.app import make_app  # noqa: PLC0415

        words = sys.argv[1:] if arguments is None else arguments
        make_app(*words[:1])(args=arguments, prog_name="pm-sync")

    return guarded(command)


def guarded(work: Callable[[], None]) -> int:
    """Do something and return its exit code; whatever goes wrong is told on stderr, without a traceback."""
    # Else pydantic would search all installed packages for plugins, which have no business with a configuration either.
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
    _open_streams()
    started = time.monotonic()
    code = _guarded(work)
    end_log(code, started)
    return code


def _open_streams() -> None:
    """Lead the standard streams that were closed before we began nowhere: else the next files would get their numbers."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - for as long as we run


def _guarded(work: Callable[[], None]) -> int:
    try:
        work()
    except SystemExit as end:
        code = _code_of(end)
        # So ends Typer when it is interrupted.
        return _interrupted() if code == ExitCode.INTERRUPTED else code
    except PmSyncError as error:
        for line in str(error).splitlines():
            say(f"error: {line}")
        return error.code
    except KeyboardInterrupt:
        return _interrupted()
    except OSError as error:
        say(f"error: {error.filename or 'the system says'}: {reason_of(error)}")
        return ExitCode.FAILED
    except Exception as error:  # noqa: BLE001 - the last stop before the user
        _report_bug(error)
        return ExitCode.BUG
    return ExitCode.OK


def _code_of(end: SystemExit) -> int:
    if end.code is None:
        return ExitCode.OK
    return end.code if isinstance(end.code, int) else ExitCode.FAILED


def _interrupted() -> int:
    say("interrupted; what was done is recorded, run again to go on")
    return ExitCode.INTERRUPTED


def _report_bug(error: Exception) -> None:
    """Say where it happened in our own code; the whole traceback might hold what nobody should see."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "pm_sync" in Path(frame.filename).parts]
    place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "outside of pm-sync"
    versions = f"pm-sync {__version__}, Python {sys.version.split()[0]}, run {trace.RUN}"
    say(f"error: this is a bug in pm-sync, please report it: {type(error).__name__} at {place} ({versions})")
    whole = "".join(traceback.format_exception(error))
    trace.tell("crash", f"{type(error).__name__} at {place}", level=trace.ERROR, traceback=whole)
    if os.environ.get("PM_SYNC_TRACEBACK"):
        whisper(whole)
