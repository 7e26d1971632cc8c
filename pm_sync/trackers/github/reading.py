"""Reading all that a run wants to know in as few calls as GitHub allows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from msgspec import Struct, field

from pm_sync.errors import NotFound, RateLimited, TrackerError
from pm_sync.model import IssueRef, Lost, Unreachable
from pm_sync.trackers.base import ReadRequest
from pm_sync.trackers.github import graphql
from pm_sync.trackers.github.client import Client
from pm_sync.trackers.github.connection import PER_PAGE, Query
from pm_sync.trackers.github.failures import Gone, Moved
from pm_sync.trackers.github.records import Record, from_rest

Outcome = Record | Lost | Unreachable

_LARGEST_INT = 2**31 - 1
"""GraphQL refuses a whole query for one number beyond this."""


class Repository(Struct, frozen=True):
    """One repository's place: the site's web address, and ``owner/name`` in lower case."""

    site: str
    project: str

    @property
    def path(self) -> str:
        """Where the API has it."""
        return f"/repos/{self.project}"

    def holds(self, ref: IssueRef) -> bool:
        """Whether an issue's address lies in it."""
        return (ref.site, ref.project) == (self.site, self.project)


class Reading(Struct):
    """What one request brought."""

    listed: dict[int, Record] = field(default_factory=dict)
    """Issues and pull requests of our repository from its lists, by number."""
    found: dict[IssueRef, Outcome] = field(default_factory=dict)
    whole: bool = False
    refusal: str | None = None
    newest: int | None = None
    """The highest number there was when marks were looked up; 0 for none."""


