"""Times that can't be, and times that don't agree."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pm_sync.lint.durations import clock_range, read_length
from tests.unit.lint.support import item, messages, places, problems


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("14:32 PM", True),
        ("13:00pm", True),
        ("14:32:10 PM", True),
        ("14:32 p.m.", False),
        ("14:32 AM", False),
        ("0:10 PM", False),
        ("11:75 AM", False),
        ("25:10 UTC", False),
        ("12:61 CET", False),
        ("2026-03-04T24:30", False),
        ("2026-02-30", False),
        ("2025-13-01", False),
    ],
)
def test_impossible(text: str, fixed: bool) -> None:
    """Told at its place; mended only where it can mean but one time."""
    found = [
        p for p in problems(item("Renew it", after=f"\n## Timeline\n\nAt {text} it broke.\n")) if p.rule.id == "PM015"
    ]
    assert [(p.line, p.column, p.fixable) for p in found] == [(9, 4, fixed)]


@pytest.mark.parametrize(
    "text",
    [
        "12:00 PM",
        "12:30 AM",
        "00:15 AM",
        "2:32 pm",
        "14:32",
        "24:00 UTC",
        "99:99",
        "host:14:32 PM",
        "1:2:14:32 PM",
        "`14:32 PM`",
        "2024-02-29",
        "1234-56-78",
        "https://example.com/2026-02-30/x",
        "2026-02-30-notes.md",
        "[notes](2026-02-30.md)",
        "下午14:32",
    ],
)
def test_possible(text: str) -> None:
    """Right, or not a time at all."""
    assert places("impossible-time", item("Renew it", after=f"\n## Timeline\n\nAt {text} it broke.\n")) == []


def facts(*lines: str) -> str:
    """A postmortem with these facts, the first in line 3."""
    return "# Outage\n\n" + "".join(f"- **{line}\n" for line in lines) + "\n## Action items\n\n- Renew it\n"


def test_end_before_start() -> None:
    """At the line that tells the end, days without times compared as days."""
    assert messages("end-before-start", facts("Start:** 2026-04-02 14:10", "End:** 2026-04-01")) == [
        "the incident ends (2026-04-01) before it starts (2026-04-02 14:10)"
    ]
    assert places("end-before-start", facts("Start:** 2026-04-02 14:10", "End:** 2026-04-02 13:50")) == [(4, 1)]
    assert places("end-before-start", facts("Start:** 2026-04-02 14:10", "End:** 2026-04-02")) == []


def test_clocks_of_different_zones_are_not_compared() -> None:
    """The end isn't before the start where its clock is behind."""
    assert places("end-before-start", facts("Start:** 2026-04-02 14:10 UTC", "End:** 2026-04-02 09:50 PDT")) == []
    assert places("end-before-start", facts("Start:** 2026-04-02 14:10 UTC", "End:** 2026-04-02 09:50 UTC")) == [(4, 1)]


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (("Start:** 2026-04-02 13:10", "End:** 2026-04-02 15:40", "Duration:** 45 minutes"), [(5, 1)]),
        (("Start:** 2026-04-02 13:10", "End:** 2026-04-02 15:40", "Duration:** 2.5 hours"), []),
        (("Start:** 2026-04-02 13:10", "End:** 2026-04-02 15:40", "Duration:** about 2 hours"), []),
        (("Start:** 2026-04-02 13:10", "End:** 2026-04-02 15:40", "Duration:** unknown"), []),
        (("Start:** 2026-04-02", "End:** 2026-04-02", "Duration:** 3 hours"), []),
        (("Date:** 2026-04-02", "Start:** 13:10 UTC", "End:** 15:40 UTC", "Duration:** 5 hours"), [(6, 1)]),
        (("Date:** 2026-04-02", "Start:** 23:10 UTC", "End:** 01:40 UTC", "Duration:** 2h30m"), []),
        (("Duration:** 2 hours, from 10:00 AM to 1:30 PM (UTC)",), [(3, 1)]),
        (("Start:** 2026-04-02 13:10", "End:** 2026-04-02 15:40", "Time to recovery:** 10 minutes"), []),
        (("Detected:** 2026-04-02 13:10", "End:** 2026-04-02 15:40", "Duration:** 4 hours"), []),
        (("Start:** 2026-04-02 13:10 UTC", "End:** 2026-04-02 15:40 CET", "Duration:** 1 hour"), []),
        (("Duration:** 2 hours (10:00 to 12:00 PM)",), []),
    ],
)
def test_durations(lines: tuple[str, ...], found: list[tuple[int, int]]) -> None:
    """Compared with the times where both are known, with room for rounding."""
    assert places("wrong-duration", facts(*lines)) == found


def test_a_wrong_duration_is_told_with_the_right_one() -> None:
    """So that it can be put right at once."""
    text = facts("Start:** 2026-04-02 13:10", "End:** 2026-04-03 15:40", "Duration:** 45 minutes")
    assert messages("wrong-duration", text) == [
        "the duration “45 minutes” disagrees with the times, which are 1 d 2 h 30 min apart"
    ]


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("2 hours 15 minutes", 135),
        ("1h30m", 90),
        ("1,5 Stunden", 90),
        ("~90 min", 90),
        ("3 Stunden und 20 Minuten", 200),
        ("2小时30分钟", 150),
        ("約3時間", 180),
        ("2 hours, 5 minutes of it at night", 125),
        ("1 hour; users noticed for 20 minutes", 60),
        ("2 heures et 10 min", 130),
    ],
)
def test_lengths(text: str, minutes: int) -> None:
    """As people write them in several languages."""
    length = read_length(text)
    assert length is not None
    assert length.length == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["", "unknown", "14:30", "7 users", "a while"])
def test_no_lengths(text: str) -> None:
    """A number without a unit is no duration."""
    assert read_length(text) is None


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("10:00-12:30 PM", 150), ("2:00 - 4:30 PM", 150), ("23:50 to 00:20", 30), ("10:00 AM until 10:00 PM", 720)],
)
def test_ranges(text: str, minutes: int) -> None:
    """Past midnight if need be; a half of the day that is said once is meant for both where that is shorter."""
    assert clock_range(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["10:00", "99:00 to 10:00", "at 10:00 and again some time later, at 12:00"])
def test_no_ranges(text: str) -> None:
    """Two times that belong together, or none."""
    assert clock_range(text) is None
