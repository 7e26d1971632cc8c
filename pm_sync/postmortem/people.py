"""Names of people and teams as they are written, and what stands where there is nobody yet."""

from __future__ import annotations

from pm_sync.postmortem import vocabulary
from pm_sync.regex import regex

_BESIDE = regex(
    r",? (?:in (?:coordination|collaboration|consultation|cooperation|partnership)|together|along|jointly) with\b"
)
_AND = regex(r"\s*(?:[,;/&+、，・]|\s(?:and|und|et|y|e|i|и|en|oraz|と|和)\s)\s*(?![^()（）]*[)）])")
_NAMED_PERSON = regex(r"[A-ZÀ-ÞА-Я][\w'’.-]+(?:\s[A-ZÀ-ÞА-Я][\w'’.-]*){0,3}")
_INITIAL = regex(r"\s[^\W\d]\.$")


def owners_of(text: str) -> tuple[str, ...]:
    """The people or teams that a cell or label names; those who stand for nobody are left out."""
    bare = text.strip(" []")
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


def is_name(text: str) -> bool:
    """Whether a text looks like one person's name, which only what stands beside it can make sure."""
    return _NAMED_PERSON.fullmatch(text) is not None
