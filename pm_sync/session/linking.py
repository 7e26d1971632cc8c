"""Linking by hand: adopt an issue for an item, take a link out again, and explain where an item goes."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence

from msgspec import Struct

from pm_sync import io
from pm_sync.errors import NotFound, PmSyncError, Refused, UsageError
from pm_sync.markdown.edits import apply_edits
from pm_sync.model import Issue, IssueRef, Link, LinkPosition, Lost, RejectedItem, Span, Unreachable
from pm_sync.postmortem.writeback import Progress, removal_edits
from pm_sync.session.runs import Planned, make_run
from pm_sync.session.scope import Scope, parse_place
from pm_sync.session.session import Session
from pm_sync.sync.changes import Change
from pm_sync.sync.entries import Document, Entry, make_entries
from pm_sync.sync.matching import owner_of
from pm_sync.sync.record import Recording, record
from pm_sync.trackers.base import ReadRequest


class Linking(Struct, frozen=True):
    """What a link or unlink did."""

    path: str
    line: int
    text: str
    ref: IssueRef
    changed: bool
    """False: the file said so already."""


def find_entry(entries: Sequence[Entry], path: str, line: int) -> Entry:
    """The entry that stands at a line.

    Raises:
        UsageError: none does; the hint names the nearest one.

    """
    here = [entry for entry in entries if entry.path == path]
    for entry in here:
        first = entry.item.line
        if first <= line <= first + entry.item.span.cut(entry.document.data).rstrip().count(b"\n"):
            return entry
    near = min(here, key=lambda entry: abs(entry.item.line - line), default=None)
    hint = (
        f"the nearest is at {path}:{near.item.line}" if near else f"see what is read: pm-sync items {shlex.quote(path)}"
    )
    raise UsageError("no action item stands here", place=f"{path}:{line}", hint=hint)


def find_rejected(documents: Iterable[Document], path: str, line: int) -> RejectedItem | None:
    """What begins at a line and looks like an action item, but can't be used; None if nothing does."""
    found = (item for document in documents if document.path == path for item in document.postmortem.rejected)
    return next((item for item in found if item.line == line), None)


def link(session: Session, place: str, text: str) -> Linking:
    """Make the issue that ``text`` names the item's, by an annotation with the issue's state.

    Raises:
        UsageError: there is no such item, or nothing configured can hold such an issue.
        Refused: the item has another issue, or the issue another item.
        PmSyncError: the issue can't be read, or the file not be written.

    """
    path, line = parse_place(place, session.root, session.world.folder)
    entries = _entries(session, path, line)
    entry = find_entry(entries, path, line)
    ref, tracker = _resolve(session, text)
    if entry.ref is not None and entry.ref != ref:
        hint = f"take that link out first: pm-sync unlink {shlex.quote(place)}"
        raise Refused(f"is linked to {entry.ref} already", place=place, hint=hint)
    issue = _read(session, ref, tracker)
    _refuse_taken(entry, entries, issue)
    label = session.policy.places.label(issue.ref)
    progress = Progress(label, issue.ref.url, issue.state, issue.settled)
    changed = _write(session, entry, progress)
    return Linking(path, entry.item.line, entry.item.text, issue.ref, changed)


def _entries(session: Session, path: str, line: int) -> tuple[Entry, ...]:
    reading = session.read([session.root / path])
    for error in reading.errors:
        if (error.place or "").startswith(path):
            raise error
    if rejected := find_rejected(reading.documents, path, line):
        hint = "reword it, so that it can be read as an action item"
        raise UsageError(f"is no action item: {rejected.reason}", place=f"{path}:{line}", hint=hint)
    return make_entries(reading.documents, session.policy, {})


def _resolve(session: Session, text: str) -> tuple[IssueRef, str]:
    url = text if "://" in text else None
    found = session.policy.places.resolve(Link(text, url, Span(0, 0), LinkPosition.ALONE))
    if found is None:
        known = ", ".join(sorted({place.name for place in session.policy.places.trackers}))
        hint = f"give its address, #12, OWNER/REPO#12, KEY-12 or local#12; configured trackers: {known}"
        raise UsageError("names no issue of a configured tracker", place=text, hint=hint)
    return found


