"""How measures are worded: as instructions, promises, and reports of what was done."""

from __future__ import annotations

import re

from pm_sync.postmortem import vocabulary
from pm_sync.regex import regex

# "We are adding"; in Romance languages the ending says "we shall", in Russian the first person plural does.
_FUTURE = regex(
    r"\bwe (?:are|re) (?:now |also |currently |already )?(?!see|look|sorry|experienc|hav|learn|thank)\w+ing\b"
    r"|\b\w{3,}(?:aremos|eremos|iremos|erons|irons|eremo|iremo)\b|\bмы (?:также |еще |уже )?\w{3,}[еи]м\b"
)
_FORETELLS = regex(
    r"\b(?:should|could|would|might) (?:not |also |really )?have (?:had|been|\w+ed)\b|\b(?:will|should) (?:not )?(?:\w+ly |just |ever )?(\w+)"
)
_PERFECT = regex(r"\b(?:we|i|they|team|engineers) (?:ve|have|has) ((?:(?!not|never)\w+ ){0,2}(?!not|never)\w+)")
_ACTED = regex(
    r"\b(?:we|i|team|engineers) (?:also |then |now |already )?(?!re(?:started|verted)|rolled)(\w+ed|built|wrote)\b"
)
_ACTORS = frozenset({"we", "i", "they", "team", "engineers"})
# "By doing all these measures we …", "The steps below will …": it speaks of the measures, and is none.
_REFERS = regex(
    r"(?:(?:by|with|through|after) )?(?:\w+ing )?(?:all )?(?:of )?(?:these|those|such|the (?:above|following|aforementioned))"
    r"(?: [\w-]+){0,3} (?:measures|actions|steps|changes|improvements|fixes|tasks|strategies|practices|efforts|initiatives)\b"
    r"|[^.:]{0,200}\b(?:measures|actions|steps|changes|improvements|tasks) (?:\w+ )?below\b"
    r"|(?:in|to) (?:conclu|summar)\w+\b|this (?:post-?mortem|report|document|incident|outage) (?!should|must|needs|has to)",
    re.IGNORECASE,
)
_LOOKS_BACK = regex(
    r"\b(?:conducted|made|performed|completed|carried out|done) (?:\w+ ){0,5}(?:review|analysis|investigation)\b"
    r"[^.:]{0,60}\b(?:outage|incident|issue|event|problem)\b"
)
"""Somebody looked into what happened, which is no measure against it."""
_ORDINAL = regex(r"\s*(?:first|second|third|fourth|fifth|final|last)(?:ly)?,\s+", re.IGNORECASE)
_LED = regex(r"[^:：.\n]{2,60}?(?:[:：]|\s[-–—])\s+")
_GERUND = regex(
    r"([a-z]{2,})ing (?!(?:is|was|were|are|has|had|would|could|can|did|these|those|such|remains?|stays?|works?)\b|\w+ed\b)"
)
_DENIED = regex(
    r"\b(?:no|none|nothing|neither|nor|never)\b(?:[ ,]+[\w-]+){0,6} (?:was|were|has been|have been)\b", re.IGNORECASE
)
_LEADS_BACK = regex(r"\b(?:was|were|been) \w+(?:ed|en|t) (?:in order )?to:?\s*$")
_DEEDS = frozenset({"past", "changed"})


def commits(sentence: str) -> bool:
    """Whether a sentence commits to a measure, or says that one was taken."""
    bare = sentence.strip()
    if not bare or bare.endswith((":", "：")) or refers(bare):
        return False
    said = _FORETELLS.sub(_foretold, vocabulary.fold(bare))
    return not _LOOKS_BACK.search(said) and (
        vocabulary.holds("word", "commit", said)
        or is_settled(said)
        or is_told(bare)
        or _is_gerund(bare)
        or _promises(said)
    )


def is_settled(text: str) -> bool:
    """Whether a sentence says that something was done, and not that nothing was: "no host was removed"."""
    return vocabulary.holds("word", "settled", text) and not is_denied(text)


def is_denied(text: str) -> bool:
    """Whether a sentence says that something was not done to anything."""
    return _DENIED.search(text) is not None


def leads_back(text: str) -> bool:
    """Whether words lead to what was done, step by step: "The script was rewritten to:"."""
    return text.endswith(("to:", "to")) and _LEADS_BACK.search(text) is not None


def _is_gerund(sentence: str) -> bool:
    """Whether a sentence names a measure by its gerund: "Adding a second load balancer"."""
    found = _GERUND.match(vocabulary.fold(sentence))
    if found is None:
        return False
    stem = found[1]
    return any("en" in vocabulary.concepts("verb", verb) for verb in (stem, f"{stem}e", stem[:-1]))


def _foretold(said: re.Match[str]) -> str:
    """Nothing in place of "will silently fail" or "should have had", which nobody can do; what somebody will do stays."""
    return "" if said[1] is None or "foretold" in vocabulary.concepts("word", said[1]) else said[0]


def _promises(folded: str) -> bool:
    """Whether a sentence says "we are adding", "we have enabled", or so by the ending of its verb."""
    return _FUTURE.search(folded) is not None or has_acted(folded)


def has_acted(folded: str) -> bool:
    """Whether somebody "has (since) enabled" or "enabled" something: by a verb of measures, not by one of noticing."""
    if _ACTORS.isdisjoint(folded.split()):
        return False
    if any(map(_is_deed, (m[1] for m in _ACTED.finditer(folded)))):
        return True
    if not any(have in folded for have in (" have ", " has ", " ve ")):
        return False
    return any(map(_is_deed, (word for m in _PERFECT.finditer(folded) for word in m[1].split())))


def _is_deed(word: str) -> bool:
    return not vocabulary.concepts("verb", word).isdisjoint(_DEEDS)


def continues(sentence: str) -> bool:
    """Whether a sentence only goes on about the one before it."""
    return vocabulary.starts("word", "again", sentence)


def begins_with_verb(text: str) -> bool:
    """Whether a text begins as an instruction does; in languages that put the verb last, ends so."""
    return vocabulary.starts("verb", "en", text) or vocabulary.acts(text)


def instructs(title: str) -> bool:
    """Whether a title is worded as an instruction, as by its last word in languages that put the verb there."""
    words = unled(title).partition(" (")[0].partition("（")[0]
    if begins_with_verb(words):
        return words.count(" ") > 1 or not words.isascii()
    return vocabulary.ends("verb", "last", words)


def is_told(line: str) -> bool:
    """Whether a line begins as an instruction or a report does, behind its lead if it has one."""
    words = line.strip()
    return any(
        begins_with_verb(w) or vocabulary.starts("verb", "past", w) for w in dict.fromkeys((words, unled(words)))
    )


def unled(words: str) -> str:
    """The words behind a lead ("Testing: add a stage") or a count ("First, add a stage")."""
    if ordinal := _ORDINAL.match(words):
        return words[ordinal.end() :]
    led = _LED.match(words)
    return words[led.end() :] if led and not continues(words) else words


def refers(words: str) -> bool:
    """Whether a sentence speaks of the measures, and is none: "By doing all these …", "The steps below will …"."""
    return _REFERS.match(words) is not None
