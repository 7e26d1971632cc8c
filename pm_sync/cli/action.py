"""The GitHub Action: one command, run under a workflow's event, told in annotations, summary, comment and outputs.

``action.yml`` starts it as ``python -m pm_sync.cli.action``. What it may do under which event is decided below the
command line, where no workflow can choose otherwise.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence

from pm_sync.cli.inputs import Inputs, Task
from pm_sync.cli.main import guarded
from pm_sync.cli.options import make_world
from pm_sync.cli.show import code_of, code_of_trackers
from pm_sync.cli.step import Told, annotate, annotate_failures, annotate_reading, leave, outputs, standing_counts
from pm_sync.cli.terminal import emit, say
from pm_sync.errors import ExitCode, PmSyncError, Refused, worst
from pm_sync.publish.deliver import Mode, Published
from pm_sync.publish.remote import PublishFailed
from pm_sync.report import Format, render
from pm_sync.report.markdown import escape
from pm_sync.report.merging import merging
from pm_sync.session import rules
from pm_sync.session.publishing import Publisher, open_publisher
from pm_sync.session.runs import Planned, Synced, locked, make_run, sync_run
from pm_sync.session.scope import Scope
from pm_sync.session.session import Session, World
from pm_sync.session.since import creates_since
from pm_sync.session.standing import status_report
from pm_sync.session.telling import standing, tell_head, tell_pull_request
from pm_sync.status.gate import Gate
from pm_sync.status.items import Failure, StatusReport
from pm_sync.sync.changes import ChangeKind, Plan


def main() -> None:
    """Run the Action's step and exit with its code."""
    # The runner sets this when somebody reruns a job with debug logging.
    verbose = 2 if os.environ.get("RUNNER_DEBUG") == "1" else 0
    sys.exit(guarded(lambda: sys.exit(_step(make_world(verbose=verbose)))))


def _step(world: World) -> ExitCode:
    """Run what the inputs ask for.

    Raises:
        PmSyncError: it can't be done; the log and the summary have said so already.

    """
    try:
        inputs = Inputs.read(world.environment)
        told = _TASKS[inputs.task](world, inputs)
    except PmSyncError as error:
        annotate("error", str(error))
        leave(world.environment, f"### pm-sync\n\n{escape(str(error))}")
        raise
    leave(world.environment, f"### pm-sync {inputs.task}\n\n{told.summary}", told.outputs)
    return told.code


def _open(world: World, inputs: Inputs, *, read_only: bool = True) -> Session:
    return Session.open(world, config=inputs.config, tracker=inputs.tracker, paths=inputs.paths, read_only=read_only)


def _scope(session: Session, inputs: Inputs) -> Scope:
    since, notice = creates_since(session)
    if notice:
        annotate("notice", notice)
    return Scope(inputs.paths, inputs.tracker, since, max_creates=inputs.max_creates)


def _lint(world: World, inputs: Inputs) -> Told:
    with _open(world, inputs) as session:
        paths = [session.world.folder / path for path in inputs.paths]
        report, reading = rules.lint_reading(session, session.read(paths, all_for_identity=False))
        emit(render(report, Format.GITHUB))
        lightest = rules.least(inputs.severity or session.config.lint.fail_on)
    code = ExitCode.GATE if report.fails(lightest) else ExitCode.OK
    return Told(worst(code, annotate_reading(reading)), render(report, Format.MARKDOWN), outputs(report))


def _plan(world: World, inputs: Inputs) -> Told:
    with _open(world, inputs) as session:
        planned = make_run(session, _scope(session, inputs))
        plan = planned.plan
        emit(render(plan, Format.GITHUB))
        summary = _plan_text(session, planned)
        _comment(session, plan, summary)
        counts = standing_counts(status_report(session, planned.facts, plan))
    annotate_failures(planned.facts.failures)
    unreached = code_of_trackers(planned.facts)
    made = {"created": ChangeKind.CREATE, "updated": ChangeKind.UPDATE, "closed": ChangeKind.CLOSE}
    counts |= {name: str(len(plan.of(kind))) for name, kind in made.items()}
    return Told(worst(unreached, annotate_reading(planned.reading)), summary, outputs(plan, counts))


