"""Reminding: comments that a plan makes on the issues of overdue items."""

from __future__ import annotations

from collections.abc import Iterator

from pm_sync.session.session import Session
from pm_sync.session.standing import status_report, today
from pm_sync.status.reminders import due_remark
from pm_sync.sync.changes import Change, ChangeKind, Plan
from pm_sync.sync.claims import Facts
from pm_sync.sync.plan import is_told


def reminder_changes(session: Session, facts: Facts, plan: Plan) -> Iterator[Change]:
    """A comment for each issue of ours whose item has passed a threshold that its mark doesn't note yet."""
    thresholds = session.config.reminders
    if not thresholds:
        return
    known = {(change.path, change.line): change for change in plan.changes if change.item is not None}
    written = {change.ref for change in plan.changes if change.kind.remote}
    for item in status_report(session, facts, plan).items:
        change, remark = known[item.path, item.line], due_remark(item, thresholds, today(session))
        issue = change.issue
        if remark is None or issue is None or issue.mark is None or is_told(issue, remark):
            continue
        # What changes now is answered by people first; and one issue is reminded of once, whoever shares it.
        if issue.ref in written:
            continue
        written.add(issue.ref)
        reason = f"overdue since {item.due}"
        yield Change(
            ChangeKind.COMMENT,
            item.path,
            item.line,
            item.title,
            reason,
            change.tracker,
            issue.ref,
            issue=issue,
            remark=remark,
        )
