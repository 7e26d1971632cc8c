"""What rules look at: one postmortem as read, beside the text it was read from."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from msgspec import Struct, field

from pm_sync.lint.catalog import RULES, Severity
from pm_sync.markdown.blocks import Block, Document, Kind, children, parse
from pm_sync.markdown.inlines import MarkKind, RichText, rich_text
from pm_sync.markdown.text import SourceText
from pm_sync.model import ActionItem, Postmortem, Span
from pm_sync.postmortem import vocabulary
from pm_sync.postmortem.options import ReadOptions
from pm_sync.postmortem.outline import outline
from pm_sync.postmortem.sections import Part, label_of
from pm_sync.regex import regex

DEFAULT_SEVERITIES: Mapping[str, Severity] = {rule.id: rule.severity for rule in RULES}

_LEAVES = frozenset({Kind.PARAGRAPH, Kind.HEADING, Kind.CELL})
_HIDDEN = frozenset({MarkKind.CODE, MarkKind.COMMENT})
_UNREAD = frozenset({Kind.CODE, Kind.HTML, Kind.META})
_DEEPEST = 40
"""Blocks within blocks; no person nests deeper, and opening each costs a walk over all that it holds."""
_LINE_END = regex(rb"\r\n|\n|\r")
_LABEL = regex(rb"[ \t]{0,40}[|>*_+-]{0,4}[ \t]{0,40}[*_]{0,3}([^:|=\r\n]{2,80}?)[*_]{0,3}[ \t]{0,40}[:|=\xef]")


class LintOptions(Struct, frozen=True):
    """What the rules may be told."""

    severities: Mapping[str, Severity] = field(default_factory=lambda: DEFAULT_SEVERITIES)
    """By the id of a rule; a rule that isn't there is off."""
    people: frozenset[str] = frozenset()
    """Everybody who may own an item, by every name there is for them; empty: anybody may."""
    due_by_priority: bool = False
    """Items without a due date get one by their priority, so that none is missing."""
    sections: tuple[str, ...] = ()
    """The sections that this postmortem's severity calls for."""
    read: ReadOptions = field(default_factory=ReadOptions)
    """How the postmortem was read."""


class Node(Struct, frozen=True):
    """A block, and the one around it by its place among all."""

    block: Block
    parent: int | None
    text: RichText | None
    """Of a paragraph, heading or table cell."""


