"""Labels with their values at the end of a text: "… Owner: Jane, Due: Friday"."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from pm_sync.markdown.inlines import CODE, EMPHASIS, STRONG
from pm_sync.postmortem import vocabulary
from pm_sync.postmortem.window import Window
from pm_sync.regex import regex

_LABEL = regex(
    r"(?:^|(?<=[\s(|;,.–—*，、；。・-]))([^\W\d_][^\s:：|;,.()，、；]{0,20}(?: [^\s:：|;,.()]{1,20}){0,3})\s?[:：]\s*"
)
_COLON = regex(r"[:：]")
_LABELS = frozenset({"label"})
_FIELDS = frozenset({"owner", "due", "priority", "state", "type", "link"})
_NEAR = 200
_VALUE = 80
_REMEMBERED = 1 << 10
"""Words recur, in one file and from file to file."""
_LABEL_WORDS = 4
_LONGEST_LABEL = 90
"""What the expression for a label can take up to its colon."""


def labels(bare: str) -> Iterator[tuple[int, str, str]]:
    """Where each label that we know begins near the end, its words, and what stands behind it, the last one first."""
    last = max(bare.rfind(":"), bare.rfind("："))
    end = len(bare) - len(bare[last + 1 :].lstrip())
    if last < 0 or len(bare) - end > _VALUE:
        return
    colons = [colon.start() for colon in _COLON.finditer(bare, max(0, len(bare) - _NEAR), end)]
    if not any(_may_end_label(bare, colon) for colon in colons):
        return
    for match in reversed(list(_LABEL.finditer(bare, _before(bare, colons[0]), end))):
        words = match[1].split() if len(bare) - match.end() <= _VALUE else []
        for length in range(len(words), 0, -1):
            label = " ".join(words[-length:])
            begin = match.end(1) - len(label)
            if "horizon" in vocabulary.concepts("group", label):
                break  # "Corto plazo" is no "Plazo".
            known = vocabulary.concepts("label", label)
            if not begin and not known.isdisjoint(_FIELDS):
                break  # "Due date: 2024-05-01" is a field and nothing else.
            if begin and known and bare.count(")", match.end()) == bare.count("(", match.end()):
                yield begin, label, bare[match.end() :]


def _may_end_label(bare: str, colon: int) -> bool:
    """Whether one of the words before a colon begins a label that we know."""
    words = bare[_before(bare, colon) : colon].split()
    return any(map(_may_begin_label, words))


@lru_cache(_REMEMBERED)
def _may_begin_label(word: str) -> bool:
    return vocabulary.may_begin(_LABELS, word)


def _before(bare: str, colon: int) -> int:
    """Where the words before a colon begin that can be its label."""
    first = max(0, len(bare) - _NEAR, colon - _LONGEST_LABEL)
    words = bare[first:colon].rsplit(None, _LABEL_WORDS)
    return first + len(words[0]) if len(words) > _LABEL_WORDS else first


def is_apart(window: Window, begin: int, label: str, value: str) -> bool:
    """Whether a label at a place of the plain text is one, and no words of the sentence."""
    if _is_cited(window, begin + len(label)):
        return False
    # "… before the incident is closed:" ends in no label.
    worded = window.plain[window.begin : begin].rstrip(" \t")[-1:].isalnum()
    return not worded or (bool(value) and _stands_out(window, begin, label))


def _stands_out(window: Window, begin: int, label: str) -> bool:
    """Whether a label with words right before it is none of the sentence's: marked, or in capitals; one for issues above an issue.

    So "Add an alert Owner: Ann" has an owner, while "Use status: done" and "Fix the bug: done" are sentences.
    """
    if "link" in vocabulary.concepts("label", label):
        return any(found.begin >= begin for found in window.reading.links)
    behind = window.plain[begin + len(label) + 1 :][:1]
    tagged = behind != "" and not behind.isspace()  # "owner:ann"
    return tagged or not label[:1].islower() or any(m.begin == begin for m in window.marked(STRONG, EMPHASIS))


def _is_cited(window: Window, at: int) -> bool:
    """Whether a place lies in code or in quotation marks: what stands there is spoken of."""
    quoted = window.plain.count('"', window.begin, at) % 2 == 1 and '"' in window.plain[at : window.end]
    return quoted or any(mark.begin <= at < mark.end for mark in window.marked(CODE))
