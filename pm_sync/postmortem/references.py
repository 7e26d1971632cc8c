"""References at an item's end: which are taken off its words, and which the sentence needs."""

from __future__ import annotations

from functools import lru_cache

from pm_sync.markdown.inlines import LINK
from pm_sync.postmortem import vocabulary
from pm_sync.postmortem.window import Window, is_reference, is_reference_label
from pm_sync.regex import regex

_WORDS = regex(r"(?:^|[\s(,;.–—-])((?:\w++\s){0,2}\w++)\s*+[:：]?\s*$")
_PIECES = 4
"""Three words and a colon: the search need not begin before them."""
_NOUNS = frozenset({"task", "story", "bug", "issue", "card"})
_PART_OF_SENTENCE = _NOUNS | {"in", "for", "here", "link"}
_REFERENCES = frozenset({"word.reference"})
_GOVERNING = 3
"""Words before a reference that tell whether it is theirs."""
_VALUE = 80
_REMEMBERED = 1 << 10
"""Words recur, in one file and from file to file."""


def take_reference(window: Window, bare: str) -> bool:
    """A link at the end whose label is no part of the sentence: an address, a number, "Issue"."""
    end = window.begin + len(bare)
    for mark in window.source.markup:
        if mark.kind is LINK and mark.end == end and mark.begin > window.begin:
            label = window.plain[mark.begin : end]
            if is_reference(label) or is_reference_label(label) or label.strip() == mark.url:
                return _cut_reference(window, mark.begin)
    for found in window.reading.links:
        if found.end == end and found.begin > window.begin and found.url in {None, found.ref}:
            return _cut_reference(window, found.begin)
    return False


def _cut_reference(window: Window, begin: int) -> bool:
    """Take a reference away, with the words for it, unless the sentence needs it: "the test in #8"."""
    end = before_reference(window, begin)
    before = window.plain[window.begin : end][-_VALUE:]
    if before[-1:] == " " and _governs(before, named=end < begin):
        return False
    return window.cut(None, end)


def _governs(before: str, *, named: bool) -> bool:
    """Whether a reference belongs to the words before it: "the test in #8", "respond to Zendesk ticket #8"."""
    words = before.rsplit(None, _GOVERNING)[-_GOVERNING:]
    if words and words[-1].casefold() in _NOUNS:
        words, named = words[:-1], True
    if named and len(words) > 1 and words[-1].istitle():
        words.pop()
    word = words[-1] if words else ""
    return word.isalpha() and "governs" in vocabulary.concepts("word", word)


@lru_cache(_REMEMBERED)
def _may_refer(word: str) -> bool:
    """Whether a word begins what references are called."""
    return vocabulary.may_begin(_REFERENCES, word)


def before_reference(window: Window, begin: int) -> int:
    """Where "…, see #12" and "… - Issue: #12" end when the reference is taken away, the words for it included."""
    start = max(window.begin, begin - _VALUE)
    before = window.plain[start:begin]
    nearest = before.rstrip()[-1:]
    if not nearest.isalnum() and nearest not in {"_", ":", "："}:
        return begin
    last = before.rsplit(None, _PIECES)
    match = _WORDS.search(before, len(last[0]) if len(last) > _PIECES else 0)
    words = match[1].split() if match else []
    labelled = before.rstrip().endswith((":", "："))
    for at, word in enumerate(words):
        if not match or not _may_refer(word):
            continue  # few words do, and most labels are asked about once
        label = " ".join(words[at:])
        if is_reference_label(label) and (labelled or label.casefold() not in _PART_OF_SENTENCE):
            return start + match.end(1) - len(label)
    return begin
