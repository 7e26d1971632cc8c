"""``pm-sync lint``."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from pm_sync.cli.options import (
    ConfigOption,
    LogFileOption,
    Look,
    NoColorOption,
    Paths,
    QuietOption,
    VerboseOption,
    make_world,
)


class LintFormat(StrEnum):
    """How ``lint`` is written."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    GITHUB = "github"
    SARIF = "sarif"


class FailOn(StrEnum):
    """From which severity on ``lint`` fails."""

    NEVER = "never"
    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


LintFormatOption = Annotated[LintFormat, typer.Option("--format", help="How to write the result on stdout.")]


def lint(
    *,
    paths: Paths = None,
    fix: Annotated[bool, typer.Option("--fix", help="Mend what can be mended for sure, in the files.")] = False,
    fail_on: Annotated[
        FailOn | None,
        typer.Option(help="Exit with 13 at a problem of this severity or above. Default: lint.fail_on, else warning."),
    ] = None,
    config: ConfigOption = None,
    to: LintFormatOption = LintFormat.TEXT,
    no_color: NoColorOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = 0,
    log_file: LogFileOption = None,
) -> None:
    """Tell what a postmortem lacks: sections, owners, dates, words that can be checked, links that lead somewhere.

    No tracker is asked. Rules are set in pm-sync.yaml (lint.rules), or turned off by a comment in the postmortem:
    <!-- pm-sync: disable=PM005,vague-wording -->

    \b
    Examples:
      pm-sync lint
      pm-sync lint --fix postmortems/2026-03-02-checkout.md
      pm-sync lint --fail-on error --format github
      pm-sync lint --format sarif > lint.sarif
    """
    from pm_sync.cli.show import finish, show  # noqa: PLC0415 - help doesn't need it
    from pm_sync.errors import ExitCode  # noqa: PLC0415
    from pm_sync.session import rules  # noqa: PLC0415
    from pm_sync.session.session import Session  # noqa: PLC0415

    look = Look(to, no_color, quiet, verbose)
    with Session.open(make_world(quiet=quiet, verbose=verbose, log_file=log_file), config=config) as session:
        reading = session.read(paths or (), all_for_identity=False)
        report, reading = rules.lint_reading(session, reading, fix=fix)
        show(report, look, session)
        failed = report.fails(rules.least(fail_on or session.config.lint.fail_on))
        finish(reading, look, *([ExitCode.GATE] if failed else []))
