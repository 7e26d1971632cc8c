"""Pace: how fast issues may be made, and how long a run may wait for it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable

from pm_sync.errors import RateLimited

Seconds = Callable[[], float]
"""A clock that only ever goes forward."""

_MINUTE, _HOUR = 60.0, 3600.0


def untold(_why: str, _seconds: float) -> None:
    """Say nothing of a wait."""


class Patience:
    """All the waiting of one run: it is told as it begins, and together never longer than was allowed."""

    def __init__(
        self,
        max_wait: float = 600.0,
        *,
        sleep: Callable[[float], None] = time.sleep,
        tell: Callable[[str, float], None] = untold,
    ) -> None:
        self.left = max_wait
        """Seconds that may still be waited."""
        self._sleep = sleep
        self._tell = tell

    def wait(self, seconds: float, why: str) -> None:
        """Wait, or refuse to.

        Args:
            seconds: How long.
            why: What is waited for, as a person reads it.

        Raises:
            RateLimited: it would take longer than this run may wait.

        """
        if seconds <= 0:
            return
        if seconds > self.left:
            raise RateLimited(
                f"{why}: {seconds:.0f} s to wait, of which this run has {max(self.left, 0):.0f} s left",
                retry_after=seconds,
                hint="run again later, or allow more with --max-wait",
            )
        self.left -= seconds
        self._tell(why, seconds)
        self._sleep(seconds)


class Pacer:
    """Keeps to so many events in any minute and in any hour, and lets bursts go at once as far as both allow."""

    def __init__(self, per_minute: int, per_hour: int, *, clock: Seconds = time.monotonic) -> None:
        limits = ((per_minute, _MINUTE), (per_hour, _HOUR))
        self._limits = tuple((count, window) for count, window in limits if count > 0)
        self._clock = clock
        self._past: deque[float] = deque(maxlen=max((count for count, _ in self._limits), default=0))

    def delay(self) -> float:
        """Seconds until the next event is allowed."""
        return max(self._next(self._past) - self._clock(), 0.0)

    def take(self, patience: Patience, why: str) -> None:
        """Wait until an event is allowed, and count it.

        Raises:
            RateLimited: that would take longer than this run may wait.

        """
        patience.wait(self.delay(), why)
        self._past.append(self._clock())

    def estimate(self, events: int) -> float:
        """Seconds of waiting that so many events would take from now on."""
        start = now = self._clock()
        past = deque(self._past, self._past.maxlen)
        for _ in range(events if self._limits else 0):
            now = max(now, self._next(past))
            past.append(now)
        return now - start

    def _next(self, past: deque[float]) -> float:
        return max(self._openings(past), default=float("-inf"))

    def _openings(self, past: deque[float]) -> Iterable[float]:
        """When each full window lets its oldest event go."""
        return (past[-count] + window for count, window in self._limits if len(past) >= count)


def expected_wait(events: int, limits: tuple[int, int]) -> float:
    """Seconds of waiting that so many events take, of which no more than ``limits`` go into a minute and an hour."""
    return Pacer(*limits, clock=lambda: 0.0).estimate(events)
