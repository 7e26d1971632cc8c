"""What a run knows of issues: each record as last seen, and the issue it stands for."""

from __future__ import annotations

from pm_sync.model import Issue, IssueRef
from pm_sync.trackers.github.body import find_block
from pm_sync.trackers.github.options import GitHubOptions
from pm_sync.trackers.github.records import Record, ref_of, to_issue
from pm_sync.trackers.github.trust import Interest, Trust, Verdict
from pm_sync.trackers.pace import Seconds

_FRESH = 60.0
"""Seconds for which what was read may be written back to; later somebody may have edited it, so it is read again."""


class Known:
    """Records by address. Turns each into an `Issue`, with its mark where that is believed."""

    def __init__(self, site: str, options: GitHubOptions, trust: Trust, clock: Seconds) -> None:
        self._site, self._options, self._trust, self._clock = site, options, trust, clock
        self._records: dict[IssueRef, tuple[Record, float]] = {}

    def take(self, record: Record, interest: Interest) -> Issue:
        """Remember a record, and tell its issue."""
        self._records[ref_of(record, self._site)] = (record, self._clock())
        verdict = self._trust.believe(record, interest)
        mark = None if isinstance(verdict, Verdict) else verdict
        return to_issue(record, self._site, self._options, mark)

    def fresh(self, ref: IssueRef) -> Record | None:
        """The record, if it was seen a moment ago."""
        record, seen = self._records.get(ref, (None, 0.0))
        return record if record is not None and self._clock() - seen <= _FRESH else None

    def id_of(self, ref: IssueRef) -> int | None:
        """The number by which sub-issues and duplicates are named, where it is known."""
        record, _ = self._records.get(ref, (None, 0.0))
        return record.id if record is not None else None


def claims_source(record: Record, src: str) -> bool:
    """Whether a record says of itself, rightly or not, that it was made for an item of this source."""
    block = find_block(record.body)
    return not record.pull_request and block is not None and block.mark is not None and block.mark.src == src
