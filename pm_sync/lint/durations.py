"""How long something took, as people write it."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from pm_sync.lint import words
from pm_sync.regex import regex


class Length(NamedTuple):
    """A duration as written, and how far off it may be."""

    length: timedelta
    slack: timedelta


_UNITS = {
    "weeks": timedelta(weeks=1),
    "days": timedelta(days=1),
    "hours": timedelta(hours=1),
    "minutes": timedelta(minutes=1),
    "seconds": timedelta(seconds=1),
}
_AMOUNT = regex(r"(?<![\d.,:])(\d{1,5})(?:[.,](\d{1,2}))?\s*-?([^\W\d_]{1,10})")
_ABOUT_SIGNS = "~\u2248\uff5e+<>"
_GAP = r"[^\d\n:]{0,16}?"
_RANGE = regex(
    rf"(?<![\d:])(\d{{1,2}}):(\d{{2}})\s*([AaPp][Mm])?{_GAP}(?:\bto\b|\buntil\b|[-\u2013\u2014~\u2192]){_GAP}"
    r"(\d{1,2}):(\d{2})\s*([AaPp][Mm])?(?![\d:])"
)
_DAY = 24 * 60
_NOON, _LAST_HOUR, _LAST_MINUTE = 12, 23, 59


def read_length(text: str) -> Length | None:
    """The first duration in a text: ``2 hours 15 minutes``, ``1.5h``, ``~90 min``; None where there is none."""
    total, unit, end = timedelta(), timedelta(), None
    for match in _AMOUNT.finditer(text):
        known = _unit(match[3])
        # Only what follows on belongs to it: "2 hours and 15 minutes", not "2 hours, of which 5 minutes …".
        if end is not None and (known is None or known >= unit or len(text[end : match.start()].strip(" ,")) > 3):  # noqa: PLR2004 - "and"
            break
        if known is not None:
            parts = float(f"{match[1]}.{match[2] or 0}")
            total, unit, end = total + known * parts, known / (10 if match[2] else 1), match.end()
    if end is None:
        return None
    # Rounded to its smallest unit; times themselves are given to the minute.
    rough = any(c in _ABOUT_SIGNS for c in text[:end]) or words.holds("unit", "about", text[:end])
    slack = max(unit * (0.75 if rough else 0.5), timedelta(minutes=1), total * (0.25 if rough else 0.1))
    return Length(total, slack)


def _unit(word: str) -> timedelta | None:
    return next((size for name, size in _UNITS.items() if words.is_one_of("unit", name, word)), None)


def clock_range(text: str) -> timedelta | None:
    """How long from the first clock time to the second, where a text gives both; past midnight if need be."""
    match = _RANGE.search(text)
    if match is None:
        return None
    end = _minutes(match[4], match[5], match[6])
    # "10:00 to 12:30 PM" starts in the morning, "2:00 to 4:30 PM" does not: the shorter one is meant.
    halves = {match[3]} if match[3] else {None, match[6]}
    starts = [_minutes(match[1], match[2], half) for half in halves]
    if end is None or None in starts:
        return None
    return min(timedelta(minutes=(end - start) % _DAY) for start in starts if start is not None)


def _minutes(hour: str, minute: str, half: str | None) -> int | None:
    hours, minutes = int(hour), int(minute)
    if half and 1 <= hours <= _NOON:
        hours = hours % _NOON + (_NOON if half.casefold() == "pm" else 0)
    return hours * 60 + minutes if hours <= _LAST_HOUR and minutes <= _LAST_MINUTE else None
