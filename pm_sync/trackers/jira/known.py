"""What a run knows of issues: each record as last seen, and the issue it stands for."""

from __future__ import annotations

from msgspec import Struct, field

from pm_sync.errors import NotFound
from pm_sync.model import Issue, IssueRef
from pm_sync.trackers.jira.marks import Marks, Note
from pm_sync.trackers.jira.options import JiraOptions
from pm_sync.trackers.jira.records import Record, to_issue
from pm_sync.trackers.jira.searching import Search
from pm_sync.trackers.pace import Seconds

_FRESH = 60.0
"""Seconds for which what was read may be written back to; later somebody may have edited it, so it is read again."""


class Known(Struct):
    """Records by key."""

    site: str
    options: JiraOptions
    marks: Marks
    search: Search
    clock: Seconds
    _records: dict[str, tuple[Record, float]] = field(default_factory=dict)

    def take(self, record: Record, note: Note | None = None) -> Issue:
        """Remember a record, and tell its issue; ``note`` stands in for a property that the record lacks."""
        self._records[record.key] = (record, self.clock())
        return to_issue(record, self.site, self.options, note or self.note_of(record))

    def note_of(self, record: Record) -> Note | None:
        """What the record's property says, where that is believed."""
        return self.marks.from_property(record.property, record.labels)

    def forget(self, ref: IssueRef) -> None:
        """Read the issue anew when it is needed: it was written to."""
        self._records.pop(ref.id, None)

    def current(self, ref: IssueRef) -> Record:
        """The record as seen a moment ago, else read now.

        Raises:
            TrackerError: it is gone, or can't be read.

        """
        record, seen = self._records.get(ref.id, (None, 0.0))
        if record is not None and self.clock() - seen <= _FRESH:
            return record
        found = self.search.one(ref.id)
        if found is None:
            raise NotFound(f"{ref} is not there (any more), or hidden from this credential")
        self._records[found.key] = (found, self.clock())
        return found
