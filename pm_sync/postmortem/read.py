"""Read a postmortem: bytes in, incident and action items out."""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter

from msgspec.structs import replace

from pm_sync.markdown.blocks import HEADING, META, Document, parse
from pm_sync.markdown.text import Lines, SourceText
from pm_sync.model import ActionItem, Postmortem, RejectedItem, Section, Span
from pm_sync.postmortem.incident import read_incident
from pm_sync.postmortem.items import read_items
from pm_sync.postmortem.options import ReadOptions
from pm_sync.postmortem.outline import outline
from pm_sync.postmortem.sections import Part, sections
from pm_sync.postmortem.template import is_template

__all__ = ["ReadOptions", "read_postmortem"]

_DEFAULT = ReadOptions()


def read_postmortem(data: bytes, path: str, options: ReadOptions = _DEFAULT) -> Postmortem:
    """Read one file.

    Raises:
        ReadError: the bytes aren't UTF-8; its place is ``path:line:column``. Any text at all is read.
    """
    document = parse(SourceText.decode(data, path))
    parts = outline(document, options)
    named = sections(parts)
    lines = Lines(data)
    # In the order they stand, as lines are counted from one place to the next.
    found = tuple(_sections(data, lines, named[0]))
    items, rejected = read_items(document, lines, parts, named, options)
    incident = read_incident(document, parts, path)
    postmortem = Postmortem(
        path,
        incident,
        items,
        rejected,
        sections=found,
        front_matter=_front_matter(document),
    )
    if items and is_template(postmortem, parts, data):
        return replace(postmortem, items=(), rejected=_as_examples(items, rejected, lines))
    return postmortem


def _as_examples(
    items: tuple[ActionItem, ...], rejected: tuple[RejectedItem, ...], lines: Lines
) -> tuple[RejectedItem, ...]:
    shown = [RejectedItem(i.text, i.line, "an example in a template", lines.place(i.span.start)[1]) for i in items]
    return tuple(sorted([*shown, *rejected], key=attrgetter("line")))


def _sections(data: bytes, lines: Lines, measures: list[list[Part]]) -> Iterator[Section]:
    for first, *_ in measures:
        if first.block is not None and first.block.kind is HEADING:
            start, end = first.block.start, first.block.end
            text = data[start:end].rstrip()
            yield Section(first.title, lines.place(start)[0], start, start + len(text))


def _front_matter(document: Document) -> Span | None:
    block = document.blocks[0] if document.blocks else None
    return Span(block.start, block.end) if block is not None and block.kind is META else None
