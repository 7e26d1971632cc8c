"""The parts that a walk over a postmortem has found so far, those that are still open, and what they make of the next."""

from __future__ import annotations

import re

from pm_sync.markdown.blocks import LIST, TABLE, Document, children
from pm_sync.postmortem import vocabulary
from pm_sync.postmortem.options import ReadOptions
from pm_sync.postmortem.sections import LABEL_LEVEL, NO, WEAK, YES, Active, Part, Piece
from pm_sync.postmortem.tables import assigns

_SUBGROUPS = frozenset({"type", "horizon", "done", "progress", "open"})
_GROUPS = _SUBGROUPS | {"dropped", "action", "tasks", "team"}
_SURE = frozenset({"action", "inside"})
_BROAD = frozenset({"tasks", "improvements"})
_OPENING = _SURE | _BROAD
_LISTED = frozenset({LIST, TABLE})
_AT_ONCE = frozenset({"action", "horizon"})
"""What "Immediate actions" names: measures, but below "Resolution" what ended the incident."""


class Parts:
    """All parts in the order they stand, and the open ones on a stack: a heading, those above it, and labels below."""

    def __init__(self, options: ReadOptions) -> None:
        self.options = options
        self.all = [Part("", (), 0, frozenset(), NO)]
        self.stack = [0]

    @property
    def current(self) -> Part:
        """The part that is open."""
        return self.all[self.stack[-1]]

    def slipped(self, roles: frozenset[str], level: int) -> int | None:
        """The section of measures right before, if this heading of its level names a group of it ("Short term")."""
        last = len(self.all) - 1
        before = self.all[last]
        above = self.all[before.parent or 0]
        if before.active is above.active is NO:
            return None
        if above.level == before.level == level and not above.pieces:
            last, before = before.parent or 0, above
        if before.active is NO or before.pieces or before.is_label or not before.title:
            return None
        return last if roles & _SUBGROUPS and "never" not in roles else None

    def activity(self, title: str, roles: frozenset[str], above: Part) -> Active:
        """Whether what stands below this title is to be read for items."""
        if self.options.exclude and any(re.search(p, title, re.IGNORECASE) for p in self.options.exclude):
            return NO
        if self.options.include and any(re.search(p, title, re.IGNORECASE) for p in self.options.include):
            return YES
        if above.active is not NO:
            grouped = roles & _GROUPS
            if not grouped and "owner" in vocabulary.concepts("label", vocabulary.strip_numbering(title)):
                return NO
            return NO if "never" in roles and not grouped else above.active
        if roles.isdisjoint(_OPENING):
            return NO
        if not roles.isdisjoint(_SURE):
            return NO if roles == _AT_ONCE and self.is_narrated() else YES
        own = roles - {"never"} if "never" in roles and vocabulary.names("lesson", title) else roles
        return NO if self.is_below_never(own) else WEAK

    def is_narrated(self) -> bool:
        """Whether a heading above tells what happened or was done about it, and not what was learned."""
        above = (self.all[at] for at in self.stack if at != 1)
        return any("never" in part.roles and not vocabulary.names("lesson", part.title) for part in above)

    def is_below_never(self, roles: frozenset[str]) -> bool:
        """Whether a heading, or one above it, says that what follows are no measures."""
        # The document's own title ("Root cause analysis of …") says nothing about the sections below it.
        return "never" in roles or any("never" in self.all[at].roles for at in self.stack if at != 1)

    def evident(self, document: Document) -> None:
        """Take boxes below "Short term", and a table of who does what by when, for tasks whatever the heading is called."""
        for at, part in enumerate(self.all):
            if part.active is not NO or not any(piece.block.kind in _LISTED for piece in part.pieces):
                continue
            if "horizon" in part.roles and not self.tells(part):
                lists = [piece.block for piece in part.pieces if piece.block.kind is LIST]
                items = [Piece(item) for block in lists for item in children(document, block)]
                found = items if all(item.block.box for item in items) else []
            else:
                found = [piece for piece in part.pieces if piece.block.kind is TABLE and assigns(document, piece.block)]
                found = [] if found and self.tells(part) else found
            if found:
                part.pieces, part.active, part.root = found, WEAK, at

    def tells(self, part: Part) -> bool:
        """Whether a heading, or one above it, says that something else than measures follows."""
        while "never" not in part.roles and part.parent is not None and part.parent > 1:
            part = self.all[part.parent]
        return "never" in part.roles

    def open(self, part: Part, above: Part) -> None:
        """Make a part the open one, below another."""
        here = len(self.all)
        if part.active is not NO:
            part.root = above.root if above.active is not NO else here
        self.all.append(part)
        self.stack.append(here)

    def close(self, level: int) -> None:
        """Close all parts of a level and below."""
        stack, parts = self.stack, self.all
        while len(stack) > 1 and parts[stack[-1]].level >= level:
            stack.pop()

    @property
    def in_scope(self) -> bool:
        """Whether we stand in a section of measures."""
        return self.all[self.heading_at].active is not NO or self.current.active is not NO

    @property
    def heading_at(self) -> int:
        """The index of the part whose heading was last."""
        for at in reversed(self.stack):
            if self.all[at].level < LABEL_LEVEL:
                return at
        return 0
