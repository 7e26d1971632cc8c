"""Files that only show how a postmortem is written: what looks like an item in them is an example."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import PurePosixPath

from pm_sync.model import Postmortem
from pm_sync.postmortem import vocabulary
from pm_sync.postmortem.sections import Part
from pm_sync.postmortem.unusable import PLACEHOLDER
from pm_sync.regex import regex

_YEAR = 4
_BLANK = regex(
    rb"\{[A-Za-z][\w .:/|-]{2,60}\}|<[A-Za-z][\w .:/|-]{2,60}>|\bYYYY\b|_{3,}"
    rb"|\[[^\[\]\n]{0,40}\b(?:[Tt]itle|[Nn]ame|[Dd]ate|[Dd]escription|ID|[Ss]ystem|[Ss]ervice)\b[^\[\]\n]{0,40}\](?!\()"
)
# What stands behind a label, or begins a cell: a day's form, or something in brackets.
_VALUE = regex(
    rb"^\[[A-Z][^\[\]\n]{20,300}\][ \t]*$|(?:\||^[ \t]*[*+-] |^[ \t>*+-]*[A-Z][^\n:?|]{0,40}[:?])[ \t]*(?:\*\*)?[ \t]*"
    rb"(?:`?[YDM]{2,4}[-/.][YDM]{2}[-/.][YDM]{2,4}\b|\[([^\[\]\n]{1,80})\](?![(\[:]))",
    re.MULTILINE,
)
# A bullet that is a label with nothing behind or below it.
_EMPTY = regex(
    rb"^[*+-][ \t]+(?:\*\*)?[A-Z][^\n:|]{0,50}(?::(?:\*\*)?|\*\*:)[ \t]*\r?\n(?=(?:[ \t]*\r?\n)*(?:[*+-]|#|\Z))",
    re.MULTILINE,
)
_SIGNS = ("{", "[", "<")
_LAST_BRACKET = regex(r"\[[^\[\]\n]{2,40}\]$")
_CLAUSE = regex(r"[:(|]|\s[-–—]\s|\sfor\s")
_OPTIONS = regex(r"[\w -]+(?: / [\w -]+)+")
_FEW = 2
_SEVERAL = 3
_DAY = regex(
    rb"\b(?:19|20)\d\d[-/.]\d\d?[-/.]\d\d?\b|\b\d\d?[-/.]\d\d?[-/.](?:19|20)\d\d\b"
    rb"|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d\d?(?:st|nd|rd|th)?,? (?:19|20)\d\d"
    rb"|\b\d\d?(?:st|nd|rd|th)? (?:of )?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*,? (?:19|20)\d\d"
)


def is_template(postmortem: Postmortem, parts: Sequence[Part], data: bytes) -> bool:
    """Whether what looks like items in a file are examples: by its title or name, or by what was left to be filled in.

    What was begun is no template, however much is left to do: a day, as of every incident, a tick or an issue's number
    show that somebody works with it.
    """
    incident, path = postmortem.incident, postmortem.path
    if incident.day or incident.start or _is_dated(path):
        return False
    if any(item.done or item.links or item.annotation for item in postmortem.items):
        return False
    return _has_its_title(incident.title) or _has_its_name(path) or _is_left_open(postmortem, parts, data)


def _is_dated(path: str) -> bool:
    """Whether a file is named after a year or a day, as postmortems are and templates aren't."""
    return any(part.isdigit() and len(part) >= _YEAR for part in _stem(path))


def _stem(path: str) -> list[str]:
    return vocabulary.fold(PurePosixPath(path).name.partition(".")[0]).split()


def _has_its_title(title: str) -> bool:
    """Whether a title says so at its end or before a colon: "Postmortem template service down" tells of an incident."""
    if vocabulary.starts("word", "guide", title):
        return True
    if not vocabulary.holds("word", "template", title):
        return _is_all("templates", vocabulary.fold(title).split())
    return not title.isascii() or any(map(_ends_as_template, _CLAUSE.split(title)))


def _ends_as_template(clause: str) -> bool:
    words = vocabulary.fold(clause).split()
    return any("template" in vocabulary.concepts("word", " ".join(words[at:])) for at in range(len(words)))


def _has_its_name(path: str) -> bool:
    """Whether a file's or a folder's name says that it is a template, and nothing else: "template-service.md" says more."""
    folder = vocabulary.fold(PurePosixPath(path).parent.name).split()
    return _is_all("templates", _stem(path)) or _is_all("templates", folder)


def _is_all(concept: str, words: Sequence[str]) -> bool:
    """Whether one of the words has this meaning, and the others are numbers or say what kind of document it is."""
    told = [vocabulary.concepts("word", word) for word in words if not word.isdigit()]
    return any(concept in names for names in told) and all(names & {concept, "document"} for names in told)


def _is_left_open(postmortem: Postmortem, parts: Sequence[Part], data: bytes) -> bool:
    """Whether the title, most items or several values were left to be filled in, and no day is told anywhere.

    One "TBD" must not take the tasks beside it away; "{action}" is nobody's task.
    """
    if _DAY.search(data) is not None:
        return False
    blanks = [item.text for item in postmortem.rejected if item.reason == PLACEHOLDER]
    if len(blanks) > max(1, len(postmortem.items)) or any(text.startswith(_SIGNS) for text in blanks):
        return True
    lines = data.decode("utf-8", "replace").splitlines()
    instructions = (line for line in lines if _instructs(line))
    return _has_blank_title(data, parts) or _has_blanks(data) or _has(instructions, _SEVERAL)


def _has_blank_title(data: bytes, parts: Sequence[Part]) -> bool:
    first = parts[1] if len(parts) > 1 else None
    if first is None or first.block is None:
        return False
    # The parser takes what stands in braces for attributes, and leaves it out of the title.
    if _BLANK.search(data, first.block.start, first.block.end):
        return True
    left = _LAST_BRACKET.search(first.title)
    return left is not None and "incident" in vocabulary.names("heading", first.title[: left.start()])


def _has_blanks(data: bytes) -> bool:
    """Whether several labels have nothing behind them, or labels or cells a day's form, or brackets to be filled in."""
    if _has(_EMPTY.finditer(data), _SEVERAL):
        return True
    brackets = data.count(b"]") - sum(data.count(end) for end in (b"](", b"]:", b"[ ]", b"[x]", b"[X]"))
    if brackets < _FEW and b"YYYY" not in data and b"MM/" not in data:
        return False  # as nearly all files, which need not be searched
    left = (m for m in _VALUE.finditer(data) if m[1] is None or _is_blank(m[1].decode("utf-8", "replace")))
    return _has(left, _FEW)


def _has(found: Iterator[object], count: int) -> bool:
    return len(list(islice(found, count))) == count


def _instructs(line: str) -> bool:
    """Whether a line tells whoever fills the form in what to write there: "Describe what broke"."""
    bare = line.strip(" \t#*_>-[]()。.")
    return vocabulary.starts("word", "instructs", bare) or vocabulary.ends("word", "instructs", bare)


def _is_blank(text: str) -> bool:
    """Whether what stands in brackets is to be filled in ("Your name", "P1 / P2 / P3"), and no tag or value."""
    last = text.rsplit(maxsplit=1)[-1:]
    return (
        vocabulary.starts("word", "sample", text)
        or any("blank" in vocabulary.concepts("word", word) for word in last)
        or _OPTIONS.fullmatch(text) is not None
    )
