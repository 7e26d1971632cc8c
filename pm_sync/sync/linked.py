"""What to do about an item whose issue is known: fields, state, and what the file should say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from pm_sync.model import Issue, IssueDraft, IssueRef, State
from pm_sync.postmortem.writeback import Progress, is_annotated, item_edits
from pm_sync.sync.changes import Change, ChangeKind
from pm_sync.sync.entries import Entry, make_draft
from pm_sync.sync.fields import FOUND, FieldConflict, reconcile_fields
from pm_sync.sync.identity import Places
from pm_sync.sync.policy import Policy
from pm_sync.sync.states import StateMove, reconcile
from pm_sync.trackers.base import PARENT


class Ordinals:
    """Hands out the ordinals of marks, so that no two issues are given one key."""

    def __init__(self, issues: Iterable[Issue]) -> None:
        self._used = {(i.mark.src, i.mark.path, i.mark.text, i.mark.n) for i in issues if i.mark is not None}

    def take(self, entry: Entry) -> int:
        """The entry's own ordinal, or the lowest above that no other mark bears."""
        n = entry.item.ordinal
        while (entry.src, entry.path, entry.text, n) in self._used:
            n += 1
        self._used.add((entry.src, entry.path, entry.text, n))
        return n


class Bond(Struct, frozen=True):
    """An entry, its issue, and how the two stand to each other."""

    entry: Entry
    issue: Issue
    owns: bool
    """The entry is the issue's owner, and the issue bears our mark: its fields are kept in step."""
    restored: bool = False
    """It was found by its mark: the link is missing in the file."""
    copied: Entry | None = None
    """The owner, of whose annotation this entry carries a copy over another text."""

    @property
    def is_new(self) -> bool:
        """The file doesn't know of the issue yet, so that the run which made it was cut off."""
        return self.restored or self.entry.journalled

    def change(self, kind: ChangeKind, reason: str) -> Change:
        """A change about this entry and issue."""
        return change_for(self.entry, kind, reason, issue=self.issue)


def linked_changes(bond: Bond, policy: Policy, ordinals: Ordinals, moving: State | None = None) -> tuple[Change, ...]:
    """The changes for one entry and its issue; at least one, if only to say that all is well.

    Args:
        bond: The two.
        policy: Who owns what.
        ordinals: Where marks get theirs.
        moving: The state that this plan brings the issue into for another entry.

    """
    if bond.copied is not None:
        place = f"{bond.copied.path}:{bond.copied.item.line}"
        reason = f"copied link: {bond.issue.ref} belongs to {place}; remove the link to get an issue of its own"
        return (bond.change(ChangeKind.CONFLICT, reason),)
    fields = _field_change(bond, policy, ordinals)
    if fields is not None and fields.kind is ChangeKind.CONFLICT:
        return (fields,)
    move = _state_move(bond, policy, moving or bond.issue.state)
    state = _state_change(bond, move) or _file_change(bond, move, policy)
    return tuple(change for change in (fields, state) if change) or (_unchanged(bond, move),)


def place_under(
    bond: Bond, changes: Sequence[Change], parent: IssueRef | None, key: str, policy: Policy
) -> tuple[Change, ...]:
    """Let the changes for an entry make its issue a sub-task besides.

    Args:
        bond: The entry and its issue, which is its own.
        changes: What is to be done anyway.
        parent: The issue above; None where it is still to be made.
        key: The key of the item whose issue is still to be made.
        policy: What the issue should say.

    """
    fields = next((c for c in changes if c.kind is ChangeKind.UPDATE and c.draft is not None), None)
    if fields is not None and fields.draft is not None:
        draft = replace(fields.draft, parent=parent)
        placed = replace(fields, draft=draft, changed=fields.changed | {PARENT}, parent=key)
        return tuple(placed if change is fields else change for change in changes)
    mark = bond.issue.mark
    if mark is None:
        return tuple(changes)
    draft = replace(make_draft(bond.entry, mark.n, policy), mark=mark, parent=parent)
    change = bond.change(ChangeKind.UPDATE, "not a sub-task of the item above it yet")
    placed = replace(change, draft=draft, changed=frozenset({PARENT}), parent=key)
    return (placed, *(change for change in changes if change.kind is not ChangeKind.UNCHANGED))


