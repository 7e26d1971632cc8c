"""When an overdue item's issue is commented, and what is said."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pm_sync.model import Deferral
from pm_sync.status.reminders import due_remark
from tests.factories import status_item

DUE = date(2026, 5, 1)


@pytest.mark.parametrize(
    ("late", "key"),
    [
        (1, "reminder-2026-05-01-0d"),
        (6, "reminder-2026-05-01-0d"),
        (7, "reminder-2026-05-01-7d"),
        (90, "reminder-2026-05-01-30d"),
    ],
)
def test_last_threshold_passed_counts(late: int, key: str) -> None:
    """One comment for each threshold, and never several at once."""
    remark = due_remark(status_item(due=DUE, overdue=True), (0, 7, 30), DUE + timedelta(late))
    assert remark is not None
    assert remark.key == key


def test_before_the_first_threshold_nothing_is_said() -> None:
    """A grace of some days is a threshold that isn't passed yet."""
    assert due_remark(status_item(due=DUE, overdue=True), (7,), DUE + timedelta(6)) is None


def test_item_in_time_is_let_be() -> None:
    """Settled, deferred and timely items aren't overdue."""
    assert due_remark(status_item(due=DUE), (0,), DUE) is None
    assert due_remark(status_item(), (0,), DUE) is None


def test_says_where_the_date_comes_from() -> None:
    """A date that nobody wrote into the file is explained."""
    item = status_item(due=DUE, overdue=True, due_source="sla:P1")
    remark = due_remark(item, (0,), DUE + timedelta(3))
    assert remark is not None
    assert remark.text.startswith("This action item was due on 2026-05-01 (sla:P1) and is still open.\n")
    assert "postmortems/db.md" in remark.text


def test_lapsed_deferral_tells_its_reason() -> None:
    """It raises its alarm again by itself."""
    item = status_item(due=DUE, overdue=True, due_source="deferred", deferral=Deferral(DUE, "waits for the new rack"))
    remark = due_remark(item, (0,), DUE + timedelta(1))
    assert remark is not None
    assert "It was deferred until then: waits for the new rack" in remark.text
