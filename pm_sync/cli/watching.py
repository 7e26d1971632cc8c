"""``pm-sync status``, once its words are understood."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from pm_sync.cli.options import Look
from pm_sync.cli.show import code_of_trackers, finish, show, tell_failures, tell_problems
from pm_sync.cli.terminal import say
from pm_sync.errors import ExitCode
from pm_sync.report import gate_lines
from pm_sync.session.runs import make_run
from pm_sync.session.scope import Scope
from pm_sync.session.session import Session, World
from pm_sync.session.standing import status_report
from pm_sync.session.telling import find_commit, standing, tell_commit
from pm_sync.status.filters import StatusFilter
from pm_sync.status.gate import Gate


class StatusWish(Struct, frozen=True):
    """What ``status`` was asked."""

    keep: StatusFilter
    fail_on: str = ""
    offline: bool = False
    commit: str | None = None
    """The commit whose status is to say the same."""


def run_status(world: World, config: Path | None, scope: Scope, look: Look, wish: StatusWish) -> None:
    """Show how every item stands, and apply the gate.

    Raises:
        UsageError: a condition of the gate is none, or there is no such commit.
        PublishFailed: the commit's status can't be set.
        typer.Exit: with the code it comes to.

    """
    gate = Gate.parse(wish.fail_on)
    with Session.open(world, config=config, tracker=scope.tracker, paths=scope.paths) as session:
        commit = find_commit(session, wish.commit) if wish.commit else None
        planned = make_run(session, scope, offline=wish.offline)
        report = wish.keep.apply(status_report(session, planned.facts, planned.plan))
        failures = gate.failures(report)
        show(report, look, session)
        if commit is not None:
            tell_commit(session, commit, standing(report, failures, planned.facts.failures))
    tell_problems(report)
    tell_failures(planned.facts.failures)
    for line in gate_lines(failures):
        say(line)
    gated = ExitCode.GATE if failures else ExitCode.OK
    finish(planned.reading, look, gated, code_of_trackers(planned.facts))
