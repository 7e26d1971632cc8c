"""The gate: conditions on open items that fail a run (``status --fail-on``)."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from pm_sync.errors import UsageError
from pm_sync.levels import level, priority_name, rule_name, severity_name
from pm_sync.regex import regex
from pm_sync.status.items import LOST, UNREACHABLE, UNSYNCED, Failure, StatusItem, StatusReport

_WORDS = ("overdue", "unowned", "unsynced", "stale", "lost", "unreachable", "no-due")
_DAYS = regex(r"(\d{1,5})d?")


class Condition(Struct, frozen=True):
    """One word of the gate, with what follows its colon."""

    word: str
    days: int | None = None
    """Of ``stale:30d``."""
    urgency: str = ""
    """Of ``overdue:P1``, as `rule_name` gives it."""

    def failed(self, item: StatusItem) -> str | None:
        """What is wrong with the item, for a person; None where the condition holds."""
        match self.word:
            case "overdue":
                return _overdue(item) if item.overdue and self._urgent(item) else None
            case "unowned":
                return "has no owner" if item.unowned else None
            case "no-due":
                return "has no due date" if item.no_due else None
            case "stale":
                return f"is open for {_days(item.age_days or 0)}" if item.stale(self.days or 0) else None
            case _:
                return _STATE_MESSAGES[self.word] if item.active and item.state == self.word else None

    def _urgent(self, item: StatusItem) -> bool:
        """Whether the item is as urgent as the condition asks, or more; by its priority, else its incident's severity."""
        name = priority_name(item.priority) or severity_name(item.severity)
        wanted, has = level(self.urgency), level(name)
        if wanted is None or has is None:
            return self.urgency in ("", name)
        return has <= wanted


class Gate(Struct, frozen=True):
    """The conditions of one run; without any, nothing fails."""

    conditions: tuple[Condition, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Gate:
        """Read a comma list such as ``overdue:P1, unowned, stale:30d``.

        Raises:
            UsageError: a word that is no condition, or one with something wrong after its colon.

        """
        words = (word.strip() for word in text.split(","))
        return cls(tuple(dict.fromkeys(_condition(word) for word in words if word)))

    def failures(self, report: StatusReport) -> tuple[Failure, ...]:
        """Each item's failures in the report's order, none of them twice."""
        return tuple(dict.fromkeys(self._failures(report)))

    def _failures(self, report: StatusReport) -> Iterator[Failure]:
        for item in report.items:
            for condition in self.conditions:
                if message := condition.failed(item):
                    yield Failure(item, message)


_STATE_MESSAGES = {
    UNSYNCED: "has no issue yet",
    LOST: "is linked to an issue that is gone",
    UNREACHABLE: "is linked to an issue that can't be read",
}


def _condition(text: str) -> Condition:
    word, colon, value = (part.strip() for part in text.partition(":"))
    word = word.lower().replace("_", "-")
    match word, value:
        case "stale", _:
            return Condition(word, days=_stale_days(text, value))
        case "overdue", str() if value:
            return Condition(word, urgency=_urgency(text, value))
        case _, "" if word in _WORDS and not colon:
            return Condition(word)
        case _ if word in _WORDS:
            raise UsageError(f"“{text}” in --fail-on: nothing can follow “{word}”", hint=f"write “{word}”")
    from difflib import get_close_matches  # noqa: PLC0415 - only a mistake needs it

    near = get_close_matches(word, _WORDS, n=1)
    hint = f"did you mean “{near[0]}”?" if near else f"choose from {', '.join(_WORDS)}"
    raise UsageError(f"“{text}” in --fail-on is no condition", hint=hint)


def _stale_days(text: str, value: str) -> int:
    days = _DAYS.fullmatch(value)
    if not days:
        raise UsageError(f"“{text}” in --fail-on needs a number of days", hint="write “stale:30d”")
    return int(days[1])


def _urgency(text: str, value: str) -> str:
    name = rule_name(value)
    if level(name) is None:
        raise UsageError(f"“{text}” in --fail-on names no priority", hint="write “overdue:P1” or “overdue:SEV1”")
    return name


def _overdue(item: StatusItem) -> str:
    if item.deferral and item.due_source == "deferred":
        return f"was deferred until {item.due}: {item.deferral.reason}"
    return f"was due on {item.due}" + (f" ({item.due_source})" if item.due_source != "item" else "")


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
