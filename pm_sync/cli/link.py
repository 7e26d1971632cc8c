"""``pm-sync link`` and ``pm-sync unlink``."""

from __future__ import annotations

from typing import Annotated

import typer

from pm_sync.cli.options import (
    AllowBranchOption,
    ConfigOption,
    LogFileOption,
    QuietOption,
    VerboseOption,
    make_world,
    path_of,
)
from pm_sync.cli.terminal import emit

Place = Annotated[str, typer.Argument(metavar="PATH:LINE", help="Where the action item stands.")]
Reference = Annotated[
    str, typer.Argument(metavar="REF", help="The issue: its address, #12, OWNER/REPO#12, KEY-12 or local#12.")
]


def link(
    place: Place,
    ref: Reference,
    *,
    config: ConfigOption = None,
    allow_branch: AllowBranchOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = 0,
    log_file: LogFileOption = None,
) -> None:
    """Make an existing issue the issue of an action item.

    \b
    Examples:
      pm-sync link postmortems/checkout.md:41 local#12
      pm-sync link postmortems/checkout.md:41 https://github.com/acme/infra/issues/12
    """
    from pm_sync.session import linking  # noqa: PLC0415 - help doesn't need it
    from pm_sync.session.runs import locked  # noqa: PLC0415
    from pm_sync.session.session import Session  # noqa: PLC0415

    world = make_world(quiet=quiet, verbose=verbose, log_file=log_file)
    with (
        Session.open(world, config=config, paths=[path_of(place)]) as session,
        locked(session, allow_branch=allow_branch),
    ):
        done = linking.link(session, place, ref)
    if not quiet:
        emit(f"{done.path}:{done.line}: {'linked to' if done.changed else 'is linked already to'} {done.ref}\n")


def unlink(
    place: Place,
    *,
    config: ConfigOption = None,
    allow_branch: AllowBranchOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = 0,
    log_file: LogFileOption = None,
) -> None:
    """Take our annotation out of the file, and void our mark in the issue.

    The issue itself stays as it is. The next sync gives the item a new one.

    \b
    Example:
      pm-sync unlink postmortems/checkout.md:41
    """
    from pm_sync.session import linking  # noqa: PLC0415 - help doesn't need it
    from pm_sync.session.runs import locked  # noqa: PLC0415
    from pm_sync.session.session import Session  # noqa: PLC0415

    world = make_world(quiet=quiet, verbose=verbose, log_file=log_file)
    with (
        Session.open(world, config=config, paths=[path_of(place)], read_only=False) as session,
        locked(session, allow_branch=allow_branch),
    ):
        done = linking.unlink(session, place)
    if not quiet:
        emit(f"{done.path}:{done.line}: no longer linked to {done.ref}\n")
