"""``pm-sync plan``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pm_sync.cli.options import (
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
    OfflineOption,
    Paths,
    QuietOption,
    TrackerOption,
    VerboseOption,
    make_scope,
    make_world,
)


def plan(
    *,
    paths: Paths = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Keep the plan, for `pm-sync sync --plan FILE`.")
    ] = None,
    offline: OfflineOption = False,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit with 10 if changes are pending.")] = False,
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
    """Show exactly what `sync` would do, and why. Nothing is written.

    \b
    Examples:
      pm-sync plan
      pm-sync plan --offline postmortems/
      pm-sync plan --out plan.json && pm-sync sync --plan plan.json
      pm-sync plan --exit-code    # 10: something is to be done
    """
    from pm_sync.cli.planning import end_plan, run_plan  # noqa: PLC0415 - help doesn't need it

    scope = make_scope(
        paths, tracker, changed_since, new, allow_empty, (max_creates, max_updates, max_closes), max_wait
    )
    look = Look(to, no_color, quiet, verbose)
    planned = run_plan(
        make_world(quiet=quiet, verbose=verbose, log_file=log_file), config, scope, look, out=out, offline=offline
    )
    end_plan(planned, look, exit_code=exit_code)
