"""``pm-sync doctor``."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from pm_sync.cli.options import (
    ConfigOption,
    LogFileOption,
    NoColorOption,
    QuietOption,
    TrackerOption,
    VerboseOption,
    make_world,
)
from pm_sync.cli.terminal import emit, may_color


class Format(StrEnum):
    """How the findings are written."""

    TEXT = "text"
    JSON = "json"


def doctor(
    *,
    tracker: TrackerOption = None,
    config: ConfigOption = None,
    to: Annotated[Format, typer.Option("--format", help="For people, or for scripts.")] = Format.TEXT,
    no_color: NoColorOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = 0,
    log_file: LogFileOption = None,
) -> None:
    """Look at everything a sync stands on: configuration, repository, credentials, permissions, limits, clock, versions.

    Writes nothing anywhere. Exits with 1 if something is in the way of a sync, with 2 if it is the configuration;
    warnings don't count.

    \b
    Examples:
      pm-sync doctor
      pm-sync doctor --tracker github:acme/infra -vv
      pm-sync doctor --format json | jq '.findings[] | select(.level != "ok")'
    """
    from pm_sync.report import as_json  # noqa: PLC0415 - help doesn't need it
    from pm_sync.report import doctor as report  # noqa: PLC0415
    from pm_sync.session.doctor import diagnose  # noqa: PLC0415
    from pm_sync.trace import RUN  # noqa: PLC0415

    found = diagnose(make_world(quiet=quiet, verbose=verbose, log_file=log_file), config, tracker)
    if to is Format.JSON:
        emit(as_json.dumps(report.as_json(found, RUN)))
    else:
        emit(report.as_text(found, color=may_color(sys.stdout, no_color=no_color)))
    raise typer.Exit(found.code)
