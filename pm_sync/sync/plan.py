"""The plan: from postmortems and issues to the changes that bring them into step. Pure and total."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Iterator
from math import ceil

from msgspec.structs import replace

from pm_sync.model import Issue, IssueRef, Lost, State, Unreachable
from pm_sync.sync.changes import Change, ChangeKind, Plan, Remark, Removed
from pm_sync.sync.claims import Claims, Facts
from pm_sync.sync.entries import Entry, is_settled, make_draft
from pm_sync.sync.linked import Bond, change_for, linked_changes, place_under
from pm_sync.sync.policy import Policy
from pm_sync.trackers.base import SAID, Snapshot
from pm_sync.trackers.pace import expected_wait


def make_plan(facts: Facts, policy: Policy) -> Plan:
    """Decide about every item; each selected one gives at least one change, or counts as baseline."""
    planner = _Planner(facts, policy)
    selected = [entry for entry in facts.entries if entry.document.selected]
    changes = [change for entry in selected for change in planner.about(entry)]
    changes += planner.about_issues()
    gone = [issue for issue in planner.claims.gone(facts) if _is_left_alone(issue, policy)]
    return Plan(
        changes=tuple(changes),
        baseline=sum(planner.claims.is_baseline(entry) for entry in selected),
        rejected=tuple((d.path, item) for d in facts.documents if d.selected for item in d.postmortem.rejected),
        removed=tuple(Removed(issue.ref, issue.title, _path(issue)) for issue in gone),
        notices=(*_notices(facts), *_waits(changes, policy)),
    )


_SHOWN = 3
"""Issues named where there may be very many."""
_Above = tuple[str, int, tuple[str, str] | None]
"""An item that sub-tasks may stand under, by path and index, and the kind and site of the server that has its issue."""


class _Planner:
    """Asked about one entry after the other, in path and line order, so that a parent comes before its sub-tasks."""

    def __init__(self, facts: Facts, policy: Policy) -> None:
        self._facts, self._policy = facts, policy
        self.claims = Claims(facts, policy)
        self._servers = {place.name: (place.kind, place.site) for place in policy.places.trackers}
        self._keys: dict[_Above, str] = {}
        self._refs: dict[_Above, IssueRef] = {}
        self._new: set[_Above] = set()
        """Items whose issue the file doesn't know of yet."""
        self._bonds: dict[int, Bond] = {}
        self._decided = self._decide()

    def _decide(self) -> dict[int, tuple[Change, ...]]:
        """Decide about items whose issue is known, owners first: what one of them moves is moved for all that link it."""
        bonds = [bond for entry in self._facts.entries if entry.document.selected and (bond := self._bond(entry))]
        decided: dict[int, tuple[Change, ...]] = {}
        moved: dict[IssueRef, State] = {}
        for bond in sorted(bonds, key=lambda bond: not bond.owns):
            changes = linked_changes(bond, self._policy, self.claims.ordinals, moved.get(bond.issue.ref))
            moved.update((bond.issue.ref, c.state) for c in changes if c.kind.remote and c.state is not None)
            decided[id(bond.entry)] = changes
            self._bonds[id(bond.entry)] = bond
        return decided

    def _bond(self, entry: Entry) -> Bond | None:
        restored = self.claims.matches.issues.get(id(entry))
        if restored is not None:
            return Bond(entry, restored, owns=True, restored=True)
        if entry.ref is None or entry.tracker in self._facts.failures:
            return None
        issue = self.claims.issues.get(entry.ref)
        return self.claims.bond(entry, issue) if issue else None

    def about(self, entry: Entry) -> Iterator[Change]:
        """What to do about one entry."""
        for change in self._placed(entry, tuple(self._about(entry))):
            if change.kind is not ChangeKind.CONFLICT and (ref := _ours(entry, change)):
                self._refs[entry.path, entry.index, (ref.kind, ref.site)] = ref
            yield change

    def _placed(self, entry: Entry, changes: tuple[Change, ...]) -> tuple[Change, ...]:
        """Make the issue a sub-task where a run that was cut off may not have come to that.

        While the file knows both issues, it is left to people whether one stands under the other.
        """
        bond = self._bonds.get(id(entry))
        if bond is None or not bond.owns or any(change.kind is ChangeKind.CONFLICT for change in changes):
            return changes
        place = (bond.issue.ref.kind, bond.issue.ref.site)
        above = self._above(entry, place)
        if bond.is_new:
            self._new.add((entry.path, entry.index, place))
        elif above not in self._new:
            return changes
        parent, key = self._refs.get(above), self._keys.get(above, "")
        if not key and (parent is None or parent in bond.issue.parents):
            return changes
        return place_under(bond, changes, parent, key, self._policy)

    def _above(self, entry: Entry, place: tuple[str, str] | None) -> _Above:
        return (entry.path, -1 if entry.item.parent is None else entry.item.parent, place)

    def _about(self, entry: Entry) -> Iterator[Change]:
        if id(entry) in self._decided:
            yield from self._decided[id(entry)]
        elif isinstance(entry.identity, Unreachable):
            yield change_for(entry, ChangeKind.UNREACHABLE, entry.identity.reason)
        elif entry.ref is not None:
            yield self._about_unseen(entry, entry.ref)
        elif not self.claims.is_baseline(entry):
            yield self._about_unlinked(entry)

    def _about_unseen(self, entry: Entry, ref: IssueRef) -> Change:
        if entry.tracker in self._facts.failures:
            return change_for(entry, ChangeKind.UNREACHABLE, self._facts.failures[entry.tracker])
        match self.claims.found.get(ref):
            case Lost(reason):
                return change_for(entry, ChangeKind.LOST, _lost(entry, reason))
            case Unreachable(reason):
                return change_for(entry, ChangeKind.UNREACHABLE, reason)
            case _:
                return change_for(entry, ChangeKind.UNCHANGED, "not asked" if self._facts.offline else "settled")

    def _about_unlinked(self, entry: Entry) -> Change:
        if is_settled(entry.item) and not self._policy.create_done:
            return change_for(entry, ChangeKind.UNCHANGED, "already settled, and never tracked")
        if entry.tracker in self._facts.failures:
            return change_for(entry, ChangeKind.UNREACHABLE, self._facts.failures[entry.tracker])
        if entry.unrouted:
            reason = "no route fits this item; add a last route without conditions: - {to: NAME}"
            return change_for(entry, ChangeKind.CONFLICT, reason)
        alike = self.claims.matches.alike.get(id(entry))
        if alike is not None:
            return replace(change_for(entry, ChangeKind.CONFLICT, _perhaps(entry, alike)), ref=alike.ref)
        refusal = self._facts.snapshots.get(entry.tracker, Snapshot()).refusal
        if refusal:
            return change_for(entry, ChangeKind.CONFLICT, f"not created: {refusal}")
        return self._create(entry)

    def _create(self, entry: Entry) -> Change:
        server = self._servers.get(entry.tracker)
        above = self._above(entry, server)
        draft = make_draft(entry, self.claims.ordinals.take(entry), self._policy)
        draft = replace(draft, parent=self._refs.get(above))
        self._keys[entry.path, entry.index, server] = draft.mark.key
        self._new.add((entry.path, entry.index, server))
        reason = "not looked up" if self._facts.offline else "no issue yet"
        change = change_for(entry, ChangeKind.CREATE, reason)
        return replace(change, draft=draft, key=draft.mark.key, parent=self._keys.get(above, ""))

    def about_issues(self) -> Iterator[Change]:
        """What to do about issues that no item has."""
        for twin, kept in self.claims.twins():
            reason = f"made twice for one item: {kept.ref} stays"
            change = self._about_issue(twin, ChangeKind.DUPLICATE, reason)
            yield replace(change, state=State.DROPPED, duplicate_of=kept.ref)
        if self._policy.removed == "report":
            return
        for issue in self.claims.gone(self._facts):
            if self._policy.removed == "close":
                yield replace(self._about_issue(issue, ChangeKind.CLOSE, "its item is gone"), state=State.DROPPED)
            elif not is_told(issue, remark := _removal(issue)):
                change = self._about_issue(issue, ChangeKind.COMMENT, "its item is gone")
                yield replace(change, remark=remark)

    def _about_issue(self, issue: Issue, kind: ChangeKind, reason: str) -> Change:
        tracker = next(name for name, snapshot in self._facts.snapshots.items() if issue in snapshot.marked)
        key = issue.mark.key if issue.mark else ""
        return Change(kind, _path(issue), 1, issue.title, reason, tracker, issue.ref, key=key, issue=issue)


