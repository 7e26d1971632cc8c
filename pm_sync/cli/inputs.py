"""The inputs of the GitHub Action, as its step hands them over: one variable of the environment for each."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from pm_sync.errors import UsageError
from pm_sync.publish.deliver import Mode

T = TypeVar("T", bound=StrEnum)

_SEVERITIES = ("", "never", "note", "warning", "error")
_PREFIX = "PM_SYNC_INPUT_"


class Task(StrEnum):
    """The values of ``mode``."""

    LINT = "lint"
    PLAN = "plan"
    SYNC = "sync"
    STATUS = "status"


class Inputs(Struct, frozen=True):
    """What the workflow asks for."""

    task: Task
    paths: tuple[str, ...] = ()
    config: Path | None = None
    tracker: str | None = None
    publish: Mode = Mode.PUSH
    fail_on: str = ""
    max_creates: int | None = None

    @property
    def severity(self) -> str:
        """What ``fail-on`` says to lint.

        Raises:
            UsageError: it is no severity.

        """
        if self.fail_on not in _SEVERITIES:
            raise UsageError(f"{self.fail_on!r} is none of {', '.join(_SEVERITIES[1:])}", place="fail-on")
        return self.fail_on

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Inputs:
        """Read them; an empty one counts as not given.

        Raises:
            UsageError: a value is none of those that are known.

        """
        given = {name: environment.get(f"{_PREFIX}{name}", "").strip() for name in _NAMES}
        creates = given["MAX_CREATES"]
        if creates and not creates.isdecimal():
            raise UsageError(f"{creates!r} is no number", place="max-creates")
        return cls(
            task=_choice(Task, given["MODE"] or "plan", "mode"),
            paths=tuple(line.strip() for line in given["PATHS"].splitlines() if line.strip()),
            config=Path(given["CONFIG"]) if given["CONFIG"] else None,
            tracker=given["TRACKER"] or None,
            publish=_choice(Mode, given["PUBLISH"] or "push", "publish"),
            fail_on=given["FAIL_ON"],
            max_creates=int(creates) if creates else None,
        )


_NAMES = ("MODE", "PATHS", "CONFIG", "TRACKER", "PUBLISH", "FAIL_ON", "MAX_CREATES")


def _choice(kind: type[T], text: str, name: str) -> T:
    try:
        return kind(text)
    except ValueError:
        raise UsageError(f"{text!r} is none of {', '.join(kind)}", place=name) from None
