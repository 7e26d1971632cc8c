"""SLA rules: presets, tables of one's own, business days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pm_sync.status import SlaRules, sla_rules
from pm_sync.status.sla import add_business_days

MONDAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("preset", "priority", "severity", "rule", "days"),
    [
        ("atlassian", "P1", None, "P1", 28),
        ("atlassian", "P2", "SEV1", "P2", 56),
        ("atlassian", None, "SEV1", "SEV1", 28),
        ("atlassian", None, "SEV4", "default", 56),
        ("gitlab", "high", None, "P1", 30),
        ("gitlab", "medium", None, "P2", 60),
        ("gitlab", "P3", None, "P3", 90),
        ("gitlab", "whenever", "S2", "SEV2", 60),
        ("gitlab", None, None, "default", 90),
    ],
)
def test_presets(preset: str, priority: str | None, severity: str | None, rule: str, days: int) -> None:
    """The item's priority decides, else the incident's severity, else the default."""
    rules = sla_rules(preset, {})
    assert rules.rule(priority, severity) == rule
    assert rules.due(rule, MONDAY) == MONDAY + timedelta(days)


def test_own_days_win_over_the_preset() -> None:
    """One's own table may write its keys in any way, and what it leaves out stays as the preset has it."""
    rules = sla_rules("atlassian", {"p0": 14, "default": 100})
    assert (rules.days["P0"], rules.days["P1"], rules.days["default"]) == (14, 28, 100)


def test_own_words_are_rules_too() -> None:
    """A word that is no known priority is a rule by itself, whatever its case."""
    assert sla_rules(None, {"Someday": 200}).rule("someday", None) == "someday"


def test_without_rules_there_is_no_sla() -> None:
    """No preset and no table: no rule for anything."""
    assert SlaRules().rule("P0", "SEV0") is None


@pytest.mark.parametrize(("preset", "rule", "days"), [("atlassian", "P1", 20), ("gitlab", "P1", 30)])
def test_a_presets_weeks_are_working_weeks_in_business_days(preset: str, rule: str, days: int) -> None:
    """Four weeks stay four weeks; thirty days become thirty business days."""
    assert sla_rules(preset, {}, business_days=True).days[rule] == days


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (MONDAY, 4, date(2026, 6, 5)),
        (MONDAY, 5, date(2026, 6, 8)),
        (date(2026, 6, 5), 1, date(2026, 6, 8)),
        (date(2026, 6, 6), 1, date(2026, 6, 8)),
        (date(2026, 6, 7), 20, date(2026, 7, 3)),
        (date(2026, 6, 6), 0, date(2026, 6, 5)),
    ],
)
def test_business_days_skip_weekends(start: date, days: int, due: date) -> None:
    """Counting from a Friday, Saturday or Sunday the next day that counts is Monday."""
    assert add_business_days(start, days) == due


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 500))
def test_business_days_agree_with_counting(start: date, days: int) -> None:
    """Between the start and the due day lie as many days from Monday to Friday as were asked for."""
    due = add_business_days(start, days)
    between = (start + timedelta(n) for n in range(1, (due - start).days + 1))
    assert due.weekday() < 5
    assert sum(day.weekday() < 5 for day in between) == days
