"""Gathering: what a search that lags behind told is read again before it is acted upon."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from msgspec.structs import replace

from pm_sync.errors import TrackerError
from pm_sync.model import Issue, IssueRef, Lost
from pm_sync.sync.changes import ChangeKind, Plan
from pm_sync.sync.claims import Facts
from pm_sync.sync.gather import read_again
from pm_sync.trackers.base import Found, ReadRequest, Snapshot, Tracker
from pm_sync.trackers.local.database import Database
from pm_sync.trackers.local.tracker import LocalTracker
from tests.contract.support import create
from tests.factories import Clock, change, draft, policy


class Watched(LocalTracker):
    """The embedded tracker, which notes what it is asked."""

    asked: list[ReadRequest]

    def read(self, request: ReadRequest) -> Snapshot:
        """Note and answer."""
        self.asked.append(request)
        return super().read(request)


@pytest.fixture
def tracker(tmp_path: Path, clock: Clock) -> Iterator[Watched]:
    """An empty one."""
    tracker = Watched(Database(tmp_path / "tracker.db", read_only=False), "local", clock)
    tracker.asked = []
    yield tracker
    tracker.close()


def told(found: Mapping[IssueRef, Found], *marked: Issue, searched: bool = True) -> Facts:
    """Facts in which a search told of these issues."""
    refs = frozenset(issue.ref for issue in marked) if searched else frozenset()
    return Facts(snapshots={"local": Snapshot(found, marked, searched=refs)})


def plan_about(*issues: Issue, kind: ChangeKind = ChangeKind.CLOSE) -> Plan:
    """A plan that acts upon these issues."""
    return Plan(tuple(change(kind, tracker="local", ref=issue.ref, issue=issue) for issue in issues))


def test_what_is_acted_upon_is_read_by_its_address(tracker: Watched) -> None:
    """By one request for all, the others stay as they were told."""
    one, two, three = create(tracker, draft("One"), draft("Two"), draft("Three"))
    stale = [replace(issue, title="Old") for issue in (one, two, three)]
    moved = IssueRef("local", "", "", "77")
    facts = told({one.ref: stale[0], moved: stale[1], three.ref: stale[2]}, *stale)
    again = read_again(facts, plan_about(*stale[:2]), policy(), lambda _: tracker).snapshots["local"]
    assert [issue.title for issue in again.marked] == ["One", "Two", "Old"]
    assert {ref: found.title for ref, found in again.found.items() if isinstance(found, Issue)} == {
        one.ref: "One",
        moved: "Two",
        three.ref: "Old",
    }
    [request] = tracker.asked
    assert (request.linked, request.wanted, request.gone) == ((one.ref, two.ref), (), False)


def test_what_is_gone_by_now_is_no_issue_of_ours(tracker: Watched) -> None:
    """Nothing is done about it any more."""
    [made] = create(tracker, draft())
    never = replace(made, ref=replace(made.ref, id="77"))
    again = read_again(told({never.ref: never}, never), plan_about(never), policy(), lambda _: tracker)
    assert again.snapshots["local"].marked == ()
    assert isinstance(again.snapshots["local"].found[never.ref], Lost)


@pytest.mark.parametrize("kind", [ChangeKind.UNCHANGED, ChangeKind.CONFLICT])
def test_what_is_left_alone_is_not_read_again(tracker: Watched, kind: ChangeKind) -> None:
    """A run that does nothing costs nothing more."""
    [made] = create(tracker, draft())
    facts = told({made.ref: made}, made)
    assert read_again(facts, plan_about(made, kind=kind), policy(), lambda _: tracker) == facts
    assert tracker.asked == []


def test_what_was_read_by_its_address_is_not_read_again(tracker: Watched) -> None:
    """What was told of it is so."""
    [made] = create(tracker, draft())
    read_again(told({made.ref: made}, made, searched=False), plan_about(made), policy(), lambda _: tracker)
    assert tracker.asked == []


def test_a_tracker_that_fails_then_is_left_alone(tracker: Watched) -> None:
    """What is known of it may be old, so nothing is decided by that."""
    [made] = create(tracker, draft())

    def broken(name: str) -> Tracker:
        raise TrackerError(f"{name} is down")

    again = read_again(told({made.ref: made}, made), plan_about(made), policy(), broken)
    assert (dict(again.snapshots), dict(again.failures)) == ({}, {"local": "local is down"})
