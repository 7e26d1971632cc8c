"""Gathering: ask each tracker once for all that a plan needs to know."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from pm_sync.errors import TrackerError
from pm_sync.model import Issue, IssueRef
from pm_sync.sync.changes import ChangeKind, Plan
from pm_sync.sync.claims import Facts
from pm_sync.sync.entries import Document, Entry, is_settled, make_entries
from pm_sync.sync.policy import Policy
from pm_sync.sync.states import wish
from pm_sync.trackers.base import ReadRequest, Snapshot, Target, Tracker

OpenTracker = Callable[[str], Tracker]
"""Opens a tracker by its configured name, or gives the one that is open; raises TrackerError where it can't."""


class Sources(Struct, frozen=True):
    """What was read from the repository."""

    documents: tuple[Document, ...]
    known: Mapping[str, IssueRef]
    """Issues that the journal knows, by their items' keys."""
    unread: frozenset[str] = frozenset()
    whole: bool = False
    """Everything configured was read without an error, and this is the default branch."""


def gather(sources: Sources, policy: Policy, open_tracker: OpenTracker, exists: Callable[[str], bool]) -> Facts:
    """Ask the trackers; one that fails is noted and stops no other.

    Args:
        sources: The postmortems.
        policy: Where items go.
        open_tracker: Opens a tracker by name.
        exists: Whether a path (relative to the root) is there, to tell a renamed postmortem by.

    """
    entries = make_entries(sources.documents, policy, sources.known)
    snapshots: dict[str, Snapshot] = {}
    failures: dict[str, str] = {}
    for name in _trackers_to_ask(entries, policy, whole=sources.whole):
        request = _request(name, entries, policy, gone=sources.whole)
        try:
            snapshots[name] = open_tracker(name).read(request)
        except TrackerError as error:
            failures[name] = str(error)
    marked = {i.mark.path for snapshot in snapshots.values() for i in snapshot.marked if i.mark is not None}
    present = {document.path for document in sources.documents} | sources.unread
    gone = frozenset(path for path in marked - present if not exists(path))
    return Facts(sources.documents, entries, snapshots, failures, gone, sources.unread, sources.whole)


def offline_facts(sources: Sources, policy: Policy) -> Facts:
    """The facts that the files alone give."""
    entries = make_entries(sources.documents, policy, sources.known)
    return Facts(sources.documents, entries, unread=sources.unread, offline=True)


def _trackers_to_ask(entries: Iterable[Entry], policy: Policy, *, whole: bool) -> Sequence[str]:
    used = {entry.tracker for entry in entries if entry.document.selected}
    # A whole run also looks for issues whose items are gone, perhaps the last ones of their tracker.
    routed = {route.to for route in policy.routes} if whole and policy.routes else set()
    return sorted(used | routed)


def _request(name: str, entries: Sequence[Entry], policy: Policy, *, gone: bool) -> ReadRequest:
    own = [entry for entry in entries if entry.tracker == name]
    selected = [entry for entry in own if entry.document.selected]
    linked = dict.fromkeys(entry.ref for entry in own if entry.ref is not None)
    moving = {entry.ref for entry in selected if not _says_settled(entry, policy)}
    return ReadRequest(
        linked=tuple(linked),
        settled=frozenset(ref for ref in linked if ref not in moving),
        wanted=tuple(entry.mark(entry.item.ordinal) for entry in selected if _needs_issue(entry, policy)),
        named=tuple(entry.mark(entry.item.ordinal) for entry in own if entry.ref is not None),
        src=policy.trackers[name].src,
        gone=gone,
    )


def _says_settled(entry: Entry, policy: Policy) -> bool:
    """Whether the file says that its issue is settled, and asks for nothing else."""
    annotation = entry.item.annotation
    if annotation is None or not annotation.state.settled:
        return False
    holds = policy.trackers[entry.tracker].capabilities
    return wish(entry.item.control, annotation.state, holds) is None


def _needs_issue(entry: Entry, policy: Policy) -> bool:
    settled = is_settled(entry.item) and not policy.create_done
    return entry.identity is None and not (entry.baseline or entry.unrouted or settled)


def read_again(facts: Facts, plan: Plan, policy: Policy, open_tracker: OpenTracker) -> Facts:
    """Read by its address each issue that the plan is to act upon and that a search told of which may lag behind.

    Else what a run has just closed would be open again for the next one, and its postmortem would say so.
    """
    snapshots, failures = dict(facts.snapshots), dict(facts.failures)
    for name, refs in _acted_upon(plan, facts.snapshots).items():
        marks = tuple(entry.mark(entry.item.ordinal) for entry in facts.entries if entry.tracker == name)
        request = ReadRequest(linked=tuple(refs), named=marks, src=policy.trackers[name].src, gone=False)
        try:
            snapshots[name] = _renewed(snapshots[name], open_tracker(name).read(request))
        except TrackerError as error:
            failures[name] = str(error)
            del snapshots[name]
    return replace(facts, snapshots=snapshots, failures=failures)


def _acted_upon(plan: Plan, snapshots: Mapping[str, Snapshot]) -> Mapping[str, Mapping[IssueRef, None]]:
    """The issues from a search that the plan writes to or records anew, by tracker."""
    refs: dict[str, dict[IssueRef, None]] = defaultdict(dict)
    for change in plan.pending:
        snapshot = snapshots.get(change.tracker or "")
        if change.tracker and snapshot and change.issue is not None and change.issue.ref in snapshot.searched:
            refs[change.tracker][change.issue.ref] = None
    return refs


def _renewed(old: Snapshot, again: Snapshot) -> Snapshot:
    found = {ref: again.found.get(one.ref, one) if isinstance(one, Issue) else one for ref, one in old.found.items()}
    marked = (again.found.get(issue.ref, issue) for issue in old.marked)
    return replace(old, found=found, marked=tuple(i for i in marked if isinstance(i, Issue) and i.mark is not None))


def targets_of(plan: Plan, open_tracker: OpenTracker) -> Mapping[str, Target]:
    """Look at each place where the plan creates issues."""
    names = sorted({change.tracker for change in plan.of(ChangeKind.CREATE) if change.tracker})
    targets: dict[str, Target] = {}
    for name in names:
        try:
            targets[name] = open_tracker(name).target()
        except TrackerError as error:
            targets[name] = Target(refusal=str(error))
    return targets
