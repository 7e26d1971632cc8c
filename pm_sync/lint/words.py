"""The words linting judges by, from ``pm_sync/data/lint_words.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from pm_sync.postmortem import vocabulary

_DENSE = "\u2e80"
"""Scripts from here on put no blanks between words."""


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("pm_sync.data").joinpath("lint_words.toml").read_text("utf-8"))


@cache
def _phrases(group: str, name: str) -> tuple[str, ...]:
    """Folded as texts are before they are compared; a ``*`` at the end stays."""
    every = (phrase for phrases in _data()[group][name].values() for phrase in phrases)
    return tuple(dict.fromkeys(vocabulary.fold(phrase) + ("*" if phrase.endswith("*") else "") for phrase in every))


def is_one_of(group: str, name: str, text: str) -> bool:
    """Whether a whole text is one of the phrases, or begins with one that ends in ``*``."""
    return _matches(vocabulary.fold(text), _phrases(group, name))


def _matches(folded: str, phrases: Iterable[str]) -> bool:
    return any(folded.startswith(p[:-1]) if p.endswith("*") else folded == p for p in phrases)


def holds(group: str, name: str, text: str) -> bool:
    """Whether one of the phrases stands anywhere in a text, as whole words where the script has blanks."""
    return _anywhere(group, name).search(vocabulary.fold(text)) is not None


def begins(group: str, name: str, text: str) -> bool:
    """Whether a text begins with one of the phrases."""
    return _anywhere(group, name).match(vocabulary.fold(text)) is not None


@cache
def _anywhere(group: str, name: str) -> re.Pattern[str]:
    return re.compile("|".join(_one(phrase) for phrase in _longest_first(_phrases(group, name))))


def _one(phrase: str) -> str:
    word = re.escape(phrase.removesuffix("*"))
    if phrase[:1] >= _DENSE:
        return word
    return rf"(?<!\w){word}" + ("" if phrase.endswith("*") else r"(?!\w)")


def _longest_first(phrases: Iterable[str]) -> list[str]:
    return sorted(phrases, key=len, reverse=True)


def is_vague(text: str) -> bool:
    """Whether a text only says that something broad shall be better: a measureless verb, a topic, fillers, no more."""
    folded = vocabulary.fold(text)
    if any(character >= _DENSE for character in folded):
        return _is_vague_dense(folded)
    kinds = {_kind_of(word) for word in folded.split()}
    return {"verbs", "topics"} <= kinds <= {"verbs", "topics", "fillers"}


def _kind_of(word: str) -> str:
    return next((name for name in ("verbs", "topics", "fillers") if _matches(word, _phrases("vague", name))), "")


def _is_vague_dense(folded: str) -> bool:
    left, counts = folded, []
    for name in ("topics", "verbs", "fillers"):
        dense = [p for p in _phrases("vague", name) if p[:1] >= _DENSE]
        left, count = re.subn("|".join(map(re.escape, _longest_first(dense))), " ", left)
        counts.append(count)
    return not left.strip() and counts[0] > 0 and counts[1] > 0


def names_section(section: str, title: str) -> bool:
    """Whether a heading or label names this section, as a whole or in one of its parts ("Impact and timeline")."""
    bare = vocabulary.strip_numbering(title)
    phrases = _phrases("section", section)
    return any(_matches(part, phrases) for part in (vocabulary.fold(bare), *vocabulary.parts(bare)))
