"""Days as people write them, in any of the vocabulary's languages."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from msgspec import Struct

from pm_sync.postmortem import vocabulary
from pm_sync.postmortem.phrases import DENSE
from pm_sync.regex import regex

_CLOCK = regex(r"\d{1,2}[:.h]\d{2}(?::\d{2})?(?:[ap]m|z)?", re.IGNORECASE)
_ISO = regex(r"(?<!\d)(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")
_EAST = regex(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]?")
_POINTS = regex(r"(?<![\d.])(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?!\d)")
_SLASHES = regex(r"(?<![\d/])(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?![\d/])")
_DAY_MONTH = regex(
    r"(?<!\w)(\d{1,2})(?:st|nd|rd|th|er|\.|º)?(?:\s+(?:de|of))?[\s-]+([^\W\d_]{3,12})\.?,?(?:\s+(?:de|of))?[\s,-]+(\d{4})(?!\d)",
    re.IGNORECASE,
)
_MONTH_DAY = regex(r"(?<!\w)([^\W\d_]{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)", re.IGNORECASE)
_YEARLESS = regex(
    r"(?:(?<!\w)([^\W\d_]{3,12})\.?\s+\d{1,2}(?:st|nd|rd|th)?|(?<!\w)\d{1,2}(?:st|nd|rd|th|\.)?(?:\s+de)?\s+([^\W\d_]{3,12})\.?|\d{1,2}月\d{1,2}日|\d{1,2}월\s?\d{1,2}일|\d{1,2}[/.]\d{1,2}\.?|Q[1-4](?:[\s/-]+\d{4})?|\d{4}[\s/-]*Q[1-4]|([^\W\d_]{3,12})\.?\s+\d{4}|\d{4}-\d{2})(?!\w)",
    re.IGNORECASE,
)
_YEAR = regex(r"\d{4}")
_ANYWHERE = regex(rb"(?<![\d/])(\d{1,2})[/-](\d{1,2})[/-]\d{4}(?![\d/])")
_LAST_MONTH = 12
_FEW_WORDS = 4
_POINTS_IN_TIME = frozenset({"when", "period"})


class Found(Struct, frozen=True, gc=False):
    """A day in a text, at ``[begin, end)``."""

    begin: int
    end: int
    day: date


class When(Struct, frozen=True, gc=False):
    """A day that is known, or that may be either of two and has none."""

    begin: int
    end: int
    day: date | None


def find_day(text: str) -> Found | None:
    """The first whole day in a text; a day without its year, or of either 3 April or 4 March, is none."""
    if _YEAR.search(text) is None:
        return None
    if found := _numbers(text, *_ORDERS[0]):
        return found
    rest = [f for f in (_numbers(text, p, o) for p, o in _ORDERS[1:]) if f] + [f for f in (_named(text),) if f]
    return min(rest, key=lambda f: (f.begin, -f.end), default=None)


_ORDERS = ((_ISO, (1, 3, 4)), (_EAST, (1, 2, 3)), (_POINTS, (3, 2, 1)))


def _numbers(text: str, pattern: re.Pattern[str], order: tuple[int, int, int]) -> Found | None:
    for match in pattern.finditer(text):
        if day := _day(*map(int, match.group(*order))):
            return Found(match.start(), match.end(), day)
    return _slashes(text) if pattern is _POINTS else None


def _slashes(text: str) -> Found | None:
    for match in _SLASHES.finditer(text):
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        # Which comes first depends on the country; only where one can't be a month is it known.
        if first > _LAST_MONTH or first == second:
            day = _day(year, second, first)
        else:
            day = _day(year, first, second) if second > _LAST_MONTH else None
        if day:
            return Found(match.start(), match.end(), day)
    return None


def find_when(text: str) -> When | None:
    """The first whole day in a text, else the first that may be of either 3 April or 4 March."""
    if found := find_day(text):
        return When(found.begin, found.end, found.day)
    for match in _SLASHES.finditer(text) if "/" in text or "-" in text else ():
        if _day(int(match[3]), int(match[1]), int(match[2])) and _day(int(match[3]), int(match[2]), int(match[1])):
            return When(match.start(), match.end(), None)
    return None


def written_out(text: str, data: bytes) -> str:
    """A text with its days that may be of either 3 April or 4 March written as the other days of a file tell."""
    if _SLASHES.search(text) is None or (first := _is_day_first(data)) is None:
        return text
    return _SLASHES.sub(r"\3-\2-\1" if first else r"\3-\1-\2", text)


@lru_cache(maxsize=1)
def _is_day_first(data: bytes) -> bool | None:
    """Whether a file's days in numbers put the day before the month; None where none of them has a 13th, or both orders do."""
    days = [(int(m[1]), int(m[2])) for m in _ANYWHERE.finditer(data)]
    day_first = any(first > _LAST_MONTH for first, _ in days)
    month_first = any(second > _LAST_MONTH for _, second in days)
    return day_first if day_first is not month_first else None


def _named(text: str) -> Found | None:
    for pattern, day_group, month_group in ((_DAY_MONTH, 1, 2), (_MONTH_DAY, 2, 1)):
        for match in pattern.finditer(text):
            month = vocabulary.month(match[month_group])
            if month and (day := _day(int(match[3]), month, int(match[day_group]))):
                return Found(match.start(), match.end(), day)
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def is_day(text: str) -> bool:
    """Whether a text is a whole day, and nothing else."""
    found = find_day(text)
    return found is not None and found.begin == 0 and found.end == len(text)


def is_vague_time(text: str) -> bool:
    """Whether a text is a point in time that is no whole day: ``May 3``, ``Q2``, ``3/14``, ``June 2024``, ``next week``."""
    match = _YEARLESS.fullmatch(text.strip())
    word = (match[1] or match[2] or match[3]) if match else None
    if match and (word is None or vocabulary.month(word)):
        return True
    return len(text.split()) <= _FEW_WORDS and _is_point(text)


def _is_point(text: str) -> bool:
    """Whether a text names a point in time: "next week", "end of the month", and neither "end of file" nor "today's view"."""
    if not (vocabulary.starts("word", "when", text) or vocabulary.starts("word", "stretch", text)):
        return False
    if "when" in vocabulary.concepts("word", text):
        return True
    words = vocabulary.fold(text).split()
    last = words[-1]
    if last[0] >= DENSE or any(map(str.isdigit, last)) or vocabulary.month(last):
        return True
    return len(words) > 1 and not _POINTS_IN_TIME.isdisjoint(vocabulary.concepts("word", last))


def tells_when(lead: str, before: list[str]) -> bool:
    """Whether what leads to a day says when something happened: "the errors seen | on …", "at 10:30 | on …", "done | on …"."""
    if lead.casefold() != "on" or not before:
        return False
    if "done" in vocabulary.concepts("group", before[-1]):
        return before[-2:-1] != ["be"]
    return "then" in vocabulary.concepts("word", before[-1]) or _CLOCK.fullmatch(before[-1]) is not None
