"""One walk over a postmortem's blocks, which finds the part that each belongs to."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from pm_sync.markdown.blocks import CALLOUT, HEADING, HTML, LIST, PARAGRAPH, TABLE, Block, Document, children
from pm_sync.markdown.inlines import RichText, rich_text
from pm_sync.postmortem import html, vocabulary
from pm_sync.postmortem.groups import LONGEST_GROUP, group_label
from pm_sync.postmortem.headed import is_numbered
from pm_sync.postmortem.links import without_note
from pm_sync.postmortem.numbers import with_headings
from pm_sync.postmortem.options import ReadOptions
from pm_sync.postmortem.parts import Parts
from pm_sync.postmortem.rows import Row, holds_label, may_hold_labels, rows
from pm_sync.postmortem.sections import (
    CLOSERS,
    LABEL_LEVEL,
    LONGEST_LABEL,
    NO,
    WEAK,
    YES,
    Label,
    Part,
    Piece,
    is_brief,
    is_prose,
    label_of,
    may_label,
    meant_above,
    roles_of,
)
from pm_sync.regex import regex

_ESCAPED_HEADING = regex(rb"\\(#{1,6})[ \t]+\S[^\n]*\s*$")
_UNSPACED_HEADING = regex(rb"(#{2,6})[A-Z*][^\n]*")
_DEEPEST = 4
_UNMARKED_WORDS = 6
_LED = 80
"""Bytes within which a bullet's label has its colon."""
_UNDIRECTED = frozenset({HTML, HEADING})
_MEASURES = frozenset({"action", "tasks"})
_OPENS = _MEASURES | {"inside"}


def outline(document: Document, options: ReadOptions) -> list[Part]:
    """Cut a document into parts, in the order they stand; the first is what stands above all headings."""
    builder = _Outline(document, options)
    builder.walk(with_headings(document), None)
    builder.parts.evident(document)
    return builder.parts.all


