"""Which parts of a postmortem hold measures to be taken: by headings, and by labels that stand alone."""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache

from msgspec import Struct, field

from pm_sync.markdown.blocks import ITEM, LIST, PARAGRAPH, TABLE, Block, Document, children
from pm_sync.markdown.inlines import STRONG, RichText, rich_text
from pm_sync.postmortem import vocabulary
from pm_sync.postmortem.links import without_note
from pm_sync.postmortem.phrases import phrases
from pm_sync.regex import regex

CLOSERS = " \t:：*_.#-–—"
LONGEST_LABEL = 160
_MAYBE_LABEL = regex(rb":|\*\*|__|\xef\xbc\x9a")
_ONE_LINE = regex(rb"[^\n\r<]*[A-Za-z0-9.][ \t]*")
"""What no label ends with, on a line of its own: such a bullet says all that it says, and labels nothing."""
_INLINE = regex(rb"\*\*[^*\n]{3,60}(?::\*\*|\*\*:)")
_NOTED = regex(r"\s\([^()\n]{1,80}, (?:open|in progress|done|dropped)(?: [\d-]{10})?\)\s*$")
"""Our annotation as it stands in plain text."""
_HEAD = regex(r"[^:：\n]{2,60}[:：]")
_LABEL_WORDS = 8
_COLON, _LINE_FEED, _CLOSING = b":\n)"
_HEADING_SIGNS = b"\\#"
_STATE_WORDS = 3
_MEASURES = frozenset({"action", "tasks", "inside", "improvements"})
_NAMED = frozenset({"action", "tasks", "inside"})
_STATES = frozenset({"done", "progress", "open", "dropped"})
_TO_BE = frozenset({"be", "being", "get", "getting"})
_TITLE_WORDS = 24
_SENTENCE = 5
LABEL_LEVEL = 7
_INCIDENT = frozenset({"never", "incident"})
_LISTED = frozenset({ITEM, LIST, TABLE})


class Active(IntEnum):
    """How sure it is that a part holds action items."""

    NO = 0
    WEAK = 1
    """Named so broadly that it counts only in a postmortem without a section named clearly."""
    YES = 2


NO, WEAK, YES = Active  # see `Kind`


class Piece(Struct, frozen=True, gc=False):
    """A block of a part's content; of a paragraph only what stands between ``begin`` and ``end``, its labels left out."""

    block: Block
    begin: int = 0
    end: int | None = None
    """Characters; None for all of it."""

    def text(self, document: Document) -> RichText:
        """The paragraph's text up to its end; what is before ``begin`` is for the caller to leave out."""
        text = rich_text(document, self.block)
        return text if self.end is None else text.until(self.end)


class Part(Struct):
    """What stands below one heading or label, up to the next."""

    title: str
    path: tuple[str, ...]
    level: int
    named: frozenset[str] | None
    """What the title names; None until somebody asks, as of most documents' own titles nobody does."""
    active: Active
    block: Block | None = None
    text: RichText | None = None
    bold: bool = False
    """Opened by a label in bold type."""
    parent: int | None = None
    root: int = -1
    """Index of the part that opened the section of measures this one belongs to."""
    pieces: list[Piece] = field(default_factory=list)
    asides: list[Block] = field(default_factory=list)
    """Quotations, code, HTML and the like: what they list is no item, but to be seen."""

    @property
    def roles(self) -> frozenset[str]:
        """What the title names."""
        if self.named is None:
            self.named = roles_of(self.title)
        return self.named

    @property
    def is_label(self) -> bool:
        """Opened by a label, not by a heading."""
        return self.level >= LABEL_LEVEL


class Label(Struct, frozen=True, gc=False):
    """Text that stands alone and names what follows; ``end`` is where the rest of its paragraph begins."""

    text: str
    end: int
    bold: bool
    alone: bool


