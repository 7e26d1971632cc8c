"""Reading all that a run wants to know in as few calls as Jira allows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from pm_sync.errors import AccessDenied, NotFound
from pm_sync.model import IssueRef, Lost, Unreachable
from pm_sync.trackers.base import ReadRequest
from pm_sync.trackers.jira import jql
from pm_sync.trackers.jira.client import Client
from pm_sync.trackers.jira.marks import text_label
from pm_sync.trackers.jira.records import Record
from pm_sync.trackers.jira.searching import Search

Outcome = Record | Lost | Unreachable


class Reading(Struct):
    """What one request brought."""

    listed: dict[str, Record] = field(default_factory=dict)
    """Issues that the searches found, by key."""
    found: dict[IssueRef, Outcome] = field(default_factory=dict)
    whole: bool = False


class Reader(Struct):
    """Reads issues of one project, and those that its postmortems link elsewhere on the site."""

    client: Client
    search: Search
    site: str
    project: str
    tracking_label: str
    mark_key: str = ""
    _readable: dict[str, bool] = field(default_factory=dict)

    def read(self, request: ReadRequest) -> Reading:
        """Answer a request.

        Raises:
            TrackerError: the project as a whole can't be read.

        """
        reading = Reading(whole=request.gone)
        for question in self._questions(request):
            reading.listed |= {record.key: record for record in self.search.issues(question)}
            self._readable[self.project] = True
        here = [ref for ref in request.linked if ref.site == self.site]
        reading.found = {ref: reading.listed[ref.id] for ref in here if ref.id in reading.listed}
        rest = [ref for ref in here if ref not in reading.found and ref not in request.settled]
        if rest:
            reading.found |= self._fetch(rest)
        return reading

    def _questions(self, request: ReadRequest) -> Sequence[str]:
        """What to search for: the first look-up finds the open issues of ours along with its own."""
        labels = dict.fromkeys(text_label(mark, self.mark_key) for mark in request.wanted)
        questions = [
            jql.look_up(self.project, chunk, self.tracking_label if request.gone and not at else None)
            for at, chunk in enumerate(jql.chunks(labels))
        ]
        if request.gone and not questions:
            questions = [jql.open_ones(self.project, self.tracking_label)]
        return questions

    def _fetch(self, refs: Sequence[IssueRef]) -> Mapping[IssueRef, Outcome]:
        records, failed = self.search.by_keys([ref.id for ref in refs])
        by_key = {record.key: record for record in records}
        moved = set(by_key) - {ref.id for ref in refs}
        found: dict[IssueRef, Outcome] = {}
        for ref in refs:
            record = by_key.get(ref.id)
            if record is None and moved and ref.id not in failed:
                record = self.search.one(ref.id)
            if record is not None:
                found[ref] = record
            elif ref.id in failed:
                found[ref] = Unreachable(failed[ref.id])
            else:
                found[ref] = self._missing(ref)
        return found

    def _missing(self, ref: IssueRef) -> Lost | Unreachable:
        """Jira doesn't tell what is gone from what it hides; but where the project can be read, so can its issues."""
        if self._can_read(ref.project):
            return Lost(f"{ref.project} has no issue {ref.id} (any more)")
        return Unreachable(f"the project {ref.project} can't be read")

    def _can_read(self, project: str) -> bool:
        if project not in self._readable:
            try:
                self.client.get(f"/project/{project}")
            except (NotFound, AccessDenied):
                self._readable[project] = False
            else:
                self._readable[project] = True
        return self._readable[project]
