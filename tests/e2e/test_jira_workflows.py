"""Through workflows that nobody described: on our own Cloud, whose workflows are made for each test."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from pm_sync.errors import TrackerError
from pm_sync.model import Issue, State
from pm_sync.trackers.base import TWIN, Tracker
from tests.contract.support import create, read_one
from tests.e2e.jira_cloud import JiraCloud, jira_cloud
from tests.factories import draft
from tests.fakes.jira_cloud_store import CATEGORIES, RESOLUTIONS, Project, Way, rule

__all__ = ["jira_cloud"]

STATUSES = (
    ("1", "Backlog", "new"),
    ("2", "Selected", "new"),
    ("3", "Working", "indeterminate"),
    ("4", "In review", "indeterminate"),
    ("5", "Released", "done"),
    ("6", "Parked", "indeterminate"),
)
LINE = {
    "1": (Way("11", "2"),),
    "2": (Way("21", "1"), Way("22", "3")),
    "3": (Way("31", "6"), Way("32", "4")),
    "4": (Way("41", "5"),),
    "5": (Way("51", "1"),),
    "6": (Way("61", "3"),),
}
SCREEN = {"resolution": rule("Resolution", "resolution", required=True, allowed=[{"name": n} for n in RESOLUTIONS])}


@pytest.fixture
def tracker(jira_cloud: JiraCloud) -> Iterator[Tracker]:
    """One run's tracker, in a project with a long workflow."""
    jira_cloud.project.statuses = STATUSES
    jira_cloud.project.ways = dict(LINE)
    tracker = jira_cloud.open()
    yield tracker
    tracker.close()


def one(tracker: Tracker, title: str = "Add a replica") -> Issue:
    """An issue just made, as a run reads it."""
    [made] = create(tracker, draft(title))
    return read_one(tracker, made.ref)


def hops(jira_cloud: JiraCloud) -> list[str]:
    """The transitions that were taken or tried, and the questions for transitions as ``?``; forgets them."""
    told = [
        "?" if e.method == "GET" else e.sent["transition"]["id"]
        for e in jira_cloud.front.exchanges
        if e.path.endswith("/transitions")
    ]
    jira_cloud.front.exchanges.clear()
    return told


def test_the_way_is_found_step_by_step_and_remembered(jira_cloud: JiraCloud, tracker: Tracker) -> None:
    """A blind alley is left again; the next issue takes the shortest way without asking."""
    first, second = one(tracker), one(tracker, "Second")
    hops(jira_cloud)
    assert tracker.move(first, State.DONE).state is State.DONE
    assert hops(jira_cloud) == ["?", "11", "?", "22", "?", "31", "?", "61", "32", "?", "41"]
    assert tracker.move(second, State.DONE).state is State.DONE
    assert hops(jira_cloud) == ["11", "22", "32", "41"]
    assert jira_cloud.held(second.ref).fields["status"] == "5"


def test_a_category_that_the_type_lacks_is_said_without_trying(jira_cloud: JiraCloud, tracker: Tracker) -> None:
    """Nothing is asked of the issue, and nothing moved."""
    jira_cloud.project.statuses = STATUSES[:4]
    issue = one(tracker)
    hops(jira_cloud)
    with pytest.raises(TrackerError, match=r"OPS-1: Task in OPS has no status that means done.*Backlog"):
        tracker.move(issue, State.DONE)
    assert hops(jira_cloud) == []


def test_a_workflow_without_a_way_is_walked_back(jira_cloud: JiraCloud, tracker: Tracker) -> None:
    """Where no transition leads on, the issue returns to where it was."""
    jira_cloud.project.ways = {**LINE, "3": (Way("31", "6"),), "6": (Way("61", "3"),), "2": (*LINE["2"],)}
    jira_cloud.project.ways["3"] = (Way("31", "6"), Way("33", "2"))
    issue = one(tracker)
    with pytest.raises(
        TrackerError, match="can't be brought from 'Backlog' to done: no transition leads there"
    ) as told:
        tracker.move(issue, State.DONE)
    assert "it is in" not in str(told.value)
    assert jira_cloud.held(issue.ref).fields["status"] == "1"


def test_where_there_is_no_way_back_the_error_says_where_the_issue_is(jira_cloud: JiraCloud, tracker: Tracker) -> None:
    """Nothing is hidden."""
    jira_cloud.project.ways = {"1": (Way("11", "3"),), "3": ()}
    issue = one(tracker)
    with pytest.raises(TrackerError, match="it is in 'Working' now; move it by hand"):
        tracker.move(issue, State.DONE)