@lru_cache(maxsize=1 << 12)
def roles_of(title: str) -> frozenset[str]:
    """What a heading or label names, as concepts of the vocabulary's ``heading`` and ``group``."""
    if _is_asked(title):
        return frozenset({"never"})
    roles = vocabulary.names("heading", title)
    if (not roles and vocabulary.holds("heading", "inside", title)) or (_is_unnamed(roles, title) and announces(title)):
        roles = frozenset({"inside"})
    if vocabulary.holds("sentence", "taken", title) or (not roles.isdisjoint(_MEASURES) and is_settled(title)):
        roles |= {"done"}
    grouped = vocabulary.names("group", title)
    if "done" in grouped and len(grouped & _STATES) > 1:
        return (roles | grouped) - _STATES  # "Actions taken and planned" says of none of them how it stands
    # "To be fixed/verified"
    return roles | (grouped - {"done"} if grouped and "be" in vocabulary.fold(title).split() else grouped)


def _is_asked(title: str) -> bool:
    """Whether a title asks for something: "Measures must contain:"."""
    return vocabulary.holds("sentence", "asked", title)


def _is_unnamed(roles: frozenset[str], title: str) -> bool:
    """Whether nothing names a title, or only what its first words go on with: "How do we prevent this kind of incident?"."""
    return not roles or (roles <= _INCIDENT and not any(map(_is_heading, vocabulary.parts(title)[:1])))


def _is_heading(text: str) -> bool:
    return bool(vocabulary.names("heading", text))


def unnoted(line: str) -> str:
    """A line of plain text without our annotation behind it."""
    return _NOTED.sub("", line) if line.rstrip().endswith(")") else line


def meant(title: str, below: str) -> str:
    """What a title names that copies its assignment ("Measures must contain:"), where somebody's own words stand below.

    An assignment goes on with what it asks for, in words of other headings, labels, questions, or no whole sentence.
    """
    below = unnoted(below)
    if not _is_asked(title) or len(below.split()) < _SENTENCE or not below[:1].isupper():
        return title
    if below.rstrip().endswith("?") or roles_of(below) or vocabulary.starts("word", "instructs", below):
        return title
    asked = (title.casefold().find(phrase) for phrase in phrases("sentence", "asked"))
    return title[: min((at for at in asked if at > 0), default=None)].strip(CLOSERS)


def meant_above(title: str, document: Document, following: Block | None) -> str:
    """The same by what a block says first."""
    if following is None or not _is_asked(title):
        return title
    while following.kind in _LISTED and (inner := children(document, following)):
        following = inner[0]
    return (
        meant(title, rich_text(document, following).plain.partition("\n")[0]) if following.kind is PARAGRAPH else title
    )


def is_settled(title: str) -> bool:
    """Whether a title's first or last words say that what stands below is done: "Completed actions", not "to be done"."""
    words = vocabulary.fold(title).split()
    for length in range(min(_STATE_WORDS, len(words) - 1), 0, -1):
        ends = " ".join(words[:length]), " ".join(words[-length:])
        states = vocabulary.concepts("group", ends[0]) | vocabulary.concepts("group", ends[1])
        if not states.isdisjoint(_STATES):
            return "done" in states and words[-length - 1] not in _TO_BE
    return False


def announces(title: str) -> bool:
    """Whether a title in words of its own says that measures follow: "How we'll keep this from happening again".

    It has an aim ("prevent", "happen again"), or asks for what somebody of ours does about it; what looks back
    ("Why", "could have") or tells the reader what to do announces nothing.
    """
    if len(title.split()) > _TITLE_WORDS or vocabulary.holds("sentence", "back", title):
        return False
    if vocabulary.holds("sentence", "aims", title):
        return True
    return vocabulary.holds("sentence", "asks", title) and vocabulary.holds("sentence", "acts", title)


def may_label(data: bytes, start: int, end: int) -> bool:
    """Whether a bullet's paragraph may be a label: most aren't, and need not be read to know it."""
    marked = _MAYBE_LABEL.search(data, start, min(end, start + LONGEST_LABEL))
    return marked is not None and _ONE_LINE.fullmatch(data, start, end) is None


