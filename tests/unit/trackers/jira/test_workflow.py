"""The way through a workflow."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pm_sync.trackers.jira.records import Status
from pm_sync.trackers.jira.workflow import Transition, Workflow

STATUSES = "abcdef"
EDGES = st.sets(st.tuples(st.sampled_from(STATUSES), st.sampled_from(STATUSES)), max_size=20)


def workflow(edges: set[tuple[str, str]]) -> Workflow:
    """A workflow of which everything is known."""
    offered: dict[str, tuple[Transition, ...]] = {}
    for start, end in sorted(edges):
        offered[start] = (*offered.get(start, ()), Transition(f"{start}{end}", "", Status(end, end, "new")))
    return Workflow(offered)


def reachable(edges: set[tuple[str, str]], start: str) -> dict[str, int]:
    """Each status that can be reached, with the fewest hops; the start only by coming back."""
    hops: dict[str, int] = {}
    here = {start}
    for n in range(1, len(STATUSES) + 2):
        here = {end for begin, end in edges if begin in here}
        for status in here:
            hops.setdefault(status, n)
    return hops


@given(EDGES, st.sampled_from(STATUSES), st.sampled_from(STATUSES))
def test_the_shortest_way_is_found_wherever_there_is_one(edges: set[tuple[str, str]], start: str, goal: str) -> None:
    """Each step begins where the one before ended; coming back to the start counts, too."""
    way = workflow(edges).way(start, lambda transition: transition.to.id == goal)
    assert (len(way) if way else None) == reachable(edges, start).get(goal)
    at = start
    for step in way or ():
        assert (at, step.to.id) in edges
        at = step.to.id


@given(EDGES, st.sampled_from(STATUSES))
def test_refused_ways_are_never_taken(edges: set[tuple[str, str]], start: str) -> None:
    """Others are found around them."""
    refused = {(begin, f"{begin}{end}") for begin, end in edges if begin == "a"}
    way = workflow(edges).way(start, lambda transition: transition.to.id == "f", refused)
    kept = {(begin, end) for begin, end in edges if begin != "a"}
    assert (len(way) if way else None) == reachable(kept, start).get("f")
