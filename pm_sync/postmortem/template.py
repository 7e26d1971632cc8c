"""Files that only show how a postmortem is written: what looks like an item in them is an example."""

from __future__ import annotations

from pathlib import PurePosixPath

from pm_sync.model import Incident
from pm_sync.postmortem import vocabulary

_YEAR = 4


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


def _says_so(word: str) -> bool:
    return "templates" in vocabulary.concepts("word", word)
