"""State, three-way: the whole table of what the file, our annotation and the tracker may say."""

from __future__ import annotations

from itertools import product

import pytest

from pm_sync.model import Control, ControlKind, Span, State
from pm_sync.sync.states import reconcile, wish
from pm_sync.trackers.base import Capabilities

N, P, D, X = State.OPEN, State.IN_PROGRESS, State.DONE, State.DROPPED  # not started, in progress, done, dropped
ALL = Capabilities(frozenset(State))
BY_STEPS = Capabilities(frozenset(State), by_steps=True)
OPEN_OR_DONE = Capabilities(frozenset({N, D}))
GITHUB = Capabilities(frozenset({N, D, X}))


def box(state: State | None) -> Control:
    """A checkbox that reads as this state."""
    return Control(ControlKind.BOX, Span(2, 3), state)


def cell(state: State | None) -> Control:
    """A state cell that reads as this state."""
    return Control(ControlKind.CELL, Span(2, 6), state)


@pytest.mark.parametrize(
    ("control", "base", "asked"),
    [
        pytest.param(None, N, None, id="no control asks for nothing"),
        pytest.param(cell(None), D, None, id="an empty or unknown cell asks for nothing"),
        pytest.param(box(N), N, None, id="unticked agrees with open"),
        pytest.param(box(N), P, None, id="unticked agrees with in progress"),
        pytest.param(box(D), D, None, id="ticked agrees with done"),
        pytest.param(box(D), N, D, id="ticked over open"),
        pytest.param(box(D), P, D, id="ticked over in progress"),
        pytest.param(box(N), D, N, id="unticked over done"),
        pytest.param(box(N), X, None, id="a dropped item's box is left alone, unticked"),
        pytest.param(box(D), X, None, id="a dropped item's box is left alone, ticked"),
        pytest.param(cell(P), N, P, id="a cell can ask for in progress"),
        pytest.param(cell(X), N, X, id="a cell can ask for dropped"),
        pytest.param(cell(N), X, N, id="a cell can ask for a dropped item again"),
        pytest.param(cell(P), P, None, id="an equal cell asks for nothing"),
    ],
)
def test_wish(control: Control | None, base: State, asked: State | None) -> None:
    """A control asks for something only where it differs from what was recorded."""
    assert wish(control, base, ALL) is asked


@pytest.mark.parametrize(
    ("control", "base", "asked"),
    [
        pytest.param(cell(P), N, None, id="in progress is open there"),
        pytest.param(cell(X), D, None, id="dropped is done there"),
        pytest.param(cell(X), N, D, id="dropped asks for done there"),
    ],
)
def test_wish_is_limited_to_what_the_tracker_holds(control: Control, base: State, asked: State | None) -> None:
    """A state that the tracker can't hold compares equal to its nearest."""
    assert wish(control, base, OPEN_OR_DONE) is asked


@pytest.mark.parametrize(
    ("base", "control", "tracker", "record", "remote"),
    [
        # Nobody moved.
        (N, None, N, N, None),
        (N, box(N), N, N, None),
        (P, box(N), P, P, None),
        (D, box(D), D, D, None),
        (X, box(N), X, X, None),
        (X, box(D), X, X, None),
        # Only the tracker moved: the file follows.
        (N, box(N), P, P, None),
        (N, box(N), D, D, None),
        (N, box(N), X, X, None),
        (D, box(D), N, N, None),
        (D, box(D), X, X, None),
        (X, box(D), N, N, None),
        (N, cell(N), P, P, None),
        (N, None, D, D, None),
        # Only the file moved: the tracker follows.
        (N, box(D), N, D, D),
        (P, box(D), P, D, D),
        (D, box(N), D, N, N),
        (N, cell(P), N, P, P),
        (N, cell(X), N, X, X),
        (X, cell(N), X, N, N),
        # Both moved the same way.
        (N, box(D), D, D, None),
        (D, box(N), N, N, None),
        (N, cell(X), X, X, None),
        # Both moved differently: the tracker wins.
        (N, box(D), P, P, None),
        (P, box(D), N, N, None),
        (N, cell(X), P, P, None),
        (N, box(D), X, X, None),
        (D, box(N), X, X, None),
        (N, cell(P), D, D, None),
        # No base: the tracker's state is taken, whatever the file says.
        (None, box(D), N, N, None),
        (None, box(N), D, D, None),
        (None, cell(X), P, P, None),
        (None, None, D, D, None),
    ],
)
def test_reconcile(
    base: State | None, control: Control | None, tracker: State, record: State, remote: State | None
) -> None:
    """Each combination of base, file and tracker leads to one record and at most one move."""
    move = reconcile(base, control, tracker, ALL)
    assert (move.record, move.remote, move.control, move.withheld) == (record, remote, True, False)


