"""``pm-sync status``, once its words are understood."""

from __future__ import annotations

from pathlib import Path

from pm_sync.cli.options import Look
from pm_sync.cli.show import finish, show, tell_failures, tell_problems
from pm_sync.cli.terminal import say
from pm_sync.errors import ExitCode
from pm_sync.report import gate_lines
from pm_sync.session.runs import make_run
from pm_sync.session.scope import Scope
from pm_sync.session.session import Session, World
from pm_sync.session.standing import status_report
from pm_sync.status.filters import StatusFilter
from pm_sync.status.gate import Gate


def run_status(
    world: World, config: Path | None, scope: Scope, look: Look, keep: StatusFilter, fail_on: str, *, offline: bool
) -> None:
    """Show how every item stands, and apply the gate.

    Raises:
        UsageError: a condition of the gate is none.
        typer.Exit: with the code it comes to.

    """
    gate = Gate.parse(fail_on)
    with Session.open(world, config=config, tracker=scope.tracker, paths=scope.paths) as session:
        planned = make_run(session, scope, offline=offline)
        report = keep.apply(status_report(session, planned.facts, planned.plan))
        show(report, look, session)
    tell_problems(report)
    tell_failures(planned.facts.failures)
    failures = gate.failures(report)
    for line in gate_lines(failures):
        say(line)
    finish(planned.reading, look, ExitCode.GATE if failures else ExitCode.OK, _reached(planned.facts.failures))


def _reached(failures: object) -> ExitCode:
    return ExitCode.FAILED if failures else ExitCode.OK
