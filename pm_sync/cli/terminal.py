"""The terminal: data goes to stdout, everything said about it to stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from pm_sync import trace

if TYPE_CHECKING:
    from pm_sync.sync.changes import Outcome


def say(text: str) -> None:
    """Tell the user something that is no data."""
    trace.tell("said", text, level=trace.INFO)
    whisper(text)


def whisper(text: str) -> None:
    """Tell the user something of which no log needs to know."""
    # A run that has nothing to say needs neither.
    from pm_sync.redact import hider  # noqa: PLC0415
    from pm_sync.report.clean import clean_lines  # noqa: PLC0415

    # Whatever is quoted in it, a path, a server's or git's own words, moves no cursor and commands no CI runner.
    emit(f"{clean_lines(hider(os.environ)(text))}\n", on_stderr=True)


def emit(text: str, *, on_stderr: bool = False) -> None:
    """Give out what is rendered already, whose own newline ends it."""
    stream = sys.stderr if on_stderr else sys.stdout
    stream.write(_writable(text, stream))
    stream.flush()


def _writable(text: str, stream: TextIO) -> str:
    """The same with what the stream's encoding lacks escaped: nothing that was done must fail in the telling."""
    encoding = stream.encoding or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def may_color(stream: TextIO, *, no_color: bool) -> bool:
    """Whether colours are wanted: on a terminal, unless ``--no-color`` or NO_COLOR says otherwise."""
    forced = os.environ.get("FORCE_COLOR", "") not in {"", "0"}
    refused = no_color or os.environ.get("NO_COLOR", "") != "" or os.environ.get("TERM") == "dumb"
    return not refused and (forced or stream.isatty())


def ask(question: str) -> bool:
    """Ask on stderr, so that stdout stays data; anything but yes is no."""
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().casefold() in {"y", "yes"}


@contextmanager
def progress(total: int, *, quiet: bool) -> Iterator[Callable[[Outcome], None]]:
    """Show a bar on stderr while a plan is carried out, if there is a terminal and enough to do."""
    if quiet or total < 5 or not sys.stderr.isatty():  # noqa: PLR2004 - fewer are over before a bar is seen
        yield lambda _: None
        return
    from rich.console import Console  # noqa: PLC0415 - only a terminal needs it
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("syncing", total=total)
        yield lambda _: bar.advance(task)
