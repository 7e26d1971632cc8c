"""A Jira project's issues as a tracker."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from pm_sync.errors import NotFound, TrackerError
from pm_sync.mark import Mark
from pm_sync.model import Issue, IssueDraft, IssueRef, State
from pm_sync.trackers.base import Found, ReadRequest, Snapshot, Target
from pm_sync.trackers.jira import jql
from pm_sync.trackers.jira.client import Client
from pm_sync.trackers.jira.creating import Creator, Made
from pm_sync.trackers.jira.drafting import Drafting, Wish
from pm_sync.trackers.jira.known import Known
from pm_sync.trackers.jira.marks import Marks, Note, Wanted, read_mark
from pm_sync.trackers.jira.meta import Meta
from pm_sync.trackers.jira.moving import Mover
from pm_sync.trackers.jira.options import JiraOptions, capabilities_of
from pm_sync.trackers.jira.people import People
from pm_sync.trackers.jira.reading import Reader
from pm_sync.trackers.jira.records import Record, ref_of
from pm_sync.trackers.jira.searching import Search
from pm_sync.trackers.jira.writing import Writer
from pm_sync.trackers.pace import Seconds

if TYPE_CHECKING:
    from pm_sync.findings import Finding


class Run(Struct, frozen=True):
    """What a run gives its tracker besides options and a connection."""

    site: str
    clock: Callable[[], datetime]
    seconds: Seconds
    mark_key: str = ""


class JiraTracker:
    """One project, for one run."""

    kind = "jira"

    def __init__(self, name: str, options: JiraOptions, client: Client, run: Run) -> None:
        self.name = name
        self.capabilities = capabilities_of(options)
        self._options, self._client, self._run = options, client, run
        self._marks = Marks(options.tracking_label, run.mark_key)
        self._search = Search(client)
        self._known = Known(run.site, options, self._marks, self._search, run.seconds)
        self._reader = Reader(client, self._search, run.site, options.project, options.tracking_label, run.mark_key)
        self._meta = Meta(client, options.project)
        people = People(client, options.project)
        self._drafting = Drafting(client, options, self._meta, people, self._marks)
        self._creator = Creator(client, self._marks)
        self._writer = Writer(
            client=client, known=self._known, drafting=self._drafting, creator=self._creator, marks=self._marks
        )
        self._mover = Mover(client, self._known, options, people, run.clock, self._writer.note_twin)
        self._made: dict[str, Issue] = {}

    def read(self, request: ReadRequest) -> Snapshot:
        """Answer the whole request."""
        reading = self._reader.read(request)
        wanted = Wanted.of(request.wanted, request.named, key=self._run.mark_key)
        listed = {key: self._take(record, wanted) for key, record in reading.listed.items()}
        found: dict[IssueRef, Found] = {
            ref: (listed.get(outcome.key) or self._take(outcome, wanted)) if isinstance(outcome, Record) else outcome
            for ref, outcome in reading.found.items()
        }
        marked = tuple(issue for issue in listed.values() if issue.mark is not None)
        told = (key for key, record in reading.listed.items() if record.property is not None)
        foreign = tuple(listed[key] for key in told if listed[key].mark is None)
        searched = frozenset(issue.ref for issue in listed.values()) if self.capabilities.index_lag else frozenset()
        return Snapshot(found, marked, foreign, reading.whole, searched=searched)

    def target(self) -> Target:
        """Look at what the project wants to know of a new issue."""
        try:
            form = self._meta.form(self._options.issue_type)
        except NotFound as error:
            return Target(refusal=f"{self._options.project} is not there, or hidden from this credential: {error.what}")
        mistakes = "; ".join(self._drafting.mistakes(form))
        return Target(refusal=mistakes or None, missing_fields=self._drafting.missing(form))

    def create(self, drafts: Sequence[IssueDraft]) -> Sequence[Issue | TrackerError]:
        """Create the issues by one request."""
        results: list[Issue | TrackerError | Wish] = [self._wish(draft) for draft in drafts]
        wishes = [result for result in results if isinstance(result, Wish)]
        made = iter(self._creator.create(wishes) if wishes else ())
        return [self._issue(result, next(made)) if isinstance(result, Wish) else result for result in results]

    def created_since(self, start: datetime, marks: Sequence[Mark]) -> Sequence[Issue]:
        """Issues with one of these marks made since ``start``, those that this run made among them."""
        keys = {mark.key for mark in marks}
        ours = {issue.ref.id: issue for issue in self._made.values() if issue.mark and issue.mark.key in keys}
        minutes = math.ceil((self._run.clock() - start).total_seconds() / 60) + 1
        question = jql.made_within(self._options.project, self._options.tracking_label, max(minutes, 1))
        marked = self._search.marked(question, self._creator.ids)
        others = [key for key, told in marked if key not in ours and _may_be(told, keys)]
        records = self._search.by_keys(others)[0] if others else []
        wanted = Wanted.of(marks, key=self._run.mark_key)
        issues = [*ours.values(), *(self._take(record, wanted) for record in records)]
        return [issue for issue in issues if issue.mark is not None and issue.mark.key in keys]

    def update(self, issue: Issue, draft: IssueDraft, changed: frozenset[str]) -> Issue:
        """Write the changed fields and the mark into an issue of ours."""
        return self._writer.update(issue, draft, changed)

    def move(self, issue: Issue, state: State, duplicate_of: IssueRef | None = None) -> Issue:
        """Close, drop, reopen or start, by the project's workflow."""
        return self._mover.move(issue, state, duplicate_of)

    def comment(self, issue: Issue, text: str, key: str) -> None:
        """Say something once."""
        self._writer.comment(issue, text, key)

    def void_mark(self, issue: Issue) -> None:
        """Take labels and property away."""
        self._writer.void_mark(issue)

    def diagnose(self, clock: Callable[[], datetime], linked: Collection[IssueRef]) -> Sequence[Finding]:  # noqa: ARG002  a server is there without us
        """Look at credential, permissions, forms, workflow, limits and clock."""
        from pm_sync.trackers.jira.diagnosis import diagnose  # noqa: PLC0415 - only a doctor needs it

        return diagnose(self._client, self._options, clock, self.target, self._subtask_lacks)

    def _subtask_lacks(self) -> Sequence[str] | None:
        form = self._meta.subtask_form() if self._options.subtasks == "subtask" else None
        return self._drafting.missing(form) if form is not None else None

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _take(self, record: Record, wanted: Wanted) -> Issue:
        if record.type.subtask:
            self._drafting.became_subtask(record.key)
        return self._known.take(record, self._note(record, wanted))

    def _note(self, record: Record, wanted: Wanted) -> Note | None:
        """The note of an issue that bears our label: its property, else what its labels tell."""
        if self._options.tracking_label not in record.labels:
            return None
        if record.property is None and not record.has_properties and not self._client.cloud:
            record = replace(record, property=self._search.property_of(record.key))
        if record.property is not None:
            return self._marks.from_property(record.property, record.labels)
        return wanted.cut_short(record.labels) or wanted.same_text(record.labels)

    def _wish(self, draft: IssueDraft) -> Wish | Issue | TrackerError:
        try:
            return self._made.get(draft.mark.key) or self._drafting.wish(draft)
        except TrackerError as error:
            return error

    def _issue(self, wish: Wish, result: Made | TrackerError) -> Issue | TrackerError:
        if isinstance(result, TrackerError):
            return result
        if "parent" in wish.fields and wish.draft.parent is not None:
            self._drafting.became_subtask(result.key)
        linked = self._add_links(result.key, wish)
        issue = Issue(
            ref=ref_of(result.key, self._run.site),
            title=wish.fields["summary"],
            state=State.OPEN,
            created=result.created,
            due=wish.draft.due if "duedate" in wish.fields else None,
            priority=wish.priority,
            labels=wish.labels,
            assignees=(wish.assignee,) if wish.assignee else (),
            parents=(wish.draft.parent,) if wish.draft.parent is not None and linked else (),
            mark=wish.draft.mark,
            untouched=True,
            notes=tuple(wish.notes),
        )
        self._made[wish.draft.mark.key] = issue
        return issue

    def _add_links(self, key: str, wish: Wish) -> bool:
        """Add what can't be part of the create, and say whether its parent is known to be above it.

        Without links the issue is whole all the same.
        """
        problem = self._writer.relate(key, wish.link_to) if wish.link_to else None
        problems = [problem, self._writer.add_remote_link(key, wish.draft) if self._options.remote_link else None]
        wish.notes += [told for told in problems if told]
        return problem is None


def _may_be(told: object, keys: set[str]) -> bool:
    """Whether a property, if there is one, names one of the items."""
    if not isinstance(told, dict):
        return True
    mark = read_mark(told)
    return mark is not None and mark.key in keys
