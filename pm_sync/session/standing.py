"""Standing: how each item stands, by what a plan knows of it, and the tallies that are kept in the postmortems."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import UTC, date, tzinfo

from pm_sync.markdown.edits import Edit
from pm_sync.model import ActionItem, Section, State
from pm_sync.postmortem.tally import Tally, front_matter_edits, section_edits, section_of
from pm_sync.session.discreet import is_home
from pm_sync.session.session import Session
from pm_sync.status import StatusItem, StatusReport, Tracked, make_status, sla_rules
from pm_sync.status.items import LOST, UNREACHABLE, UNSYNCED
from pm_sync.sync.changes import Change, ChangeKind, Plan
from pm_sync.sync.claims import Facts
from pm_sync.sync.entries import Document, is_older, is_settled

_Place = tuple[str, int]
"""A postmortem's path and an item's index in it."""


def status_report(session: Session, facts: Facts, plan: Plan) -> StatusReport:
    """How every selected item that isn't baseline stands today, before anything is done."""
    told = {(change.path, change.item): change for change in plan.changes if change.item is not None}
    documents = [document for document in facts.documents if document.selected]
    tracked = [
        _track(session, change, item)
        for document in documents
        for index, item in enumerate(document.postmortem.items)
        if (change := told.get((document.path, index)))
    ]
    return _judge(session, documents, tracked, plan.baseline)


def _judge(session: Session, documents: Iterable[Document], tracked: list[Tracked], baseline: int = 0) -> StatusReport:
    sla = session.config.sla
    rules = sla_rules(sla.preset, sla.days, business_days=sla.business_days)
    postmortems = {document.path: document.postmortem for document in documents}
    return make_status(postmortems, tracked, rules, today(session), baseline=baseline)


def today(session: Session) -> date:
    """The day it is in the configured time zone."""
    return session.world.clock().astimezone(_zone(session.config.timezone)).date()


def _zone(name: str) -> tzinfo:
    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - hardly any configuration names a time zone

    return ZoneInfo(name)


def _track(session: Session, change: Change, item: ActionItem) -> Tracked:
    issue = change.issue
    created = issue.created.date() if issue else None
    watched = session.event is not None and session.event.pull_request is not None
    shown = not watched or is_home(change.ref, session.policy.places.home)
    assignees = issue.assignees if issue and shown else ()
    return Tracked(item, change.path, _state(change, item), change.ref, created, assignees)


def _state(change: Change, item: ActionItem) -> str:
    match change.kind:
        case ChangeKind.LOST:
            return LOST
        case ChangeKind.UNREACHABLE:
            return UNREACHABLE
    return change.issue.state.value if change.issue is not None else _state_alone(item)


def _state_alone(item: ActionItem) -> str:
    """What the file alone says."""
    if item.annotation is not None:
        return item.annotation.state.value
    return State.DONE.value if is_settled(item) else UNSYNCED


def tally_changes(session: Session, facts: Facts, plan: Plan) -> Iterator[Change]:
    """The changes to tallies that carrying out the plan will bring, one for each postmortem."""
    edits = tally_edits(session, plan)
    for document in facts.documents:
        if document.selected and (found := list(edits(document))):
            line = document.data.count(b"\n", 0, found[0].span.start) + 1
            counts = found[0].new.decode().strip()
            yield Change(
                ChangeKind.WRITE_BACK, document.path, line, document.postmortem.incident.title, f"tally: {counts}"
            )


def tally_edits(session: Session, plan: Plan, failed: Collection[Change] = ()) -> Callable[[Document], Iterable[Edit]]:
    """What keeps the tallies of a postmortem true once a plan was carried out, but for what failed of it."""
    kept = session.config.write_back.progress
    states = {} if kept == "none" else _states_after(plan, failed)

    def edits(document: Document) -> Iterator[Edit]:
        if kept == "none" or not document.postmortem.items or _is_left_alone(session, document):
            return
        sections = _tallies(session, document, states)
        if kept == "section":
            headed = {section: tally for section, tally in sections.items() if section is not None}
            found = section_edits(document.data, headed)
        else:
            found = front_matter_edits(document.data, document.postmortem, _sum(sections.values()))
        yield from (edit for edit in found if edit.changes(document.data))

    return edits


def _is_left_alone(session: Session, document: Document) -> bool:
    """Whether ``since`` leaves the postmortem as it is: nothing of it is synced, so nothing is counted."""
    followed = any(item.annotation is not None for item in document.postmortem.items)
    return not followed and is_older(document.postmortem, session.policy)


def _states_after(plan: Plan, failed: Collection[Change]) -> Mapping[_Place, str]:
    states: dict[_Place, str] = {}
    for change in plan.changes:
        if change.item is None or change in failed:
            continue
        if change.kind is ChangeKind.CREATE and change.draft is not None:
            states[change.path, change.item] = change.draft.state.value
        elif change.state is not None:
            states[change.path, change.item] = change.state.value
    return states


def _tallies(session: Session, document: Document, states: Mapping[_Place, str]) -> dict[Section | None, Tally]:
    """The tally of each section; None stands for what no heading opened."""
    tracked = [
        Tracked(item, document.path, states.get((document.path, index)) or _state_alone(item))
        for index, item in enumerate(document.postmortem.items)
    ]
    judged = _judge(session, [document], tracked).items
    groups: dict[Section | None, list[StatusItem]] = defaultdict(list)
    for item, standing in zip(document.postmortem.items, judged, strict=True):
        groups[section_of(document.postmortem, item.span.start)].append(standing)
    return {section: _count(items) for section, items in groups.items()}


def _count(items: Iterable[StatusItem]) -> Tally:
    counted = [item for item in items if item.state != State.DROPPED]
    done = sum(item.state == State.DONE for item in counted)
    return Tally(len(counted), done, sum(item.overdue for item in counted))


def _sum(tallies: Iterable[Tally]) -> Tally:
    totals = [(tally.total, tally.done, tally.overdue) for tally in tallies]
    return Tally(*(sum(column) for column in zip(*totals, strict=True)))
