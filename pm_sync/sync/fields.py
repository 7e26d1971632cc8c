"""Fields, three-way: only what changed in the postmortem is written, and never over somebody else's change."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from pm_sync.mark import value_hash
from pm_sync.model import Issue, IssueDraft
from pm_sync.trackers.base import FIELDS

FOUND = "found"
"""The base's entry for the box or state cell as it was when the issue was created in another state."""


class FieldConflict(Struct, frozen=True):
    """A field that both sides changed."""

    name: str
    file: str
    tracker: str


class FieldMoves(Struct, frozen=True):
    """What to do about one issue's fields."""

    changed: frozenset[str]
    conflicts: tuple[FieldConflict, ...]
    base: Mapping[str, str]
    """The base to put into the mark with the update."""


def draft_values(draft: IssueDraft) -> dict[str, str]:
    """Each owned field as the text that is hashed and compared."""
    return {
        "title": draft.title,
        "details": draft.details,
        "due": draft.due.isoformat() if draft.due else "",
        "priority": draft.priority or "",
        "labels": "\n".join(sorted(draft.labels)),
    }


def _issue_values(issue: Issue, draft: IssueDraft, holds: frozenset[str]) -> dict[str, str]:
    values = {
        "title": issue.title,
        "details": issue.details or "",
        "due": issue.due.isoformat() if issue.due else "",
        "priority": issue.priority or "",
        # Labels are only ever added, so an issue that has ours besides others has what the postmortem wants.
        "labels": "\n".join(sorted(set(draft.labels) & issue.labels)),
    }
    return {name: value for name, value in values.items() if name in holds}


def new_base(draft: IssueDraft) -> dict[str, str]:
    """The base of an issue that says just what the draft says."""
    return {name: value_hash(value) for name, value in draft_values(draft).items()}


def reconcile_fields(draft: IssueDraft, issue: Issue, holds: frozenset[str], owned: frozenset[str]) -> FieldMoves:
    """Compare the postmortem, the issue and the mark's base, field by field.

    Args:
        draft: What the postmortem asks for.
        issue: What the tracker has, with its mark.
        holds: The fields that the tracker has a place for.
        owned: The fields that the postmortem owns; the others are never written.

    """
    old = dict(issue.mark.base) if issue.mark else {}
    wanted, present = draft_values(draft), _issue_values(issue, draft, holds)
    changed: set[str] = set()
    conflicts: list[FieldConflict] = []
    base = dict(old)
    for name in (field for field in FIELDS if field in owned):
        want, have = value_hash(wanted[name]), present.get(name)
        # A mark that lost its base takes the tracker's values as the last ones both agreed on; what the postmortem
        # doesn't say at all, the tracker's people have set since then.
        before = old.get(name, value_hash(have) if have is not None and wanted[name] else want)
        if want == before:
            base[name] = before
        elif have is None or name == "labels" or value_hash(have) in (want, before):
            changed.add(name)
            base[name] = want
        else:
            conflicts.append(FieldConflict(name, wanted[name], have))
    return FieldMoves(frozenset(changed), tuple(conflicts), base)
