"""Showing results: rendered to stdout, problems to stderr, and what they come to as an exit code."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from pm_sync.cli.options import Look
from pm_sync.cli.terminal import emit, may_color, say
from pm_sync.errors import ExitCode, PmSyncError, worst
from pm_sync.report import Format, Options, Result, item_part, problem_lines, render, render_items
from pm_sync.report.words import ItemPart
from pm_sync.session.session import Reading, Session
from pm_sync.sync.changes import ChangeKind, Plan, SyncResult

if TYPE_CHECKING:
    from pm_sync.sync.claims import Facts


def show(result: Result, look: Look, session: Session, *, on_stderr: bool = False) -> None:
    """Write a result in the format asked for."""
    to = Format.TEXT if on_stderr else Format(look.format)
    emit(render(result, to, _options(look, session, on_stderr=on_stderr)), on_stderr=on_stderr)


def show_items(paths: Sequence[Path], look: Look, session: Session) -> ExitCode:
    """Write what is read in the format asked for, as it comes; tell what could not be read, and what that comes to."""
    to, options = Format(look.format), _options(look, session)
    read, errors = 0, list[PmSyncError]()

    def counted() -> Iterator[ItemPart[Any]]:
        nonlocal read
        for part in session.read_each(paths, errors, partial(item_part, to=to, options=options)):
            read += 1
            yield part

    for piece in render_items(counted(), to, options):
        emit(piece)
    return _tell_read(read, errors, quiet=look.quiet)


def _options(look: Look, session: Session, *, on_stderr: bool = False) -> Options:
    stream = sys.stderr if on_stderr else sys.stdout
    policy = session.policy
    source = policy.trackers[policy.routes[-1].to].src
    return Options(may_color(stream, no_color=look.no_color), look.verbose > 0, source)


def tell_problems(result: Result) -> None:
    """One line on stderr for each item that failed, conflicts or was refused, whatever the format."""
    for line in problem_lines(result):
        say(line)


def tell_failures(failures: Mapping[str, str]) -> None:
    """One line on stderr for each tracker that could not be read, with the reason."""
    for name, reason in sorted(failures.items()):
        say(f"error: {name}: {reason}")


def finish(reading: Reading, look: Look, *codes: ExitCode) -> None:
    """Tell what could not be read, and exit with what it all comes to.

    Raises:
        typer.Exit: always.

    """
    raise typer.Exit(worst(*codes, tell_reading(reading, quiet=look.quiet)))


def tell_reading(reading: Reading, *, quiet: bool) -> ExitCode:
    """Tell what could not be read, and what that comes to."""
    return _tell_read(len(reading.documents), reading.errors, quiet=quiet)


def _tell_read(read: int, errors: Sequence[PmSyncError], *, quiet: bool) -> ExitCode:
    """The same for documents that are not kept: how many were read, and what could not be."""
    for error in errors:
        say(f"error: {error}")
    if not read and not errors and not quiet:
        say("no postmortems found; name files or folders, or set `postmortems:` in pm-sync.yaml")
    return _code_of_reading(read, errors)


def reading_code(reading: Reading) -> ExitCode:
    """What it comes to that something could not be read."""
    return _code_of_reading(len(reading.documents), reading.errors)


def _code_of_reading(read: int, errors: Sequence[PmSyncError]) -> ExitCode:
    if not errors:
        return ExitCode.OK
    return ExitCode.PARTLY if read else ExitCode.FAILED


def code_of_trackers(facts: Facts) -> ExitCode:
    """What it comes to that a tracker could not be read: as with files, it matters whether others could."""
    if not facts.failures:
        return ExitCode.OK
    return ExitCode.PARTLY if facts.snapshots else ExitCode.FAILED


def code_of(result: Plan | SyncResult, failures: Sequence[str] = ()) -> ExitCode:
    """What a plan or a run that was carried out comes to."""
    plan = result.plan if isinstance(result, SyncResult) else result
    unfinished = bool(plan.of(ChangeKind.CONFLICT)) or bool(failures)
    if isinstance(result, SyncResult):
        failed = any(not outcome.ok for outcome in result.outcomes)
        unfinished = unfinished or failed or bool(result.file_errors) or result.left > 0
    return ExitCode.PARTLY if unfinished else ExitCode.OK
