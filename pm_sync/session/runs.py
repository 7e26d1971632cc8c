"""What the commands do: plan, sync and status, over an open session."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

from pm_sync import git, io
from pm_sync.errors import Refused
from pm_sync.session.actions import refuse_writes
from pm_sync.session.lock import hold_lock
from pm_sync.session.scope import Scope
from pm_sync.session.session import Reading, Session
from pm_sync.session.standing import tally_changes, tally_edits
from pm_sync.sync.apply import Means, Observer, apply_changes
from pm_sync.sync.changes import ChangeKind, Plan, SyncResult
from pm_sync.sync.claims import Facts
from pm_sync.sync.gather import Sources, gather, offline_facts, targets_of
from pm_sync.sync.guards import about_visibility, check, check_targets
from pm_sync.sync.journal import Journal
from pm_sync.sync.plan import make_plan
from pm_sync.sync.record import Recording, file_outcomes, progress_by_path, record
from pm_sync.sync.settle import settle_creates
from pm_sync.trackers.base import Target


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, what it was made from, and what speaks against it."""

    reading: Reading
    facts: Facts
    plan: Plan
    refusals: tuple[str, ...]
    """Why it must not be carried out as it is."""


def locked(session: Session, *, allow_branch: bool = False) -> AbstractContextManager[None]:
    """Keep every other process on this machine from syncing this repository, and every workflow that must not write.

    Raises:
        Refused: the workflow may not write.
        LockHeld: another process holds it for longer than this one waits.

    """
    refuse_writes(session.event, allow_branch=allow_branch)
    return hold_lock(io.state_folder(session.root), session.world.clock())


def make_run(session: Session, scope: Scope, *, offline: bool = False) -> Planned:
    """Read the postmortems, ask the trackers, and plan.

    Raises:
        UsageError: a path doesn't exist, or no route fits an item.

    """
    limits = session.limit(scope)
    reading = session.read([session.world.folder / path for path in scope.paths])
    whole = reading.whole and _on_default_branch(session)
    sources = Sources(reading.documents, _journal(session).created, reading.unread, whole)
    if offline:
        facts = offline_facts(sources, session.policy)
        return Planned(reading, facts, make_plan(facts, session.policy), ())
    facts = gather(sources, session.policy, session.open_tracker, lambda path: (session.root / path).exists())
    plan = make_plan(facts, session.policy)
    targets = targets_of(plan, session.open_tracker)
    private = _source_private(session, targets)
    refusals = (*check(plan, facts, limits), *check_targets(targets, session.policy, source_private=private))
    notices = about_visibility(targets, source_private=private)
    plan = replace(_without_refused(plan, targets), notices=(*plan.notices, *notices))
    plan = replace(plan, changes=(*plan.changes, *tally_changes(session, facts, plan)))
    return Planned(reading, facts, plan, refusals)


def _journal(session: Session) -> Journal:
    now = session.world.clock()
    run = f"{now:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:8]}"
    return Journal(session.root / io.STATE_FOLDER / "journal", run, now)


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


def sync_run(session: Session, planned: Planned, observe: Observer) -> SyncResult:
    """Carry out a plan: the trackers first, then the files.

    Raises:
        Refused: a guard speaks against it.
        WriteError: the journal can't be written.

    """
    if planned.refusals:
        raise Refused("\n".join(planned.refusals))
    plan, journal = planned.plan, _journal(session)
    if not plan.pending and not journal.left:
        return SyncResult(plan)
    means = Means(session.open_tracker, journal, session.world.clock(), observe, session.world.sleep)
    applied = apply_changes(plan.changes, means)
    settle_creates(plan.changes, applied, means)
    failed = [outcome.change for outcome in applied.outcomes.values() if not outcome.ok]
    also = tally_edits(session, plan, failed)
    recording = Recording(session.root, session.policy.write_back, session.read_postmortem, also)
    documents = [document for document in planned.facts.documents if document.selected]
    recorded = record(recording, documents, progress_by_path(plan.changes, applied, session.policy.places))
    journal.finish(whole=not applied.lost and not recorded.errors and not planned.facts.failures)
    outcomes = [outcome for _, outcome in sorted(applied.outcomes.items())]
    return SyncResult(
        plan=plan,
        outcomes=(*outcomes, *applied.extra, *file_outcomes(plan.changes, recorded)),
        files_changed=recorded.changed,
        file_errors=tuple(str(error) for error in recorded.errors),
        left=applied.left,
    )
