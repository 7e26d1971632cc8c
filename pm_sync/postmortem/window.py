"""The stretch of a text that is still to be taken apart, and what was found so far."""

from __future__ import annotations

import re
from collections.abc import Sequence
from operator import attrgetter

from msgspec import Struct, field

from pm_sync.markdown.inlines import MarkKind, Markup, RichText
from pm_sync.model import Annotation, State
from pm_sync.postmortem import vocabulary
from pm_sync.postmortem.links import Found, Note, is_bare_key
from pm_sync.postmortem.values import NOTHING, Values
from pm_sync.regex import regex

TRAILERS = " \t\n\u00a0,;|:：–—-·•→>，、；"
_SKIPPED = " \t\n:：-–—|.,"
_NUMBER = regex(r"(?:(?:PR|MR|Issue|GH|Bug|Ticket)\s?)?(?:[\w.-]{1,80}/)?(?:[\w.-]{1,80})?[#!]\d{1,9}", re.IGNORECASE)
_LONGEST_LABEL = 60
_KIND = attrgetter("kind")


class Reading(Struct):
    """What one item's text says."""

    text: str = ""
    title: str = ""
    details: str = ""
    values: Values = NOTHING
    links: list[Found] = field(default_factory=list)
    note: Note | None = None
    box: tuple[int, State] | None = None
    """A checkbox written as text (``\\[x\\]``): where its character stands in the file, and what it says."""
    sign: str = ""
    """The first character before the words that is none of them, as of an emoji."""
    marked: bool = False
    """The text is introduced as a task: "Task:", "AI-3:"."""
    too_long: bool = False
    begin: int = 0
    end: int = 0
    """What of the plain text is the item, annotation and attribute list not included."""

    @property
    def annotation(self) -> Annotation | None:
        """Our annotation, where there is one."""
        return self.note.annotation if self.note else None


class Window(Struct):
    """``[begin, end)`` of a block's plain text."""

    source: RichText
    plain: str
    """The whole block's plain text, which ``begin`` and ``end`` are places in."""
    kinds: frozenset[MarkKind]
    """How anything in the block is marked: most items have one kind of markup, or none."""
    begin: int
    end: int
    reading: Reading

    @classmethod
    def of(cls, source: RichText, begin: int, end: int, reading: Reading) -> Window:
        """The window on a block's text."""
        return cls(source, source.plain, frozenset(map(_KIND, source.markup)), begin, end, reading)

    @property
    def text(self) -> str:
        """What the window shows."""
        return self.plain[self.begin : self.end]

    def strip(self) -> str:
        """Leave blanks at both ends out, and give what the window shows then."""
        text = self.plain[self.begin : self.end]
        bare = text.strip()
        if len(bare) < len(text):
            self.begin += len(text) - len(text.lstrip())
            self.end = self.begin + len(bare)
        return bare

    def skip_to(self, begin: int) -> bool:
        """Give up what stands before ``begin``, with the separator behind it; always true, as something was found."""
        self.begin = begin
        while self.begin < self.end and self.plain[self.begin] in _SKIPPED:
            self.begin += 1
        return True

    def shrink_to(self, end: int) -> None:
        """Give up what stands from ``end`` on, with the separator before it."""
        self.end = end
        while self.begin < self.end and self.plain[self.end - 1] in TRAILERS:
            self.end -= 1

    def take(self, values: Values | None) -> None:
        """Note what was found."""
        if values is not None:
            self.reading.values = self.reading.values.joined(values)

    def cut(self, values: Values | None, end: int) -> bool:
        """Note what was found, and give up where it stands, from ``end`` on; always true, as something was found."""
        self.take(values)
        self.shrink_to(end)
        return True

    def marked(self, *kinds: MarkKind) -> Sequence[Markup]:
        """The marked stretches of some kinds that lie in the window."""
        if self.kinds.isdisjoint(kinds):
            return ()
        return [m for m in self.source.markup if m.kind in kinds and self.begin <= m.begin and m.end <= self.end]

    def link_at(self, at: int) -> Found | None:
        """The reference that stands at a place of the plain text."""
        for found in self.reading.links:
            if found.begin <= at < found.end:
                return found
        return None


def is_reference(label: str) -> bool:
    """Whether a link's label is an issue's number or key."""
    bare = label.strip(" []()")
    return bare[-1:].isdigit() and (_NUMBER.fullmatch(bare) is not None or is_bare_key(bare))


def is_reference_label(text: str) -> bool:
    """Whether words only say that there is a reference: "Issue", "PR", "see"."""
    if not text:
        return True
    return len(text) <= _LONGEST_LABEL and "reference" in vocabulary.concepts("word", text.rstrip("0123456789# "))
