"""Markdown as blocks, every block with its byte span in the file.

The only module that knows the parser (pyromark, pulldown-cmark inside) and its traps; `pm_sync.markdown.inlines`
reads the text inside a block. Most of a postmortem is of no interest to us, so only the top level is built at once and
`children` opens a block on demand; blocks are named tuples, as a folder of postmortems has hundreds of thousands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum, auto
from typing import Any, NamedTuple, TypeAlias

from pm_sync.markdown.text import SourceText

COLON = "\x1f"
"""Stands for the colon of ``[#12]: text`` while parsing: CommonMark would take the line for a link definition, and the
item would vanish. One byte either way, so no offset moves."""

_ISSUE_LEAD = re.compile(
    r"^([ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?\[[^\]\[\n]{0,80}[#-]\d+\]):(?=[ \t]+(?!<|\S{0,2000}[:/.]\S))",
    re.MULTILINE,
)


Event: TypeAlias = Any
"""One of the parser's events: a string, or a mapping of one name to what it holds."""


class Kind(IntEnum):
    """What a block is; an integer, as its hash is asked for a hundred times a file."""

    HEADING = auto()
    PARAGRAPH = auto()
    LIST = auto()
    ITEM = auto()
    TABLE = auto()
    HEAD = auto()
    ROW = auto()
    CELL = auto()
    QUOTE = auto()
    CALLOUT = auto()
    CODE = auto()
    HTML = auto()
    META = auto()
    NOTE = auto()


class Block(NamedTuple):
    """One block; ``first`` and ``last`` bound the events inside it, half-open."""

    kind: Kind
    start: int
    end: int
    first: int
    last: int
    level: int = 0
    """A heading's level; 1 for a numbered list."""
    box: tuple[int, bool] | None = None
    """Of an item: where its ``[ ]`` starts, and whether it is ticked."""
    meta: str = ""
    """Of front matter: ``yaml`` or ``toml``."""


class Document(NamedTuple):
    """A parsed file: its top-level blocks, and the parser's events that they point into."""

    source: SourceText
    events: list[tuple[Event, Any]]
    blocks: tuple[Block, ...]


_KINDS = {
    "Heading": Kind.HEADING,
    "Paragraph": Kind.PARAGRAPH,
    "List": Kind.LIST,
    "Item": Kind.ITEM,
    "Table": Kind.TABLE,
    "TableHead": Kind.HEAD,
    "TableRow": Kind.ROW,
    "TableCell": Kind.CELL,
    "BlockQuote": Kind.QUOTE,
    "CodeBlock": Kind.CODE,
    "HtmlBlock": Kind.HTML,
    "MetadataBlock": Kind.META,
    "FootnoteDefinition": Kind.NOTE,
}


_DETAILED = frozenset({Kind.HEADING, Kind.LIST, Kind.QUOTE, Kind.META, Kind.ITEM})


def parse(source: SourceText) -> Document:
    """Parse a file. Never raises: every text is Markdown."""
    text = source.text
    if "]:" in text:
        text = _ISSUE_LEAD.sub(rf"\1{COLON}", text)
    events = _events(text)
    return Document(source, events, tuple(_scan(events, 0, len(events), source.shift)))


def children(document: Document, block: Block) -> tuple[Block, ...]:
    """The blocks directly inside ``block``; text that stands directly in a tight list's item is a paragraph as well."""
    return tuple(_scan(document.events, block.first, block.last, document.source.shift, tight=block.kind is Kind.ITEM))


def _events(text: str) -> list[tuple[Event, Any]]:
    # Imported here, so that commands which read no Markdown don't load the parser.
    import pyromark  # noqa: PLC0415

    option = pyromark.Options
    options = (
        option.ENABLE_TABLES
        | option.ENABLE_TASKLISTS
        | option.ENABLE_STRIKETHROUGH
        | option.ENABLE_GFM
        | option.ENABLE_FOOTNOTES
        | option.ENABLE_HEADING_ATTRIBUTES
        | option.ENABLE_YAML_STYLE_METADATA_BLOCKS
        | option.ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS
    )
    return list(pyromark.events_with_range(text, options=options, merge_text=True))


def _scan(events: list[tuple[Event, Any]], at: int, last: int, shift: int, *, tight: bool = False) -> Iterator[Block]:
    run = at
    while at < last:
        event, span = events[at]
        if "Start" not in event:
            at += 1
            continue
        tag = event["Start"]
        name, value = (tag, None) if tag.__class__ is str else next(iter(tag.items()))
        kind = _KINDS.get(name)
        if kind is None:
            at += 1
            continue
        if tight and (text := _paragraph(events, run, at, shift)):
            yield text
        end = _end(events, at)
        block = Block(kind, span["start"] + shift, span["end"] + shift, at + 1, end)
        yield _block(events, shift, value, block) if kind in _DETAILED else block
        run = at = end + 1
    if tight and (text := _paragraph(events, run, last, shift)):
        yield text


def _end(events: list[tuple[Event, Any]], at: int) -> int:
    """The index of the event that closes the one at ``at``."""
    depth = 0
    while True:
        event = events[at][0]
        if "Start" in event:
            depth += 1
        elif "End" in event:
            depth -= 1
            if not depth:
                return at
        at += 1


def _paragraph(events: list[tuple[Event, Any]], first: int, last: int, shift: int) -> Block | None:
    """The paragraph that a tight list's item has without saying so; its box is no text."""
    if first < last and "TaskListMarker" in events[first][0]:
        first += 1
    if first >= last:
        return None
    start, end = events[first][1]["start"], events[last - 1][1]["end"]
    return Block(Kind.PARAGRAPH, start + shift, max(start, end) + shift, first, last)


def _block(events: list[tuple[Event, Any]], shift: int, tag: object, block: Block) -> Block:
    if block.kind is Kind.HEADING:
        return block._replace(level=int(events[block.first - 1][0]["Start"]["Heading"]["level"][1]))
    if block.kind is Kind.LIST:
        return block._replace(level=int(tag is not None))
    if block.kind is Kind.QUOTE and tag is not None:
        return block._replace(kind=Kind.CALLOUT)
    if block.kind is Kind.META:
        return block._replace(meta="yaml" if tag == "YamlStyle" else "toml")
    if block.kind is Kind.ITEM:
        # In a loose list the box stands inside the item's first paragraph.
        for event, span in events[block.first : min(block.first + 2, block.last)]:
            if "TaskListMarker" in event:
                return block._replace(box=(span["start"] + shift, event["TaskListMarker"]))
    return block
