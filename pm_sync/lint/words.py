"""The words linting judges by, from ``pm_sync/data/lint_words.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from pm_sync.postmortem import vocabulary

_DENSE = "\u2e80"
"""Scripts from here on put no blanks between words."""

_LONGEST_VAGUE = 200
"""Characters; who says more says something."""


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("pm_sync.data").joinpath("lint_words.toml").read_text("utf-8"))


class _Phrases(NamedTuple):
    """One concept's phrases, folded as texts are before they are compared."""

    whole: frozenset[str]
    begin: tuple[str, ...]
    """Those that ended in ``*``, without it."""

    def match(self, folded: str) -> bool:
        return folded in self.whole or folded.startswith(self.begin)


@cache
def _phrases(group: str, name: str) -> _Phrases:
    every = [phrase for phrases in _data()[group][name].values() for phrase in phrases]
    begin = (vocabulary.fold(phrase) for phrase in every if phrase.endswith("*"))
    whole = (vocabulary.fold(phrase) for phrase in every if not phrase.endswith("*"))
    return _Phrases(frozenset(whole), tuple(dict.fromkeys(begin)))


def is_one_of(group: str, name: str, text: str) -> bool:
    """Whether a whole text is one of the phrases, or begins with one that ends in ``*``."""
    return _phrases(group, name).match(vocabulary.fold(text))


def holds(group: str, name: str, text: str) -> bool:
    """Whether one of the phrases stands anywhere in a text, as whole words where the script has blanks."""
    return _anywhere(group, name).search(vocabulary.fold(text)) is not None


def begins(group: str, name: str, text: str) -> bool:
    """Whether a text begins with one of the phrases."""
    return _anywhere(group, name).match(vocabulary.fold(text)) is not None


@cache
def _anywhere(group: str, name: str) -> re.Pattern[str]:
    whole, begin = _phrases(group, name)
    spaced = [rf"{re.escape(p)}(?!\w)" for p in whole if p < _DENSE] + [re.escape(p) for p in begin if p < _DENSE]
    dense = [re.escape(phrase) for phrase in (*whole, *begin) if phrase >= _DENSE]
    return re.compile("|".join([rf"(?<!\w)(?:{'|'.join(_longest_first(spaced))})", *_longest_first(dense)]))


def _longest_first(phrases: Iterable[str]) -> list[str]:
    return sorted(phrases, key=lambda phrase: (-len(phrase), phrase))


def is_vague(text: str) -> bool:
    """Whether a text only says that something broad shall be better: a measureless verb, a topic, fillers, no more."""
    if len(text) > _LONGEST_VAGUE:
        return False
    folded = vocabulary.fold(text)
    if any(character >= _DENSE for character in folded):
        return _is_vague_dense(folded)
    kinds = {_kind_of(word) for word in folded.split()}
    return {"verbs", "topics"} <= kinds <= {"verbs", "topics", "fillers"}


@lru_cache(maxsize=1 << 12)
def _kind_of(word: str) -> str:
    return next((name for name in ("verbs", "topics", "fillers") if _phrases("vague", name).match(word)), "")


def _is_vague_dense(folded: str) -> bool:
    left, counts = folded, []
    for name in ("topics", "verbs", "fillers"):
        left, count = _dense(name).subn(" ", left)
        counts.append(count)
    return not left.strip() and counts[0] > 0 and counts[1] > 0


@cache
def _dense(name: str) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(p) for p in _longest_first(_phrases("vague", name).whole) if p >= _DENSE))


def names_section(section: str, title: str) -> bool:
    """Whether a heading or label names this section, as a whole or in one of its parts ("Impact and timeline")."""
    bare = vocabulary.strip_numbering(title)
    phrases = _phrases("section", section)
    return any(phrases.match(part) for part in (vocabulary.fold(bare), *vocabulary.parts(bare)))