class _Outline:
    """Walks the blocks once, keeping the open headings on a stack."""

    def __init__(self, document: Document, options: ReadOptions) -> None:
        self.document = document
        self.parts = Parts(options)
        self.directive = ""

    def walk(self, blocks: Sequence[Block], behind: Block | None, depth: int = 0) -> None:
        """Take blocks in order; ``behind`` is what follows the last of them."""
        for at, block in enumerate(blocks):
            following = blocks[at + 1] if at + 1 < len(blocks) else behind
            if block.kind is CALLOUT and depth < _DEEPEST:
                self.walk(children(self.document, block), following, depth + 1)
            elif self.directive and block.kind not in _UNDIRECTED:
                self.directed(block)
            else:
                self.take(block, following)

    def take(self, block: Block, following: Block | None) -> None:
        """Take one block; a table of bound methods would keep a file's events until the garbage collector comes round."""
        kind = block.kind
        if kind is PARAGRAPH:
            self.paragraph(block, following)
        elif kind is LIST:
            self.list(block)
        elif kind is HEADING:
            self.heading(block, following)
        elif kind is TABLE:
            self.add(block)
        else:
            if kind is HTML:
                self.html(block)
            self.parts.current.asides.append(block)

    def paragraph(self, block: Block, following: Block | None) -> None:
        """Take a paragraph: a heading with its sign escaped or no blank behind it, a label, or words."""
        data, start, end = self.document.source.data, block.start, block.end
        if is_prose(data, start, end):
            self.add(block)
        elif escaped := _ESCAPED_HEADING.match(data, start, end):
            self.heading(replace(block, kind=HEADING, level=len(escaped[1])))
        elif unspaced := _UNSPACED_HEADING.match(data, start, end):
            self.heading(replace(block, kind=HEADING, level=len(unspaced[1])))
            if data[unspaced.end() : end].strip():
                self.add(block, rich_text(self.document, block).plain.find("\n") + 1)
        elif may_hold_labels(data, start, end) and self.rows(block):
            return
        elif not is_brief(data, start, end) or not self.label(block, following):
            self.add(block)

    def rows(self, block: Block) -> bool:
        """Take a paragraph whose lines are headings to the eye, if one of them has to do with measures."""
        found = rows(text := rich_text(self.document, block))
        if not self.concern_measures(found, written=self.parts.current.is_label):
            return False
        self.take_rows(block, text, found)
        return True

    def concern_measures(self, found: list[Row], *, written: bool) -> bool:
        """Whether a label in a paragraph opens measures, or closes them where headings are ``written`` so."""
        if written and self.parts.in_scope and any(row.label for row in found):
            return True
        return any(roles_of(row.label) & _MEASURES for row in found)

    def take_rows(self, block: Block, text: RichText, found: list[Row]) -> None:
        """Open a part for each label of a paragraph, and add what it stands over."""
        for row in found:
            if row.label:
                self.label_part(row.label, roles_of(row.label), None, block, bold=False)
            if text.plain[row.begin : row.end].strip():
                self.parts.current.pieces.append(Piece(block, row.begin, row.end))

    def runs_on(self, item: Block, first: Block) -> bool:
        """Take a bullet that runs on into headings to the eye: Markdown takes any line below a bullet for its own."""
        if not may_hold_labels(self.document.source.data, first.start, first.end):
            return False
        text = rich_text(self.document, first)
        own, *found = rows(text)
        if own.label or not self.concern_measures(found, written=True):
            return False
        self.parts.current.pieces.append(Piece(item, 0, own.end))
        self.take_rows(first, text, found)
        return True

    def html(self, block: Block) -> None:
        """Do what our comments say, and take a ``<summary>`` for the label of what is folded away below it."""
        source = self.document.source.data[block.start : block.end]
        self.directive = html.directive(source) or self.directive
        if (title := html.summary(source)) is not None:
            self.label_part(title, roles_of(title), None, block, bold=False)
        elif html.ends_fold(source):
            self.parts.close(LABEL_LEVEL)

    def add(self, block: Block, begin: int = 0) -> None:
        """Add to the content of the part that is open."""
        self.parts.current.pieces.append(Piece(block, begin))

    def directed(self, block: Block) -> None:
        """Do what the comment above said with this one block."""
        if self.directive == "items":
            here = self.parts.current
            self.parts.open(Part("", here.path, LABEL_LEVEL + 1, frozenset(), YES, parent=self.parts.stack[-1]), here)
            inner = children(self.document, block) if block.kind is LIST else (block,)
            self.parts.current.pieces = [Piece(child) for child in inner]
            self.parts.stack.pop()
        self.directive = ""

    def heading(self, block: Block, following: Block | None = None) -> None:
        """Open a part for a heading."""
        text = rich_text(self.document, block)
        plain = without_note(text)
        # Signs that are shown are no signs to Markdown, which takes the lines below for the same paragraph's.
        title = (plain.partition("\n")[0] if plain[:1] == "#" else plain).lstrip("# ")
        title = meant_above(" ".join(title.split()), self.document, following)
        self.parts.close(block.level)
        # A document's own title may well name its measures beside the rest of it: "Root cause analysis & remediation".
        own = len(self.parts.all) == 1 and block.level == 1 and not _names_measures(title)
        roles: frozenset[str] = frozenset() if own else roles_of(title)
        parent = self.parts.slipped(roles, block.level) or self.parts.stack[-1]
        if parent != self.parts.stack[-1]:
            self.parts.stack.append(parent)
        above = self.parts.all[parent]
        active = self.parts.activity(title, roles, above)
        if self.directive:
            active = YES if self.directive == "items" else NO
            self.directive = ""
        path = (*above.path, title) if title else above.path
        self.parts.open(
            Part(title, path, block.level, None if own else roles, active, block, text, parent=parent), above
        )

    def label(self, block: Block, following: Block | None) -> bool:
        """Open a part if this short paragraph is a label that stands alone."""
        raw = self.document.source.data[block.start : block.end].strip()
        marked = raw[:1] in {b"*", b"_"} or raw.endswith((b":", "：".encode(), b":**", b":__"))
        if not marked and raw.endswith(b")"):
            marked = without_note(rich_text(self.document, block)).rstrip().endswith((":", "："))  # our annotation
        busy = not marked and self.parts.current.active is not NO and not self.unmarked
        if busy or (not marked and len(raw) > LONGEST_LABEL // 2):
            return False
        text = rich_text(self.document, block)
        label = label_of(text) if marked else None
        title = meant_above(label.text if label else without_note(text).strip(CLOSERS), self.document, following)
        roles = roles_of(title)
        lists = following is not None and following.kind in {LIST, TABLE}
        if label is None and self.parts.current.active is not NO:
            named = vocabulary.names("heading", title) and len(title.split()) <= _UNMARKED_WORDS
            return bool(named) and self.label_part(title, roles, text, block, bold=False)
        if label is None:
            # A sentence that leads to a list counts only where no section is named clearly.
            asks = title.endswith(("?", "？")) or vocabulary.holds("sentence", "acts", title)
            leads = lists and not self.parts.in_scope and "inside" in roles and asks
            opened = (leads or bool(roles & _MEASURES)) and self.label_part(title, roles, text, block, bold=False)
            self.parts.current.active = WEAK if opened and leads else self.parts.current.active
            return opened
        if not label.alone and not (self.parts.in_scope and self.parts.current.bold and is_numbered(label)):
            return self.inline(label, roles, text, block, following)
        if not roles and not (self.parts.in_scope and (lists or is_numbered(label))):
            return False
        return self.label_part(title, roles, text, block, bold=label.bold)

    @property
    def unmarked(self) -> bool:
        """Whether we stand below a label of plain words, in a document that is likely to have others."""
        return self.parts.current.is_label and not self.parts.current.bold

    def inline(
        self, label: Label, roles: frozenset[str], text: RichText, block: Block, following: Block | None
    ) -> bool:
        """Open a part for "**Action items:** add an alert; …", whose measures stand behind the label itself."""
        if self.parts.in_scope or not roles & _MEASURES:
            return False
        if not self.label_part(label.text, roles, text, block, bold=label.bold):
            return False
        self.add(block, label.end)
        if following is None or following.kind is not LIST:
            self.parts.stack.pop()
        return True

    def label_part(self, title: str, roles: frozenset[str], text: RichText | None, block: Block, *, bold: bool) -> bool:
        """Open a part for a label, unless it means nothing where it stands."""
        above = self.parts.all[self.parts.heading_at]
        if not self.parts.in_scope and not roles & _OPENS:
            return False
        if above.active is NO and roles & {"never"} and not roles & _OPENS:
            self.parts.close(LABEL_LEVEL)
            return False
        inherits = above
        if above.active is NO and (not roles & _OPENS or self.lists_tasks(roles)):
            inherits = self.parts.current
        self.parts.close(LABEL_LEVEL + (inherits is not above))
        level = LABEL_LEVEL + (inherits is not above)
        parent = self.parts.stack[-1]
        active = self.parts.activity(title, roles, inherits)
        if active is NO and inherits.active is NO:
            return False
        part = Part(title, (*inherits.path, title), level, roles, active, block, text, bold, parent)
        self.parts.open(part, self.parts.all[parent])
        return True

    def lists_tasks(self, roles: frozenset[str]) -> bool:
        """Whether a label names the tasks of the section that another label opened above it."""
        here = self.parts.current
        return "tasks" in roles and here.active is not NO and "tasks" not in self.parts.all[here.root].roles

    def list(self, block: Block) -> None:
        """Take a list: of a section of measures item by item, as any may be a label."""
        if not self.parts.in_scope and not holds_label(self.document.source.data, block.start, block.end):
            self.add(block)
            return
        for item in children(self.document, block):
            inner = children(self.document, item)
            worded = bool(inner) and inner[0].kind is PARAGRAPH
            if not worded or not (self.runs_on(item, inner[0]) or self.label_item(item, inner)):
                self.add(item)

    def label_item(self, item: Block, inner: Sequence[Block]) -> bool:
        """Open a part if this item is a label over what is nested in it or follows it."""
        if item.box is not None:
            return False
        data, start, end = self.document.source.data, inner[0].start, inner[0].end
        colon = data.find(b":", start, start + _LED) >= 0
        short = len(inner) > 1 and end - start <= LONGEST_GROUP
        if not (colon or short or may_label(data, start, end) or may_hold_labels(data, start, end)):
            return False
        text = rich_text(self.document, inner[0])
        nested = [child for child in inner[1:] if child.kind in {LIST, TABLE, PARAGRAPH}]
        label = group_label(self.document, text, nested, within=self.parts.in_scope)
        if label is None or not self.label_part(label.text, roles_of(label.text), text, item, bold=label.bold):
            return False
        if not label.alone:
            self.add(inner[0], label.end)
        for child in nested:
            for piece in children(self.document, child) if child.kind is LIST else (child,):
                self.add(piece)
        if nested:
            self.parts.stack.pop()
        return True


def _names_measures(title: str) -> bool:
    """Whether a document is called as nothing but its measures."""
    return "action" in vocabulary.concepts("heading", vocabulary.strip_numbering(title))
