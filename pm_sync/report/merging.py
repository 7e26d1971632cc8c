"""The comment on a pull request: what merging it will do, in a sentence, and the plan below."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from pm_sync.report import markdown
from pm_sync.report.base import Options
from pm_sync.report.markdown import escape
from pm_sync.report.words import plural
from pm_sync.sync.changes import ChangeKind, Plan

_VERBS: Mapping[ChangeKind, str] = {
    ChangeKind.CREATE: "opens",
    ChangeKind.UPDATE: "updates",
    ChangeKind.CLOSE: "closes",
    ChangeKind.REOPEN: "reopens",
    ChangeKind.COMMENT: "comments on",
    ChangeKind.DUPLICATE: "closes as duplicate",
}


def merging(plan: Plan, places: Mapping[str, str]) -> str:
    """Say what merging does.

    Args:
        plan: What a sync of the merged files would do.
        places: What people call each tracker, by its configured name: ``acme/infra`` for a repository.

    """
    counts = Counter((change.kind, change.tracker or "") for change in plan.changes if change.kind.remote)
    parts = [
        f"{verb} {plural(counts[kind, tracker], 'issue')} in {places.get(tracker, tracker)}"
        for kind, verb in _VERBS.items()
        for tracker in sorted({name for of, name in counts if of is kind})
    ]
    lead = f"Merging this {_listed(parts)}." if parts else "Merging this writes to no issue."
    return f"{escape(lead)}\n\n{markdown.plan(plan, Options())}"


def _listed(parts: Iterable[str]) -> str:
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last
