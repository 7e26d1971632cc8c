"""Read a postmortem: bytes in, incident and action items out."""

from __future__ import annotations

from pm_sync.markdown.blocks import parse
from pm_sync.markdown.text import SourceText
from pm_sync.model import Postmortem
from pm_sync.postmortem.incident import read_incident
from pm_sync.postmortem.items import read_items
from pm_sync.postmortem.options import ReadOptions
from pm_sync.postmortem.sections import outline

__all__ = ["ReadOptions", "read_postmortem"]

_DEFAULT = ReadOptions()


def read_postmortem(data: bytes, path: str, options: ReadOptions = _DEFAULT) -> Postmortem:
    """Read one file.

    Raises:
        ReadError: the bytes aren't UTF-8; its place is ``path:line:column``. Any text at all is read.
    """
    document = parse(SourceText.decode(data, path))
    parts = outline(document, options)
    items, rejected = read_items(document, parts, options)
    return Postmortem(path, read_incident(document, parts, path), items, rejected)
