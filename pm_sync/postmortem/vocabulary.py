"""How written words are compared with those by which a postmortem is read."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

from pm_sync.mark import normal_form
from pm_sync.postmortem.phrases import DENSE, NOTHING, begun_by, dense, kind_of, phrases, raw, stands_at
from pm_sync.regex import regex

_NUMBERING = regex(
    r"^\s*(?:\d{1,3}(?:\.\d{1,3}){1,2}\s+(?=[^\W\d])|(?:step|section|part|no\.?|第)?\s*(?:\d{1,3}(?:\.\d{1,3})*|[ivxIVX]{1,4}|[A-OQ-Z]\d{1,2}(?=[.)]\s)|[a-zA-Z]|[一二三四五六七八九十]{1,3})\s*"
    r"(?:[.)、．:：章节節]|\)\s|-\s)|[①-⑳]|[(（](?:\d{1,3}|[a-zA-Z]|[一二三四五六七八九十]{1,3})[)）]|#{1,6}\s|#\d{1,3}[\s:.)])\s*",
)
_SHORTCODE = regex(r":[a-z][a-z0-9_+-]{1,40}:")
_NOT_WORD = regex(r"[\W_]+")
# Each joint begins with one of a few characters, which the search can leap to; what stands around them tells the rest.
_JOINTS = regex(
    r"[\s&/+,;:：()（）\[\]【】|·・、，と和与及]"
    r"(?:(?<=[&/+,;:：()（）\[\]【】|·・、，])"
    r"|(?<=\s)(?:(?:and|or|und|oder|et|ou|y|o|e|i|oraz|en|of|и|или|і|й|та|або|ve|veya|och|eller|và|hoặc|dan|atau|및|와|과)\s|[-–—]\s)"
    r"|(?<=[^\W\x00-\x7f][と和与及])(?=[^\W\x00-\x7f]))"
)
_FILLERS = frozenset(
    {"the", "a", "an", "our", "all", "any", "some", "key", "main", "possible", "potential", "new", "current", "other"}
    | {"proposed", "suggested", "planned", "recommended", "identified", "additional", "further"}
)
_FRONT = _FILLERS | {"open", "outstanding", "remaining", "pending", "unresolved"}
_CLOSERS = (
    _FILLERS
    | {"implemented", "agreed", "needed", "required", "completed", "richieste", "necessarie", "proposte", "requeridas"}
    | {"necesarias", "propuestas", "necessarias", "propostas", "requises", "necessaires", "proposees", "erforderlich"}
    | {"notwendig", "nodig", "vereist", "wymagane", "potrzebne", "konieczne", "proponowane"}
)
"""Words at a title's begin or end that name nothing themselves."""
_LONGEST_PHRASE = 80
_HORIZON_WORDS = 4
_PLAIN = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ı": "i", "\u0307": "", "ё": "е", "’": "'"})
_TEXTS = 1 << 9
"""How many texts' meanings are remembered: one text is asked about several times in a row, headings and labels recur."""
_WORDS = 1 << 12


_begun_by = lru_cache(_WORDS)(begun_by)


@lru_cache(_TEXTS)
def _hinted(text: str) -> frozenset[str]:
    """What may stand in a text, by its words: whatever isn't hinted at need not be looked for, which is most."""
    return NOTHING.union(*map(_begun_by, fold(text).split()))


def may_begin(names: frozenset[str], text: str) -> bool:
    """Whether a text's first word leaves it open that a phrase of these kinds or concepts (``word.none``) begins it."""
    first = fold(text).partition(" ")[0]
    return first >= DENSE or not names.isdisjoint(_begun_by(first))


@lru_cache(_TEXTS)
def fold(text: str) -> str:
    """Lower case, without accents (of Latin letters), punctuation, emoji and numbering's dots; single blanks."""
    if text.isascii():
        return normal_form(text)
    text = unicodedata.normalize("NFKC", text).casefold().translate(_PLAIN)
    text = "".join(unicodedata.normalize("NFD", c)[0] if "À" <= c < "Ͱ" or "Ḁ" <= c < "ἀ" else c for c in text)
    return _NOT_WORD.sub(" ", text).strip()


@lru_cache(_TEXTS)
def concepts(kind: str, text: str) -> frozenset[str]:
    """The concepts of a kind (``heading``, ``group``, ``label``, ``fact``, ``word``) that a whole text names."""
    if len(text) > _LONGEST_PHRASE:
        return NOTHING
    return _named(kind, fold(text))


def _named(kind: str, folded: str) -> frozenset[str]:
    return kind_of(kind, "").match(folded) if kind in _begun_by(folded.partition(" ")[0]) else NOTHING


@lru_cache(_TEXTS)
def parts(text: str) -> tuple[str, ...]:
    """A heading without numbering, emoji and filler words, cut where it joins several things."""
    bare = _bare(text)
    cut = (_unfilled(fold(part)) for part in _JOINTS.split(bare.casefold()))
    return tuple(part for part in cut if part)


def _unfilled(folded: str) -> str:
    first, _, rest = folded.partition(" ")
    if first in _FRONT:
        folded = rest or folded
    front, _, last = folded.removeprefix("list of ").rpartition(" ")
    return front if front and last in _CLOSERS else f"{front} {last}".strip()


def strip_numbering(text: str) -> str:
    """Take a heading's or paragraph's number off: ``1.``, ``2)``, ``A.``, ``IV.``, ``一、``, ``(3)``."""
    number = _NUMBERING.match(text)
    bare = text[number.end() :] if number else text
    return bare if bare.strip() else text


