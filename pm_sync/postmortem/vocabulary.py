"""The words by which a postmortem is read, from ``pm_sync/data/vocabulary.json``, and how written words are compared with them."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

_NUMBERING = re.compile(
    r"^\s*(?:(?:step|section|part|no\.?|第)?\s*(?:\d{1,3}(?:\.\d{1,3})*|[ivxIVX]{1,4}|[a-zA-Z]|[一二三四五六七八九十]{1,3})\s*"
    r"(?:[.)、．:：章节節]|\)\s|-\s)|[(（](?:\d{1,3}|[a-zA-Z]|[一二三四五六七八九十]{1,3})[)）]|#{1,6}\s|#\d{1,3}[\s:.)])\s*",
)
_SHORTCODE = re.compile(r":[a-z][a-z0-9_+-]{1,40}:")
_NOT_WORD = re.compile(r"[\W_]+")
_JOINTS = re.compile(
    r"\s(?:and|or|und|oder|et|ou|y|o|e|i|oraz|en|of|и|или|및|와|과)\s|[&/+,;:：()（）\[\]【】|·・、，]|\s[-–—]\s|(?<=[\u3040-\u30ff\u4e00-\u9fff])[と和与及](?=[\u3040-\u30ff\u4e00-\u9fff])"
)
_FILLERS = re.compile(
    r"^(?:the|our|all|any|some|list of|proposed|suggested|planned|recommended|key|main|possible|potential|identified|additional|further|other|new|current)\s+"
)
_PLAIN = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "’": "'"})


@cache
def _raw() -> dict[str, dict[str, list[str]]]:
    data = json.loads(files("pm_sync.data").joinpath("vocabulary.json").read_text("utf-8"))
    return {name: languages for name, languages in data.items() if name != "about"}


class _Phrases(NamedTuple):
    """One concept's phrases: whole ones, and beginnings (those with a ``*``)."""

    whole: frozenset[str]
    begin: frozenset[str]
    open_end: bool
    """Whether a beginning may be followed by further words, not only by the rest of its last one."""

    def match(self, text: str) -> bool:
        if text in self.whole:
            return True
        first = 1 if self.open_end else text.rfind(" ") + 2
        return any(text[:end] in self.begin for end in range(first, len(text) + 1))


@cache
def _concepts() -> dict[str, dict[str, _Phrases]]:
    kinds: dict[str, dict[str, _Phrases]] = {}
    for name, languages in _raw().items():
        kind, concept = name.split(".")
        phrases = [phrase for language, words in languages.items() if language != "about" for phrase in words]
        # What a heading that is none of ours begins with is enough to know it: "what went well on our side".
        kinds.setdefault(kind, {})[concept] = _Phrases(
            frozenset(phrase for phrase in phrases if not phrase.endswith("*")),
            frozenset(phrase[:-1].rstrip() for phrase in phrases if phrase.endswith("*")),
            open_end=concept == "never",
        )
    return kinds


@lru_cache(maxsize=1 << 14)
def fold(text: str) -> str:
    """Lower case, without accents (of Latin letters), punctuation, emoji and numbering's dots; single blanks."""
    text = unicodedata.normalize("NFKC", text).casefold().translate(_PLAIN)
    if not text.isascii():
        text = "".join(unicodedata.normalize("NFD", c)[0] if "À" <= c < "Ͱ" or "Ḁ" <= c < "ἀ" else c for c in text)
    return _NOT_WORD.sub(" ", text).strip()


@lru_cache(maxsize=1 << 14)
def concepts(kind: str, text: str) -> frozenset[str]:
    """The concepts of a kind (``heading``, ``group``, ``label``, ``fact``, ``word``) that a whole text names."""
    folded = fold(text)
    if not folded or len(folded) > 80:  # noqa: PLR2004 -- longer than any phrase
        return frozenset()
    return frozenset(concept for concept, phrases in _concepts()[kind].items() if phrases.match(folded))


@lru_cache(maxsize=1 << 14)
def parts(text: str) -> tuple[str, ...]:
    """A heading without numbering, emoji and filler words, cut where it joins several things."""
    bare = strip_numbering(_SHORTCODE.sub(" ", text))
    cut = (_FILLERS.sub("", fold(part)) for part in _JOINTS.split(bare.casefold()))
    return tuple(part for part in cut if part)


def strip_numbering(text: str) -> str:
    """Take a heading's or paragraph's number off: ``1.``, ``2)``, ``A.``, ``IV.``, ``一、``, ``(3)``."""
    bare = _NUMBERING.sub("", text, count=1)
    return bare if bare.strip() else text


@lru_cache(maxsize=1 << 14)
def names(kind: str, text: str) -> frozenset[str]:
    """The concepts that a heading or label names: as a whole, else by its parts."""
    bare = strip_numbering(_SHORTCODE.sub(" ", text))
    whole = concepts(kind, bare) or concepts(kind, _FILLERS.sub("", fold(bare)))
    return whole or frozenset(concept for part in parts(text) for concept in concepts(kind, part))


@cache
def _inside(kind: str, concept: str) -> re.Pattern[str]:
    phrases = _concepts()[kind][concept]
    words = [*map(re.escape, phrases.whole), *(re.escape(p) + r"\w*" for p in phrases.begin)]
    # Scripts without blanks between words have no word boundaries either.
    spaced = [w for w in words if w[0] < "\u2e80"]
    dense = [w for w in words if w[0] >= "\u2e80"]
    alternatives = [rf"(?<!\w)(?:{'|'.join(spaced)})(?!\w)"] if spaced else []
    return re.compile("|".join([*alternatives, *dense]))


@lru_cache(maxsize=1 << 14)
def holds(kind: str, concept: str, text: str) -> bool:
    """Whether one of the concept's phrases stands anywhere in the text."""
    return _inside(kind, concept).search(fold(text)) is not None


def starts(kind: str, concept: str, text: str) -> bool:
    """Whether the text begins with one of the concept's phrases."""
    return _inside(kind, concept).match(fold(text)) is not None


@cache
def _months() -> dict[str, int]:
    data = _raw()["month.number"]
    rows = [row for language, row in data.items() if language != "about"]
    return {name: number for row in rows for number, forms in enumerate(row, 1) for name in forms.split()}


def month(name: str) -> int | None:
    """The number of a month by its name or short form in any language."""
    return _months().get(fold(name))


def acts(text: str) -> bool:
    """Whether a text begins with a verb of measures in another language than English, or ends with one."""
    phrases = _concepts()["verb"]["other"].whole
    words = fold(text).split()
    return bool(words) and (words[0] in phrases or words[-1] in phrases or words[0].startswith(_eastern()))


@cache
def _eastern() -> tuple[str, ...]:
    """Verbs of languages that put no blank behind them."""
    return tuple(p for p in _concepts()["verb"]["other"].whole if p[0] >= "\u2e80")


@cache
def _none_phrases() -> tuple[str, ...]:
    phrases = _concepts()["word"]["none"]
    return tuple(p for p in (*phrases.whole, *phrases.begin) if " " in p)


def starts_none(folded: str) -> bool:
    """Whether a folded text begins by saying that there is nothing to do, in more than one word."""
    return folded.startswith(_none_phrases())
