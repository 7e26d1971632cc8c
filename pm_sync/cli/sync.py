"""``pm-sync sync``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pm_sync.cli.options import (
    AllowBranchOption,
    AllowEmptyOption,
    ChangedSinceOption,
    ConfigOption,
    Format,
    FormatOption,
    LogFileOption,
    Look,
    MaxClosesOption,
    MaxCreatesOption,
    MaxUpdatesOption,
    MaxWaitOption,
    NewOption,
    NoColorOption,
    Paths,
    Publish,
    QuietOption,
    TrackerOption,
    VerboseOption,
    make_scope,
    make_world,
)


def sync(
    *,
    paths: Paths = None,
    plan: Annotated[
        Path | None, typer.Option("--plan", metavar="FILE", help="Do what this saved plan says, if it still holds.")
    ] = None,
    allow_branch: AllowBranchOption = False,
    publish: Annotated[
        Publish,
        typer.Option(
            "--publish", help="What to do with the changed postmortems: leave, commit, push, or propose them."
        ),
    ] = Publish.NONE,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask. Overrides no guard.")] = False,
    tracker: TrackerOption = None,
    changed_since: ChangedSinceOption = None,
    new: NewOption = None,
    max_creates: MaxCreatesOption = None,
    max_updates: MaxUpdatesOption = None,
    max_closes: MaxClosesOption = None,
    allow_empty: AllowEmptyOption = None,
    max_wait: MaxWaitOption = None,
    config: ConfigOption = None,
    to: FormatOption = Format.TEXT,
    no_color: NoColorOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = 0,
    log_file: LogFileOption = None,
) -> None:
    """Create, update and close issues as the plan says, and record links and progress in the postmortems.

    Shows the plan and asks before the first write; without a terminal say --yes.

    \b
    Examples:
      pm-sync sync
      pm-sync sync --yes postmortems/2026-03-02-checkout.md
      pm-sync sync --tracker local --yes
      pm-sync sync --changed-since origin/main --yes
      pm-sync sync --yes --publish pull-request
    """
    from pm_sync.cli.planning import SyncWish, run_sync  # noqa: PLC0415 - help doesn't need it
    from pm_sync.publish.deliver import Mode  # noqa: PLC0415

    scope = make_scope(
        paths, tracker, changed_since, new, allow_empty, (max_creates, max_updates, max_closes), max_wait
    )
    wish = SyncWish(Mode(publish), plan, yes, allow_branch)
    run_sync(
        make_world(quiet=quiet, verbose=verbose, log_file=log_file),
        config,
        scope,
        Look(to, no_color, quiet, verbose),
        wish,
    )
