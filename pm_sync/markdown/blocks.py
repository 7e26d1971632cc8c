"""Markdown as blocks, every block with its byte span in the file.

The only module that knows the parser (pyromark, pulldown-cmark inside) and its traps; `pm_sync.markdown.inlines`
reads the text inside a block. Most of a postmortem is of no interest to us, so only the top level is built at once and
`children` opens a block on demand; the garbage collector need not look at blocks, as a folder of postmortems has hundreds
of thousands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import IntEnum, auto
from functools import cache, partial
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import Struct, field

from pm_sync.markdown.folds import FOLD, folded
from pm_sync.markdown.front import find_front_matter
from pm_sync.markdown.plain import unindented, without_signs
from pm_sync.markdown.text import SourceText
from pm_sync.regex import regex

COLON = "\x1f"
"""Stands for the colon of ``[#12]: text`` while parsing: CommonMark would take the line for a link definition, and the
item would vanish. One byte either way, so no offset moves."""

_ISSUE_LEAD = regex(
    r"^([ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?\[[^\]\[\n]{0,80}[#-]\d+\]):(?=[ \t]+(?!<|\S{0,2000}[:/.]\S))",
    re.MULTILINE,
)

if TYPE_CHECKING:
    from pm_sync.markdown.inlines import RichText


Held: TypeAlias = Any
"""What an event holds: text, a link's target, a heading's level."""
Event: TypeAlias = tuple[str, Held, int, int]
"""What the parser met: the name of an inline, of a block that begins, or ``End``; what it holds; its byte span."""


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


# By names of their own: before Python 3.12 looking one up in its class takes long, and is done a thousand times a file.
HEADING, PARAGRAPH, LIST, ITEM, TABLE, HEAD, ROW, CELL, QUOTE, CALLOUT, CODE, HTML, META, NOTE = Kind


class Block(Struct, frozen=True, gc=False):
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


class Document(Struct, frozen=True):
    """A parsed file: its top-level blocks, and the parser's events that they point into."""

    source: SourceText
    events: list[Event]
    closing: dict[int, int]
    """Of every event that opens something the index of the one that closes it."""
    blocks: tuple[Block, ...]
    opened: dict[int, tuple[Block, ...]] = field(default_factory=dict)
    """What `children` found, by the block's first event: each is asked for two or three times."""
    texts: dict[int, RichText] = field(default_factory=dict)
    """What `rich_text` read, likewise."""


_KINDS = {
    "Heading": HEADING,
    "Paragraph": PARAGRAPH,
    "List": LIST,
    "Item": ITEM,
    "Table": TABLE,
    "TableHead": HEAD,
    "TableRow": ROW,
    "TableCell": CELL,
    "BlockQuote": QUOTE,
    "CodeBlock": CODE,
    "HtmlBlock": HTML,
    "FootnoteDefinition": NOTE,
}


def parse(source: SourceText) -> Document:
    """Parse a file. Never raises: every text is Markdown."""
    above: tuple[Block, ...] = ()
    text, shift = source.text, source.shift
    if (front := find_front_matter(text)) is not None:
        end = shift + len(text[: front.end].encode())
        above = (Block(META, shift, end, 0, 0, meta=front.kind),)
        text, shift = text[front.end :], end
    text = folded(text)
    if "]" in text and "]:" in text:
        text = _ISSUE_LEAD.sub(rf"\1{COLON}", text)
    signed = unindented(text)
    events, closing = _flatten(_parser()(signed), shift)
    if signed is not text:
        events = without_signs(events)
    return Document(source, events, closing, above + _scan(events, closing, 0, len(events)))


def children(document: Document, block: Block) -> tuple[Block, ...]:
    """The blocks directly inside ``block``; text that stands directly in a tight list's item is a paragraph as well."""
    found = document.opened.get(block.first)
    if found is None:
        if block.kind is LIST and _is_folded(document.events[block.first + 1]):
            found = _unfolded(document, block)
        else:
            found = _scan(document.events, document.closing, block.first, block.last, tight=block.kind is ITEM)
        document.opened[block.first] = found
    return found


def _is_folded(event: Event) -> bool:
    return event[0] == "Text" and event[1][:1] == FOLD


def _unfolded(document: Document, block: Block) -> tuple[Block, ...]:
    """The bullets of a folded list, whose events come to stand behind the others."""
    events, first = document.events, len(document.events)
    text = document.source.data[block.start : block.end].decode()
    behind, closing = _flatten(_parser()(text), block.start, first)
    events += behind
    document.closing.update(closing)
    return _scan(events, document.closing, first + 1, len(events) - 1)


@cache
def _parser() -> Callable[[str], Iterator[tuple[Any, Any]]]:
    # Imported here, so that commands which read no Markdown don't load the parser; its flags take long to join.
    import pyromark  # noqa: PLC0415

    option = pyromark.Options
    options = (
        option.ENABLE_TABLES
        | option.ENABLE_TASKLISTS
        | option.ENABLE_STRIKETHROUGH
        | option.ENABLE_GFM
        | option.ENABLE_FOOTNOTES
        | option.ENABLE_HEADING_ATTRIBUTES
    )
    return partial(pyromark.events_with_range, options=options, merge_text=True)


def _flatten(met: Iterator[tuple[Any, Any]], shift: int, first: int = 0) -> tuple[list[Event], dict[int, int]]:
    """Take the parser's nested mappings apart as they come: kept, they are ten times the size of the file."""
    events: list[Event] = []
    closing: dict[int, int] = {}
    unclosed: list[int] = []
    for at, (event, span) in enumerate(met, first):
        if event.__class__ is str:
            name, value = event, None
        else:
            name, value = event.popitem()
            if name == "Start":
                unclosed.append(at)
                name, value = (value, None) if value.__class__ is str else value.popitem()
            elif name == "End":
                closing[unclosed.pop()] = at
                value = None
        events.append((name, value, span["start"], span["end"]))
    if shift:
        events = [(name, value, start + shift, end + shift) for name, value, start, end in events]
    return events, closing


def _scan(
    events: list[Event], closing: dict[int, int], at: int, last: int, *, tight: bool = False
) -> tuple[Block, ...]:
    blocks: list[Block] = []
    run = at
    while at < last:
        kind = _KINDS.get(events[at][0])
        if kind is None:
            at += 1
            continue
        if tight and run < at:
            blocks += _paragraph(events, run, at)
        close = closing[at]
        blocks.append(_block(kind, events, at, close))
        run = at = close + 1
    if tight and run < last:
        blocks += _paragraph(events, run, last)
    return tuple(blocks)


def _paragraph(events: list[Event], first: int, last: int) -> tuple[Block, ...]:
    """The paragraph that a tight list's item has without saying so; its box is no text."""
    if events[first][0] == "TaskListMarker":
        first += 1
        if first == last:
            return ()
    start, end = events[first][2], events[last - 1][3]
    return (Block(PARAGRAPH, start, max(start, end), first, last),)


def _block(kind: Kind, events: list[Event], at: int, close: int) -> Block:
    """The block that begins with the event ``at``, with what its kind has to it besides where it stands."""
    _, value, start, end = events[at]
    first = at + 1
    if value is not None:
        if kind is HEADING:
            return Block(kind, start, end, first, close, int(value["level"][1]))
        if kind is LIST:
            return Block(kind, start, end, first, close, 1)
        if kind is QUOTE:
            return Block(CALLOUT, start, end, first, close)
    elif kind is ITEM:
        # In a loose list the box stands inside the item's first paragraph.
        for name, ticked, where, _ in events[first : first + 2]:
            if name == "TaskListMarker" and where < end:
                return Block(kind, start, end, first, close, box=(where, ticked))
    return Block(kind, start, end, first, close)