def _read(session: Session, ref: IssueRef, tracker: str) -> Issue:
    request = ReadRequest(linked=(ref,), gone=False)
    match session.open_tracker(tracker).read(request).found.get(ref):
        case Issue() as issue:
            return issue
        case Lost(reason) | Unreachable(reason):
            raise PmSyncError(f"can't be linked: {reason}", place=str(ref))
        case _:
            raise PmSyncError("can't be linked: the tracker said nothing of it", place=str(ref))


def _refuse_taken(entry: Entry, entries: Sequence[Entry], issue: Issue) -> None:
    others = [other for other in entries if other.ref == issue.ref and other is not entry]
    owner = owner_of(issue.mark, others, frozenset()) if others and issue.mark is not None else None
    if owner is not None:
        hint = "to follow it all the same, write its address behind the item by hand"
        raise Refused(f"is the issue of {owner.path}:{owner.item.line}", place=str(issue.ref), hint=hint)


def _write(session: Session, entry: Entry, progress: Progress) -> bool:
    recording = Recording(session.root, session.policy.write_back, session.read_postmortem)
    recorded = record(recording, [entry.document], {entry.path: {entry.index: progress}})
    for error in recorded.errors:
        raise error
    return bool(recorded.changed)


def unlink(session: Session, place: str) -> Linking:
    """Void our mark in the item's issue, then take our annotation out of the file.

    Raises:
        UsageError: there is no such item, or it has no annotation.
        PmSyncError: the tracker or the file can't be written.

    """
    path, line = parse_place(place, session.root, session.world.folder)
    entries = _entries(session, path, line)
    entry = find_entry(entries, path, line)
    if entry.item.annotation is None:
        hint = "a link written by hand is taken out by hand"
        raise UsageError("has no annotation of ours", place=f"{path}:{entry.item.line}", hint=hint)
    if isinstance(entry.identity, Unreachable) or entry.ref is None:
        hint = "configure its tracker, so that our mark in it can be voided, or take the annotation out by hand"
        raise UsageError("links an issue that nobody can be asked about", place=f"{path}:{entry.item.line}", hint=hint)
    _void_mark(session, entry, [other for other in entries if other.ref == entry.ref])
    data = apply_edits(entry.document.data, removal_edits(entry.item))
    io.replace_file(session.root, path, data, entry.document.data)
    return Linking(path, entry.item.line, entry.item.text, entry.ref, changed=True)


def _void_mark(session: Session, entry: Entry, linking: Sequence[Entry]) -> None:
    """Void the issue's mark if this is the entry that owns it; others only have a copy of its annotation."""
    tracker = session.open_tracker(entry.tracker)
    refs = tuple(filter(None, (entry.ref,)))
    try:
        found = [*tracker.read(ReadRequest(linked=refs, gone=False)).found.values()]
    except NotFound:
        # The whole tracker is gone, and all marks with it: taking out the links is just what is left to do.
        return
    for issue in found:
        if isinstance(issue, Issue) and issue.mark is not None and owner_of(issue.mark, linking, frozenset()) is entry:
            tracker.void_mark(issue)


class Explanation(Struct, frozen=True):
    """Why an item goes where it goes."""

    entry: Entry
    changes: tuple[Change, ...]
    """What a sync would do about it."""
    planned: Planned


def explain(session: Session, place: str, *, offline: bool) -> Explanation | RejectedItem:
    """Tell all that is known about one item, or why what stands there is none.

    Raises:
        UsageError: there is no such item.

    """
    path, line = parse_place(place, session.root, session.world.folder)
    file = session.root / path
    # No tracker knows anything of it.
    if rejected := find_rejected(session.read([file], all_for_identity=False).documents, path, line):
        return rejected
    scope = Scope(paths=(str(file),))
    planned = make_run(session, scope, offline=offline)
    entry = find_entry(planned.facts.entries, path, line)
    changes = tuple(c for c in planned.plan.changes if (c.path, c.item) == (path, entry.index))
    return Explanation(entry, changes, planned)
