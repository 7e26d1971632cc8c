"""What findings come to, and the judgements that all trackers share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pm_sync.errors import ConfigError, ExitCode, NotFound, RateLimited
from pm_sync.findings import (
    Diagnosis,
    Level,
    Section,
    failure,
    fine,
    of_clock,
    of_error,
    of_limit,
    warning,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
FINE, WARNED, FAILED = fine("a", "is"), warning("b", "may not be", "look"), failure("c", "is not", "mend it")


def test_only_failures_raise_the_code() -> None:
    """Warnings are told and counted, but a script goes on; a configuration that can't be used goes before failures."""
    assert Diagnosis((Section("x", (FINE, WARNED)),)).code is ExitCode.OK
    assert Diagnosis((Section("x", (FINE,)), Section("y", (FAILED,)))).code is ExitCode.FAILED
    assert Diagnosis((Section("x", (FAILED,)),), ExitCode.USAGE).code is ExitCode.USAGE
    assert Diagnosis((Section("x", (FINE, WARNED, FAILED, FINE)),)).summary == {"ok": 2, "warning": 1, "failure": 1}


@pytest.mark.parametrize(
    ("apart", "level", "told"),
    [
        (timedelta(0), Level.OK, "agrees"),
        (timedelta(seconds=60), Level.OK, "agrees"),
        (timedelta(seconds=-61), Level.WARNING, "61 seconds behind"),
        (timedelta(minutes=5), Level.WARNING, "5 minutes ahead of"),
        (timedelta(hours=-2), Level.WARNING, "2 hours behind"),
        (timedelta(days=400), Level.WARNING, "400 days ahead of"),
    ],
)
def test_clocks_may_differ_a_little(apart: timedelta, level: Level, told: str) -> None:
    """Answers take their time; more than a minute is told in the unit that fits."""
    found = of_clock(NOON, NOON + apart)
    assert (found.level, told in found.what) == (level, True)


def test_server_without_a_clock_is_no_trouble() -> None:
    """Nothing can be compared."""
    assert of_clock(None, NOON).level is Level.OK


@pytest.mark.parametrize(
    ("left", "limit", "level", "told"),
    [
        (None, None, Level.OK, "the server names none"),
        (4987, 5000, Level.OK, "4987 of 5000 requests left"),
        (500, 5000, Level.OK, "500 of 5000 requests left"),
        (499, 5000, Level.WARNING, "499 of 5000 requests left"),
        (0, None, Level.WARNING, "0 requests left"),
        (7, None, Level.OK, "7 requests left"),
    ],
)
def test_low_limits_are_told(left: int | None, limit: int | None, level: Level, told: str) -> None:
    """Below a tenth a larger run may not end."""
    found = of_limit(left, limit)
    assert (found.level, found.what) == (level, told)


def test_moment_when_a_limit_ends_is_told() -> None:
    """In UTC, as the server's."""
    assert of_limit(1, 5000, NOON).what == "1 of 5000 requests left until 12:00 UTC"


def test_errors_keep_place_and_advice() -> None:
    """An error that came of looking is told as it would be anywhere else."""
    found = of_error("x", ConfigError("is not UTF-8", place="pm-sync.yaml:3:1", hint="save it as UTF-8"))
    assert (found.level, found.what, found.hint) == (
        Level.FAILURE,
        "pm-sync.yaml:3:1: is not UTF-8",
        "save it as UTF-8",
    )
    assert of_error("x", NotFound("it is gone")).hint == ""


def test_limit_that_is_reached_is_no_invitation_to_wait() -> None:
    """Nobody is told of an option that a diagnosis hasn't got."""
    found = of_error("x", RateLimited("s: 3600 s to wait", retry_after=3600, hint="allow more with --max-wait"))
    assert (found.what, found.hint) == ("no more requests for 3600 s", "run again then")
