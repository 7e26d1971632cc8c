"""What may befall a run: at one of its side effects a call fails, an answer is lost, somebody acts, or the process dies.

All kinds of trackers are met at their edge: HTTP where the client libraries hand a request over, the embedded one by
its methods. Besides, what writes journal and postmortems may be the last thing that a process does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

T = TypeVar("T")


class KilledError(BaseException):
    """The process is gone; nothing catches this."""


class Blow(Enum):
    """What happens at the chosen side effect."""

    FAIL = "the call never arrives, and nobody can tell"
    LOSE = "it acts, and its answer is lost"
    OUTAGE = "from here on no call arrives"
    DIE_BEFORE = "the process is killed before it"
    DIE_AFTER = "the process is killed when it is done"
    MEANWHILE = "somebody else is faster"

    @property
    def deadly(self) -> bool:
        """Whether nothing of the process is left."""
        return self in (Blow.DIE_BEFORE, Blow.DIE_AFTER)


@dataclass(slots=True)
class Fate:
    """One run's fate; without a blow, a quiet one."""

    blow: Blow | None = None
    left: int = 0
    """Side effects before the chosen one: of the tracker, unless the blow kills."""
    meanwhile: Callable[[], None] = lambda: None

    def meet(self, act: Callable[[], T], fail: Callable[[], T] | None = None) -> T:
        """Let a side effect happen, or what befalls it.

        Args:
            act: The side effect.
            fail: How a call looks that brought no answer; None where nothing but the process's end can befall it.

        """
        if self.blow is None or (fail is None and not self.blow.deadly):
            return act()
        self.left -= 1
        if self.left > 0 or (self.left < 0 and self.blow is not Blow.OUTAGE):
            return act()
        return self._befall(act, fail or act)

    def _befall(self, act: Callable[[], T], fail: Callable[[], T]) -> T:
        match self.blow:
            case Blow.FAIL | Blow.OUTAGE:
                return fail()
            case Blow.LOSE:
                act()
                return fail()
            case Blow.MEANWHILE:
                self.run_meanwhile()
                return act()
            case Blow.DIE_AFTER:
                act()
        raise KilledError

    def run_meanwhile(self) -> None:
        """Let the others act, once; what they do is not befallen by anything."""
        self.blow, meanwhile = None, self.meanwhile
        meanwhile()
