"""The words of pm-sync as values: every room speaks in these, and this module knows none of the rooms.

Offsets are byte offsets into the file as read, byte order mark included; lines and columns are 1-based.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct

from pm_sync.mark import Mark


class State(StrEnum):
    """What became of an action item."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    DROPPED = "dropped"

    @property
    def word(self) -> str:
        """The state as people read it: ``in progress``, not ``in_progress``."""
        return self.value.replace("_", " ")

    @property
    def settled(self) -> bool:
        """Whether nothing more is expected to happen."""
        return self in (State.DONE, State.DROPPED)


class Span(Struct, frozen=True, order=True):
    """Half-open range ``[start, end)`` of byte offsets."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: [{self.start}, {self.end})")

    def __contains__(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def cut(self, data: bytes) -> bytes:
        """The bytes of ``data`` that the span covers."""
        return data[self.start : self.end]


class IssueRef(Struct, frozen=True, order=True):
    """The address of one issue, equal for equal issues however the link was written; ``local``, ``github`` or ``jira``."""

    kind: str
    site: str
    """Scheme, host and port of the web address, without a closing slash; empty for ``local``."""
    project: str
    """``owner/name`` in lower case on GitHub, the project's key on Jira, empty for ``local``."""
    id: str
    """The number (``12``) or the key (``OPS-12``)."""

    @property
    def url(self) -> str | None:
        """The address a person opens, or None where there is none (``local``)."""
        if self.kind == "github":
            return f"{self.site}/{self.project}/issues/{self.id}"
        return f"{self.site}/browse/{self.id}" if self.kind == "jira" else None

    def __str__(self) -> str:
        where = self.project if self.kind == "github" else self.kind
        return self.id if self.kind == "jira" else f"{where}#{self.id}"


class LinkPosition(StrEnum):
    """Where in an item a reference stands, which decides whether it can be the item's identity."""

    COLUMN = "column"
    ALONE = "alone"
    """Alone in parentheses or brackets, or the item's only content."""
    END = "end"
    INLINE = "inline"
    """In passing; identity only where it goes to a configured tracker."""


class Link(Struct, frozen=True):
    """A reference to an issue as the writer wrote it, not yet resolved."""

    ref: str
    """The label or bare text: ``#12``, ``acme/infra#12``, ``OPS-12``, ``local#12``; the address where there is no label."""
    url: str | None
    """The target address, also of a reference-style link; None for a bare reference."""
    span: Span
    position: LinkPosition


class Annotation(Struct, frozen=True):
    """Our own note at an item: `` ([LABEL](URL), STATE[ YYYY-MM-DD])`` or `` (local#N, STATE[ YYYY-MM-DD])``."""

    link: Link
    state: State
    day: date | None
    span: Span
    """From the blank before the opening parenthesis to the closing one, so that cutting it restores the file."""


class ControlKind(StrEnum):
    """What a person changes in the file to say how an item stands."""

    BOX = "box"
    CELL = "cell"


class Control(Struct, frozen=True):
    """A checkbox, or the cell of a table's state column."""

    kind: ControlKind
    span: Span
    """The one character between the brackets, or the cell's content without the blanks around it (empty: where it goes)."""
    state: State | None
    """What it reads as: a ticked box DONE, an empty one OPEN; None for an empty cell or a word we don't know."""


class Anchor(Struct, frozen=True):
    """Where write-back may write for one item."""

    offset: int
    """Where an annotation is inserted: after the last inline of the first paragraph, before blanks and closing marks."""
    heading: bool = False
    """The item is a heading, which ``write_back.headings: false`` leaves alone."""
    link_cell: Span | None = None
    """The content (without the blanks around it) of the issue column's cell in this row, which may be empty."""
    state_words: tuple[tuple[State, str], ...] = ()
    """The words that this state column already uses, to go on with them."""


class Deferral(Struct, frozen=True):
    """``(deferred until 2027-01-01: reason)``."""

    until: date
    reason: str