def test_a_workflow_longer_than_the_limit_is_given_up(jira_cloud: JiraCloud, tracker: Tracker) -> None:
    """Eight transitions, and no more."""
    names = [(str(n), f"Step {n}", "new") for n in range(1, 13)]
    jira_cloud.project.statuses = (*names, ("13", "Over", "done"))
    jira_cloud.project.ways = {str(n): (Way(f"1{n}", str(n + 1)), Way(f"2{n}", "1")) for n in range(1, 13)}
    issue = one(tracker)
    hops(jira_cloud)
    with pytest.raises(TrackerError, match="not within 8 transitions"):
        tracker.move(issue, State.DONE)
    assert sum(step.startswith("1") for step in hops(jira_cloud)) == 8
    assert jira_cloud.held(issue.ref).fields["status"] == "1"


def test_a_transition_that_needs_a_field_gets_it_from_the_configuration(jira_cloud: JiraCloud) -> None:
    """By the field's name, in the field's own type."""
    cause = rule("Root cause found", "option", required=True, allowed=[{"id": "7", "value": "Yes"}])
    jira_cloud.project.ways = {"1": (Way("11", "3", {**SCREEN, "customfield_1": cause}),)}
    jira_cloud.options["transition_fields"] = {"root cause found": True}
    tracker = jira_cloud.open()
    issue = one(tracker)
    assert tracker.move(issue, State.DONE).state is State.DONE
    tracker.close()
    assert jira_cloud.held(issue.ref).fields["customfield_1"] == {"id": "7"}


def test_a_resolution_demanded_on_the_way_comes_from_the_configuration(jira_cloud: JiraCloud) -> None:
    """Where nothing is done yet, none is ours to choose."""
    jira_cloud.project.statuses = STATUSES
    jira_cloud.project.ways = {"1": (Way("11", "3", SCREEN),), "3": (Way("31", "5", SCREEN),)}
    jira_cloud.options["transition_fields"] = {"Resolution": "Won't Do"}
    tracker = jira_cloud.open()
    issue = one(tracker)
    assert tracker.move(issue, State.DONE).state is State.DONE
    tracker.close()
    assert jira_cloud.held(issue.ref).fields["resolution"] == "Done"


def test_a_transition_that_needs_an_unknown_field_says_so(jira_cloud: JiraCloud, tracker: Tracker) -> None:
    """Jira's own words, the field's name, and the key that settles it."""
    cause = rule("Root cause found", "string", required=True)
    jira_cloud.project.ways = {"1": (Way("11", "5", {"customfield_1": cause}),)}
    issue = one(tracker)
    with pytest.raises(TrackerError, match=r"it needs Root cause found: give it in `transition_fields`"):
        tracker.move(issue, State.DONE)
    assert jira_cloud.held(issue.ref).fields["status"] == "1"


def test_a_validator_that_refuses_makes_another_way_be_tried(jira_cloud: JiraCloud, tracker: Tracker) -> None:
    """The refused transition isn't tried twice."""
    jira_cloud.project.ways = {"1": (Way("11", "5", refuses="Only on Fridays."), Way("12", "4")), "4": LINE["4"]}
    issue = one(tracker)
    hops(jira_cloud)
    assert tracker.move(issue, State.DONE).state is State.DONE
    assert hops(jira_cloud) == ["?", "11", "?", "12", "?", "41"]


def test_a_resolution_is_set_where_the_screen_takes_one(jira_cloud: JiraCloud, tracker: Tracker) -> None:
    """Dropped is a resolution of done, and a duplicate is called one."""
    jira_cloud.project.ways = {"1": (Way("11", "5", SCREEN),)}
    done, dropped, twin = one(tracker), one(tracker, "Second"), one(tracker, "Third")
    tracker.move(done, State.DONE)
    tracker.move(dropped, State.DROPPED)
    tracker.move(twin, State.DROPPED, duplicate_of=done.ref)
    told = [jira_cloud.held(issue.ref).fields["resolution"] for issue in (done, dropped, twin)]
    assert told == ["Done", "Won't Do", "Duplicate"]
    assert [read_one(tracker, i.ref).state for i in (done, dropped, twin)] == [State.DONE, State.DROPPED, State.DROPPED]


def test_where_no_screen_takes_a_resolution_dropped_is_done_and_said(jira_cloud: JiraCloud, tracker: Tracker) -> None:
    """It is closed all the same."""
    jira_cloud.project.ways = {"1": (Way("11", "5"),)}
    moved = tracker.move(one(tracker), State.DROPPED)
    assert moved.state is State.DONE
    assert moved.notes == ("OPS-1 is done, as no screen on the way takes a resolution",)


