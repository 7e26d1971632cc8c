"""``pm-sync plan`` and ``pm-sync sync``, once their words are understood."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from pm_sync import io, statefolder
from pm_sync.cli.options import Look
from pm_sync.cli.show import code_of, code_of_trackers, finish, show, tell_failures, tell_problems
from pm_sync.cli.terminal import ask, progress, say
from pm_sync.errors import ExitCode, Refused, UsageError
from pm_sync.report import Format, render
from pm_sync.session import saved
from pm_sync.session.runs import Planned, Synced, locked, make_run, sync_run
from pm_sync.session.scope import Scope
from pm_sync.session.session import Session, World

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pm_sync.publish.deliver import Mode
    from pm_sync.session.publishing import Publisher


def run_plan(
    world: World, config: Path | None, scope: Scope, look: Look, *, out: Path | None, offline: bool
) -> Planned:
    """Make a plan and show it; ``out`` keeps it."""
    with Session.open(world, config=config, tracker=scope.tracker, paths=scope.paths) as session:
        file = saved.check_place(io.check_named(session.root, out)) if out is not None else None
        planned = make_run(session, scope, offline=offline)
        show(planned.plan, look, session)
        _tell(planned, look)
        if file is not None:
            saved.save(file, render(planned.plan, Format.JSON), scope, planned)
    return planned


def end_plan(planned: Planned, look: Look, *, exit_code: bool) -> None:
    """Exit as a plan does.

    Raises:
        typer.Exit: always.

    """
    pending = ExitCode.CHANGES if exit_code and planned.plan.pending else ExitCode.OK
    finish(planned.reading, look, pending, code_of_trackers(planned.facts))


def _tell(planned: Planned, look: Look) -> None:
    tell_problems(planned.plan)
    tell_failures(planned.facts.failures)
    for refusal in planned.refusals:
        say(f"refused: {refusal}")
    # A plan notes failures too, for those who read nothing but it.
    failures = {f"{name}: {reason}" for name, reason in planned.facts.failures.items()}
    for notice in planned.plan.notices:
        if not look.quiet and notice not in failures:
            say(f"note: {notice}")


class SyncWish(Struct, frozen=True):
    """How ``sync`` was told to go about it."""

    publish: Mode
    plan: Path | None = None
    """Do what this saved plan says."""
    yes: bool = False
    allow_branch: bool = False


def run_sync(world: World, config: Path | None, scope: Scope, look: Look, wish: SyncWish) -> None:
    """Plan, ask, and do it.

    Raises:
        Refused: a guard, a stale plan, or a "no".
        typer.Exit: with the code that the run comes to.

    """
    from pm_sync.session.publishing import open_publisher  # noqa: PLC0415 - a plan doesn't need it

    expected = None
    if wish.plan is not None:
        kept, expected = saved.load(wish.plan)
        scope = replace(kept, paths=scope.paths or kept.paths)
    with (
        Session.open(world, config=config, tracker=scope.tracker, paths=scope.paths, read_only=False) as session,
        locked(session, allow_branch=wish.allow_branch),
        open_publisher(session, wish.publish) as publisher,
    ):
        statefolder.sweep(session.root)
        waiting = publisher.waiting()
        planned = make_run(session, scope, waiting=waiting)
        if wish.plan is not None and expected is not None:
            saved.verify(planned, expected, wish.plan)
        _agree(planned, look, session, yes=wish.yes or wish.plan is not None)
        with progress(len(planned.plan.pending), quiet=look.quiet) as observe:
            synced = sync_run(session, planned, observe)
        show(synced.result, look, session)
        tell_problems(synced.result)
        tell_failures(planned.facts.failures)
        codes = code_of(synced.result), code_of_trackers(planned.facts), _publish(publisher, synced, waiting, look)
        finish(planned.reading, look, *codes)


def _publish(publisher: Publisher, synced: Synced, waiting: Mapping[str, bytes] | None, look: Look) -> ExitCode:
    """Publish, and tell what came of it."""
    from pm_sync.publish.remote import PublishFailed  # noqa: PLC0415 - a plan doesn't need it

    try:
        published = publisher.publish(synced, waiting or ())
    except PublishFailed as error:
        say(f"error: not published: {error}")
        return ExitCode.PARTLY
    for sentence in () if look.quiet else published.sentences:
        say(sentence)
    return ExitCode.OK


def _agree(planned: Planned, look: Look, session: Session, *, yes: bool) -> None:
    """Show the plan and ask, unless the answer is known or there is nothing to ask about."""
    if planned.refusals:
        tell_problems(planned.plan)
        raise Refused("\n".join(planned.refusals))
    if not planned.plan.pending:
        return
    if not look.quiet and not (yes and look.format == Format.TEXT):
        show(planned.plan, look, session, on_stderr=True)
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError("there is no terminal to ask on", hint="say --yes, or give --plan FILE")
    if not ask("Do this?"):
        raise Refused("nothing was done, as you said no")
