"""What a tracker is: the Protocol that ``local``, ``github`` and ``jira`` fulfil, and the values it speaks in.

A tracker knows one remote system and nothing of postmortems or plans.
It decides by itself how to be frugal: `Tracker.read` gets everything a run wants to know in one request.
Errors are `pm_sync.errors.TrackerError` and its kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct, field

from pm_sync.errors import TrackerError
from pm_sync.mark import Mark
from pm_sync.model import Issue, IssueDraft, IssueRef, Lost, State, Unreachable

if TYPE_CHECKING:
    from pm_sync.findings import Finding

Found = Issue | Lost | Unreachable

FIELDS = ("title", "details", "due", "priority", "labels")
"""The fields a postmortem owns, by the names that `Tracker.update` takes."""

PARENT = "parent"
"""What `Tracker.update` takes besides: the issue is to be a sub-task of the draft's parent, if it isn't yet."""

SAID = "said"
"""The entry of a mark's base that holds the key of the comment made last, so that reading an issue tells."""

TWIN = "twin"
"""The entry of a mark's base that names the issue of which this one is a duplicate, while its closing takes several calls:
a run that is cut off in their midst has touched it, and yet nobody needs it."""


class Capabilities(Struct, frozen=True):
    """What a tracker can hold, so that what it can't causes no change."""

    states: frozenset[State]
    create_states: frozenset[State] = frozenset({State.OPEN})
    """States an issue can be given by the very call that creates it."""
    holds: frozenset[str] = frozenset(FIELDS)
    """Those of `FIELDS` that have a place of their own, which people may edit there."""
    create_batch: int = 1
    """How many drafts one call of `Tracker.create` sends as one request."""
    title_limit: int = 256
    """Characters."""
    create_limits: tuple[int, int] = (0, 0)
    """How many creates it takes in a minute and in an hour; 0 for any number."""
    by_steps: bool = False
    """Whether an issue may come to its end by way of ``in progress``, where a run that is cut off leaves it."""
    index_lag: float = 0.0
    """Seconds after which a look-up that finds nothing means that there is nothing."""

    def nearest(self, state: State) -> State:
        """The state this tracker holds in place of ``state``."""
        if state in self.states:
            return state
        return State.DONE if state is State.DROPPED and State.DONE in self.states else State.OPEN


class ReadRequest(Struct, frozen=True):
    """All that one run wants to know of one tracker."""

    linked: tuple[IssueRef, ...] = ()
    """Issues that items link, also in postmortems that this run is not about."""
    settled: frozenset[IssueRef] = frozenset()
    """Those of ``linked`` about which nothing is to be decided, because their postmortem calls them settled or is not
    what this run is about: read only if it costs nothing."""
    wanted: tuple[Mark, ...] = ()
    """Marks of items without a link. Not empty: look up every issue that might bear one, before any create."""
    named: tuple[Mark, ...] = ()
    """Marks of items with a link: an issue of ours whose own mark was cut short is known by them."""
    src: str = ""
    """Our source, whose open issues tell what is gone from the postmortems."""
    gone: bool = True
    """Whether `Snapshot.marked` should hold the open issues of our source."""


class Snapshot(Struct, frozen=True):
    """What a tracker answered."""

    found: Mapping[IssueRef, Found] = field(default_factory=dict)
    """For each linked issue that was read; a moved one is an `Issue` with another ref. Unread ones are missing."""
    marked: tuple[Issue, ...] = ()
    """Issues bearing a believed mark, among them all open ones of our source where ``whole``."""
    foreign: tuple[Issue, ...] = ()
    """Issues with a mark that isn't believed (their ``mark`` is None): shown, never acted on."""
    whole: bool = True
    """Whether ``marked`` misses no open issue of our source: only then anything may be called gone."""
    refusal: str | None = None
    """Why nothing may be created here now (``list not trustworthy``, no push permission); None: creates are fine."""
    searched: frozenset[IssueRef] = frozenset()
    """Issues that a search told of which may lag behind: before anything is done about them, they are read again."""


class Target(Struct, frozen=True):
    """Facts on the place where issues would be created, read once before the first create."""

    public: bool | None = None
    """None: not known."""
    refusal: str | None = None
    missing_fields: tuple[str, ...] = ()
    """Fields the tracker requires and the configuration doesn't give."""


class Tracker(Protocol):
    """One remote system, opened for one run."""

    name: str
    """As configured: ``infra``; else the kind."""
    kind: str
    capabilities: Capabilities

    def read(self, request: ReadRequest) -> Snapshot:
        """Answer the whole request, in as few calls as the service allows.

        Never raises for a single issue: what can't be read is `Lost` or `Unreachable`, with the reason.

        Raises:
            TrackerError: the tracker as a whole can't be read.

        """
        ...

    def target(self) -> Target:
        """Look at the place where issues will be created. Called once, and only if something is to be created."""
        ...

    def create(self, drafts: Sequence[IssueDraft]) -> Sequence[Issue | TrackerError]:
        """Create an issue for each draft, at most ``capabilities.create_batch`` of them, each with its mark inside.

        Returns one result for each draft, in order. Creating twice with one mark's key gives the same issue where the
        tracker can tell. An `AnswerLost` means: look the mark up before trying again.
        """
        ...

    def created_since(self, start: datetime, marks: Sequence[Mark]) -> Sequence[Issue]:
        """Issues with a believed mark made since ``start``, to find what another machine made at the same time."""
        ...

    def update(self, issue: Issue, draft: IssueDraft, changed: frozenset[str]) -> Issue:
        """Write the ``changed`` ones of `FIELDS` from ``draft`` and refresh the mark, in one call.

        Where `PARENT` is among them, the issue's place takes a call of its own; one that can't be had is only noted.
        Labels are only ever added. Whatever else people wrote into the issue stays.
        """
        ...

    def move(self, issue: Issue, state: State, duplicate_of: IssueRef | None = None) -> Issue:
        """Bring the issue into ``state`` (close, reopen, start); ``duplicate_of`` says why it is dropped."""
        ...

    def comment(self, issue: Issue, text: str, key: str) -> None:
        """Add a comment once: ``key`` is its own mark, looked up first.

        Where the tracker can, it notes the key in the mark's base under `SAID`, which spares later runs the question.
        """
        ...

    def void_mark(self, issue: Issue) -> None:
        """Make our mark in the issue name nothing any more (``unlink``)."""
        ...

    def diagnose(self, clock: Callable[[], datetime], linked: Collection[IssueRef]) -> Sequence[Finding]:
        """Look at all that a sync needs of this tracker: credential, rights by feature, limits, clock, versions.

        Only reads, in few calls, and never raises for what is wrong there: that is what is found.

        Args:
            clock: Tells our time.
            linked: Issues that postmortems link: what they link to can't be all new.

        """
        ...

    def close(self) -> None:
        """Let go of connections and files."""
        ...
