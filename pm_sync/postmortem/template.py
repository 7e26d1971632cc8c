"""Files that only show how a postmortem is written: what looks like an item in them is an example."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from pm_sync.model import Incident, RejectedItem
from pm_sync.postmortem import vocabulary
from pm_sync.postmortem.sections import Part
from pm_sync.postmortem.unusable import PLACEHOLDER
from pm_sync.regex import regex

_YEAR = 4
_BLANK = regex(
    rb"\{[A-Za-z][\w .:/|-]{2,60}\}|<[A-Za-z][\w .:/|-]{2,60}>|\bYYYY\b|_{3,}"
    rb"|\[[^\[\]\n]{0,40}\b(?:[Tt]itle|[Nn]ame|[Dd]ate|[Dd]escription|ID|[Ss]ystem|[Ss]ervice)\b[^\[\]\n]{0,40}\](?!\()"
)
_DAY = regex(
    rb"\b(?:19|20)\d\d[-/.]\d\d?[-/.]\d\d?\b|\b\d\d?[-/.]\d\d?[-/.](?:19|20)\d\d\b"
    rb"|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d\d?(?:st|nd|rd|th)?,? (?:19|20)\d\d"
    rb"|\b\d\d?(?:st|nd|rd|th)? (?:of )?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*,? (?:19|20)\d\d"
)


def is_template(path: str, incident: Incident) -> bool:
    """Whether a file is a template: by its title, or, where no incident's date is told, by its name or folder."""
    if vocabulary.holds("word", "template", incident.title):
        return True
    stem = PurePosixPath(path).name.partition(".")[0]
    parts = vocabulary.fold(stem).split()
    if incident.day or incident.start or any(part.isdigit() and len(part) >= _YEAR for part in parts):
        return False
    words = [part for part in parts if not part.isdigit()]
    folder = vocabulary.fold(PurePosixPath(path).parent.name).split()
    return any(map(_says_so, (*words[:1], *words[-1:], *folder[-1:], *vocabulary.fold(incident.title).split()[:1])))


def is_left_open(data: bytes, parts: Sequence[Part], rejected: Sequence[RejectedItem]) -> bool:
    """Whether the title, or an item, was left to be filled in, and no day is told as of every incident."""
    opened = any(item.reason == PLACEHOLDER for item in rejected) or _has_blank_title(data, parts)
    return opened and _DAY.search(data) is None


def _has_blank_title(data: bytes, parts: Sequence[Part]) -> bool:
    first = parts[1] if len(parts) > 1 else None
    if first is None or first.block is None:
        return False
    # The parser takes what stands in braces for attributes, and leaves it out of the title.
    return _BLANK.search(data, first.block.start, first.block.end) is not None


def _says_so(word: str) -> bool:
    return "templates" in vocabulary.concepts("word", word)
