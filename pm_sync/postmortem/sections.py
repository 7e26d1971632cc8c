"""Which parts of a postmortem hold measures to be taken: by headings, and by labels that stand alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from pm_sync.markdown.blocks import Block, Document, Kind, children
from pm_sync.markdown.inlines import MarkKind, RichText, rich_text
from pm_sync.postmortem import vocabulary
from pm_sync.postmortem.options import ReadOptions

_DIRECTIVE = re.compile(rb"<!--\s*pm-sync:\s*(ignore|items)\s*-->")
_LABEL_BULLET = re.compile(
    rb"^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\*\*|__)?[^\n*_:]{3,60}(?:[:*_\xef]|\xbc\x9a)+[ \t]*\r?$", re.MULTILINE
)
_MAYBE_LABEL = re.compile(rb":|\*\*|__|\xef\xbc\x9a")
_ESCAPED_HEADING = re.compile(rb"\\(#{1,6})[ \t]+\S[^\n]*\s*$")
_SUMMARY = re.compile(rb"<summary>([^\n]{1,200}?)</summary>", re.IGNORECASE)
_FOLD_END = re.compile(rb"</details>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_CLOSERS = " \t:：*_.#-–—"
_LONGEST_LABEL = 160
_LABEL_WORDS = 8
_LABEL_LEVEL = 7
_DEEPEST = 4


class Active(IntEnum):
    """How sure it is that a part holds action items."""

    NO = 0
    WEAK = 1
    """Named so broadly that it counts only in a postmortem without a section named clearly."""
    YES = 2


class Piece(NamedTuple):
    """A block of a part's content; of a paragraph only what stands behind ``begin`` characters of label."""

    block: Block
    begin: int = 0


@dataclass(slots=True)
class Part:
    """What stands below one heading or label, up to the next."""

    title: str
    path: tuple[str, ...]
    level: int
    roles: frozenset[str]
    active: Active
    block: Block | None = None
    text: RichText | None = None
    bold: bool = False
    """Opened by a label in bold type."""
    parent: int | None = None
    root: int = -1
    """Index of the part that opened the section of measures this one belongs to."""
    closed: bool = False
    """Whether the document said itself that its next block is to be ignored."""
    pieces: list[Piece] = field(default_factory=list)

    @property
    def is_label(self) -> bool:
        """Opened by a label, not by a heading."""
        return self.level >= _LABEL_LEVEL


class Label(NamedTuple):
    """Text that stands alone and names what follows; ``end`` is where the rest of its paragraph begins."""

    text: str
    end: int
    bold: bool
    alone: bool


def outline(document: Document, options: ReadOptions) -> list[Part]:
    """Cut a document into parts, in the order they stand; the first is what stands above all headings."""
    builder = _Outline(document, options)
    blocks = document.blocks
    for at, block in enumerate(blocks):
        builder.take(block, blocks[at + 1] if at + 1 < len(blocks) else None)
    return builder.parts


@lru_cache(maxsize=1 << 12)
def roles_of(title: str) -> frozenset[str]:
    """What a heading or label names, as concepts of the vocabulary's ``heading`` and ``group``."""
    roles = vocabulary.names("heading", title)
    if not roles and vocabulary.holds("heading", "inside", title):
        roles = frozenset({"inside"})
    return roles | vocabulary.names("group", title)


def label_of(text: RichText) -> Label | None:
    """Read a paragraph's first line as a label: all bold, or ending with a colon, and short."""
    line, _, _ = text.plain.partition("\n")
    if not line.strip() or len(line) > _LONGEST_LABEL:
        return None
    strong = next((m for m in text.markup if m.kind is MarkKind.STRONG and m.begin == 0 and m.end > 0), None)
    bold = (
        strong is not None and not line[strong.end :].strip(_CLOSERS) and not line.rstrip().endswith((".", "!", "。"))
    )
    colon = line.rstrip().endswith((":", "："))
    if bold or (colon and len(line.split()) <= _LABEL_WORDS):
        return Label(line.strip(_CLOSERS), len(line), bold, alone=len(line) >= len(text.plain.rstrip()))
    head = re.match(r"[^:：\n]{2,60}[:：]", line)
    if head and strong is not None and strong.end <= head.end() <= strong.end + 1:
        return Label(head[0].strip(_CLOSERS), head.end(), bold=True, alone=False)
    return None