def _plan_text(session: Session, planned: Planned) -> str:
    if session.event is None or session.event.pull_request is None:
        return render(planned.plan, Format.MARKDOWN)
    places = {place.name: place.project or place.name for place in session.policy.places.trackers}
    offline = "No tracker was asked: this says what the files alone tell.\n\n" if planned.facts.offline else ""
    refused = "".join(f"\n- {escape(refusal)}" for refusal in planned.refusals)
    return f"{offline}{merging(planned.plan, places)}{refused}"


def _comment(session: Session, plan: Plan, text: str) -> None:
    """Keep the pull request's comment up to date; where nothing would happen, none is begun."""
    pull = session.event.pull_request if session.event else None
    if pull is None or pull.from_fork:
        return
    worth = plan.pending or plan.of(ChangeKind.CONFLICT)
    try:
        tell_pull_request(session, pull.number, f"### pm-sync\n\n{text}", only_if_there=not worth)
    except PublishFailed as error:
        annotate("warning", str(error))


def _sync(world: World, inputs: Inputs) -> Told:
    with (
        _open(world, inputs, read_only=False) as session,
        locked(session),
        open_publisher(session, inputs.publish) as publisher,
    ):
        waiting = publisher.waiting()
        planned = make_run(session, _scope(session, inputs), waiting=waiting)
        if planned.refusals:
            emit(render(planned.plan, Format.GITHUB))
            raise Refused("\n".join(planned.refusals))
        before = status_report(session, planned.facts, planned.plan)
        synced = sync_run(session, planned, lambda _: None)
        emit(render(synced.result, Format.GITHUB))
        published, code = _publish(publisher, synced, waiting)
    annotate_failures(planned.facts.failures)
    unreached = code_of_trackers(planned.facts)
    sentences = "".join(f"- {escape(sentence)}\n" for sentence in published.sentences)
    done = synced.result.summary
    counts = standing_counts(before, synced.result) | {
        name: str(done[name]) for name in ("created", "updated", "closed")
    }
    counts |= {"files-changed": str(len(synced.result.files_changed)), "pull-request": published.pull_request or ""}
    code = worst(code, unreached, code_of(synced.result), annotate_reading(planned.reading))
    summary = f"{render(synced.result, Format.MARKDOWN)}\n{sentences}"
    return Told(code, summary, outputs(synced.result, counts))


def _publish(publisher: Publisher, synced: Synced, waiting: Mapping[str, bytes] | None) -> tuple[Published, ExitCode]:
    try:
        published = publisher.publish(synced, waiting or ())
    except PublishFailed as error:
        annotate("error", f"not published: {error}")
        return Published(Mode.NONE, notes=(f"not published: {error}",)), ExitCode.PARTLY
    for sentence in published.sentences:
        say(sentence)
    return published, ExitCode.OK


def _status(world: World, inputs: Inputs) -> Told:
    gate = Gate.parse(inputs.fail_on)
    with _open(world, inputs) as session:
        planned = make_run(session, Scope(inputs.paths, inputs.tracker))
        report = status_report(session, planned.facts, planned.plan)
        failures = gate.failures(report)
        emit(render(report, Format.GITHUB))
        for failure in failures:
            annotate("error", str(failure), failure.item.path, failure.item.line)
        _set_status(session, report, failures, planned.facts.failures)
    annotate_failures(planned.facts.failures)
    unreached = code_of_trackers(planned.facts)
    code = worst(ExitCode.GATE if failures else ExitCode.OK, unreached, annotate_reading(planned.reading))
    return Told(code, render(report, Format.MARKDOWN), outputs(report, standing_counts(report)))


def _set_status(session: Session, report: StatusReport, failures: Sequence[Failure], unread: Mapping[str, str]) -> None:
    """Let the head commit say it too, where the job may write that."""
    event = session.event
    if event is None or event.fork or (event.pull_request is not None and event.pull_request.from_fork):
        return
    try:
        tell_head(session, standing(report, failures, unread))
    except PublishFailed as error:
        annotate("notice", str(error))


_TASKS: Mapping[Task, Callable[[World, Inputs], Told]] = {
    Task.LINT: _lint,
    Task.PLAN: _plan,
    Task.SYNC: _sync,
    Task.STATUS: _status,
}


if __name__ == "__main__":
    main()
