"""What the commands do: plan, sync and status, over an open session."""

from __future__ import annotations

import shlex
import uuid
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from pm_sync import git, io, statefolder, trace
from pm_sync.errors import Refused, UsageError
from pm_sync.session.actions import refuse_writes
from pm_sync.session.discreet import discreet
from pm_sync.session.lock import hold_lock
from pm_sync.session.reminding import reminder_changes
from pm_sync.session.scope import Scope
from pm_sync.session.session import Reading, Session
from pm_sync.session.standing import tally_changes, tally_edits
from pm_sync.session.waiting import waiting_here, waiting_links
from pm_sync.sync.apply import Means, Observer, apply_changes
from pm_sync.sync.changes import Change, ChangeKind, Outcome, Plan, SyncResult
from pm_sync.sync.claims import Facts
from pm_sync.sync.gather import Sources, gather, offline_facts, read_again, targets_of
from pm_sync.sync.guards import about_visibility, check, check_targets
from pm_sync.sync.journal import Journal
from pm_sync.sync.plan import make_plan
from pm_sync.sync.record import Recording, file_outcomes, progress_by_path, record, rewriter, standing
from pm_sync.sync.settle import settle_creates
from pm_sync.trackers.base import Target


class Planned(Struct, frozen=True):
    """A plan, what it was made from, and what speaks against it."""

    reading: Reading
    facts: Facts
    plan: Plan
    refusals: tuple[str, ...]
    """Why it must not be carried out as it is."""


class Synced(Struct, frozen=True):
    """A plan carried out."""

    result: SyncResult
    covers: frozenset[str] = frozenset()
    """The postmortems that the run was about."""
    rewrite: Callable[[str, bytes], bytes] = lambda _, data: data
    """Records the same progress in another version of one of them: its path, its bytes there."""


def locked(session: Session, *, allow_branch: bool = False) -> AbstractContextManager[None]:
    """Keep every other process on this machine from syncing this repository, and every workflow that must not write.

    Raises:
        Refused: the workflow may not write.
        LockHeld: another process holds it for longer than this one waits.

    """
    refuse_writes(session.event, allow_branch=allow_branch)
    return hold_lock(statefolder.make(session.root), session.world.clock())


def make_run(
    session: Session, scope: Scope, *, offline: bool = False, waiting: Mapping[str, bytes] | None = None
) -> Planned:
    """Read the postmortems, ask the trackers, and plan.

    Args:
        session: The repository.
        scope: What the command line limits the run to.
        offline: Ask no tracker; a fork's pull request never does.
        waiting: Postmortems whose progress waits in a pull request, as they are there; None: as far as this clone knows.

    Raises:
        UsageError: a path doesn't exist, or no item stands where ``--new`` says.

    """
    limits = session.limit(scope)
    reading = session.read([session.world.folder / path for path in scope.paths])
    whole = reading.whole and _on_default_branch(session)
    known = {
        **waiting_links(session, waiting_here(session) if waiting is None else waiting),
        **_journal(session).created,
    }
    _check_new(reading, session.policy.new)
    sources = Sources(reading.documents, known, reading.unread, whole)
    pull = session.event.pull_request if session.event else None
    if offline or (pull is not None and pull.from_fork):
        facts = offline_facts(sources, session.policy)
        return Planned(reading, facts, make_plan(facts, session.policy), ())
    facts = gather(sources, session.policy, session.open_tracker, partial(io.may_exist, session.root))
    plan = make_plan(facts, session.policy)
    if (again := read_again(facts, plan, session.policy, session.open_tracker)) != facts:
        facts, plan = again, make_plan(again, session.policy)
    targets = targets_of(plan, session.open_tracker)
    private = _source_private(session, targets)
    refusals = (*check(plan, facts, limits), *check_targets(targets, session.policy, source_private=private))
    notices = about_visibility(targets, source_private=private)
    plan = replace(_without_refused(plan, targets), notices=(*plan.notices, *notices))
    besides = (*tally_changes(session, facts, plan), *reminder_changes(session, facts, plan))
    plan = replace(plan, changes=(*plan.changes, *besides))
    _tell_plan(plan)
    return Planned(reading, facts, discreet(plan, session.policy.places.home) if pull else plan, refusals)


def _tell_plan(plan: Plan) -> None:
    counts = {name: count for name, count in plan.summary.items() if count}
    told = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items())
    trace.tell("plan", f"planned: {told or 'nothing'}", level=trace.INFO, **counts)


def _tell_outcome(outcome: Outcome) -> None:
    change = outcome.change
    kind, ref = change.kind.value, str(outcome.ref or change.ref)
    ended = f"failed: {outcome.error}" if outcome.error else "done"
    told = f"{change.path}:{change.line} {kind} {ref} {ended}"
    trace.tell("outcome", told, kind=kind, path=change.path, line=change.line, ref=ref, error=outcome.error)


