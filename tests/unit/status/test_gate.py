"""The conditions of ``--fail-on``."""

from datetime import date
from typing import Any

import pytest

from pm_sync.errors import UsageError
from pm_sync.model import Deferral
from pm_sync.status import StatusItem, StatusReport
from pm_sync.status.gate import Gate
from tests.factories import PATH, github_ref, status_item


def failures(gate: str, *items: StatusItem) -> list[str]:
    """What the gate says of these items."""
    report = StatusReport(date(2026, 6, 1), items)
    return [failure.message for failure in Gate.parse(gate).failures(report)]


LATE: dict[str, Any] = {"due": date(2026, 5, 1), "due_source": "item", "overdue": True}


@pytest.mark.parametrize(
    ("gate", "fields", "message"),
    [
        ("overdue", LATE, "was due on 2026-05-01"),
        ("overdue", {**LATE, "due_source": "sla:P1"}, "was due on 2026-05-01 (sla:P1)"),
        (
            "overdue",
            {**LATE, "due_source": "deferred", "deferral": Deferral(date(2026, 5, 1), "budget")},
            "was deferred until 2026-05-01: budget",
        ),
        ("unowned", {}, "has no owner"),
        ("no-due", {}, "has no due date"),
        ("stale:30d", {"age_days": 31}, "is open for 31 days"),
        ("stale:0", {"age_days": 1}, "is open for 1 day"),
        ("unsynced", {"state": "unsynced"}, "has no issue yet"),
        ("lost", {"state": "lost"}, "is linked to an issue that is gone"),
        ("unreachable", {"state": "unreachable"}, "is linked to an issue that can't be read"),
    ],
)
def test_each_condition_says_what_is_wrong(gate: str, fields: dict[str, Any], message: str) -> None:
    """An item that meets the condition fails with a message that follows its title."""
    assert failures(gate, status_item(**fields)) == [message]


@pytest.mark.parametrize(
    "gate", ["overdue", "unowned", "no-due", "stale:30d", "unsynced", "lost", "unreachable", "", ","]
)
def test_an_item_in_good_order_passes(gate: str) -> None:
    """Owner, due date in the future, an issue: nothing to say; and an empty gate never fails."""
    fine = status_item(owners=("bob",), due=date(2026, 7, 1), age_days=30)
    assert failures(gate, fine) == []


@pytest.mark.parametrize("gate", ["unowned", "no-due", "stale:30d", "unsynced"])
def test_a_settled_item_passes(gate: str) -> None:
    """What is done needs no owner, due date or issue any more."""
    assert failures(gate, status_item(active=False, state="unsynced", age_days=99)) == []


@pytest.mark.parametrize(
    ("gate", "fields", "fails"),
    [
        ("overdue:P1", {"priority": "P1"}, True),
        ("overdue:P1", {"priority": "critical"}, True),
        ("overdue:p1", {"priority": "P2", "severity": "SEV1"}, False),
        ("overdue:P1", {"severity": "SEV1"}, True),
        ("overdue:SEV1", {"severity": "SEV2"}, False),
        ("overdue:high", {"priority": "whenever"}, False),
        ("overdue:P1", {}, False),
    ],
)
def test_overdue_by_urgency(gate: str, fields: dict[str, Any], fails: bool) -> None:
    """The named priority and all more urgent ones count; without a priority the incident's severity does."""
    assert bool(failures(gate, status_item(**LATE, **fields))) is fails


def test_failures_stand_in_the_reports_order_and_once() -> None:
    """Two conditions that say the same of an item say it once."""
    first = status_item(title="One", priority="P0", owners=("bob",), **LATE)
    second = status_item(title="Two", line=14, due=date(2026, 7, 1))
    gate = Gate.parse("unowned, overdue, overdue:P1")
    found = gate.failures(StatusReport(date(2026, 6, 1), (first, second)))
    assert [str(failure) for failure in found] == [
        f"{PATH}:12: acme/infra#4 “One” was due on 2026-05-01",
        f"{PATH}:14: acme/infra#4 “Two” has no owner",
    ]
    assert found[0].item.ref == github_ref()


@pytest.mark.parametrize(
    ("gate", "message"),
    [
        ("overdu", "“overdu” in --fail-on is no condition; did you mean “overdue”?"),
        (
            "xyz",
            "“xyz” in --fail-on is no condition; choose from overdue, unowned, unsynced, stale, lost, unreachable, no-due",
        ),
        ("stale", "“stale” in --fail-on needs a number of days; write “stale:30d”"),
        ("stale:a month", "“stale:a month” in --fail-on needs a number of days; write “stale:30d”"),
        ("lost:P1", "“lost:P1” in --fail-on: nothing can follow “lost”; write “lost”"),
        ("overdue:soon", "“overdue:soon” in --fail-on names no priority; write “overdue:P1” or “overdue:SEV1”"),
    ],
)
def test_a_wrong_word_is_a_usage_error(gate: str, message: str) -> None:
    """The message quotes the word and says what to write."""
    with pytest.raises(UsageError) as error:
        Gate.parse(f"unowned, {gate}")
    assert str(error.value) == message