@pytest.mark.parametrize(
    ("base", "control", "tracker", "asked"), [(N, box(D), P, D), (P, box(D), N, D), (N, cell(X), P, X)]
)
def test_a_wish_to_settle_stands_where_an_issue_goes_step_by_step(
    base: State, control: Control, tracker: State, asked: State
) -> None:
    """It may have been a run of ours that was cut off on the way there."""
    move = reconcile(base, control, tracker, BY_STEPS)
    assert (move.record, move.remote, move.control) == (asked, asked, True)


@pytest.mark.parametrize(("base", "tracker"), [(N, X), (N, P), (P, X)])
def test_the_file_wins_where_it_owns_the_state(base: State, tracker: State) -> None:
    """With ``ownership.state: file`` a tick goes over what the tracker did meanwhile."""
    move = reconcile(base, box(D), tracker, ALL, file_wins=True)
    assert (move.record, move.remote) == (D, D)
    assert "the file wins" in move.reason


def test_the_file_never_wins_over_a_followed_issue() -> None:
    """An issue that isn't ours is not written, whoever owns the state."""
    move = reconcile(N, box(D), X, ALL, manage=False, file_wins=True)
    assert (move.record, move.remote) == (X, None)


def test_a_tick_at_a_followed_issue_is_left_and_said() -> None:
    """The box stays as it is, the issue too, and the plan says why."""
    move = reconcile(N, box(D), N, ALL, manage=False)
    assert (move.record, move.remote, move.control, move.withheld) == (N, None, False, True)
    assert "followed" in move.reason


def test_a_tick_at_a_followed_issue_that_was_begun_is_left() -> None:
    """The file records that it was begun."""
    move = reconcile(N, box(D), P, BY_STEPS, manage=False)
    assert (move.record, move.remote, move.control, move.withheld) == (P, None, False, True)


def test_both_sides_are_told_where_the_tracker_wins() -> None:
    """A tick that is overruled is not overruled silently."""
    move = reconcile(N, box(D), X, ALL)
    assert move.reason == "the file says done, but the issue moved to dropped: the tracker wins"


@pytest.mark.parametrize(("base", "tracker"), [(P, N), (X, D)])
def test_a_base_that_the_tracker_cannot_hold_causes_no_change(base: State, tracker: State) -> None:
    """An annotation from a tracker that knew more states stays while the issue is in the nearest of its states."""
    move = reconcile(base, None, tracker, OPEN_OR_DONE)
    assert (move.record, move.remote) == (base, None)


class TestFound:
    """What the control was when the issue was created in another state: a difference that nobody made."""

    @pytest.mark.parametrize("base", [None, N])
    def test_it_is_left_alone(self, base: State | None) -> None:
        """A box that was ticked when its issue was created open stays ticked, and closes nothing."""
        move = reconcile(base, box(D), N, GITHUB, found="done")
        assert (move.record, move.remote, move.control) == (N, None, False)

    def test_the_tracker_moves_away(self) -> None:
        """As soon as the issue moves, the box follows it."""
        move = reconcile(N, box(D), X, GITHUB, found="done")
        assert (move.record, move.control) == (X, True)

    def test_the_file_moves_away(self) -> None:
        """A cell that is no longer what was found asks as any other."""
        assert reconcile(N, cell(D), N, ALL, found="in_progress").remote is D

    def test_a_later_change_back_to_it_is_a_change(self) -> None:
        """Once the issue has left its first state, a control that says what was found is a wish again."""
        assert reconcile(P, box(D), P, ALL, found="done").remote is D

    def test_a_link_restored_late_brings_the_control_into_step(self) -> None:
        """An issue that was settled before its link landed is recorded with its cell, so that nothing reopens it."""
        first = reconcile(None, cell(P), D, ALL, found="in_progress")
        assert (first.record, first.control) == (D, True)


def test_every_combination_is_settled_by_one_more_look() -> None:
    """After what was decided is done on both sides, nothing is left to decide."""
    for base, seen, tracker in product((None, N, P, D, X), (None, N, P, D, X), (N, P, D, X)):
        control = cell(seen)
        move = reconcile(base, control, tracker, ALL)
        then = move.remote or tracker
        again = reconcile(move.record, cell(move.record) if seen else control, then, ALL)
        assert (again.record, again.remote) == (move.record, None), (base, seen, tracker)
