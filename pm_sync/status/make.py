"""Say how each item stands on a given day: its age, its due date and where that comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from pm_sync.model import ActionItem, Incident, Postmortem, State
from pm_sync.postmortem.day import incident_day
from pm_sync.status.items import SETTLED, StatusItem, StatusReport, Tracked
from pm_sync.status.sla import SlaRules


def make_status(
    postmortems: Mapping[str, Postmortem],
    tracked: Sequence[Tracked],
    sla: SlaRules,
    today: date,
    *,
    baseline: int = 0,
) -> StatusReport:
    """Judge each tracked item on the day ``today``.

    Args:
        postmortems: By path; each path of ``tracked`` is among them.
        tracked: The items with what the plan knows of their issues, in the order to report them.
        sla: What gives a due date to items that have none.
        today: In the configured time zone.
        baseline: How many items stay out because they are older than ``since``.

    """
    items = tuple(_judge(one, postmortems[one.path].incident, sla, today) for one in tracked)
    return StatusReport(today, items, baseline)


def _judge(tracked: Tracked, incident: Incident, sla: SlaRules, today: date) -> StatusItem:
    item = tracked.item
    start = clock_start(incident, tracked.path, tracked.created)
    due, source = _due(item, incident, sla, start)
    active = tracked.state not in SETTLED and not _settled_in_file(item, tracked.state)
    return StatusItem(
        path=tracked.path,
        line=item.line,
        text=item.text,
        title=item.title,
        state=tracked.state,
        active=active,
        ref=tracked.ref,
        owners=item.owners or tracked.assignees,
        team=item.team,
        priority=item.priority,
        severity=incident.severity,
        due=due,
        due_source=source,
        deferral=item.deferral,
        deferred=active and item.deferral is not None and today <= item.deferral.until,
        age_days=max(0, (today - start).days) if start else None,
        overdue=active and due is not None and today > due,
    )


def _settled_in_file(item: ActionItem, state: str) -> bool:
    """Whether the postmortem's last word is that nothing is left to do, where the tracker can't tell."""
    if state in (State.OPEN, State.IN_PROGRESS):
        return False
    return item.annotation.state.settled if item.annotation else item.done is True


def _due(item: ActionItem, incident: Incident, sla: SlaRules, start: date | None) -> tuple[date | None, str | None]:
    """The due date and its source; a deferral moves an earlier date, and never brings a later one forward."""
    due, source = _own_due(item, incident, sla, start)
    if item.deferral and (due is None or due < item.deferral.until):
        return item.deferral.until, "deferred"
    return due, source


def _own_due(item: ActionItem, incident: Incident, sla: SlaRules, start: date | None) -> tuple[date | None, str | None]:
    if item.due:
        return item.due, "item"
    rule = sla.rule(item.priority, incident.severity)
    if rule is None or start is None:
        return None, None
    return sla.due(rule, start), f"sla:{rule}"


def clock_start(incident: Incident, path: str, created: date | None) -> date | None:
    """The day from which age and SLA count: the incident's, else the day the issue was created, else None."""
    return incident_day(incident, path) or created
