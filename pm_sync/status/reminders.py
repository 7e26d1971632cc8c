"""Reminders: what to say on an overdue item's issue, once for each threshold it has passed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pm_sync.status.items import StatusItem
from pm_sync.sync.changes import Remark


def due_remark(item: StatusItem, thresholds: Sequence[int], today: date) -> Remark | None:
    """What to comment now, or None.

    Only the last threshold passed counts: whoever turns reminders on is not told of all that went before.

    Args:
        item: How the item stands.
        thresholds: Days after the due date.
        today: In the configured time zone.

    """
    if not item.overdue or item.due is None:
        return None
    late = (today - item.due).days
    passed = max((threshold for threshold in thresholds if threshold <= late), default=None)
    if passed is None:
        return None
    # A due date that is moved begins anew; the date in the key sees to that.
    return Remark(_text(item, item.due), f"reminder-{item.due}-{passed}d")


def _text(item: StatusItem, due: date) -> str:
    why = f" ({item.due_source})" if item.due_source and item.due_source.startswith("sla:") else ""
    deferred = (
        f" It was deferred until then: {item.deferral.reason}"
        if item.due_source == "deferred" and item.deferral
        else ""
    )
    return (
        f"This action item was due on {due}{why} and is still open.{deferred}\n\n"
        f"It stands in {item.path}. Finish it, decide against it, or give it another date there."
    )
