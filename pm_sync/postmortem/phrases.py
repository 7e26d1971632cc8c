"""The phrases of ``pm_sync/data/vocabulary.json``, indexed by what they begin with."""

from __future__ import annotations

from functools import cache
from pkgutil import get_data
from typing import NamedTuple

import msgspec

NOTHING: frozenset[str] = frozenset()
DENSE = "\u2e80"
"""The first character of the scripts that put no blanks between words."""
HEAD = 2
"""Letters of a phrase's last word by which it is found."""


@cache
def raw() -> dict[str, dict[str, list[str]]]:
    """By ``kind.concept`` the phrases of each language; ``month.number`` has rows of twelve."""
    # Not by importlib.resources, which takes longer to load than this file to read.
    data = msgspec.json.decode(get_data("pm_sync", "data/vocabulary.json") or b"")
    return {name: languages for name, languages in data.items() if name != "about"}


class Kind(NamedTuple):
    """The phrases of all concepts of one kind, indexed so that a text which is none of them costs next to nothing."""

    whole: dict[str, frozenset[str]]
    begin: dict[str, dict[str, frozenset[str]]]
    """Phrases with a ``*`` and their concepts, by what stands before the third letter of their last word."""
    open: dict[str, tuple[str, ...]]
    """Such phrases for what is never an item, by their first two letters: they match however the heading goes on."""
    longest: dict[str, int]
    """How many words the longest phrase has that begins with this word, if any has more than one."""

    def match(self, text: str) -> frozenset[str]:
        """The concepts that a whole folded text stands for."""
        found = self.whole.get(text, NOTHING)
        stems = self.begin.get(_head(text))
        # All at once first: most texts begin with none of them.
        if stems and text.startswith(tuple(stems)):
            found = found.union(*(concepts for stem, concepts in stems.items() if text.startswith(stem)))
        if self.open and text.startswith(self.open.get(text[:HEAD], ())):
            found |= {"never"}
        return found

    def at(self, words: list[str], at: int) -> bool:
        """Whether a phrase starts at the word ``at``."""
        word = words[at]
        if (word in self.whole or word[:HEAD] in self.begin) and self.match(word):
            return True
        longest = self.longest.get(word, 1)
        return longest > 1 and any(self.match(" ".join(words[at : at + n])) for n in range(2, longest + 1))


def _head(text: str) -> str:
    return text[: text.rfind(" ") + 1 + HEAD]


def phrases(kind: str, concept: str) -> list[str]:
    """All phrases of a concept, in all languages."""
    return [p for language, words in raw()[f"{kind}.{concept}"].items() if language != "about" for p in words]


@cache
def kind_of(kind: str, only: str = "") -> Kind:
    """The phrases of all concepts of a kind, or of one of them only."""
    table = Kind({}, {}, {}, {})
    for name in raw():
        of, _, concept = name.partition(".")
        here = frozenset({concept})
        for phrase in phrases(kind, concept) if of == kind and only in {"", concept} else ():
            key = phrase.rstrip("* ")
            if key == phrase:
                table.whole[key] = table.whole[key] | here if key in table.whole else here
            elif concept == "never":
                # What a heading that is none of ours begins with is enough to know it: "what went well on our side".
                table.open[key[:HEAD]] = (*table.open.get(key[:HEAD], ()), key)
            else:
                stems = table.begin.setdefault(_head(key), {})
                stems[key] = stems.get(key, NOTHING) | here
            first, blank, _ = key.partition(" ")
            if blank and key.count(" ") >= table.longest.get(first, 1):
                table.longest[first] = key.count(" ") + 1
    return table


@cache
def first_words() -> tuple[dict[str, frozenset[str]], dict[str, list[tuple[str, str]]]]:
    """What every phrase begins with: whole first words, and stems by their first letters."""
    whole: dict[str, frozenset[str]] = {}
    stems: dict[str, list[tuple[str, str]]] = {}
    for name in raw():
        kind, _, concept = name.partition(".")
        here = frozenset((kind, name))
        for first in {phrase.partition(" ")[0] for phrase in phrases(kind, concept)}:
            if first.endswith("*"):
                stems.setdefault(first[:HEAD].rstrip("*"), []).append((first.rstrip("*"), name))
            else:
                whole[first] = whole[first] | here if first in whole else here
    return whole, stems


@cache
def dense(kind: str, concept: str) -> tuple[str, ...]:
    """The phrases of scripts that put no blanks between words."""
    return tuple(p.replace(" ", "") for p in phrases(kind, concept) if p[0] >= DENSE)
