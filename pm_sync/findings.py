"""What ``doctor`` finds: each thing it looked at, how that stands, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from pm_sync.errors import ExitCode, PmSyncError, RateLimited, worst

_CLOSE_ENOUGH = 60.0
"""Seconds by which clocks may differ: more, and GitHub refuses what an app signs."""
_FEW = 0.1
"""The part of a limit below which a larger run may not end."""


class Level(StrEnum):
    """How something stands."""

    OK = "ok"
    WARNING = "warning"
    """It works, but not all of it, or not for long; or nobody can tell without writing."""
    FAILURE = "failure"


class Finding(Struct, frozen=True):
    """One thing that was looked at."""

    level: Level
    about: str
    """What was looked at, in a word or two."""
    what: str
    hint: str = ""
    """What to do next; empty where nothing is to be done."""


class Section(Struct, frozen=True):
    """What was found in one place."""

    name: str
    """``pm-sync``, ``configuration``, ``repository``, ``publishing``, or ``tracker NAME``."""
    findings: tuple[Finding, ...]


class Diagnosis(Struct, frozen=True):
    """All that was found."""

    sections: tuple[Section, ...]
    refusal: ExitCode = ExitCode.OK
    """What it comes to that the configuration can't be used."""

    @property
    def code(self) -> ExitCode:
        """The exit code: warnings don't raise it."""
        return worst(self.refusal, ExitCode.FAILED if self.summary[Level.FAILURE] else ExitCode.OK)

    @property
    def summary(self) -> dict[str, int]:
        """How many there are of each level."""
        levels = [finding.level for section in self.sections for finding in section.findings]
        return {level.value: levels.count(level) for level in Level}


def fine(about: str, what: str) -> Finding:
    """Something as it should be."""
    return Finding(Level.OK, about, what)


def warning(about: str, what: str, hint: str) -> Finding:
    """Something that may be in the way."""
    return Finding(Level.WARNING, about, what, hint)


def failure(about: str, what: str, hint: str) -> Finding:
    """Something that is in the way."""
    return Finding(Level.FAILURE, about, what, hint)


def of_error(about: str, error: PmSyncError, hint: str = "") -> Finding:
    """What an error tells that came of looking; ``hint`` where it has none of its own."""
    if isinstance(error, RateLimited):
        return failure(about, f"no more requests for {error.retry_after:.0f} s", "run again then")
    place = f"{error.place}: " if error.place else ""
    return failure(about, f"{place}{error.what}", error.hint or hint)


def of_clock(theirs: datetime | None, ours: datetime) -> Finding:
    """Compare a server's clock with ours."""
    if theirs is None:
        return fine("clock", "the server doesn't tell its time")
    apart = (ours - theirs).total_seconds()
    if abs(apart) <= _CLOSE_ENOUGH:
        return fine("clock", "agrees with the server's")
    side = "ahead of" if apart > 0 else "behind"
    hint = "set this machine's clock: days, ages and what an app signs depend on it"
    return warning("clock", f"this machine's is {_duration(abs(apart))} {side} the server's", hint)


def of_limit(left: int | None, limit: int | None, until: datetime | None = None) -> Finding:
    """Judge how many requests are left."""
    if left is None:
        return fine("limits", "the server names none")
    many = f"{left} of {limit}" if limit else f"{left}"
    when = f" until {until:%H:%M} UTC" if until else ""
    what = f"{many} requests left{when}"
    if left == 0 or (limit and left < limit * _FEW):
        return warning("limits", what, "wait with larger runs; what doesn't fit is left for the next run")
    return fine("limits", what)


def _duration(seconds: float) -> str:
    for size, unit in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} seconds"


def fails(findings: Sequence[Finding]) -> bool:
    """Whether anything is in the way."""
    return any(finding.level is Level.FAILURE for finding in findings)
