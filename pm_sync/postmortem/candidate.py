"""One thing that looks like an action item, with all that its place says about it."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto

from msgspec import Struct, field

from pm_sync.markdown.inlines import RichText
from pm_sync.postmortem.links import Found
from pm_sync.postmortem.sections import Part
from pm_sync.postmortem.tables import Row
from pm_sync.postmortem.values import NOTHING, Values, labelled
from pm_sync.postmortem.window import Reading


class Layout(Enum):
    """What the item is in the document."""

    LIST = auto()
    TABLE = auto()
    PROSE = auto()
    HEADING = auto()


IN_LIST, IN_TABLE, IN_PROSE, IN_HEADING = Layout


class Candidate(Struct, eq=False):
    """Something that looks like an item, with all that its place says about it."""

    layout: Layout
    part: Part
    text: RichText
    start: int
    end: int
    reading: Reading
    box: tuple[int, bool] | None = None
    values: Values = NOTHING
    """What nested labels, paragraphs or columns say."""
    details: list[str] = field(default_factory=list)
    links: list[Found] = field(default_factory=list)
    """References outside the item's own text."""
    parent: Candidate | None = None
    row: Row | None = None
    aside: str | None = None
    """Why it is no item, where what stands around it says so."""
    bare: bool = False
    """A bullet with nothing below its first paragraph."""

    @property
    def is_marked(self) -> bool:
        """Whether a box or a label ("Action:") says that it is a task."""
        return self.reading.marked or self.box is not None or self.reading.box is not None


class Record(Struct):
    """Bullets that are only a field ("Owner: Jane"): they belong to the item before them, or, where they come first, behind them."""

    last: Candidate | None = None
    left: list[Candidate] = field(default_factory=list)
    """Fields without an item, to be shown as rejected."""
    group: Values | None = None
    """What stands in a paragraph of its own above bullets: "**Owner:** Jane" over hers."""

    def numbered(self, candidate: Candidate) -> Values | None:
        """What a bullet says that is only the number of the issue for the words before it: "Ticket: OPS-12"."""
        worded = candidate.reading.text or self.last is None or not self.last.reading.text
        return None if worded or candidate.box is not None else labelled(candidate.text.plain)

    def knows(self, said: Values, candidate: Candidate) -> bool:
        """Whether a field says nothing that its item lacks, so that it would vanish unseen: an item's second "Owner: …"."""
        if self.last is None or said == NOTHING or candidate.reading.links:
            return False
        known = self.last.reading.values.joined(self.last.values)
        return known.joined(said) == known

    def take(self, candidates: Iterator[Candidate]) -> Iterator[Candidate]:
        """Give on what is an item, with the fields beside it."""
        for candidate in candidates:
            said = labelled(candidate.reading.text) if ":" in candidate.reading.text else self.numbered(candidate)
            if said is None or candidate.parent is not None:
                for waiting in self.left:
                    candidate.values = candidate.values.joined(labelled(waiting.reading.text) or NOTHING)
                    candidate.links += waiting.reading.links
                self.left = []
                self.last = candidate
                if self.group is not None and candidate.parent is None:
                    candidate.values = candidate.values.joined(self.group)
                yield candidate
            elif self.knows(said, candidate):
                yield candidate  # to be shown as rejected
            elif self.last is not None:
                self.last.values = self.last.values.joined(said)
                self.last.links += candidate.reading.links
            else:
                self.left.append(candidate)