def _ours(entry: Entry, change: Change) -> IssueRef | None:
    """The change's issue if it bears our mark: a sub-task under any other would be written into a stranger's issue."""
    issue = change.issue
    ours = issue is not None and not issue.pull_request and issue.mark is not None and issue.mark.src == entry.src
    return issue.ref if issue is not None and ours else None


def _notices(facts: Facts) -> Iterator[str]:
    for name, reason in sorted(facts.failures.items()):
        yield f"{name}: {reason}"
    for name, snapshot in sorted(facts.snapshots.items()):
        if snapshot.foreign:
            shown = ", ".join(str(issue.ref) for issue in snapshot.foreign[:_SHOWN])
            more = f" and {len(snapshot.foreign) - _SHOWN} more" if len(snapshot.foreign) > _SHOWN else ""
            yield (
                f"{name}: the mark in {shown}{more} is not believed, so nobody's item is in it: "
                "its author has no rights there (trusted_authors), or the tracking label was taken off"
            )


def _waits(changes: Iterable[Change], policy: Policy) -> Iterator[str]:
    """How long the creates will take where a tracker takes only so many at once."""
    creates = Counter(change.tracker for change in changes if change.kind is ChangeKind.CREATE and change.tracker)
    for name, count in sorted(creates.items()):
        limits = policy.trackers[name].capabilities.create_limits
        if minutes := ceil(expected_wait(count, limits) / 60):
            pace = " and ".join(f"{n} {span}" for n, span in zip(limits, ("a minute", "an hour"), strict=True) if n)
            yield f"{name}: {count} new issues take at least {minutes} min, at {pace}"


