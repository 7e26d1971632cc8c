"""Discretion: a pull request's plan is read by whoever sees the pull request, not by whoever may see each tracker."""

from __future__ import annotations

from msgspec.structs import replace

from pm_sync.model import IssueRef
from pm_sync.sync.changes import Change, ChangeKind, Plan
from pm_sync.sync.identity import Place

_WITHHELD = {
    ChangeKind.CONFLICT: "needs a person; `pm-sync plan` tells those who may see the issue what it is about",
    ChangeKind.UPDATE: "changed in the file",
}
"""In place of reasons that may quote an issue."""


def is_home(ref: IssueRef | None, home: Place | None) -> bool:
    """Whether an issue is in the running repository, or in the repository's own embedded tracker."""
    if ref is None or ref.kind == "local":
        return True
    return home is not None and (ref.kind, ref.site, ref.project) == (home.kind, home.site, home.project)


def discreet(plan: Plan, home: Place | None) -> Plan:
    """The plan without a word that stands in an issue outside of the running repository."""
    return replace(
        plan,
        changes=tuple(change if is_home(change.ref, home) else _discreet(change) for change in plan.changes),
        removed=tuple(gone if is_home(gone.ref, home) else replace(gone, title=str(gone.ref)) for gone in plan.removed),
    )


def _discreet(change: Change) -> Change:
    text = change.text if change.item is not None else str(change.ref)
    return replace(change, text=text, reason=_WITHHELD.get(change.kind, change.reason))
