"""How urgent a word is: priorities and severities are written in many ways, and compare by one name each.

Priorities are named ``P0`` (drop everything) to ``P9``, severities ``SEV0`` to ``SEV9``; a smaller number is more urgent.
A word that is neither keeps itself, folded, so that a table of one's own may use any word.
"""

from __future__ import annotations

from pm_sync.regex import regex

_PRIORITY_WORDS = {
    "blocker": 0,
    "critical": 0,
    "emergency": 0,
    "highest": 0,
    "immediate": 0,
    "high": 1,
    "urgent": 1,
    "important": 1,
    "major": 1,
    "medium": 2,
    "moderate": 2,
    "normal": 2,
    "low": 3,
    "minor": 3,
    "lowest": 4,
    "trivial": 4,
}
_SEVERITY_WORDS = {
    "critical": 1,
    "severe": 1,
    "high": 2,
    "major": 2,
    "medium": 3,
    "moderate": 3,
    "minor": 3,
    "low": 4,
    "trivial": 5,
}
_WORD = regex(r"[^\W\d_]+")
_NUMBERED = regex(r"(?<![^\W_])(?:priority|prio|p|severity|sev|s)[\W_]*(\d)(?!\d)")
_BARE = regex(r"\W*(\d)\W*")
_LEVEL = regex(r"(?:P|SEV)(\d)")
_OR = regex(r"[/|]")
_CHOICES = 3
"""So many levels side by side are what a template offers; of two, both may be meant."""
_SEVERITY = regex(r"\W*s(?:everity|ev)?[\W_]*\d")


def priority_name(text: str | None) -> str:
    """Name a priority: ``P1`` for ``p1``, ``Priority 1``, ``1``, ``High`` or ``sev1``; empty for none."""
    return _name("P", text, _PRIORITY_WORDS)


def severity_name(text: str | None) -> str:
    """Name a severity: ``SEV1`` for ``sev-1``, ``S1``, ``Severity 1``, ``1``, ``Critical`` or ``P1``; empty for none."""
    return _name("SEV", text, _SEVERITY_WORDS)


def rule_name(text: str) -> str:
    """Name the key of an SLA table or a gate: a severity where it says so (``SEV1``, ``S1``), else a priority."""
    folded = text.casefold()
    return severity_name(text) if _SEVERITY.match(folded) else priority_name(text)


def level(name: str) -> int | None:
    """The number in a name made above, or None where the word has none."""
    number = _LEVEL.fullmatch(name)
    return int(number[1]) if number else None


def _name(prefix: str, text: str | None, words: dict[str, int]) -> str:
    folded = (text or "").casefold().strip()
    choices = _OR.split(folded)
    if len(choices) >= _CHOICES and all(level(_name(prefix, choice, words)) is not None for choice in choices):
        return ""
    if number := _NUMBERED.search(folded) or _BARE.fullmatch(folded):
        return f"{prefix}{int(number[1])}"
    known = [words[word] for word in _WORD.findall(folded) if word in words]
    return f"{prefix}{min(known)}" if known else folded