def _check_new(reading: Reading, new: Collection[tuple[str, int]]) -> None:
    places = {(pm.path, item.line) for pm in reading.postmortems for item in pm.items}
    for path, line in sorted(set(new) - places):
        hint = f"see where they stand: pm-sync items {shlex.quote(path)}"
        raise UsageError("no action item stands here", place=f"--new {path}:{line}", hint=hint)


def _journal(session: Session) -> Journal:
    now = session.world.clock()
    run = f"{now:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:8]}"
    journal = Journal(session.root / statefolder.NAME / "journal", run, now)
    if journal.left and git.tracks(session.root, statefolder.NAME):
        # It says which issues are ours, and would be believed.
        what = "is committed, so anybody who may propose a change could have written it"
        raise Refused(what, place=statefolder.NAME, hint=f"take it out: git rm -r --cached {statefolder.NAME}")
    return journal


def _on_default_branch(session: Session) -> bool:
    """Whether what is missing here is missing for good; without a remote there is nothing else to compare with."""
    if session.event is not None:
        return session.event.on_default_branch
    branch, default = git.branch(session.root), git.default_branch(session.root)
    if default is not None:
        return branch == default
    return session.origin is None or branch in {"main", "master"}


def _source_private(session: Session, targets: Mapping[str, Target]) -> bool | None:
    """Whether the postmortems are for few eyes; None where nobody says so."""
    if session.event is not None and session.event.private is not None:
        return session.event.private
    home = session.policy.places.home
    for place in session.policy.places.trackers:
        target = targets.get(place.name)
        if home and target and (place.site, place.project) == (home.site, home.project) and target.public is not None:
            return not target.public
    return None


def _awaited(planned: Planned, journal: Journal) -> bool:
    """Whether an item waits for what the journal knows: this run is not about it, or nobody knows any more what it knew."""
    known = {attempt.key for attempt in journal.left}
    lost = {(change.path, change.item) for change in planned.plan.of(ChangeKind.LOST)}
    return any(
        entry.mark(entry.item.ordinal).key in known
        for entry in planned.facts.entries
        if (not entry.document.selected and entry.item.annotation is None)
        or (entry.journalled and (entry.path, entry.index) in lost)
    )


def _without_refused(plan: Plan, targets: Mapping[str, Target]) -> Plan:
    """Withhold creates where the place for them says no; everything else goes on."""
    refused = {name: target.refusal for name, target in targets.items() if target.refusal}
    if not refused:
        return plan
    changes = (
        replace(change, kind=ChangeKind.CONFLICT, reason=f"not created: {refused[change.tracker]}")
        if change.kind is ChangeKind.CREATE and change.tracker in refused
        else change
        for change in plan.changes
    )
    return replace(plan, changes=tuple(changes))


def sync_run(session: Session, planned: Planned, observe: Observer) -> Synced:
    """Carry out a plan: the trackers first, then the files.

    Raises:
        Refused: a guard speaks against it.
        WriteError: the journal can't be written.

    """
    if planned.refusals:
        raise Refused("\n".join(planned.refusals))
    plan, journal = planned.plan, _journal(session)
    documents = [document for document in planned.facts.documents if document.selected]
    covers = frozenset(document.path for document in documents)
    before = standing(plan.changes, documents, session.policy)
    if not plan.pending and not journal.left:
        recording = _recording(session, plan, ())
        return Synced(SyncResult(plan), covers, rewriter(recording, documents, {}, before))

    def told(outcome: Outcome) -> None:
        _tell_outcome(outcome)
        observe(outcome)

    means = Means(session.open_tracker, journal, session.world.clock(), told, session.world.sleep)
    applied = apply_changes(plan.changes, means)
    settle_creates(plan.changes, applied, means)
    failed = [outcome.change for outcome in applied.outcomes.values() if not outcome.ok]
    recording = _recording(session, plan, failed)
    progress = progress_by_path(plan.changes, applied, session.policy.places)
    recorded = record(recording, documents, progress)
    unfinished = applied.lost or recorded.errors or planned.facts.failures or _awaited(planned, journal)
    journal.finish(whole=not unfinished)
    outcomes = [outcome for _, outcome in sorted(applied.outcomes.items())]
    result = SyncResult(
        plan=plan,
        outcomes=(*outcomes, *applied.extra, *file_outcomes(plan.changes, recorded)),
        files_changed=recorded.changed,
        file_errors=tuple(str(error) for error in recorded.errors),
        left=applied.left,
    )
    return Synced(result, covers, rewriter(recording, documents, progress, before))


def _recording(session: Session, plan: Plan, failed: Collection[Change]) -> Recording:
    also = tally_edits(session, plan, failed)
    return Recording(session.root, session.policy.write_back, session.read_postmortem, also)