def is_prose(data: bytes, start: int, end: int) -> bool:
    """Whether a paragraph is one long line that is neither a label nor holds one, nor looks like a heading; most are."""
    line = data[start:end].rstrip()
    if len(line) <= LONGEST_LABEL or _COLON in line or _LINE_FEED in line:
        return False
    return line[0] not in _HEADING_SIGNS and line[-1] != _CLOSING


def is_brief(data: bytes, start: int, end: int) -> bool:
    """Whether a paragraph is short enough for a label, our annotation behind it not counted, or begins with one in bold type."""
    if end - start <= LONGEST_LABEL or _INLINE.match(data, start, end):
        return True
    if not data[max(start, end - 3) : end].rstrip().endswith(b")"):
        return False
    return 0 < data.rfind(b" ([", start, end) - start <= LONGEST_LABEL


def label_of(text: RichText) -> Label | None:
    """Read a paragraph's first line as a label: all bold, or ending with a colon, and short."""
    plain = without_note(text)
    line = plain.partition("\n")[0]
    bare = line.rstrip()
    if not bare:
        return None
    marks = text.markup and [m for m in text.markup if m.kind is STRONG and m.begin == 0 and m.end > 0]
    strong = marks[0] if marks else None
    bold = strong is not None and not line[strong.end :].strip(CLOSERS) and not bare.endswith((".", "!", "。"))
    colon = bare.endswith((":", "：")) and len(line.split()) <= _LABEL_WORDS
    if (bold or colon) and len(line) <= LONGEST_LABEL:
        return Label(line.strip(CLOSERS), len(line), bold, alone=len(line) >= len(plain.rstrip()))
    head = _HEAD.match(line) if strong is not None else None
    if head and strong is not None and strong.end <= head.end() <= strong.end + 1:
        return Label(head[0].strip(CLOSERS), head.end(), bold=True, alone=False)
    return None


def sections(parts: list[Part]) -> tuple[list[list[Part]], list[list[Part]]]:
    """The parts of each section of measures, in order, and of each section of mere wishes beside them.

    A section named broadly ("Tasks", "Improvements") counts only where the document is a postmortem by its other
    headings; wishes moreover only where no section that is named clearly has a list, or anything at all where they
    have none.
    """
    roots: dict[int, list[Part]] = {}
    for part in parts:
        if part.active is not NO:
            roots.setdefault(part.root, []).append(part)
    sure = {root for root in roots if parts[root].active is YES}
    if len(sure) == len(roots):  # as in most files, whose kind need not be known then
        return [_measures_of(group, parts) for group in roots.values()], []
    told = any("incident" in part.roles and part.active is NO and not part.is_label for part in parts)
    titled = any(vocabulary.holds("heading", "incident", part.title) for part in parts[1:2])
    filled = any(part.pieces for root in sure for part in roots[root])
    told = told or (titled and filled)
    wishes: set[int] = set()
    broad = {root for root in roots if root not in sure and (told or (titled and "improvements" in parts[root].roles))}
    if filled and (any(_lists(roots[root]) for root in sure) or not any(_lists(roots[root]) for root in broad)):
        wishes = {root for root in broad if "tasks" not in parts[root].roles}
    counted = (sure | broad) - wishes
    measures = [_measures_of(group, parts) for root, group in roots.items() if root in counted]
    return measures, [group for root, group in roots.items() if root in wishes]


def _measures_of(section: list[Part], parts: list[Part]) -> list[Part]:
    """Of a section that tells of something else as well ("Root cause & prevention") the groups that are named for measures, if any is."""
    if "never" not in section[0].roles or not any(part.roles & _NAMED for part in section[1:]):
        return section
    kept: list[Part] = []
    for part in section[1:]:
        if part.roles & _MEASURES or (kept and part.parent is not None and any(parts[part.parent] is k for k in kept)):
            kept.append(part)
    return kept


def _lists(section: list[Part]) -> bool:
    """Whether a section has a list or a table, and not only prose."""
    return any(piece.block.kind in _LISTED for part in section for piece in part.pieces)
