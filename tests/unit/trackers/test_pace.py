"""Pace: bursts as far as the limits allow, and no run waits longer than it may."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pm_sync.errors import RateLimited
from pm_sync.trackers.pace import Pacer, expected_wait
from tests.fakes.ticker import Ticker


def moments(events: int, per_minute: int, per_hour: int) -> list[float]:
    """When each of so many events happens, as fast as allowed."""
    ticker = Ticker()
    pacer, patience = Pacer(per_minute, per_hour, clock=ticker), ticker.patience()
    taken = []
    for _ in range(events):
        pacer.take(patience, "pace")
        taken.append(ticker.now)
    return taken


def test_a_burst_within_the_limits_waits_for_nothing() -> None:
    """Eighty issues are made at once."""
    assert moments(80, 80, 500) == [0.0] * 80


def test_the_minute_s_limit_holds_the_next_one_back() -> None:
    """The eighty-first waits until the first is a minute old."""
    assert moments(81, 80, 500)[-1] == 60.0


def test_the_hour_s_limit_holds_too() -> None:
    """The 501st waits until the first is an hour old."""
    assert moments(501, 80, 500)[-1] == 3600.0


def test_no_limit_never_waits() -> None:
    """Zero means no limit."""
    assert moments(1000, 0, 0)[-1] == 0.0


@given(st.integers(1, 60), st.integers(0, 7), st.integers(0, 20))
def test_no_window_ever_holds_more_than_its_limit(events: int, per_minute: int, per_hour: int) -> None:
    """Whatever the limits, any minute and any hour keeps to them, and the estimate says how long it takes."""
    taken = moments(events, per_minute, per_hour)
    for count, window in ((per_minute, 60.0), (per_hour, 3600.0)):
        assert all(taken[n] - taken[n - count] >= window for n in range(count, events) if count)
    assert expected_wait(events, (per_minute, per_hour)) == taken[-1]


def test_waits_are_told_as_they_begin() -> None:
    """A person sees what is waited for."""
    ticker = Ticker()
    ticker.patience().wait(3, "the server asks for time")
    assert (ticker.told, ticker.now) == (["the server asks for time"], 3)


def test_patience_ends() -> None:
    """Several waits together are never longer than allowed, and what would be says so."""
    ticker = Ticker()
    patience = ticker.patience(10)
    patience.wait(6, "first")
    with pytest.raises(RateLimited, match="second: 5 s to wait, of which this run has 4 s left") as caught:
        patience.wait(5, "second")
    assert (caught.value.retry_after, ticker.now) == (5, 6)
