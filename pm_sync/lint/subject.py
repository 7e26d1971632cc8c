"""What rules look at: one postmortem as read, beside the text it was read from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pm_sync.lint.catalog import RULES, Severity
from pm_sync.markdown.blocks import Block, Document, Kind, children, parse
from pm_sync.markdown.inlines import MarkKind, RichText, rich_text
from pm_sync.markdown.text import Lines, SourceText
from pm_sync.model import ActionItem, Postmortem, Span
from pm_sync.postmortem import vocabulary
from pm_sync.postmortem.options import ReadOptions
from pm_sync.postmortem.sections import Part, label_of, outline

DEFAULT_SEVERITIES: Mapping[str, Severity] = {rule.id: rule.severity for rule in RULES}

_LEAVES = frozenset({Kind.PARAGRAPH, Kind.HEADING, Kind.CELL})
_UNREAD = frozenset({Kind.CODE, Kind.HTML, Kind.META})
_LINE_END = re.compile(rb"\r\n|\n|\r")
_LABEL = re.compile(rb"[^\S\r\n]*[|>*_+-]*[^\S\r\n]*(?:[*_]{1,3})?([^:|=\r\n]{2,80}?)[*_]{0,3}[^\S\r\n]*[:|=\xef]")


@dataclass(frozen=True, slots=True)
class LintOptions:
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


@dataclass(frozen=True, slots=True)
class Subject:
    """One postmortem under the eyes of the rules."""

    postmortem: Postmortem
    document: Document
    parts: list[Part]
    """Its sections and what stands in them."""
    lines: Lines
    starts: tuple[int, ...]
    """Where each line starts."""
    options: LintOptions

    @classmethod
    def of(cls, postmortem: Postmortem, data: bytes, options: LintOptions) -> Subject:
        """Parse the text that ``postmortem`` was read from.

        Raises:
            ReadError: it isn't UTF-8.

        """
        document = parse(SourceText.decode(data, postmortem.path))
        starts = (0, *(end.end() for end in _LINE_END.finditer(data)))
        return cls(postmortem, document, outline(document, options.read), Lines(data), starts, options)

    @property
    def data(self) -> bytes:
        """The file's bytes."""
        return self.document.source.data

    @property
    def items(self) -> tuple[ActionItem, ...]:
        """The action items."""
        return self.postmortem.items

    @property
    def open_items(self) -> Iterator[ActionItem]:
        """Those that something is still to be done about."""
        return (item for item in self.items if item.done is not True)

    def parent(self, item: ActionItem) -> ActionItem | None:
        """The item that this one is a part of."""
        return None if item.parent is None else self.items[item.parent]

    def offset(self, line: int) -> int:
        """Where a line begins, behind its indentation."""
        start = self.starts[line - 1]
        rest = self.data[start : self.line_end(start)]
        return start + len(rest) - len(rest.lstrip(b" \t\xef\xbb\xbf"))

    def line_start(self, offset: int) -> int:
        """Where the line that holds this offset begins."""
        return self.starts[self.lines.place(offset)[0] - 1]

    def line_end(self, offset: int) -> int:
        """Where the line that holds this offset ends, its line break left out."""
        found = _LINE_END.search(self.data, offset)
        return found.start() if found else len(self.data)

    def line_span(self, offset: int) -> Span:
        """From an offset to the end of its line, blanks at the end left out."""
        end = self.line_end(offset)
        return Span(offset, max(offset, offset + len(self.data[offset:end].rstrip())))

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

    def texts(self) -> Iterator[tuple[Block, RichText]]:
        """Every paragraph, heading and table cell with its text, in the order they stand."""
        for block in self.leaves(self.document.blocks):
            yield block, rich_text(self.document, block)

    def leaves(self, blocks: tuple[Block, ...]) -> Iterator[Block]:
        """The blocks that hold text, however deep they are nested."""
        for block in blocks:
            if block.kind in _LEAVES:
                yield block
            elif block.kind not in _UNREAD:
                yield from self.leaves(children(self.document, block))

    def titles(self) -> Iterator[str]:
        """Every heading, and every label such as ``**Impact:**``."""
        for block, text in self.texts():
            label = None if block.kind is Kind.HEADING else label_of(text)
            if block.kind is Kind.HEADING:
                yield " ".join(text.plain.split())
            elif label is not None:
                yield label.text

    def is_prose(self, span: Span) -> bool:
        """Whether the bytes are text that people read: no code, comment or front matter, nor the address of a link."""
        path = self.path_to(span.start)
        if not path or path[-1].kind not in _LEAVES:
            return False
        text = rich_text(self.document, path[-1])
        hidden = (mark for mark in text.markup if mark.kind in {MarkKind.CODE, MarkKind.COMMENT})
        if any(mark.start <= span.start < mark.stop for mark in hidden):
            return False
        # What a template writes as <insert name> is a tag to Markdown, so it is no run of text.
        return self.data.startswith(b"<", span.start) or any(run.start <= span.start < run.end for run in text.runs)

    def path_to(self, offset: int) -> list[Block]:
        """The blocks around an offset, from the outermost to the innermost."""
        path: list[Block] = []
        blocks = self.document.blocks
        while found := next((block for block in blocks if block.start <= offset < block.end), None):
            path.append(found)
            blocks = () if found.kind in _LEAVES | _UNREAD else children(self.document, found)
        return path
