"""Bringing an issue into a state, hop by hop through a workflow that nobody described to us."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from pm_sync.errors import TrackerError
from pm_sync.model import Issue, IssueRef, State
from pm_sync.trackers.base import TWIN
from pm_sync.trackers.jira.answers import understood
from pm_sync.trackers.jira.client import Client
from pm_sync.trackers.jira.failures import Rejected
from pm_sync.trackers.jira.known import Known
from pm_sync.trackers.jira.meta import nearest
from pm_sync.trackers.jira.options import FieldValue, JiraOptions
from pm_sync.trackers.jira.people import People
from pm_sync.trackers.jira.records import Record, Status, meaning, ref_of, state_of, status_from
from pm_sync.trackers.jira.values import field_value
from pm_sync.trackers.jira.workflow import MOST_HOPS, Transition, Workflow, lacking, transitions_from

_DUPLICATE = "duplicate"
_RANKS = 3
_OWN_WAY = frozenset({"comment", "worklog", "attachment"})
"""Fields of a screen that take no value but an operation."""


class Journey(Struct):
    """One issue on its way to a state."""

    record: Record
    state: State
    resolutions: tuple[str, ...]
    """Names, the first one that a screen offers is set."""
    at: Status
    refused: dict[tuple[str, str], str] = field(default_factory=dict)
    """Ways that Jira or a missing field bars, by status and transition, with the reason."""
    resolution: str = ""
    """The one that was set."""
    duplicate_of: IssueRef | None = None
    noted: bool = False
    """Its mark says that it is being closed as a duplicate."""


class Mover(Struct):
    """Moves issues, and remembers what each workflow offers, so that later issues take the shortest way."""

    client: Client
    known: Known
    options: JiraOptions
    people: People
    now: Callable[[], datetime]
    note_twin: Callable[[Issue, IssueRef | None], None]
    """Lets the mark say of which issue this one is a duplicate, or of none any more."""
    _workflows: dict[tuple[str, str], Workflow] = field(default_factory=dict)
    """By project and issue type."""
    _statuses: dict[str, Mapping[str, tuple[Status, ...]]] = field(default_factory=dict)
    """By project, then by issue type."""

    def move(self, issue: Issue, state: State, duplicate_of: IssueRef | None) -> Issue:
        """Bring an issue into a state.

        Raises:
            TrackerError: its workflow leads there for nobody, or not for this issue; it is where it was before, unless
                the error says otherwise.

        """
        record = self.known.current(issue.ref)
        if state_of(record, self.options) is state:
            return replace(issue, state=state)
        self._check_reachable(record, state)
        resolutions = self._resolutions(state, duplicate_of)
        noted = issue.mark is not None and TWIN in issue.mark.base
        journey = Journey(record, state, resolutions, record.status, duplicate_of=duplicate_of, noted=noted)
        workflow = self._workflows.setdefault((record.project, record.type.id), Workflow())
        for _ in range(MOST_HOPS):
            if self._hop(journey, workflow, issue):
                if journey.noted:
                    self.note_twin(issue, None)
                self.known.forget(issue.ref)
                return self._arrived(issue, journey)
        raise self._stuck(journey, workflow, f"not within {MOST_HOPS} transitions")

    def _hop(self, journey: Journey, workflow: Workflow, issue: Issue) -> bool:
        """Take one transition. Returns whether that was the last one.

        Raises:
            TrackerError: there is none to take.

        """
        while True:
            self._look_around(journey, workflow)
            transition = self._next(journey, workflow)
            if transition is None:
                raise self._stuck(journey, workflow, "no transition leads there")
            if journey.duplicate_of and not journey.noted and not self._is_goal(journey, transition):
                self.note_twin(issue, journey.duplicate_of)
                journey.noted = True
            if self._take(journey, workflow, transition):
                return self._is_goal(journey, transition)

    def _look_around(self, journey: Journey, workflow: Workflow) -> None:
        """See where the status leads, unless that is known."""
        if journey.at.id not in workflow.offered:
            workflow.offered[journey.at.id] = self._offered(journey.record.key)

    def _next(self, journey: Journey, workflow: Workflow) -> Transition | None:
        """The first step of the best way known: to the goal, else to where nobody has looked yet."""
        at, refused = journey.at.id, journey.refused
        known = workflow.way(at, lambda t: self._is_goal(journey, t) and self._says_why(journey, t), refused)
        known = known or workflow.way(at, lambda t: self._is_goal(journey, t), refused)
        if known:
            return known[0]
        for rank in range(_RANKS):
            new = workflow.way(at, partial(_is_unknown, workflow, journey, rank), refused)
            if new:
                return new[0]
        return None

    def _take(self, journey: Journey, workflow: Workflow, transition: Transition) -> bool:
        """Try a transition. Returns whether Jira let us."""
        edge = (journey.at.id, transition.id)
        try:
            fields = self._filled(journey, transition)
            content: dict[str, Any] = {"transition": {"id": transition.id}, **({"fields": fields} if fields else {})}
            self.client.write("POST", f"/issue/{journey.record.key}/transitions", content)
        except Rejected as rejected:
            journey.refused[edge] = f"{transition.name!r}: {self._explained(transition, rejected)}"
            # What one issue was offered another may be denied: ask for this one.
            workflow.offered.pop(journey.at.id, None)
            return False
        journey.at = transition.to
        journey.resolution = self._resolution(journey, transition) or ""
        return True

    def _filled(self, journey: Journey, transition: Transition) -> dict[str, Any]:
        """What the screen asks for, as far as we know it."""
        filled: dict[str, Any] = {}
        given = {name.casefold(): value for name, value in self.options.transition_fields.items()}
        for asked in transition.fields.values():
            value: FieldValue | None = given.get(asked.name.casefold(), given.get(asked.id.casefold()))
            name = self._resolution(journey, transition) if asked.id == "resolution" else None
            if name:
                filled[asked.id] = {"name": name}
            elif value is not None and asked.id not in _OWN_WAY:
                filled[asked.id] = field_value(asked, value, self.people.value)
        return filled

    def _explained(self, transition: Transition, rejected: Rejected) -> str:
        """Jira's reason, and the fields that it wants and nobody gave."""
        wanted = lacking(transition, self.options.transition_fields)
        return rejected.what + (f" (it needs {', '.join(wanted)}: give it in `transition_fields`)" if wanted else "")

    def _is_goal(self, journey: Journey, transition: Transition) -> bool:
        means = meaning(transition.to, self.options)
        if journey.state is State.DROPPED:
            return means is State.DROPPED or (
                means is State.DONE and not self._has_status(journey.record, State.DROPPED)
            )
        return means is journey.state

    def _says_why(self, journey: Journey, transition: Transition) -> bool:
        """Whether the way ends where done and dropped can be told apart, if that matters."""
        settled = meaning(transition.to, self.options) is State.DONE
        return not settled or self._resolution(journey, transition) is not None

    def _resolution(self, journey: Journey, transition: Transition) -> str | None:
        """The resolution to set with a transition, if its screen takes one."""
        asked = transition.fields.get("resolution")
        if asked is None or meaning(transition.to, self.options) is not State.DONE:
            return None
        offered = {name.casefold(): name for name in asked.names}
        wanted = (offered.get(name.casefold()) for name in journey.resolutions)
        return next((name for name in wanted if name), None)

    def _offered(self, key: str) -> tuple[Transition, ...]:
        return transitions_from(self.client.get(f"/issue/{key}/transitions", {"expand": "transitions.fields"}))

    def _check_reachable(self, record: Record, state: State) -> None:
        wanted = (state, State.DONE) if state is State.DROPPED else (state,)
        statuses = self._statuses_of(record)
        if not any(self._has_status(record, one) for one in wanted):
            raise TrackerError(
                f"{record.key}: {record.type.name} in {record.project} has no status that means {state.word}",
                hint=f"name one in `states`: {nearest('', (status.name for status in statuses))}",
            )

    def _has_status(self, record: Record, state: State) -> bool:
        return any(meaning(status, self.options) is state for status in self._statuses_of(record))

    def _statuses_of(self, record: Record) -> Sequence[Status]:
        if record.project not in self._statuses:
            answer = self.client.get(f"/project/{record.project}/statuses")
            with understood("list of statuses"):
                self._statuses[record.project] = {
                    str(kind["id"]): tuple(map(status_from, kind["statuses"])) for kind in answer
                }
        return self._statuses[record.project].get(record.type.id, ())

    def _resolutions(self, state: State, duplicate_of: IssueRef | None) -> tuple[str, ...]:
        names = self.options.resolutions.get(state, ())
        if duplicate_of is None:
            return names
        return (*(name for name in names if name.casefold() == _DUPLICATE), *names)

    def _arrived(self, issue: Issue, journey: Journey) -> Issue:
        reached = state_of(replace(journey.record, status=journey.at, resolution=journey.resolution), self.options)
        notes: tuple[str, ...] = ()
        if reached is not journey.state:
            notes = (f"{issue.ref} is {reached.word}, as no screen on the way takes a resolution",)
        today = self.now().astimezone(UTC).date() if reached.settled else None
        return replace(issue, state=reached, settled=today, notes=notes, untouched=False)

    def _stuck(self, journey: Journey, workflow: Workflow, why: str) -> TrackerError:
        """Walk back to where the issue was, and say what was tried."""
        start = journey.record.status
        with suppress(TrackerError):
            self._walk_back(journey, workflow, start)
        self.known.forget(ref_of(journey.record.key, self.known.site))
        reasons = "; ".join((why, *journey.refused.values()))
        where = "" if journey.at.id == start.id else f"; it is in {journey.at.name!r} now"
        return TrackerError(
            f"{journey.record.key} can't be brought from {start.name!r} to {journey.state.word}: {reasons}{where}",
            hint="move it by hand in Jira, or change `states` and `transition_fields`",
        )

    def _walk_back(self, journey: Journey, workflow: Workflow, start: Status) -> None:
        while journey.at.id != start.id:
            self._look_around(journey, workflow)
            way = workflow.way(journey.at.id, lambda transition: transition.to.id == start.id, journey.refused)
            if not way or not self._take(journey, workflow, way[0]):
                break


def _rank(status: Status, journey: Journey) -> int:
    """Which of several unknown statuses to look at first: work in progress lies on most ways, the start on none."""
    if status == journey.record.status:
        return 2
    return 0 if status.category == "indeterminate" else 1


def _is_unknown(workflow: Workflow, journey: Journey, rank: int, transition: Transition) -> bool:
    """Whether nobody has looked yet where the transition's end leads on to, and how gladly we look there."""
    return transition.to.id not in workflow.offered and _rank(transition.to, journey) == rank
