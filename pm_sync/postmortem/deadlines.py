"""Days at the end of an item's words by which it is due, with no label before them."""

from __future__ import annotations

from pm_sync.postmortem import vocabulary
from pm_sync.postmortem.dates import find_when, is_vague_time, tells_when
from pm_sync.postmortem.values import Values
from pm_sync.postmortem.window import Window

_VALUE = 80
_DUE_WORDS = 3
_BY = " by "
_LONGEST = 40
"""Characters of a point in time, with what leads to it."""


def take_due(window: Window, bare: str) -> bool:
    """``by 2024-05-01``, ``due May 3, 2024`` at the end of the sentence."""
    start = max(0, len(bare) - _VALUE)
    tail = bare[start:]
    found = find_when(tail)
    if found is None or found.end < len(tail.rstrip(" )")):
        return False
    words = tail[: found.begin].split()
    for length in range(min(_DUE_WORDS, len(words)), 0, -1):
        lead = " ".join(words[-length:])
        if "due" in vocabulary.concepts("word", lead) and not tells_when(lead, words[:-length]):
            begin = tail.rfind(words[-length], 0, found.begin)
            values = Values(due=found.day, due_text=tail[found.begin :].strip())
            inside = bare.count("(", 0, start + begin) > bare.count(")", 0, start + begin)
            return start + begin > 0 and not inside and window.cut(values, window.begin + start + begin)
    return False


def take_point(window: Window, bare: str) -> bool:
    """``by Friday``, ``by end of Q3`` at the end of the sentence."""
    at = ends_in_time(bare)
    return at > 0 and window.cut(Values(due_text=bare[at + len(_BY) :]), window.begin + at)


def ends_in_time(words: str) -> int:
    """Where a point in time that is no whole day begins at the end of a text, with the "by" before it; -1 without."""
    at = words.rfind(_BY, -_LONGEST)
    return at if at > 0 and is_vague_time(words[at + len(_BY) :]) else -1