def change_for(entry: Entry, kind: ChangeKind, reason: str, *, issue: Issue | None = None) -> Change:
    """A change about one entry."""
    return Change(
        kind=kind,
        path=entry.path,
        line=entry.item.line,
        text=entry.item.text,
        reason=reason,
        tracker=entry.tracker,
        ref=issue.ref if issue else entry.ref,
        item=entry.index,
        key=entry.mark(entry.item.ordinal).key,
        issue=issue,
    )


def _field_change(bond: Bond, policy: Policy, ordinals: Ordinals) -> Change | None:
    entry, issue, mark = bond.entry, bond.issue, bond.issue.mark
    if not bond.owns or mark is None:
        return None
    draft = make_draft(entry, mark.n, policy)
    moves = reconcile_fields(draft, issue, policy.trackers[entry.tracker].capabilities.holds, policy.owned)
    if moves.conflicts:
        return bond.change(ChangeKind.CONFLICT, _tell(moves.conflicts))
    if not moves.changed and not issue.cut_short:
        return None
    moved = (mark.path, mark.text) != (entry.path, entry.text)
    base = {**moves.base, **({FOUND: mark.base[FOUND]} if FOUND in mark.base else {})}
    draft = replace(draft, mark=replace(entry.mark(ordinals.take(entry) if moved else mark.n), base=base))
    change = bond.change(ChangeKind.UPDATE, _what_changed(moves.changed, draft, issue))
    return replace(change, draft=draft, changed=moves.changed)


def _tell(conflicts: tuple[FieldConflict, ...]) -> str:
    told = "; ".join(f"{c.name}: the file says {c.file!r}, the issue says {c.tracker!r}" for c in conflicts)
    return f"both sides changed {told}; make them equal on either side"


def _what_changed(changed: frozenset[str], draft: IssueDraft, issue: Issue) -> str:
    if not changed:
        return "its creation was cut short, its mark is completed"
    if changed == {"title"}:
        return f"reworded, was {issue.title!r}" if issue.title != draft.title else "both sides now say the same"
    return "changed in the file: " + ", ".join(sorted(changed))


def _state_move(bond: Bond, policy: Policy, tracker: State) -> StateMove:
    annotation, mark = bond.entry.item.annotation, bond.issue.mark
    return reconcile(
        annotation.state if annotation else None,
        bond.entry.item.control,
        tracker,
        policy.trackers[bond.entry.tracker].capabilities,
        found=mark.base.get(FOUND) if mark else None,
        manage=bond.owns or (policy.adopted == "manage" and not bond.issue.pull_request),
        file_wins=policy.state_owner == "file",
    )


def _state_change(bond: Bond, move: StateMove) -> Change | None:
    if move.remote is None:
        return None
    if move.remote.settled:
        kind = ChangeKind.CLOSE
    else:
        kind = ChangeKind.REOPEN if bond.issue.state.settled else ChangeKind.UPDATE
    return replace(bond.change(kind, move.reason), state=move.remote)


def _file_change(bond: Bond, move: StateMove, policy: Policy) -> Change | None:
    entry, issue = bond.entry, bond.issue
    if entry.ref is not None and entry.ref != issue.ref:
        kind, reason = ChangeKind.RELINK, f"{entry.ref} moved to {issue.ref}"
    elif not is_annotated(entry.item, policy.write_back):
        kind, reason = ChangeKind.WRITE_BACK, move.reason
    elif bond.restored:
        kind, reason = ChangeKind.WRITE_BACK, "its link is restored by the issue's mark"
    elif bond.is_new:
        kind, reason = ChangeKind.WRITE_BACK, "a run that was cut off created it"
    elif entry.item.annotation is None:
        kind, reason = ChangeKind.LINK, f"linked by hand; {move.reason}"
    else:
        kind, reason = ChangeKind.WRITE_BACK, move.reason
    change = replace(bond.change(kind, reason), state=move.record, day=issue.settled, control=move.control)
    edits = item_edits(entry.document.data, entry.item, progress_of(change, policy.places), policy.write_back)
    return change if edits else None


def _unchanged(bond: Bond, move: StateMove) -> Change:
    return bond.change(ChangeKind.UNCHANGED, move.reason if move.withheld else "in step")


def progress_of(change: Change, places: Places) -> Progress:
    """What the file should say after a change whose issue and state are known.

    Raises:
        ValueError: they are not.

    """
    if change.ref is None or change.state is None:
        msg = f"nothing to write back for {change.path}:{change.line}"
        raise ValueError(msg)
    return Progress(places.label(change.ref), change.ref.url, change.state, change.day, change.control)
