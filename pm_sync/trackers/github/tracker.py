"""A GitHub repository's issues as a tracker."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from pm_sync.errors import AccessDenied, TrackerError
from pm_sync.mark import Mark
from pm_sync.model import Issue, IssueDraft, IssueRef, State
from pm_sync.trackers.base import Found, ReadRequest, Snapshot, Target
from pm_sync.trackers.github.access import Access
from pm_sync.trackers.github.body import write_body
from pm_sync.trackers.github.client import Client
from pm_sync.trackers.github.drafting import Drafting
from pm_sync.trackers.github.known import Known, claims_source
from pm_sync.trackers.github.options import GitHubOptions, capabilities_of
from pm_sync.trackers.github.reading import Reader, Reading, Repository
from pm_sync.trackers.github.records import Record, from_rest
from pm_sync.trackers.github.template import load_template
from pm_sync.trackers.github.trust import Interest, Trust
from pm_sync.trackers.github.writing import Writer
from pm_sync.trackers.pace import Pacer, Patience, Seconds

if TYPE_CHECKING:
    from pm_sync.findings import Finding

_PACED = "GitHub takes only so many new issues and comments in a minute and in an hour"


class Timing(Struct, frozen=True):
    """How a run waits."""

    patience: Patience
    pacer: Pacer
    clock: Seconds


class GitHubTracker:
    """One repository, for one run."""

    kind = "github"

    def __init__(self, name: str, options: GitHubOptions, access: Access, client: Client, timing: Timing) -> None:
        self.name = name
        self.capabilities = capabilities_of(options)
        self._options, self._access, self._client, self._timing = options, access, client, timing
        self._repository = Repository(access.site.web, options.repository.lower())
        self._reader = Reader(
            client, self._repository, options.tracking_label, graphql_expected=access.site.graphql_expected
        )
        self._drafting = Drafting(client, self._repository, options)
        self._trust = Trust(options, access.mark_key, self._who_am_i)
        self._known = Known(access.site.web, options, self._trust, timing.clock)
        self._writer = Writer(
            client=client,
            known=self._known,
            trust=self._trust,
            drafting=self._drafting,
            options=options,
            mark_key=access.mark_key,
            pace=self._pace,
        )
        self._me: str | None = None
        self._newest: int | None = None
        self._made: dict[str, Issue] = {}
        self._refusal: AccessDenied | None = None

    def read(self, request: ReadRequest) -> Snapshot:
        """Answer the whole request."""
        reading = self._reader.read(request)
        self._newest = reading.newest if reading.newest is not None else self._newest
        interest = Interest.of(request.src, request.wanted, (ref.id for ref in request.linked))
        found: dict[IssueRef, Found] = {
            ref: self._take(outcome, interest) if isinstance(outcome, Record) else outcome
            for ref, outcome in reading.found.items()
        }
        return self._snapshot(reading, found, interest)

    def target(self) -> Target:
        """Look at the repository."""
        facts = self._client.get(self._repository.path)
        if not isinstance(facts, dict):
            raise TrackerError(f"{self._repository.project} is no repository")
        private = facts.get("private")
        return Target(public=None if private is None else not private, refusal=self._refused(facts))

    def create(self, drafts: Sequence[IssueDraft]) -> Sequence[Issue | TrackerError]:
        """Create an issue for each draft."""
        return [self._create(draft) for draft in drafts]

    def created_since(self, start: datetime, marks: Sequence[Mark]) -> Sequence[Issue]:
        """Issues with one of these marks made since the look-up, else since ``start``."""
        if not marks:
            return []
        records = self._reader.made_since(start, self._newest)
        interest = Interest.of(marks[0].src, marks, ())
        issues = [self._take(record, interest) for record in records if not record.pull_request]
        lacking = {issue.ref for issue in self._made.values()} - {issue.ref for issue in issues}
        if lacking:
            shown = ", ".join(sorted(map(str, lacking))[:3])
            raise TrackerError(
                f"list not trustworthy: it lacks {shown}, made by this run", hint="run again in a minute"
            )
        keys = {mark.key for mark in marks}
        return [issue for issue in issues if issue.mark is not None and issue.mark.key in keys]

    def update(self, issue: Issue, draft: IssueDraft, changed: frozenset[str]) -> Issue:
        """Write the changed fields and the mark into an issue of ours."""
        return self._writer.update(issue, draft, changed)

    def move(self, issue: Issue, state: State, duplicate_of: IssueRef | None = None) -> Issue:
        """Close, drop, reopen or start."""
        return self._writer.move(issue, state, duplicate_of)

    def comment(self, issue: Issue, text: str, key: str) -> None:
        """Say something once."""
        self._writer.comment(issue, text, key)

    def void_mark(self, issue: Issue) -> None:
        """Take our mark out."""
        self._writer.void_mark(issue)

    def diagnose(self, clock: Callable[[], datetime], linked: Collection[IssueRef]) -> Sequence[Finding]:  # noqa: ARG002  a server is there without us
        """Look at credential, repository, rights, limits and clock."""
        from pm_sync.trackers.github.diagnosis import diagnose  # noqa: PLC0415 - only a doctor needs it

        return diagnose(self._client, self._access, self._options, clock, self._refused)

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _take(self, record: Record, interest: Interest) -> Issue:
        if record.project == self._repository.project:
            self._drafting.know(record.milestone)
        return self._known.take(record, interest)

    def _snapshot(self, reading: Reading, found: dict[IssueRef, Found], interest: Interest) -> Snapshot:
        marked: list[Issue] = []
        foreign: list[Issue] = []
        for record in reading.listed.values():
            issue = self._take(record, interest)
            if issue.mark is not None:
                marked.append(issue)
            elif claims_source(record, interest.src):
                foreign.append(issue)
        return Snapshot(found, tuple(marked), tuple(foreign), reading.whole, reading.refusal)

    def _create(self, draft: IssueDraft) -> Issue | TrackerError:
        made = self._made.get(draft.mark.key)
        if made is not None:
            return made
        try:
            if self._refusal is not None:
                return self._refusal
            issue = self._send(draft)
        except TrackerError as error:
            return error
        self._made[draft.mark.key] = issue
        return issue

    def _send(self, draft: IssueDraft) -> Issue:
        body = write_body("", draft, load_template(self._options.template), self._access.mark_key)
        self._pace()
        made, notes = self._drafting.create(draft, body)
        record = from_rest(made)
        self._trust.made(record)
        if not record.has(self._options.tracking_label):
            notes.append(f"GitHub did not set the label {self._options.tracking_label}")
            self._refusal = AccessDenied(
                f"{self._repository.project} takes no label from this credential, so that its issues would not be found",
                hint=f"give {self._access.variables.name('GITHUB_TOKEN')} write access",
            )
        if draft.parent is not None and (problem := self._writer.add_sub_issue(draft.parent, record)):
            notes.append(problem)
        return replace(self._take(record, Interest.of(draft.mark.src, (), ())), notes=tuple(notes))

    def _pace(self) -> None:
        self._timing.pacer.take(self._timing.patience, _PACED)

    def _refused(self, facts: Mapping[str, Any]) -> str | None:
        """Why nothing can be created in the repository."""
        project, label = self._repository.project, self._options.tracking_label
        name = str(facts.get("full_name", project))
        permissions = facts.get("permissions")
        push = permissions.get("push") if isinstance(permissions, Mapping) else None
        if name.lower() != project:
            return f"{project} is now called {name}: change `repository` in the configuration"
        if facts.get("archived") or facts.get("disabled"):
            return f"{project} is archived: unarchive it, or route elsewhere"
        if facts.get("has_issues") is False:
            return f"issues are disabled in {project}: enable them in its settings, or route elsewhere"
        # What an app may do stands in its installation, not in the repository's answer.
        if push is False and not self._access.is_app:
            variable = self._access.variables.name("GITHUB_TOKEN")
            return f"{variable} has no write access to {project}, so that labels would be dropped: give it that"
        if self._drafting.labels_missing([label]):
            return f"{project} has no label {label!r}, and create_labels is off: make it there"
        return None

    def _who_am_i(self) -> str:
        """The credential's login; empty where GitHub doesn't tell."""
        if self._me is None:
            self._me = f"{self._client.app_slug}[bot]" if self._client.app_slug else self._ask_who_i_am()
        return self._me

    def _ask_who_i_am(self) -> str:
        if self._access.is_app:
            return ""
        try:
            user = self._client.get("/user")
        except AccessDenied:
            return ""
        return str(user.get("login", "")) if isinstance(user, dict) else ""