def test_statuses_mean_what_the_configuration_says(jira_cloud: JiraCloud) -> None:
    """By name, whatever their category."""
    jira_cloud.project.statuses = (*STATUSES, ("7", "Rejected", "done"))
    jira_cloud.project.ways = {"1": (Way("11", "7"), Way("12", "5"), Way("13", "6")), "6": (Way("61", "1"),)}
    jira_cloud.options["states"] = {State.DROPPED: ("rejected",), State.OPEN: ("Parked",)}
    tracker = jira_cloud.open()
    issue, other = one(tracker), one(tracker, "Second")
    assert tracker.move(issue, State.DROPPED).state is State.DROPPED
    assert jira_cloud.held(issue.ref).fields["status"] == "7"
    assert read_one(tracker, issue.ref).state is State.DROPPED
    jira_cloud.held(other.ref).fields["status"] = "6"
    assert read_one(tracker, other.ref).state is State.OPEN
    tracker.close()


@pytest.mark.parametrize("seed", range(24))
def test_whatever_the_workflow_an_issue_is_done_if_there_is_a_way(jira_cloud: JiraCloud, seed: int) -> None:
    """And else it says so: of statuses in any order, some of one name, some transitions refusing whoever tries."""
    chance = random.Random(seed)
    numbers = [str(n) for n in range(1, chance.randint(2, 7) + 1)]
    names = [(n, chance.choice(["Open", "Work", f"Step {n}"]), chance.choice(list(CATEGORIES))) for n in numbers]
    jira_cloud.project.statuses = ((names[0][0], names[0][1], "new"), *names[1:])
    jira_cloud.project.ways = {
        one: tuple(
            Way(f"{one}{other}", other, refuses=chance.choice(["", "", "", "Only on Fridays."]))
            for other in numbers
            if other != one and chance.random() < 0.35
        )
        for one in numbers
    }
    tracker = jira_cloud.open()
    issue = one(tracker)
    if any(jira_cloud.project.category(status) == "done" for status in reachable(jira_cloud.project)):
        assert tracker.move(issue, State.DONE).state is State.DONE
        assert read_one(tracker, issue.ref).state is State.DONE
    else:
        with pytest.raises(TrackerError, match=r"no transition leads there|has no status that means done"):
            tracker.move(issue, State.DONE)
    tracker.close()


def reachable(project: Project) -> set[str]:
    """The statuses that an issue can get to from its first."""
    seen, waiting = {"1"}, ["1"]
    while waiting:
        new = {way.to for way in project.ways[waiting.pop()] if not way.refuses} - seen
        seen |= new
        waiting += new
    return seen


def test_two_statuses_of_one_name_are_told_apart(jira_cloud: JiraCloud, tracker: Tracker) -> None:
    """Each is where its own transitions lead."""
    jira_cloud.project.statuses = (("1", "Open", "new"), ("2", "Open", "indeterminate"), ("3", "Closed", "done"))
    jira_cloud.project.ways = {"1": (Way("11", "2"),), "2": (Way("21", "3"), Way("22", "1"))}
    issue = one(tracker)
    hops(jira_cloud)
    assert tracker.move(issue, State.DONE).state is State.DONE
    assert hops(jira_cloud) == ["?", "11", "?", "21"]


def test_what_is_there_already_costs_nothing(jira_cloud: JiraCloud, tracker: Tracker) -> None:
    """An issue in the wanted state is left alone."""
    issue = one(tracker)
    jira_cloud.front.exchanges.clear()
    assert tracker.move(issue, State.OPEN).state is State.OPEN
    assert jira_cloud.front.exchanges == []


def test_a_duplicate_says_what_it_is_while_it_is_closed_step_by_step(jira_cloud: JiraCloud, tracker: Tracker) -> None:
    """Else a run that is cut off on the way would leave an issue that looks as if somebody worked on it."""
    kept, twin = one(tracker), one(tracker, "Twin")
    jira_cloud.project.ways = {**LINE, "4": (Way("41", "5", refuses="Not now"),)}
    with pytest.raises(TrackerError):
        tracker.move(twin, State.DROPPED, duplicate_of=kept.ref)
    assert jira_cloud.held(twin.ref).properties["pm-sync"]["base"][TWIN] == kept.ref.id
    tracker.close()
    jira_cloud.project.ways = dict(LINE)
    later = jira_cloud.open()
    assert later.move(read_one(later, twin.ref), State.DROPPED, duplicate_of=kept.ref).state.settled
    later.close()
    assert TWIN not in jira_cloud.held(twin.ref).properties["pm-sync"]["base"]
