"""The phrases of ``pm_sync/data/vocabulary.json``, indexed by what they begin with."""

from __future__ import annotations

from functools import cache
from itertools import chain, groupby
from operator import itemgetter
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
    """By concept the phrases without a ``*``."""
    known: frozenset[str]
    """All of these."""
    begin: dict[str, dict[str, frozenset[str]]]
    """Phrases with a ``*`` and their concepts, by what stands before the third letter of their last word."""
    open: dict[str, tuple[str, ...]]
    """Such phrases for what is never an item, by their first two letters: they match however the heading goes on."""

    def match(self, text: str) -> frozenset[str]:
        """The concepts that a whole folded text stands for."""
        found = _holding(self.whole, text) if text in self.known else NOTHING
        stems = self.begin.get(_head(text))
        # All at once first: most texts begin with none of them.
        if stems and text.startswith(tuple(stems)):
            found = found.union(*(concepts for stem, concepts in stems.items() if text.startswith(stem)))
        if self.open and text.startswith(self.open.get(text[:HEAD], ())):
            found |= {"never"}
        return found


def _head(text: str) -> str:
    return text[: text.rfind(" ") + 1 + HEAD]


def _holding(sets: dict[str, frozenset[str]], text: str) -> frozenset[str]:
    # To note for each of twenty thousand phrases what it stands for would take longer than to look when one is met.
    return frozenset(name for name, texts in sets.items() if text in texts)


def phrases(kind: str, concept: str) -> list[str]:
    """All phrases of a concept, in all languages."""
    languages = raw()[f"{kind}.{concept}"].items()
    return [*chain.from_iterable(words for language, words in languages if language != "about")]


def _concepts(kind: str, only: str) -> list[str]:
    of = (name.split(".") for name in raw())
    return [concept for here, concept in of if here == kind and only in {"", concept}]


@cache
def kind_of(kind: str, only: str) -> Kind:
    """The phrases of all concepts of a kind, or of one of them only."""
    whole: dict[str, frozenset[str]] = {}
    stems: dict[str, list[str]] = {}
    for concept in _concepts(kind, only):
        written = phrases(kind, concept)
        starred = [phrase for phrase in written if "*" in phrase]
        whole[concept] = frozenset(written).difference(starred)
        stems[concept] = [phrase.rstrip("* ") for phrase in starred]
    # What a heading that is none of ours begins with is enough to know it: "what went well on our side".
    never = stems.pop("never", [])
    return Kind(whole, NOTHING.union(*whole.values()), _by_head(stems), _by_letters(never))


def _by_head(stems: dict[str, list[str]]) -> dict[str, dict[str, frozenset[str]]]:
    found: dict[str, dict[str, frozenset[str]]] = {}
    for concept, texts in stems.items():
        for stem in texts:
            concepts = found.setdefault(_head(stem), {})
            concepts[stem] = concepts.get(stem, NOTHING) | {concept}
    return found


def _by_letters(stems: list[str]) -> dict[str, tuple[str, ...]]:
    return {letters: tuple(same) for letters, same in groupby(sorted(stems), key=itemgetter(slice(HEAD)))}


def stands_at(kind: str, only: str, words: list[str], at: int) -> bool:
    """Whether a phrase of a kind, or of one of its concepts only, starts at the word ``at``."""
    table, word = kind_of(kind, only), words[at]
    head = word[:HEAD]
    if word in table.known or ((head in table.begin or head in table.open) and table.match(word)):
        return True
    longest = _lengths(kind, only).get(word, 1)
    return longest > 1 and any(table.match(" ".join(words[at : at + n])) for n in range(2, longest + 1))


@cache
def _lengths(kind: str, only: str) -> dict[str, int]:
    """How many words the longest phrase has that begins with a word, where one has several."""
    every = (phrase for concept in _concepts(kind, only) for phrase in phrases(kind, concept))
    several = [phrase.rstrip("* ").split() for phrase in every if " " in phrase]
    return {words[0]: len(words) for words in sorted(several, key=len)}


@cache
def _first_words() -> tuple[dict[str, frozenset[str]], frozenset[str], dict[str, list[tuple[str, str]]]]:
    """What the phrases of each concept begin with: whole words, all of these, and stems by their first letters."""
    whole: dict[str, frozenset[str]] = {}
    stems: dict[str, list[tuple[str, str]]] = {}
    for name in raw():
        words = {phrase.partition(" ")[0] for phrase in phrases(*name.split("."))}
        starred = [word for word in words if "*" in word]
        whole[name] = frozenset(words.difference(starred))
        for stem in starred:
            stems.setdefault(stem[:HEAD].rstrip("*"), []).append((stem.rstrip("*"), name))
    return whole, NOTHING.union(*whole.values()), stems


def begun_by(word: str) -> frozenset[str]:
    """The kinds (``heading``) and concepts (``heading.action``) that have a phrase which begins with this folded word."""
    whole, known, stems = _first_words()
    names = {name for stem, name in stems.get(word[:HEAD], ()) if word.startswith(stem)}
    if word in known:
        names |= _holding(whole, word)
    return frozenset((*names, *(name.partition(".")[0] for name in names)))


@cache
def dense(kind: str, concept: str) -> tuple[str, ...]:
    """The phrases of scripts that put no blanks between words."""
    return tuple(p.replace(" ", "") for p in phrases(kind, concept) if p[0] >= DENSE)
