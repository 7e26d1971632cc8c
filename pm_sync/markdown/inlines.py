"""The text inside one block: plain words, what marks them, and the way back from every word to its bytes."""

from __future__ import annotations

import re
from bisect import bisect_right
from enum import IntEnum, auto
from operator import attrgetter

from msgspec import Struct

from pm_sync.markdown.blocks import COLON, Block, Document, Event, Held
from pm_sync.regex import regex

_AT = attrgetter("at")
_BREAK_TAG = regex(r"<br\s*/?>", re.IGNORECASE)
_ENTITY = regex(rb"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|\w{1,32});")


class MarkKind(IntEnum):
    """How a stretch of text is marked."""

    STRONG = auto()
    EMPHASIS = auto()
    STRIKE = auto()
    CODE = auto()
    LINK = auto()
    COMMENT = auto()
    """An HTML comment, which has no plain text."""


STRONG, EMPHASIS, STRIKE, CODE, LINK, COMMENT = MarkKind  # see `Kind`


class Run(Struct, frozen=True, gc=False):
    """Plain text from one place of the file."""

    at: int
    text: str
    start: int
    end: int


class Markup(Struct, frozen=True, gc=False):
    """A marked stretch: ``[begin, end)`` in the plain text, ``[start, stop)`` in the file with its markers."""

    kind: MarkKind
    begin: int
    end: int
    start: int
    stop: int
    url: str = ""
    title: str = ""


class RichText(Struct, frozen=True, gc=False):
    """The inline content of a block."""

    plain: str
    """Markup, images, comments and tags left out; every line break is ``\\n``."""
    runs: tuple[Run, ...]
    markup: tuple[Markup, ...]
    source: bytes
    """The whole file."""
    verbatim: int = -1
    """Where the plain text stands in the file, if it stands there as it is and each character is a byte."""

    def offset(self, index: int) -> int:
        """The byte offset of the character at ``index``; for the text's end, that behind its last character."""
        if self.verbatim >= 0 and 0 <= index <= len(self.plain):
            return self.verbatim + index
        run = self._run(index)
        return 0 if run is None else run.start + _skip(run, index - run.at, self.source)

    def until(self, end: int) -> RichText:
        """The text up to the character ``end``, with every place in the file as it was."""
        marked = tuple(mark for mark in self.markup if mark.begin < end)
        return RichText(self.plain[:end], self.runs, marked, self.source, self.verbatim)

    def behind(self, index: int) -> int:
        """The byte offset right behind the character before ``index``, and behind the markers that close there."""
        if self.verbatim >= 0:
            return self.offset(index)
        run = self._run(index - 1)
        if run is None or index <= 0:
            return self.offset(0)
        offset = run.start + _skip(run, index - run.at, self.source)
        for mark in self.markup:
            if mark.begin < mark.end == index and mark.stop > offset:
                offset = mark.stop
        return offset

    def _run(self, index: int) -> Run | None:
        """The run that the character at ``index`` stands in."""
        if len(self.runs) > 1:
            return self.runs[bisect_right(self.runs, index, 1, key=_AT) - 1]
        return self.runs[0] if self.runs else None


def _skip(run: Run, characters: int, source: bytes) -> int:
    """How many bytes the first ``characters`` of a run take in the file, where escapes and entities are longer."""
    if characters <= 0:
        return 0
    if characters >= len(run.text):
        return run.end - run.start
    if run.text.isascii() and len(run.text) == run.end - run.start:
        return characters
    if len(run.text.encode()) == run.end - run.start:
        return len(run.text[:characters].encode())
    # A run starts behind the backslash of its first character.
    escaped = source[run.start - 1 : run.start] == b"\\"
    at = run.start + (len(run.text[0].encode()) if escaped else 0)
    for character in run.text[escaped:characters]:
        at = _next(at, character.encode(), source)
    return min(at, run.end) - run.start


def _next(at: int, character: bytes, source: bytes) -> int:
    if source[at : at + 1] == b"\\" and source[at + 1 : at + 2] == character:
        return at + 2
    if source.startswith(character, at):
        entity = _ENTITY.match(source, at) if character == b"&" else None
        return entity.end() if entity else at + len(character)
    entity = _ENTITY.match(source, at)
    return entity.end() if entity else at + 1


_MARKS = {
    "Strong": STRONG,
    "Emphasis": EMPHASIS,
    "Strikethrough": STRIKE,
    "Link": LINK,
}
_BREAKS = frozenset({"SoftBreak", "HardBreak", "Rule"})
_SILENT = frozenset({"TaskListMarker", "FootnoteReference", "InlineMath", "DisplayMath", "Html"})


def rich_text(document: Document, block: Block) -> RichText:
    """Read the inline content of a paragraph, heading or table cell."""
    known = document.texts.get(block.first)
    if known is None:
        known = document.texts[block.first] = _read(document.source.data, document.events, block)
    return known


def _read(data: bytes, events: list[Event], block: Block) -> RichText:
    if block.last - block.first == 1:
        name, plain, start, end = events[block.first]
        if name == "Text":
            # Most headings, bullets and cells are one stretch of text.
            plain = plain.replace(COLON, ":")
            verbatim = start if end - start == len(plain) and plain.isascii() else -1
            return RichText(plain, (Run(0, plain, start, end),), (), data, verbatim)
    reader = _Reader()
    for name, value, start, end in events[block.first : block.last]:
        if name == "Text":
            reader.add(value.replace(COLON, ":"), start, end)
        elif name == "End":
            reader.close(start, end)
        else:
            reader.take(name, value, start, end)
    return RichText("".join([run.text for run in reader.runs]), tuple(reader.runs), tuple(reader.markup), data)


class _Reader:
    """Collects runs and markup from the parser's events."""

    def __init__(self) -> None:
        self.runs: list[Run] = []
        self.markup: list[Markup] = []
        self.open: list[tuple[MarkKind | None, int, str, str]] = []
        self.length = 0
        self.images = 0

    def take(self, name: str, value: Held, start: int, end: int) -> None:
        if name in _MARKS:
            self.begin(name, value)
        elif name in _BREAKS:
            self.add("\n", start, end)
        elif name == "Code":
            begin = self.length
            self.add(value, start, end)
            self.mark(CODE, begin, (start, end))
        elif name == "InlineHtml":
            self.html(value, start, end)
        elif name not in _SILENT:
            self.begin(name, value)

    def add(self, text: str, start: int, end: int) -> None:
        if text and not self.images:
            self.runs.append(Run(self.length, text, start, end))
            self.length += len(text)

    def mark(self, kind: MarkKind, begin: int, span: tuple[int, int], target: tuple[str, str] = ("", "")) -> None:
        if not self.images:
            self.markup.append(Markup(kind, begin, self.length, *span, *target))

    def begin(self, name: str, value: Held) -> None:
        self.images += name == "Image"
        kind = _MARKS.get(name)
        url, title = (value["dest_url"], value["title"]) if kind is LINK else ("", "")
        self.open.append((kind, self.length, url, title))

    def close(self, start: int, end: int) -> None:
        if not self.open:
            return
        kind, begin, url, title = self.open.pop()
        if kind is None:
            self.images = max(0, self.images - 1)
        else:
            self.mark(kind, begin, (start, end), (url, title))

    def html(self, tag: str, start: int, end: int) -> None:
        if _BREAK_TAG.fullmatch(tag):
            self.add("\n", start, end)
        elif tag.startswith("<!--"):
            self.mark(COMMENT, self.length, (start, end))
