"""Whose marks are believed: anybody may open an issue in a public repository and write into it what they like."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable
from enum import Enum

from msgspec import Struct

from pm_sync.mark import Mark
from pm_sync.trackers.github.body import find_block, sign
from pm_sync.trackers.github.options import GitHubOptions
from pm_sync.trackers.github.records import Record

_ACTIONS = "github-actions[bot]"
_WRITERS = frozenset({"OWNER", "MEMBER", "COLLABORATOR"})


class Verdict(Enum):
    """Why a mark isn't believed."""

    NONE = "there is no mark"
    FOREIGN = "somebody without rights here wrote it"


class Interest(Struct, frozen=True):
    """What a run wants to know, so that nobody is looked up for a mark that concerns no item."""

    src: str
    texts: frozenset[str]
    linked: frozenset[str]
    """Numbers of linked issues."""

    @classmethod
    def of(cls, src: str, wanted: Iterable[Mark], linked: Iterable[str]) -> Interest:
        """The interest of a run in these marks and issues."""
        return cls(src, frozenset(mark.text for mark in wanted), frozenset(linked))

    def covers(self, mark: Mark, record: Record) -> bool:
        """Whether the mark may name one of the run's items."""
        return mark.src == self.src and (mark.text in self.texts or str(record.number) in self.linked)


class Trust:
    """Tells believed marks from foreign ones."""

    def __init__(self, options: GitHubOptions, mark_key: str, who_am_i: Callable[[], str]) -> None:
        self._label = options.tracking_label
        self._authors = {name.casefold() for name in (_ACTIONS, *options.trusted_authors)}
        self._mark_key = mark_key
        self._who_am_i = who_am_i
        self._made: set[tuple[str, int]] = set()

    def made(self, record: Record) -> None:
        """Remember an issue that this very run created: nobody has to vouch for it."""
        self._made.add((record.project, record.number))

    def believe(self, record: Record, interest: Interest) -> Mark | Verdict:
        """The mark in an issue's body, or why there is none to go by."""
        block = find_block(record.body)
        if block is None or block.mark is None or record.pull_request:
            return Verdict.NONE
        if self._mark_key and not hmac.compare_digest(block.signature, sign(block.mark, self._mark_key)):
            return Verdict.FOREIGN
        # Outsiders can't set labels, so the label speaks for somebody with rights having been there.
        if not record.has(self._label):
            return Verdict.FOREIGN
        if self.vouched(record.author, record.association) or record.ours or self._is_made(record):
            return block.mark
        mine = interest.covers(block.mark, record) and self.is_me(record.author)
        return block.mark if mine else Verdict.FOREIGN

    def vouched(self, author: str, association: str) -> bool:
        """Whether an author may write here anyway, or is trusted by the configuration."""
        return association in _WRITERS or author.casefold() in self._authors

    def is_me(self, author: str) -> bool:
        """Whether an author is the current credential's account; asks GitHub once."""
        me = self._who_am_i()
        return bool(me) and author.casefold() == me.casefold()

    def _is_made(self, record: Record) -> bool:
        return (record.project, record.number) in self._made
