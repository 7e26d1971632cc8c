"""A clock for code that waits."""

from __future__ import annotations

from dataclasses import dataclass, field

from pm_sync.trackers.pace import Patience


@dataclass(slots=True)
class Ticker:
    """A clock that only sleeping moves."""

    now: float = 0.0
    told: list[str] = field(default_factory=list)

    def __call__(self) -> float:
        """Seconds."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Move on."""
        self.now += seconds

    def patience(self, max_wait: float = 1e9) -> Patience:
        """Patience that sleeps on this clock."""
        return Patience(max_wait, sleep=self.sleep, tell=lambda why, _: self.told.append(why))
