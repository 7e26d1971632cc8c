"""Names of people and teams as they are written, and what stands where there is nobody yet."""

from __future__ import annotations

import re

from pm_sync.postmortem import vocabulary
from pm_sync.regex import regex

_BESIDE = regex(
    r",? (?:in (?:coordination|collaboration|consultation|cooperation|partnership)|together|along|jointly) with\b"
)
_AND = regex(r"\s*(?:[,;/&+、，・]|\s(?:and|und|et|y|e|i|и|en|oraz|と|和)\s)\s*(?![^()（）]*[)）])")
_MENTION = regex(r"@[\w][\w.-]*(?:/[\w.-]+)?")
_MENTIONS = regex(r"(?:@[\w][\w./-]*)(?:(?:\s*[,/&+]\s*|\s+(?:and|und|et|y|e|i|и|en)\s+|\s+)@[\w][\w./-]*)*")
_DOES = regex(
    r"([A-ZÀ-Þ][\w'’.-]+(?:\s[A-ZÀ-Þ][\w'’.-]+)?)\s(?:to\s|will\s|is\s|has\s|owns?\b)?([a-z]+)\b.*", re.DOTALL
)
_NAMED_PERSON = regex(r"[A-ZÀ-ÞА-Я][\w'’.-]+(?:\s[A-ZÀ-ÞА-Я][\w'’.-]*){0,3}")
_PERSON = regex(r"(?:mailto:)?[\w.+-]{1,60}@[\w-]{1,60}(?:\.[\w-]{1,30}){1,4}|https://(?:github|gitlab)\.com/[\w.-]+/?")
_INITIAL = regex(r"\s[^\W\d]\.$")


def owners_of(text: str) -> tuple[str, ...]:
    """The people or teams that a cell or label names; those who stand for nobody are left out."""
    bare = text.strip(" []")
    if not bare:
        return ()
    bare = bare.strip("()（）") if bare[:1] in {"(", "（"} else bare
    bare = bare[: found.start()] if (found := _BESIDE.search(bare)) else bare
    names = [_written(" ".join(name.split()).strip(" *_`")) for name in _AND.split(bare)]
    if (
        len(names) > 1
        and "," not in bare
        and vocabulary.starts("word", "crew", bare)
        and not any(map(is_crew, names[1:]))
    ):
        names = [bare]  # "Team Web/Mobile" is one
    return tuple(name for name in names if any(map(str.isalnum, name)) and not is_nobody(name) and name[0] != ":")


def _written(name: str) -> str:
    """A name without the full stop behind it, which an initial keeps: "Chen W."."""
    return name if _INITIAL.search(name) else name.strip(" .")


def is_crew(name: str) -> bool:
    """Whether a name begins as a team's does."""
    return vocabulary.starts("word", "crew", name)


def is_nobody(text: str) -> bool:
    """Whether what stands in an owner's or a due date's place says that there is none yet."""
    return "nobody" in vocabulary.concepts("group", text)


def leads_to_person(address: str) -> bool:
    """Whether an address is somebody's mailbox, or their page at GitHub or GitLab."""
    return _PERSON.fullmatch(address) is not None


def mentions(text: str) -> tuple[str, ...]:
    """Those whom a text names, and does nothing else: ``@ann and @bob``, ``ann@example.com``."""
    if text[0] == "@" and _MENTIONS.fullmatch(text):
        return tuple(_MENTION.findall(text))
    return (text,) if leads_to_person(text) else ()


def who_does(text: str) -> str | None:
    """Who is to do something about it: ``Jane to follow up``, ``Jane will check``."""
    does = _DOES.fullmatch(text)
    told = does and "en" in vocabulary.concepts("verb", does[2]) and not vocabulary.concepts("verb", does[1])
    return does[1] if does and told else None


def is_name(text: str) -> bool:
    """Whether a text looks like one person's name, which only what stands beside it can make sure."""
    return _NAMED_PERSON.fullmatch(text) is not None
