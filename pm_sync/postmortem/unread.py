"""What a section of measures lists where its readers see no list: no items, but to be seen as rejected.

Quotations are the words of somebody else, or of a template. What is indented by four blanks is code to Markdown, and
what stands right below a line of HTML is part of it, though whoever wrote it most likely meant a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from pm_sync.markdown.blocks import CODE, HTML, LIST, Block, children
from pm_sync.markdown.inlines import RichText, Run, rich_text
from pm_sync.postmortem.candidate import IN_LIST, IN_TABLE, Candidate
from pm_sync.postmortem.candidates import Collector
from pm_sync.postmortem.fields import read_text
from pm_sync.postmortem.sections import Part
from pm_sync.postmortem.window import Reading
from pm_sync.regex import regex

_BULLET = regex(rb"^[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]+(\S[^\n\r]*)", re.MULTILINE)
_HIDDEN = (b"```", b"~~~", b"<!--")
"""What begins as this was put out of sight, or shown as code, on purpose."""
_BY_LINES = {CODE: "code, as its line is indented", HTML: "part of HTML, as no blank line is above"}
"""What has no blocks of its own inside."""
_MOST = 200
"""Bullets of one block that are shown."""


def unread(collector: Collector, parts: list[Part]) -> Iterator[Candidate]:
    """The candidates of a section's quotations, indented code, HTML and other tables, each with the reason why it is none."""
    for part in parts:
        for block in part.asides:
            reason = _BY_LINES.get(block.kind)
            for candidate in _lines(collector, part, block) if reason else _quoted(collector, part, block):
                candidate.aside = reason or "in a quotation"
                yield candidate
        for table in collector.tables_of_no_tasks.get(id(part), ()):
            yield _table(collector, part, table)


def _quoted(collector: Collector, part: Part, quote: Block) -> Iterator[Candidate]:
    document = collector.document
    for block in children(document, quote):
        for item in children(document, block) if block.kind is LIST else ():
            yield from collector.item(item, part, None, 0)


def _lines(collector: Collector, part: Part, block: Block) -> Iterator[Candidate]:
    """The bullets that a block begins with, or has below a line of HTML."""
    data = collector.document.source.data
    begin = data.rfind(b"\n", 0, block.start) + 1
    if data[block.start : block.end].lstrip().startswith(_HIDDEN):
        return
    if block.kind is CODE and not _BULLET.match(data, begin, block.end):
        return
    for found in islice(_BULLET.finditer(data, begin, block.end), _MOST):
        yield _candidate(collector, part, found.span(1))


def _candidate(collector: Collector, part: Part, span: tuple[int, int]) -> Candidate:
    data = collector.document.source.data
    words = data[slice(*span)].decode()
    text = RichText(words, (Run(0, words, *span),), (), data)
    return Candidate(IN_LIST, part, text, *span, read_text(text, 0, len(words), collector.keys))


def _table(collector: Collector, part: Part, table: Block) -> Candidate:
    """A table that none of its columns makes one of tasks, by its headers."""
    document = collector.document
    cells = [rich_text(document, cell).plain for cell in children(document, children(document, table)[0])]
    words = " | ".join(" ".join(cell.split()) for cell in cells)
    text = RichText(words, (), (), document.source.data)
    return Candidate(
        IN_TABLE, part, text, table.start, table.start, Reading(words, words), aside="a table without a column of tasks"
    )