class Subject(Struct, frozen=True):
    """One postmortem under the eyes of the rules."""

    postmortem: Postmortem
    document: Document
    parts: list[Part]
    """Its sections and what stands in them."""
    starts: tuple[int, ...]
    """Where each line starts."""
    nodes: tuple[Node, ...]
    """All blocks in the order they start, each behind the one around it."""
    seen: tuple[Span, ...]
    """The text that people read: no markup, no addresses, no code."""
    options: LintOptions

    @classmethod
    def of(cls, postmortem: Postmortem, data: bytes, options: LintOptions) -> Subject:
        """Parse the text that ``postmortem`` was read from.

        Raises:
            ReadError: it isn't UTF-8.

        """
        document = parse(SourceText.decode(data, postmortem.path))
        starts = (0, *(end.end() for end in _LINE_END.finditer(data)))
        nodes = tuple(_nodes(document))
        seen = tuple(span for node in nodes if node.text is not None for span in _seen(node.text))
        return cls(postmortem, document, outline(document, options.read), starts, nodes, seen, options)

    @property
    def data(self) -> bytes:
        """The file's bytes."""
        return self.document.source.data

    @property
    def items(self) -> tuple[ActionItem, ...]:
        """The action items."""
        return self.postmortem.items

    @property
    def texts(self) -> Iterator[tuple[Block, RichText]]:
        """Every paragraph, heading and table cell with its text, in the order they stand."""
        return ((node.block, node.text) for node in self.nodes if node.text is not None)

    def offset(self, line: int) -> int:
        """Where a line begins, behind its indentation."""
        start = self.starts[line - 1]
        rest = self.data[start : self.line_end(start)]
        return start + len(rest) - len(rest.lstrip(b" \t\xef\xbb\xbf"))

    def line_start(self, offset: int) -> int:
        """Where the line that holds this offset begins."""
        return self.starts[bisect_right(self.starts, offset) - 1]

    def line_end(self, offset: int) -> int:
        """Where the line that holds this offset ends, its line break left out."""
        found = _LINE_END.search(self.data, offset)
        return found.start() if found else len(self.data)

    def line_span(self, offset: int) -> Span:
        """From an offset to the end of its line, blanks at the end left out."""
        return Span(offset, offset + len(self.data[offset : self.line_end(offset)].rstrip()))

    @property
    def title_span(self) -> Span:
        """The first heading, or where there is none, the first line with anything in it."""
        first = next((b for b in self.document.blocks if b.kind is Kind.HEADING), None)
        if first is None:
            text = re.search(rb"[^\s\xef\xbb\xbf]", self.data)
            return self.line_span(text.start() if text else 0)
        return self.line_span(first.start)

    def fact_span(self, fact: str) -> Span | None:
        """The line that tells a fact of the incident (``end``, ``duration``)."""
        for line, start in enumerate(self.starts, 1):
            label = _LABEL.match(self.data, start)
            if label and fact in vocabulary.concepts("fact", label[1].decode("utf-8", "replace")):
                return self.line_span(self.offset(line))
        return None

    def fact_line(self, fact: str) -> str:
        """What the line says that tells a fact, or nothing."""
        span = self.fact_span(fact)
        return span.cut(self.data).decode("utf-8", "replace") if span else ""

    def fact_label(self, fact: str) -> str:
        """What a fact is called in the line that tells it, or nothing."""
        label = _LABEL.match(self.fact_line(fact).encode())
        return label[1].decode() if label else ""

    @property
    def titles(self) -> Iterator[str]:
        """Every heading, and every label such as ``**Impact:**``."""
        for block, text in self.texts:
            label = None if block.kind is Kind.HEADING else label_of(text)
            if block.kind is Kind.HEADING:
                yield " ".join(text.plain.split())
            elif label is not None:
                yield label.text

    def is_seen(self, offset: int) -> bool:
        """Whether a byte is part of what people read: no code, comment or front matter, nor the address of a link."""
        return _covers(self.seen, offset)

    def is_shown(self, offset: int) -> bool:
        """Whether a byte stands in text, be it markup; in code and comments it doesn't."""
        path = self.path_to(offset)
        if not path or path[-1].text is None:
            return False
        hidden = (mark for mark in path[-1].text.markup if mark.kind in _HIDDEN)
        return not any(mark.start <= offset < mark.stop for mark in hidden)

    def holds_item(self, block: Block) -> bool:
        """Whether an action item stands in a block, or the block in the item; items stand in order."""
        at = bisect_right(self.items, block.end - 1, key=lambda item: item.span.start) - 1
        return at >= 0 and block.start < self.items[at].span.end

    def path_to(self, offset: int) -> list[Node]:
        """The blocks around an offset, from the outermost to the innermost."""
        at: int | None = bisect_right(self.nodes, offset, key=lambda node: node.block.start) - 1
        path: list[Node] = []
        while at is not None and at >= 0:
            node = self.nodes[at]
            if offset < node.block.end:
                path.insert(0, node)
            at = node.parent
        return path

    def following(self, offset: int) -> Block | None:
        """The first block that starts behind an offset, the outermost of those that start together."""
        at = bisect_right(self.nodes, offset - 1, key=lambda node: node.block.start)
        blocks = (node.block for node in islice(self.nodes, at, None))
        return next((block for block in blocks if block.kind is not Kind.HTML), None)

    def line_number(self, offset: int) -> int:
        """The 1-based line of an offset."""
        return bisect_right(self.starts, offset)


def _nodes(document: Document) -> Iterator[Node]:
    waiting: list[tuple[Block, int | None, int]] = [(block, None, 0) for block in reversed(document.blocks)]
    count = 0
    while waiting:
        block, parent, depth = waiting.pop()
        yield Node(block, parent, rich_text(document, block) if block.kind in _LEAVES else None)
        if block.kind not in _LEAVES | _UNREAD and depth < _DEEPEST:
            waiting += [(child, count, depth + 1) for child in reversed(children(document, block))]
        count += 1


def _seen(text: RichText) -> Iterator[Span]:
    code = tuple(Span(mark.start, mark.stop) for mark in text.markup if mark.kind in _HIDDEN)
    for run in text.runs:
        if not _covers(code, run.start):
            yield Span(run.start, run.end)


def _covers(spans: Sequence[Span], offset: int) -> bool:
    """Whether one of these spans, which don't overlap and stand in order, holds an offset."""
    at = bisect_right(spans, offset, key=lambda span: span.start) - 1
    return at >= 0 and offset < spans[at].end