def is_told(issue: Issue, remark: Remark) -> bool:
    """Whether the issue's mark notes that this was said already."""
    return issue.mark is not None and issue.mark.base.get(SAID) == remark.key


def _is_left_alone(issue: Issue, policy: Policy) -> bool:
    return policy.removed == "report" or (policy.removed == "comment" and is_told(issue, _removal(issue)))


def _removal(issue: Issue) -> Remark:
    text = f"The action item of this issue is no longer in {_path(issue)}. Close the issue if nobody needs it any more."
    return Remark(text, f"removed-{issue.mark.key}" if issue.mark else "")


def _path(issue: Issue) -> str:
    return issue.mark.path if issue.mark else ""


def _lost(entry: Entry, reason: str) -> str:
    """A link in the file is for its writer to take out; of an issue that only the journal knows it has none."""
    if not entry.journalled:
        return reason
    place = shlex.quote(f"{entry.path}:{entry.item.line}")
    return f"{reason}, before the file knew of it; if another is wanted: pm-sync sync --new {place}"


def _perhaps(entry: Entry, issue: Issue) -> str:
    moved = issue.mark is not None and issue.mark.text == entry.text
    what = f"moved from {_path(issue)}" if moved else "reworded"
    place = shlex.quote(f"{entry.path}:{entry.item.line}")
    return (
        f'perhaps {what}: {issue.ref} "{issue.title}"; if it is the same: pm-sync link {place} {issue.ref}; '
        f"if it is a new one: pm-sync sync --new {place}"
    )
