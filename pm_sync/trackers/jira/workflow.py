"""A project's workflow as far as a run has seen it, and the way through it. Knows no server."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct, field

from pm_sync.trackers.jira.answers import understood
from pm_sync.trackers.jira.meta import Field, field_from
from pm_sync.trackers.jira.records import Status, status_from

MOST_HOPS = 8


class Transition(Struct, frozen=True):
    """One way out of a status."""

    id: str
    name: str
    to: Status
    fields: Mapping[str, Field] = field(default_factory=dict)
    """What its screen asks for, by the fields' ids."""


def transitions_from(answer: Any) -> tuple[Transition, ...]:  # noqa: ANN401  as JSON is
    """Read the transitions that an issue is offered.

    Raises:
        TrackerError: the answer tells of none.

    """
    with understood("list of transitions"):
        return tuple(
            Transition(
                id=str(data["id"]),
                name=str(data.get("name", "")),
                to=status_from(data["to"]),
                fields={name: field_from(name, value) for name, value in (data.get("fields") or {}).items()},
            )
            for data in answer["transitions"]
        )


def lacking(transition: Transition, given: Iterable[str]) -> list[str]:
    """Names of the fields that a transition demands and nobody gives; the resolution has ways of its own."""
    known = {name.casefold() for name in given}
    return [
        asked.name
        for asked in transition.fields.values()
        if asked.required and asked.id != "resolution" and not known & {asked.name.casefold(), asked.id.casefold()}
    ]


Edge = tuple[str, str]
"""A status's id and a transition's."""
IsGoal = Callable[[Transition], bool]


class Workflow(Struct):
    """What is known of one workflow."""

    offered: dict[str, tuple[Transition, ...]] = field(default_factory=dict)
    """The transitions that each status offers, by the status's id."""

    def way(self, start: str, is_goal: IsGoal, refused: Container[Edge] = ()) -> list[Transition] | None:
        """The shortest known way from a status to a goal; None where none is known."""
        queue: deque[tuple[str, list[Transition]]] = deque([(start, [])])
        seen = {start}
        while queue:
            status, path = queue.popleft()
            for transition in self._from(status, refused):
                if is_goal(transition):
                    return [*path, transition]
                if transition.to.id not in seen:
                    seen.add(transition.to.id)
                    queue.append((transition.to.id, [*path, transition]))
        return None

    def _from(self, status: str, refused: Container[Edge]) -> Iterator[Transition]:
        return (way for way in self.offered.get(status, ()) if (status, way.id) not in refused)