def _bare(text: str) -> str:
    return strip_numbering(_SHORTCODE.sub(" ", text) if text.count(":") > 1 else text)


@lru_cache(_TEXTS)
def names(kind: str, text: str) -> frozenset[str]:
    """The concepts that a heading or label names: as a whole, else by its parts."""
    hinted, plain = _hinted(text), text.isascii()
    if plain and kind not in hinted:
        return NOTHING
    bare = _bare(text)
    # A title in words of its own holds no phrase of the kind at all, and need not be cut.
    stands = not plain or _any_stands_in(kind, fold(bare).split())
    found = _named_in(kind, bare, text) if stands else NOTHING
    if found or kind != "heading":
        return found
    if stands and (not plain or "group.horizon" in hinted):
        found = NOTHING.union(*map(_dated, parts(text)))
    if not found and (not plain or "head" in hinted):
        found = NOTHING.union(*map(_headed, parts(text)))
    if not found and stands and (not plain or "group.done" in hinted):
        found = NOTHING.union(*map(_settled, parts(text)))
    return found


def _any_stands_in(kind: str, words: list[str]) -> bool:
    """Whether a phrase of a kind stands anywhere among words."""
    return any(kind in _begun_by(word) and stands_at(kind, "", words, at) for at, word in enumerate(words))


def _named_in(kind: str, bare: str, text: str) -> frozenset[str]:
    """What a text names, ``bare`` of its numbering: as a whole, else by its parts."""
    folded = fold(bare) if len(bare) <= _LONGEST_PHRASE else ""
    whole = _named(kind, folded)
    if not whole and (unfilled := _unfilled(folded)) != folded:
        whole = _named(kind, unfilled)
    # "Learnings and next steps" begins as one thing and names another as well.
    if whole - {"never"}:
        return whole
    return whole.union(*(_named(kind, part) for part in parts(text) if len(part) <= _LONGEST_PHRASE))


def _headed(folded: str) -> frozenset[str]:
    """What the last words of a folded title announce, if nothing before them says that it looks back: "Technical follow-ups"."""
    words = folded.split()
    for length in (2, 1) if 1 < len(words) <= _HORIZON_WORDS + 1 and "head" in _hinted(folded) else ():
        found = _named("head", " ".join(words[-length:])) - {"past"}
        if found and not any("past" in _named("head", word) for word in words[:-length]):
            return found
    return NOTHING


def _settled(folded: str) -> frozenset[str]:
    """What is named beside a word for done, if it is a kind of measure: "Prevention implemented", not "Actions taken"."""
    words = folded.split()
    for word, rest in (words, words[::-1]) if len(words) == 2 else ():  # noqa: PLR2004
        if "done" in _named("group", rest) and "type" in _named("group", word):
            return _named("heading", word)
    return NOTHING


def _dated(text: str) -> frozenset[str]:
    """What a folded title names apart from when it is to be: "Long-term fixes", "Actions à court terme"."""
    words = text.split() if "group.horizon" in _hinted(text) else []
    for at in range(1, min(len(words), _HORIZON_WORDS + 1)):
        for when, rest in ((words[:at], words[at:]), (words[-at:], words[:-at])):
            if "horizon" in concepts("group", " ".join(when)) and (found := concepts("heading", " ".join(rest))):
                return found
    return NOTHING


def holds(kind: str, concept: str, text: str) -> bool:
    """Whether one of the concept's phrases stands anywhere in the text."""
    hinted = f"{kind}.{concept}" in _hinted(text)
    if not hinted and text.isascii():
        return False
    words = fold(text).split()
    if hinted and any(stands_at(kind, concept, words, at) for at in range(len(words))):
        return True
    return not text.isascii() and any(phrase in "".join(words) for phrase in dense(kind, concept))


def starts(kind: str, concept: str, text: str) -> bool:
    """Whether the text begins with one of the concept's phrases."""
    folded = fold(text)
    first = folded.partition(" ")[0]
    if first >= DENSE:
        return first.startswith(dense(kind, concept))
    return f"{kind}.{concept}" in _begun_by(first) and stands_at(kind, concept, folded.split(), 0)


def ends(kind: str, concept: str, text: str) -> bool:
    """Whether the text ends with one of the concept's phrases, in a script that puts no blanks between words."""
    return not text.isascii() and fold(text).replace(" ", "").endswith(dense(kind, concept))


@cache
def _months() -> dict[str, int]:
    data = raw()["month.number"]
    rows = [row for language, row in data.items() if language != "about"]
    return {name: number for row in rows for number, forms in enumerate(row, 1) for name in forms.split()}


def month(name: str) -> int | None:
    """The number of a month by its name or short form in any language."""
    return _months().get(fold(name))


def acts(text: str) -> bool:
    """Whether a text begins with a verb of measures in another language than English, or ends with one."""
    verbs = kind_of("verb", "other").known
    folded = fold(text)
    first, last = folded.partition(" ")[0], folded.rpartition(" ")[2]
    if first in verbs or last in verbs:
        return True
    return first >= DENSE and first.startswith(_eastern())


@cache
def _eastern() -> tuple[str, ...]:
    """Verbs of languages that put no blank behind them."""
    return tuple(p for p in phrases("verb", "other") if p[0] >= DENSE)


@cache
def _none_phrases() -> tuple[str, ...]:
    return tuple(p[:-1] if p.endswith("*") else f"{p} " for p in phrases("word", "none") if " " in p)


def starts_none(folded: str) -> bool:
    """Whether a folded text begins by saying that there is nothing to do, in more than one word."""
    return f"{folded} ".startswith(_none_phrases())
