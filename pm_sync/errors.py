"""Everything that pm-sync raises on purpose, and the exit code each leads to.

::

    PmSyncError              1
    ├── UsageError           2   a wrong word on the command line
    ├── ConfigError          2   a wrong word in the configuration, with its place
    ├── ReadError            1   a postmortem that can't be read
    ├── WriteError           1   a postmortem that can't be written
    ├── Refused             12   a guard, a stale plan, "no" at the question
    ├── LockHeld             1   another process works on this repository
    └── TrackerError         1   a tracker said no, or nothing
        ├── NotFound             the issue or project isn't there, or not for us
        ├── AccessDenied         credentials missing, wrong, or not enough
        ├── RateLimited          come back later
        └── AnswerLost           a write was sent, its answer never came
"""

from __future__ import annotations

from enum import IntEnum
from typing import Self


class ExitCode(IntEnum):
    """What each exit code of ``pm-sync`` means. Scripts depend on them; all others are reserved."""

    OK = (0, "fine")
    FAILED = (1, "an expected failure: the message says what and where")
    USAGE = (2, "wrong usage or configuration")
    BUG = (3, "a bug in pm-sync: please report it")
    CHANGES = (10, "changes are pending (`plan --exit-code`)")
    PARTLY = (11, "partly applied: something failed, conflicts, or is left for the next run")
    REFUSED = (12, "refused before the first write: a guard, a stale plan, or “no” at the question")
    GATE = (13, "the gate (`status --fail-on`) or `lint` failed")
    INTERRUPTED = (130, "interrupted")

    meaning: str

    def __new__(cls, value: int, meaning: str) -> Self:
        """Give each code its meaning, from which the documentation is made."""
        code = int.__new__(cls, value)
        code._value_ = value
        code.meaning = meaning
        return code


_FIRST_WINS = (
    ExitCode.INTERRUPTED,
    ExitCode.BUG,
    ExitCode.USAGE,
    ExitCode.REFUSED,
    ExitCode.PARTLY,
    ExitCode.GATE,
    ExitCode.CHANGES,
    ExitCode.FAILED,
    ExitCode.OK,
)


def worst(*codes: ExitCode) -> ExitCode:
    """Choose the exit code of a run in which several hold."""
    return min(codes, key=_FIRST_WINS.index, default=ExitCode.OK)


class PmSyncError(Exception):
    """Base of all expected failures; its text is shown to the user as it is, without a traceback."""

    code = ExitCode.FAILED

    def __init__(self, what: str, *, place: str | None = None, hint: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.place = place
        """``path``, ``path:line`` or ``path:line:col``."""
        self.hint = hint
        """What to do next."""

    def __str__(self) -> str:
        place = f"{self.place}: " if self.place else ""
        hint = f"; {self.hint}" if self.hint else ""
        return f"{place}{self.what}{hint}"


class UsageError(PmSyncError):
    """The command line can't be carried out as written."""

    code = ExitCode.USAGE


class ConfigError(PmSyncError):
    """The configuration can't be used; each line of the text has its own ``path:line:col``."""

    code = ExitCode.USAGE


class ReadError(PmSyncError):
    """A postmortem can't be read; the others go on."""


class WriteError(PmSyncError):
    """A postmortem can't be written; the others go on, and its progress is written by the next run."""


class Refused(PmSyncError):
    """Nothing was written: a guard holds the run back, or the user said no."""

    code = ExitCode.REFUSED


class LockHeld(PmSyncError):
    """Another process is syncing this repository."""


class TrackerError(PmSyncError):
    """A tracker could not do what was asked."""


class NotFound(TrackerError):
    """The issue, project or repository is not there, or not visible to us."""


class AccessDenied(TrackerError):
    """The credentials are missing, wrong, expired, or lack a permission."""


class RateLimited(TrackerError):
    """The tracker asks us to come back later."""

    def __init__(self, what: str, *, retry_after: float, hint: str | None = None) -> None:
        super().__init__(what, hint=hint)
        self.retry_after = retry_after
        """Seconds."""


class AnswerLost(TrackerError):
    """A write was sent but its answer never came: it may or may not have acted."""


def reason_of(error: OSError) -> str:
    """What the system says about a file, as the end of one of our sentences."""
    return (error.strerror or str(error)).lower()
