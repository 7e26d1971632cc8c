"""``pm-sync status``."""

from __future__ import annotations

from typing import Annotated

import typer

from pm_sync.cli.options import (
    ConfigOption,
    LogFileOption,
    Look,
    NoColorOption,
    OfflineOption,
    Paths,
    QuietOption,
    StatusFormat,
    TrackerOption,
    VerboseOption,
    make_scope,
    make_world,
)

Words = list[str] | None
StatusFormatOption = Annotated[StatusFormat, typer.Option("--format", help="How to write the result on stdout.")]


def status(
    *,
    paths: Paths = None,
    offline: OfflineOption = False,
    fail_on: Annotated[
        str | None,
        typer.Option(
            metavar="LIST",
            help="Exit with 13 if any of these holds: overdue, overdue:P1, unowned, unsynced, stale:30d, lost, unreachable, no-due.",
        ),
    ] = None,
    commit_status: Annotated[
        str | None,
        typer.Option(
            metavar="COMMIT", help="Say the same in this commit's status on GitHub: red if the gate fails, else green."
        ),
    ] = None,
    owner: Annotated[Words, typer.Option(metavar="NAME", help="Only this owner's items. Repeatable.")] = None,
    team: Annotated[Words, typer.Option(metavar="NAME", help="Only this team's items. Repeatable.")] = None,
    severity: Annotated[Words, typer.Option(metavar="SEV", help="Only incidents of this severity. Repeatable.")] = None,
    priority: Annotated[Words, typer.Option(metavar="P", help="Only items of this priority. Repeatable.")] = None,
    state: Annotated[Words, typer.Option(metavar="STATE", help="Only items in this state. Repeatable.")] = None,
    path: Annotated[Words, typer.Option(metavar="GLOB", help="Only postmortems that fit. Repeatable.")] = None,
    tracker: TrackerOption = None,
    config: ConfigOption = None,
    to: StatusFormatOption = StatusFormat.TEXT,
    no_color: NoColorOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = 0,
    log_file: LogFileOption = None,
) -> None:
    """Show open items with their age and due date, and fail if there is something to be alarmed about.

    \b
    Examples:
      pm-sync status
      pm-sync status --owner alice --state open
      pm-sync status --fail-on overdue:P1,unsynced,lost
      pm-sync status --fail-on overdue --commit-status HEAD
      pm-sync status --format csv > open-items.csv
    """
    from pm_sync.cli.watching import StatusWish, run_status  # noqa: PLC0415 - help doesn't need it
    from pm_sync.status.filters import StatusFilter  # noqa: PLC0415

    keep = StatusFilter(
        *(tuple(words or ()) for words in (owner, team, severity, priority, path, state)),
    )
    scope = make_scope(paths, tracker, None, None, None, (None, None, None))
    wish = StatusWish(keep, fail_on or "", offline, commit_status)
    run_status(
        make_world(quiet=quiet, verbose=verbose, log_file=log_file),
        config,
        scope,
        Look(to, no_color, quiet, verbose),
        wish,
    )