class ActionItem(Struct, frozen=True):
    """One follow-up of a postmortem, as read."""

    text: str
    """The whole text as plain words: markup, fields and links taken out, soft wraps joined."""
    title: str
    """What a person would type as the issue's title: the lead, where the text is "Lead: explanation"."""
    line: int
    span: Span
    """The first paragraph, row or heading of the item: a changed line is one of these."""
    anchor: Anchor
    details: str = ""
    """What the text says besides the title, and explanations nested below it; empty where there is nothing."""
    done: bool | None = None
    """True or False where the postmortem says so, None where it does not."""
    control: Control | None = None
    owners: tuple[str, ...] = ()
    due: date | None = None
    due_text: str | None = None
    """The due date as written, also where it is no day (``end of sprint``)."""
    priority: str | None = None
    type: str | None = None
    """prevent, detect, mitigate, process, …: from a column, a label or the group's heading, as written."""
    team: str | None = None
    deferral: Deferral | None = None
    links: tuple[Link, ...] = ()
    """References as written, in order, our own annotation's not among them."""
    annotation: Annotation | None = None
    parent: int | None = None
    """Index into the postmortem's items."""
    ordinal: int = 0
    """Tells items of equal text in one postmortem apart, in the order they stand."""
    section: tuple[str, ...] = ()
    """The headings above it, outermost first."""


class RejectedItem(Struct, frozen=True):
    """Something that looks like an action item but can't be used."""

    text: str
    line: int
    reason: str
    column: int = 1


class Incident(Struct, frozen=True):
    """The event, as far as its postmortem tells."""

    title: str
    day: date | None = None
    """The one date given, where there is neither start nor end."""
    start: datetime | date | None = None
    end: datetime | date | None = None
    duration: str | None = None
    severity: str | None = None
    status: str | None = None
    impact: str | None = None
    root_cause: str | None = None
    services: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()


class Section(Struct, frozen=True):
    """A heading that opens a section of measures, where a count of them may be kept."""

    title: str
    line: int
    start: int
    end: int
    """Where its last line ends, before the newline."""


class Postmortem(Struct, frozen=True):
    """One Markdown document, read."""

    path: str
    """Relative to the repository's root, with ``/``."""
    incident: Incident
    items: tuple[ActionItem, ...] = ()
    rejected: tuple[RejectedItem, ...] = ()
    sections: tuple[Section, ...] = ()
    """In the order they stand; an item belongs to the last one that begins before it."""
    front_matter: Span | None = None
    """YAML or TOML above the text, its fences included."""


class Issue(Struct, frozen=True):
    """An issue as its tracker has it."""

    ref: IssueRef
    title: str
    state: State
    created: datetime
    settled: date | None = None
    """The day (UTC) it became done or dropped."""
    details: str | None = None
    """The fields below are None where the tracker holds no such field of its own (`Capabilities.holds`)."""
    due: date | None = None
    priority: str | None = None
    labels: frozenset[str] = frozenset()
    assignees: tuple[str, ...] = ()
    parents: tuple[IssueRef, ...] = ()
    """The issues it is a sub-task of, where the tracker tells."""
    mark: Mark | None = None
    """Our mark, only where it is believed."""
    cut_short: bool = False
    """Its creation was cut short before all of its mark was written: the next update completes it."""
    untouched: bool = False
    """Nobody did anything with it since its creation."""
    pull_request: bool = False
    notes: tuple[str, ...] = ()
    """What the tracker could not do as asked in the write that gave this value."""


class Lost(Struct, frozen=True):
    """The issue is known to be gone, while its project can be read."""

    reason: str


class Unreachable(Struct, frozen=True):
    """Nothing is known about the issue: no evidence, so nothing is done."""

    reason: str


class Source(Struct, frozen=True):
    """Where an item stands, for the people who open its issue."""

    path: str
    line: int
    url: str | None = None
    """A permanent address, where the repository has one."""


class IssueDraft(Struct, frozen=True):
    """What an issue should say: of one not yet created, or of one to be updated."""

    mark: Mark
    title: str
    incident: Incident
    source: Source
    details: str = ""
    state: State = State.OPEN
    due: date | None = None
    priority: str | None = None
    type: str | None = None
    labels: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    """As written in the postmortem; shown in the body."""
    assignees: tuple[str, ...] = ()
    unknown_owners: tuple[str, ...] = ()
    """Those of ``owners`` who are no team, and whose account in this tracker nobody knows."""
    parent: IssueRef | None = None
    extra: tuple[tuple[str, str], ...] = ()
    """Further fields by name, as a route or tracker configures them."""