class Reader:
    """Reads issues of one repository, and those that its postmortems link elsewhere on the site."""

    def __init__(self, client: Client, repository: Repository, tracking_label: str, *, graphql_expected: bool) -> None:
        self._client = client
        self._repository = repository
        self._label = tracking_label
        self._graphql_expected = graphql_expected
        self._readable: dict[str, bool] = {}

    def read(self, request: ReadRequest) -> Reading:
        """Answer a request.

        Raises:
            TrackerError: the repository as a whole can't be read.

        """
        reading = Reading()
        here = [ref for ref in request.linked if ref.site == self._repository.site]
        unsettled = dict.fromkeys(ref for ref in here if ref not in request.settled)
        if request.wanted:
            self._look_up(reading)
        elif request.gone:
            self._list(reading, "open")
            reading.whole = True
        elif len(unsettled) > 1 and not self._graphql_is_sure:
            self._list_until_seen(reading, unsettled)
        self._pick(reading, here)
        rest = [ref for ref in unsettled if ref not in reading.found]
        reading.found |= self._fetch(rest)
        self._distrust(reading, every_state=bool(request.wanted))
        return reading

    def made_since(self, start: datetime, newest: int | None) -> list[Record]:
        """Everything made after the issue numbered ``newest``; where that isn't known, since ``start``.

        Not filtered by the label, so that no label's list has to be trusted.

        Raises:
            TrackerError: the list can't be had.

        """
        made: list[Record] = []
        query = {"state": "all", "sort": "created", "direction": "desc"}
        for page in self._client.pages(f"{self._repository.path}/issues", query):
            records = [from_rest(entry) for entry in page]
            young = [record for record in records if _is_younger(record, start, newest)]
            made += young
            # Numbers have no gaps: next to `newest` there is nothing more to come.
            if len(young) < len(records) or not young or young[-1].number - 1 == newest:
                break
        return made

    @property
    def _graphql_is_sure(self) -> bool:
        return self._graphql_expected and self._client.graphql_on

    def _look_up(self, reading: Reading) -> None:
        """List all that may bear a mark, and see whether the list lacks one that the newest issues show."""
        # The newest first: what is labelled in them must then be in the list, however the list is kept.
        query: Query = {"state": "all", "sort": "created", "direction": "desc", "per_page": PER_PAGE}
        entries = self._client.get(f"{self._repository.path}/issues", query)
        if not isinstance(entries, list):
            raise TrackerError(f"{self._repository.project} has no list of issues")
        newest = [from_rest(entry) for entry in entries]
        reading.newest = max((record.number for record in newest), default=0)
        self._list(reading, "all")
        missing = [record for record in newest if record.has(self._label) and record.number not in reading.listed]
        if missing:
            reading.refusal = self._untrustworthy(missing)
        for record in newest:
            reading.listed.setdefault(record.number, record)
        reading.whole = True

    def _list(self, reading: Reading, state: str) -> None:
        for page in self._pages(state):
            reading.listed |= page

    def _list_until_seen(self, reading: Reading, unsettled: Iterable[IssueRef]) -> None:
        """List the open ones, which most links go to, as long as some haven't turned up."""
        sought = {int(ref.id) for ref in unsettled if self._repository.holds(ref)}
        if len(sought) < 2:  # noqa: PLR2004  one is asked for by itself
            return
        for page in self._pages("open"):
            reading.listed |= page
            if sought <= reading.listed.keys():
                return

    def _pages(self, state: str, **query: str) -> Iterator[dict[int, Record]]:
        # Oldest first, so that an issue made meanwhile shifts no other onto a page already read.
        wanted = {"state": state, "labels": self._label, "sort": "created", "direction": "asc"} | query
        for page in self._client.pages(f"{self._repository.path}/issues", wanted):
            self._readable[self._repository.project] = True
            yield {record.number: record for record in map(from_rest, page)}

    def _pick(self, reading: Reading, linked: Iterable[IssueRef]) -> None:
        """Find links among what was listed, also where the list came under the repository's new name."""
        for ref in linked:
            if self._repository.holds(ref) and (record := reading.listed.get(int(ref.id))):
                reading.found[ref] = record

    def _fetch(self, refs: Sequence[IssueRef]) -> dict[IssueRef, Outcome]:
        if len(refs) > 1 and self._client.graphql_on:
            answered = self._by_graphql([ref for ref in refs if int(ref.id) <= _LARGEST_INT])
        else:
            answered = {}
        left = [ref for ref in refs if ref not in answered]
        if len(left) > 1:
            answered |= self._by_closed_list(left)
        return answered | {ref: self._single(ref) for ref in left if ref not in answered}

    def _by_graphql(self, refs: Sequence[IssueRef]) -> dict[IssueRef, Outcome]:
        found: dict[IssueRef, Outcome] = {}
        for batch in graphql.batches(refs):
            body = self._client.graphql(graphql.query(batch))
            if body is None:
                return found
            for ref, answer in graphql.answers(batch, body).items():
                match answer:
                    case Record():
                        found[ref] = answer
                    case None:  # whether it moved or is gone only REST tells
                        self._readable[ref.project] = True
                        found[ref] = self._single(ref)
                    case reason:
                        found[ref] = Unreachable(reason)
        return found

    def _by_closed_list(self, refs: Sequence[IssueRef]) -> dict[IssueRef, Outcome]:
        """Look among our issues closed lately, as long as a page holds more than one of those sought."""
        sought = {int(ref.id): ref for ref in refs if self._repository.holds(ref)}
        found: dict[IssueRef, Outcome] = {}
        if len(sought) < 2:  # noqa: PLR2004  one is asked for by itself
            return found
        for page in self._pages("closed", sort="updated", direction="desc"):
            hits = {sought[number]: record for number, record in page.items() if number in sought}
            found |= hits
            if len(hits) < 2 or len(sought) - len(found) < 2:  # noqa: PLR2004  as above
                break
        return found

    def _single(self, ref: IssueRef) -> Outcome:
        try:
            return from_rest(self._client.get(f"/repos/{ref.project}/issues/{int(ref.id)}"))
        except RateLimited:
            raise
        except Gone as error:
            return Lost(f"deleted ({error.what})")
        except Moved as error:
            if "/discussions/" in error.to:
                return Lost(f"converted to a discussion: {error.to}")
            return Unreachable(error.what)
        except NotFound:
            if self._is_readable(ref.project):
                return Lost("not there any more, while its repository is")
            return Unreachable(f"{ref.project} is not there, or hidden from this credential")
        except TrackerError as error:
            return Unreachable(error.what)

    def _is_readable(self, project: str) -> bool:
        if project not in self._readable:
            try:
                self._client.get(f"/repos/{project}")
            except RateLimited:
                raise
            except TrackerError:
                self._readable[project] = False
            else:
                self._readable[project] = True
        return self._readable[project]

    def _distrust(self, reading: Reading, *, every_state: bool) -> None:
        """Refuse to build on a list that lacks an issue which, read by itself, bears the label."""
        if not reading.whole:
            return
        missing = [
            record
            for record in reading.found.values()
            if isinstance(record, Record)
            and record.project == self._repository.project
            and record.has(self._label)
            and (every_state or record.is_open)
            and record.number not in reading.listed
        ]
        if missing:
            reading.whole = False
            reading.refusal = reading.refusal or self._untrustworthy(missing)

    def _untrustworthy(self, missing: Sequence[Record]) -> str:
        shown = ", ".join(f"#{record.number}" for record in missing[:3])
        return (
            f"list not trustworthy: {self._repository.project}'s list of issues labelled {self._label} lacks {shown}, "
            "which bears that label; wait a minute and run again"
        )


def _is_younger(record: Record, start: datetime, newest: int | None) -> bool:
    return record.created >= start if newest is None else record.number > newest
