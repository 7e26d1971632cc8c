"""What looks like an action item and is none: empty rows, placeholders, "None.", fields alone."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pm_sync.markdown.inlines import EMPHASIS, RichText
from pm_sync.postmortem import vocabulary, wording
from pm_sync.postmortem.candidate import IN_TABLE, Candidate
from pm_sync.postmortem.values import labelled
from pm_sync.regex import regex

PLACEHOLDER = "a placeholder"
_TEMPLATE = regex(
    r"\{\{.*?\}\}|\{%.*?%\}|<%.*?%>|<[a-z][^<>@]{0,60}>|\[[^\[\]]{0,80}\]|\$\{.*?\}|_{3,}|\.{3,}|…|#?\bX{3,}\b",
    re.DOTALL,
)
_MAYBE_TEMPLATE = regex(r"[{<\[_$….](?:(?<!\.)|\.\.)")
_AT_A_TIME = regex(
    r"(?:\d{4}-\d\d-\d\d[ T])?(?:\d{1,2}:\d{2}(?::\d{2})?(?: ?[AaPp][Mm])?(?: ?[A-Z]{2,4}(?:[+-]\d{1,2})?)?\s*(?:[-–—~〜:：|,]|\Z)\s*)+"
)
"""A time of day apart from what follows, as an entry of a timeline begins, and no measure."""
_NUMBERED = regex(r"(.{1,60}?)\s?#?(\d{1,4})")
_NOTHING = frozenset({"word.none", "word.placeholder", "word.sample"})
_EXAMPLES = 3
_LABEL_WORDS = 8
_WORDS = 2
_SENTENCE = 20


def series(candidates: Iterable[Candidate]) -> frozenset[str]:
    """The words before the number of each item that is one of many: nobody's template goes on to "Task 4"."""
    matches = [_NUMBERED.fullmatch(c.reading.text) for c in candidates if c.reading.text[-1:].isdigit()]
    return frozenset(vocabulary.fold(match[1]) for match in matches if match and int(match[2]) > _EXAMPLES)


def why_unusable(candidate: Candidate, named: frozenset[str] = frozenset()) -> str | None:
    """Why a candidate is no item, or None where it is one; ``named`` is what `series` gives for all of them."""
    reading = candidate.reading
    if reading.too_long:
        return "too long for an action item"
    if candidate.row is not None and candidate.row.empty:
        return "an empty row"
    text = reading.text
    if not text[:1].isalpha() and not any(c.isalpha() for c in text):
        if reading.links or candidate.links:
            reading.text = reading.title = (reading.links or candidate.links)[0].ref
            return None
        return "empty" if not text else "no words"
    # What doesn't even begin as such a phrase does, as most items, need not be compared with any.
    if vocabulary.may_begin(_NOTHING, text) and (reason := _stands_for_nothing(text)):
        return None if reason is PLACEHOLDER and _is_meant(candidate, named) else reason
    if reason := _left_open(candidate, text):
        return reason
    return _told_beside(text) if candidate.layout is not IN_TABLE and ":" in text else None


def _told_beside(text: str) -> str | None:
    """What a text is that tells something of the incident or of an item, and is none itself."""
    if text[:1].isdigit() and _AT_A_TIME.match(text):
        return "an entry of a timeline"
    return "only a field" if labelled(text) is not None else None


def _is_meant(candidate: Candidate, named: frozenset[str]) -> bool:
    """Whether a text that reads like an example is none: it has an issue, or is one of many ("Task 1" to "Task 9")."""
    if candidate.reading.links or candidate.links:
        return True
    match = _NUMBERED.fullmatch(candidate.reading.text)
    return match is not None and vocabulary.fold(match[1]) in named


def _stands_for_nothing(text: str) -> str | None:
    words = vocabulary.concepts("word", text)
    if "none" in words or _says_none(text):
        return "says that there is nothing to do"
    return PLACEHOLDER if "placeholder" in words or vocabulary.starts("word", "sample", text) else None


def _left_open(candidate: Candidate, text: str) -> str | None:
    """Why a text is no more than what a form has to be filled in with; a command may end in a colon."""
    if _MAYBE_TEMPLATE.search(text) and _TEMPLATE.search(text) and _is_template(text):
        return PLACEHOLDER
    if text[0] == "(" and _is_aside(candidate.text):
        return PLACEHOLDER
    label = candidate.bare and candidate.text.plain.rstrip().endswith((":", "：")) and "\n" not in candidate.text.plain
    if label and len(text.split()) <= _LABEL_WORDS and not wording.begins_with_verb(text):
        return "a label with nothing behind it"
    return None


def _is_template(text: str) -> bool:
    """Whether there is hardly more than a template's signs."""
    return len(vocabulary.fold(_TEMPLATE.sub(" ", text)).split()) < _WORDS


def _is_aside(text: RichText) -> bool:
    """Whether the whole text stands slanted and in brackets, as a form tells what to write: "_(what we do about it)_"."""
    plain = text.plain.strip()
    slanted = any(m.kind is EMPHASIS and m.end - m.begin >= len(plain) for m in text.markup)
    return slanted and plain[-1:] == ")" and "(" not in plain[1:]


def _says_none(text: str) -> bool:
    folded = vocabulary.fold(text)
    return vocabulary.starts_none(folded) and folded.count(" ") < _SENTENCE