class _Outline:
    """Walks the blocks once, keeping the open headings on a stack."""

    def __init__(self, document: Document, options: ReadOptions) -> None:
        self.document = document
        self.options = options
        self.parts = [Part("", (), 0, frozenset(), Active.NO)]
        self.stack = [0]
        self.directive = ""

    @property
    def current(self) -> Part:
        return self.parts[self.stack[-1]]

    def take(self, block: Block, following: Block | None, depth: int = 0) -> None:
        if block.kind is Kind.HTML:
            self.html(block)
        elif block.kind is Kind.HEADING:
            self.heading(block)
        elif block.kind is Kind.CALLOUT and depth < _DEEPEST:
            inner = children(self.document, block)
            for at, child in enumerate(inner):
                self.take(child, inner[at + 1] if at + 1 < len(inner) else following, depth + 1)
        elif self.directive:
            self.directed(block)
        elif block.kind is Kind.PARAGRAPH:
            if escaped := _ESCAPED_HEADING.match(self.document.source.data, block.start, block.end):
                self.heading(block._replace(kind=Kind.HEADING, level=len(escaped[1])))
            elif not self.label(block, following):
                self.add(Piece(block))
        elif block.kind is Kind.LIST:
            self.list(block)
        elif block.kind is Kind.TABLE:
            self.add(Piece(block))

    def html(self, block: Block) -> None:
        """Do what our comments say, and take a ``<summary>`` for the label of what is folded away below it."""
        data = self.document.source.data
        if found := _DIRECTIVE.search(data, block.start, block.end):
            self.directive = found[1].decode()
        if summary := _SUMMARY.search(data, block.start, block.end):
            title = _TAG.sub("", summary[1].decode()).strip(_CLOSERS)
            self.label_part(title, roles_of(title), None, block, bold=False)
        elif _FOLD_END.search(data, block.start, block.end):
            self.close(_LABEL_LEVEL)

    def add(self, piece: Piece) -> None:
        self.current.pieces.append(piece)

    def directed(self, block: Block) -> None:
        """Do what the comment above said with this one block."""
        if self.directive == "items":
            here = self.current
            self.open(Part("", here.path, _LABEL_LEVEL + 1, frozenset(), Active.YES, parent=self.stack[-1]))
            inner = children(self.document, block) if block.kind is Kind.LIST else (block,)
            self.current.pieces = [Piece(child) for child in inner]
            self.stack.pop()
        self.directive = ""

    def heading(self, block: Block) -> None:
        text = rich_text(self.document, block)
        title = " ".join(text.plain.lstrip("# ").split())
        self.close(block.level)
        parent = self.slipped(title) or self.stack[-1]
        if parent != self.stack[-1]:
            self.stack.append(parent)
        above = self.parts[parent]
        roles = roles_of(title)
        active = self.activity(title, roles, above, first=len(self.parts) == 1 and block.level == 1)
        if self.directive:
            active = Active.YES if self.directive == "items" else Active.NO
            self.directive = ""
        path = (*above.path, title) if title else above.path
        self.open(Part(title, path, block.level, roles, active, block, text, parent=parent))

    def slipped(self, title: str) -> int | None:
        """The section of measures right before, if this heading of its level names a group of it ("Short term")."""
        last = len(self.parts) - 1
        before = self.parts[last]
        if before.active is Active.NO or before.pieces or before.is_label or not before.title:
            return None
        roles = roles_of(title)
        return last if roles & {"type", "horizon", "done", "progress", "open"} and "never" not in roles else None

    def activity(self, title: str, roles: frozenset[str], above: Part, *, first: bool = False) -> Active:
        """Whether what stands below this title is to be read for items."""
        if any(re.search(pattern, title, re.IGNORECASE) for pattern in self.options.exclude):
            return Active.NO
        if any(re.search(pattern, title, re.IGNORECASE) for pattern in self.options.include):
            return Active.YES
        if above.active is not Active.NO:
            grouped = roles & {"type", "horizon", "done", "progress", "open", "dropped", "action", "tasks", "team"}
            return Active.NO if "never" in roles and not grouped else above.active
        if first and "action" not in roles:
            return Active.NO
        if roles & {"action", "inside"}:
            return Active.YES
        below_never = any("never" in self.parts[at].roles for at in self.stack)
        return (
            Active.WEAK if roles & {"tasks", "improvements"} and "never" not in roles and not below_never else Active.NO
        )

    def open(self, part: Part) -> None:
        here = len(self.parts)
        above = self.parts[part.parent or 0]
        if part.active is not Active.NO:
            part.root = above.root if above.active is not Active.NO else here
        self.parts.append(part)
        self.stack.append(here)

    def close(self, level: int) -> None:
        while len(self.stack) > 1 and self.current.level >= level:
            self.stack.pop()

    def label(self, block: Block, following: Block | None) -> bool:
        """Open a part if this paragraph is a label that stands alone."""
        if block.end - block.start > _LONGEST_LABEL:
            return False
        raw = self.document.source.data[block.start : block.end].strip()
        marked = raw[:1] in {b"*", b"_"} or raw.endswith((b":", "：".encode(), b":**", b":__"))
        if not marked and (self.current.active is not Active.NO or len(raw) > _LONGEST_LABEL // 2):
            return False
        text = rich_text(self.document, block)
        label = label_of(text) if marked else None
        title = label.text if label else text.plain.strip(_CLOSERS)
        roles = roles_of(title)
        if label is None:
            return bool(roles & {"action", "tasks"}) and self.label_part(title, roles, text, block, bold=False)
        if not label.alone:
            return False
        lists = following is not None and following.kind in {Kind.LIST, Kind.TABLE}
        if not roles and not (self.in_scope and lists):
            return False
        return self.label_part(title, roles, text, block, bold=label.bold)

    @property
    def in_scope(self) -> bool:
        return self.parts[self.heading_at].active is not Active.NO or self.current.active is not Active.NO

    @property
    def heading_at(self) -> int:
        return next(at for at in reversed(self.stack) if not self.parts[at].is_label)

    def label_part(self, title: str, roles: frozenset[str], text: RichText | None, block: Block, *, bold: bool) -> bool:
        """Open a part for a label, unless it means nothing where it stands."""
        above = self.parts[self.heading_at]
        if not self.in_scope and not roles & {"action", "tasks", "inside"}:
            return False
        if above.active is Active.NO and roles & {"never"} and not roles & {"action", "tasks", "inside"}:
            self.close(_LABEL_LEVEL)
            return False
        inherits = above
        if above.active is Active.NO and not roles & {"action", "tasks", "inside"}:
            inherits = self.current
        self.close(_LABEL_LEVEL + (inherits is not above))
        level = _LABEL_LEVEL + (inherits is not above)
        parent = self.stack[-1]
        active = self.activity(title, roles, inherits)
        if active is Active.NO and inherits.active is Active.NO:
            return False
        self.open(Part(title, (*inherits.path, title), level, roles, active, block, text, bold, parent))
        return True

    def list(self, block: Block) -> None:
        if not self.in_scope and not _LABEL_BULLET.search(self.document.source.data, block.start, block.end):
            self.add(Piece(block))
            return
        for item in children(self.document, block):
            if not self.label_item(item):
                self.add(Piece(item))

    def label_item(self, item: Block) -> bool:
        """Open a part if this item is a label over what is nested in it or follows it."""
        inner = children(self.document, item)
        if not inner or inner[0].kind is not Kind.PARAGRAPH or item.box is not None:
            return False
        if not _MAYBE_LABEL.search(
            self.document.source.data, inner[0].start, min(inner[0].end, inner[0].start + _LONGEST_LABEL)
        ):
            return False
        text = rich_text(self.document, inner[0])
        label = label_of(text)
        if label is None or not label.text:
            return False
        roles = roles_of(label.text)
        named = roles & {"tasks", "improvements", "never", "action", "inside"}
        nested = [child for child in inner[1:] if child.kind in {Kind.LIST, Kind.TABLE, Kind.PARAGRAPH}]
        if not label.alone:
            named = frozenset() if vocabulary.concepts("label", label.text) & {"marker"} else named
            if not named or "\n" not in text.plain[label.end : label.end + 1]:
                return False
        lists = any(child.kind in {Kind.LIST, Kind.TABLE} for child in nested)
        if not named and not (label.alone and lists and self.in_scope):
            return False
        if not self.label_part(label.text, roles, text, item, bold=label.bold):
            return False
        if not label.alone:
            self.add(Piece(inner[0], label.end))
        for child in nested:
            for piece in children(self.document, child) if child.kind is Kind.LIST else (child,):
                self.add(Piece(piece))
        if nested:
            self.stack.pop()
        return True


def sections(parts: list[Part]) -> Iterator[list[Part]]:
    """The parts of each section of measures, in order; those that are no measures after all are left out.

    A section named broadly ("Tasks", "Improvements") counts only where the document is a postmortem by its other
    headings, and has no section that is named clearly.
    """
    roots: dict[int, list[Part]] = {}
    for part in parts:
        if part.active is not Active.NO:
            roots.setdefault(part.root, []).append(part)
    sure = [group for root, group in roots.items() if parts[root].active is Active.YES]
    if any(part.pieces for group in sure for part in group):
        yield from sure
    elif any("incident" in part.roles and part.active is Active.NO and not part.is_label for part in parts):
        yield from roots.values()
