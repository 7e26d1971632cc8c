"""Claims: which entry owns which issue, worked out once over all postmortems before anything is decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from msgspec import Struct, field

from pm_sync.mark import Mark
from pm_sync.model import Issue, IssueRef
from pm_sync.sync.entries import Document, Entry, is_settled
from pm_sync.sync.linked import Bond, Ordinals
from pm_sync.sync.matching import Matches, match_marks, owner_of, twins_of
from pm_sync.sync.policy import Policy
from pm_sync.trackers.base import TWIN, Found, Snapshot


class Facts(Struct, frozen=True):
    """Everything that a plan is made from, gathered before."""

    documents: tuple[Document, ...] = ()
    entries: tuple[Entry, ...] = ()
    snapshots: Mapping[str, Snapshot] = field(default_factory=dict)
    """By the tracker's name; missing: nothing was asked there, or it could not be read."""
    failures: Mapping[str, str] = field(default_factory=dict)
    """Trackers that could not be read, with the reason."""
    gone_paths: frozenset[str] = frozenset()
    """Paths named by marks that no longer exist in the work tree."""
    unread: frozenset[str] = frozenset()
    """Postmortems that could not be read."""
    whole: bool = False
    """All configured postmortems were read without an error, on the default branch: what is missing is gone."""
    offline: bool = False
    """Nobody was asked: what the files say is all there is."""


class Claims:
    """Who has which issue."""

    def __init__(self, facts: Facts, policy: Policy) -> None:
        self._policy = policy
        marked: dict[IssueRef, Issue] = {}
        self.found: dict[IssueRef, Found] = {}
        for snapshot in facts.snapshots.values():
            self.found |= snapshot.found
            marked |= {issue.ref: issue for issue in snapshot.marked}
        # A moved issue is found under its old address too; a look-up may have read what the request left out.
        self.issues = marked | {ref: found for ref, found in self.found.items() if isinstance(found, Issue)}
        claims = self._claim(facts)
        self._owners = {ref: owner_of(self._mark(ref), entries, facts.unread) for ref, entries in claims.items()}
        unlinked = [entry for entry in facts.entries if entry.identity is None]
        free = [issue for issue in marked.values() if issue.ref not in claims]
        self._read = {document.path for document in facts.documents}
        self._texts = {(entry.path, entry.text) for entry in facts.entries}
        self.matches: Matches = match_marks(unlinked, free, facts.gone_paths, self._is_creatable, self._is_orphan)
        self.ordinals = Ordinals(self.issues.values())
        self._used = set(claims) | {issue.ref for issue in self.matches.issues.values()}
        # A settled issue is in no list of open ones, but known where an item links it.
        known = {issue.ref: issue for issue in self.issues.values()}
        self._twins = twins_of(known.values(), self._used)

    def bond(self, entry: Entry, issue: Issue) -> Bond:
        """How an entry stands to the issue it links."""
        owner = self._owners[issue.ref]
        if owner is entry:
            ours = issue.mark is not None and issue.mark.src == entry.src
            return Bond(entry, issue, owns=ours and not issue.pull_request)
        copied = owner is not None and self._is_copy(entry, owner, issue)
        return Bond(entry, issue, owns=False, copied=owner if copied else None)

    def is_baseline(self, entry: Entry) -> bool:
        """Whether the entry stays without an issue because of its age, or because its file didn't change."""
        return entry.baseline and entry.identity is None and id(entry) not in self.matches.issues

    def twins(self) -> tuple[tuple[Issue, Issue], ...]:
        """Issues made twice for one item, each with the one that stays; only those that nobody touched, links or needs.

        What a run has begun to close was touched by nobody else before.
        """
        return tuple(
            (twin, kept)
            for twin, kept in self._twins
            if (twin.untouched or _is_being_closed(twin)) and not twin.state.settled and twin.ref not in self._used
        )

    def gone(self, facts: Facts) -> tuple[Issue, ...]:
        """Open issues of ours whose item is in no postmortem any more; none unless everything was read."""
        if not facts.whole or facts.failures:
            return ()
        sources = {tracker.src for tracker in self._policy.trackers.values()}
        paths = {document.path for document in facts.documents} | facts.gone_paths
        explained = {twin.ref for twin, _ in self._twins} | {issue.ref for issue in self.matches.alike.values()}
        partly = {issue.ref for snapshot in facts.snapshots.values() if not snapshot.whole for issue in snapshot.marked}
        return tuple(
            issue
            for issue in self.matches.unclaimed
            if issue.mark is not None
            and not issue.state.settled
            and issue.ref not in explained | partly
            and issue.mark.src in sources
            and issue.mark.path in paths
        )

    def _claim(self, facts: Facts) -> dict[IssueRef, list[Entry]]:
        claims: dict[IssueRef, list[Entry]] = defaultdict(list)
        for entry in facts.entries:
            if entry.ref is not None:
                issue = self.issues.get(entry.ref)
                claims[issue.ref if issue else entry.ref].append(entry)
        return dict(claims)

    def _mark(self, ref: IssueRef) -> Mark | None:
        issue = self.issues.get(ref)
        return issue.mark if issue else None

    def _is_creatable(self, entry: Entry) -> bool:
        settled = is_settled(entry.item) and not self._policy.create_done
        return not (entry.baseline or settled or (entry.path, entry.item.line) in self._policy.new)

    def _is_orphan(self, mark: Mark) -> bool:
        """Whether the mark's postmortem was read and has no item of its text any more."""
        return mark.path in self._read and (mark.path, mark.text) not in self._texts

    def _is_copy(self, entry: Entry, owner: Entry, issue: Issue) -> bool:
        """Whether our annotation was copied together with its line, which was then given another text."""
        if issue.mark is None or entry.text == owner.text or entry.item.annotation is None:
            return False
        by_hand = (self._policy.places.resolve(link) for link in entry.item.links)
        return all(resolved is None or resolved[0] != entry.ref for resolved in by_hand)


def _is_being_closed(issue: Issue) -> bool:
    return issue.mark is not None and TWIN in issue.mark.base
