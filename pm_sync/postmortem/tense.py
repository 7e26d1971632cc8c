"""Whether an item's words say that it was done."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pm_sync.markdown.inlines import RichText
from pm_sync.postmortem import vocabulary
from pm_sync.postmortem.prose import sentences
from pm_sync.postmortem.wording import begins_with_verb, continues, has_acted, is_denied, is_settled
from pm_sync.regex import regex

_DETERMINERS = ("the", "a", "an", "our", "all", "its", "their", "this", "that")
_BEHIND_REPORT = frozenset({"in", "on", "to", "for", "with", "by", "at", "across", "from", "via"})
_REPORT_WORDS = 5
_HEADLINE_WORDS = 12
_GROUP_WORDS = 3
_MAY_TELL = regex(
    r"\b(?:ha(?:s|ve)|was|were|[Ww]e|I|[Tt]eam|[Ee]ngineers) |(?:^|[.!?]\s)\s*(?:[A-Z][\w-]+ed|Built|Wrote|Rewrote|Rebuilt|Reset)\b"
)
_PASSIVE = regex(
    r"\b(?:(?:has|have) (?:also |now |since |already )?been (?:successfully )?(\w+)"
    r"|(?:was|were) (?:then |also )?(?=implemented|introduced|conducted|deployed|added|created|installed|established|allocated|scheduled|upgraded)(\w+))"
)


def is_headline(title: str) -> bool:
    """Whether a heading reports as a newspaper's does: "Sheet created to work out how many connections are required"."""
    words = vocabulary.fold(title).split()
    return _is_reported(words, most=_HEADLINE_WORDS) and any(
        "past" in vocabulary.concepts("verb", word) for word in words[1:3]
    )


def _is_reported(words: list[str], *, most: int = _REPORT_WORDS) -> bool:
    """Whether a few words say "Runbook updated", "Alerts configured in Grafana", without an instruction before them."""
    if not 1 < len(words) <= most or begins_with_verb(words[0]):
        return False
    at = next((at for at, word in enumerate(words[1:], 1) if "past" in vocabulary.concepts("verb", word)), 0)
    return at > 0 and (at + 1 == len(words) or words[at + 1] in _BEHIND_REPORT)


_MIGHT = regex(
    r"\b(?:could|should|would|might|must|may)(?: not)?(?: also)? have\b|\b(?:are|is|am|['’]re|['’]m) now \w+ing\b",
    re.IGNORECASE,
)


def says_done(text: str) -> bool:
    """Whether an item is worded as something that was done ("Added an alert", "X has been replaced")."""
    words = vocabulary.fold(text).split()
    if words[:1] in (["we"], ["i"]) and vocabulary.starts("verb", "past", " ".join(words[1:])):
        return not vocabulary.holds("word", "commit", text)
    words = words[words[:1] == ["re"] :]  # "Re-tested the script"
    if not words:
        return False
    # "Reduced the pool" tells what was done, "Reduced pool size" may be a wish.
    told = words[0].endswith("ed") and len(words) > 1 and words[1] in _DETERMINERS
    told = told or _begins_told(text)
    told = told or _ends_done(text)
    if told or _is_reported(words):
        return not vocabulary.holds("word", "commit", text)
    if begins_with_verb(text) or continues(text):
        return False
    if not (is_settled(text) or has_acted(" ".join(words))):
        return False
    return not _MIGHT.search(text) and not vocabulary.holds("word", "commit", text)


def _begins_told(text: str) -> bool:
    """Whether the first words report something: "Added an alert", and not "Fixed-size pools"."""
    if "-" in text.partition(" ")[0]:
        return False
    return vocabulary.starts("verb", "past", text) or vocabulary.starts("verb", "told", text)


def _ends_done(text: str) -> bool:
    """Whether the last word says so, as in "알림 규칙 추가 완료", and not by when it shall be ("3월까지 완료")."""
    said = text.rstrip(" .。")
    if not vocabulary.ends("word", "ended", said) or vocabulary.ends("group", "open", said):
        return False
    return not vocabulary.holds("word", "due", text)


def tells_done(explanation: str) -> bool:
    """Whether what is explained behind an item's lead reports that it was done ("Retries: Added a limit")."""
    if not _MAY_TELL.search(explanation) or vocabulary.holds("word", "commit", explanation) or is_denied(explanation):
        return False
    folded = vocabulary.fold(explanation)
    if has_acted(folded) or any(m[2] or "past" in vocabulary.concepts("verb", m[1]) for m in _PASSIVE.finditer(folded)):
        return not _MIGHT.search(explanation)
    plain = RichText(explanation, (), (), b"")
    return any(vocabulary.starts("verb", "past", explanation[s.begin : s.end]) for s in sentences(plain))


def tells_task(label: str, below: Sequence[str]) -> bool:
    """Whether words that end with a colon are a task, or the report of one, not the name of a group: "Patch reviews"."""
    words = label.split()
    if 1 < len(words) <= _GROUP_WORDS and "either" in vocabulary.concepts("word", words[0]):
        return words[1].casefold() in _DETERMINERS or not all(map(begins_with_verb, below))
    return begins_with_verb(label) or says_done(label)
