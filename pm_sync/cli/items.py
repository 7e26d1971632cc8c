"""``pm-sync items``."""

from __future__ import annotations

import typer

from pm_sync.cli.options import (
    ConfigOption,
    Format,
    FormatOption,
    LogFileOption,
    Look,
    NoColorOption,
    Paths,
    QuietOption,
    VerboseOption,
    make_world,
)


def items(
    *,
    paths: Paths = None,
    config: ConfigOption = None,
    to: FormatOption = Format.TEXT,
    no_color: NoColorOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = 0,
    log_file: LogFileOption = None,
) -> None:
    """Show what was read: each action item with its fields, and what was rejected and why.

    No tracker is asked, and nothing is written.

    \b
    Examples:
      pm-sync items
      pm-sync items postmortems/2026-03-02-checkout.md
      pm-sync items --format json | jq '.documents[].items[].title'
    """
    from pm_sync.cli.show import show_items  # noqa: PLC0415 - help doesn't need it
    from pm_sync.session.session import Session  # noqa: PLC0415

    look = Look(to, no_color, quiet, verbose)
    with Session.open(
        make_world(quiet=quiet, verbose=verbose, log_file=log_file),
        config=config,
        paths=[str(path) for path in paths or ()],
    ) as session:
        raise typer.Exit(show_items(paths or (), look, session))
