"""Settling: creates whose answer was lost, in this run or an earlier one, and issues that two machines made at once."""

from __future__ import annotations

import pytest

from pm_sync.errors import AnswerLost, TrackerError
from pm_sync.model import State
from pm_sync.sync.changes import ChangeKind
from pm_sync.trackers.base import PARENT
from tests.factories import draft, local_ref, mark
from tests.unit.sync.support import Bench, MakeBench, about, creating, made, ref_of


class TestLostAnswers:
    """A create whose answer was lost is looked up before it is tried again."""

    def test_it_had_acted(self, bench: Bench) -> None:
        """Its issue is found, and nothing is sent again."""
        bench.tracker.lose["One"] = 1
        applied = bench.apply(creating("One"), creating("Two"))
        assert (ref_of(applied), applied.outcomes[0].ok, applied.left) == ("local#1", True, 0)
        assert bench.calls.creates == [["One", "Two"]]
        assert bench.titles() == ["One", "Two"]

    def test_it_had_not(self, bench: Bench) -> None:
        """It is sent once more."""
        bench.tracker.swallow.add("One")
        applied = bench.apply(creating("One"))
        assert (applied.outcomes[0].ok, bench.calls.creates) == (True, [["One"], ["One"]])
        assert bench.titles() == ["One"]

    def test_lost_again(self, bench: Bench) -> None:
        """It stays in the journal for the next run, which finds it by its mark."""
        bench.tracker.swallow.add("One")
        bench.tracker.lose["One"] = 1
        change = creating("One")
        applied = bench.apply(change)
        assert (applied.outcomes[0].ok, applied.left) == (False, 1)
        assert "the next run looks it up" in str(applied.outcomes[0].error)
        assert set(bench.journal("next").unsettled) == {change.key}

    def test_refused_the_second_time(self, bench: Bench) -> None:
        """Then it is settled: nothing was made."""
        bench.tracker.swallow.add("One")
        bench.tracker.refuse["One"] = TrackerError("not now")
        applied = bench.apply(creating("One"))
        assert applied.outcomes[0].error == "not now"
        assert bench.journal("next").left == ()

    def test_a_sub_task_of_what_was_lost(self, bench: Bench) -> None:
        """It is sent again below its parent's issue."""
        parent = creating("Replicas")
        bench.tracker.swallow.add("Oslo")
        bench.apply(parent, creating("Oslo", parent=parent.key))
        assert [entry.parent for entry in bench.issues()] == [None, local_ref(1)]

    def test_sub_tasks_wait_for_what_was_lost(self, bench: Bench) -> None:
        """They are made below its issue, when that is found, or sent again."""
        for title, fate in (("Found", bench.tracker.lose), ("Sent again", None)):
            parent = creating(title)
            below = creating(f"Below {title}", parent=parent.key)
            if fate is not None:
                fate[title] = 1
            else:
                bench.tracker.swallow.add(title)
            applied = bench.apply(parent, below, creating(f"Deep below {title}", parent=below.key))
            assert [applied.outcomes[at].ok for at in range(3)] == [True] * 3
        parents = {entry.issue.title: entry.parent for entry in bench.issues()}
        assert parents == {
            "Found": None,
            "Below Found": local_ref(1),
            "Deep below Found": local_ref(2),
            "Sent again": None,
            "Below Sent again": local_ref(4),
            "Deep below Sent again": local_ref(5),
        }

    def test_sub_tasks_of_what_was_lost_again(self, bench: Bench) -> None:
        """They are left to the next run with it, and nothing is sent for them."""
        bench.tracker.swallow.add("One")
        bench.tracker.lose["One"] = 1
        parent = creating("One")
        applied = bench.apply(parent, creating("Two", parent=parent.key))
        assert (applied.left, bench.titles()) == (2, ["One"])
        assert applied.outcomes[1].error == "the issue of the item above it is not known yet; the next run looks it up"
        assert set(bench.journal("next").unsettled) == {parent.key}

    def test_an_issue_that_is_to_be_below_what_was_lost(self, bench: Bench) -> None:
        """It gets its place when the issue above is found."""
        child = made(bench, "Two")
        bench.tracker.lose["One"] = 1
        parent = creating("One")
        update = about(child, ChangeKind.UPDATE, draft=draft("Two"), changed=frozenset({PARENT}), parent=parent.key)
        applied = bench.apply(parent, update)
        assert (applied.outcomes[1].ok, applied.left) == (True, 0)
        assert [entry.parent for entry in bench.issues()] == [local_ref(2), None]

    def test_the_index_is_given_its_time_once(self, make_bench: MakeBench) -> None:
        """After all other creates, for all that were lost together."""
        bench = make_bench(index_lag=60.0)
        bench.tracker.lose |= {"One": 1, "Two": 1}
        bench.apply(creating("One"), creating("Two"), creating("Three"))
        assert bench.calls.waits == [60.0]

    def test_nothing_is_waited_for_without_need(self, make_bench: MakeBench) -> None:
        """When every answer came."""
        bench = make_bench(index_lag=60.0)
        bench.apply(creating("One"))
        assert bench.calls.waits == []

    def test_the_look_up_fails(self, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        """Whether it was made is not known, so it is not sent again."""

        def fail(*_: object) -> None:
            raise TrackerError("the server is down")

        bench.tracker.lose["One"] = 1
        monkeypatch.setattr(bench.tracker, "created_since", fail)
        applied = bench.apply(creating("One"), creating("Two"))
        assert (applied.outcomes[0].ok, applied.outcomes[1].ok, applied.left) == (False, True, 1)
        assert str(applied.outcomes[0].error).startswith("the server is down; whether the issue was made")
        assert bench.calls.creates == [["One", "Two"]]
        [note] = applied.outcomes[1].notes
        assert note.startswith("whether another run made the same issues could not be checked")
        assert note.endswith(": the server is down")


class TestEarlierRuns:
    """A create that an earlier run sent lately is not sent again before a slow index could know it."""

    def attempt(self, make_bench: MakeBench, minutes: float) -> Bench:
        """A run whose create acted, whose answer was lost, and which was killed then; and the time after it."""
        bench = make_bench(index_lag=60.0)
        bench.tracker.create([draft("One")])
        bench.journal("before").intend([creating("One")])
        bench.calls.creates.clear()
        bench.later(minutes=minutes)
        return bench

    def test_lately(self, make_bench: MakeBench) -> None:
        """It waits its turn until after the other creates, and is then looked up from the time it was sent."""
        bench = self.attempt(make_bench, 0.5)
        applied = bench.apply(creating("One"), creating("Two"))
        assert (ref_of(applied), applied.outcomes[0].ok) == ("local#1", True)
        assert (bench.calls.creates, bench.calls.waits) == ([["Two"]], [60.0])

    def test_a_sub_task_that_it_made_gets_its_place(self, make_bench: MakeBench) -> None:
        """It was cut off before it came to that, as far as anybody knows."""
        bench = self.attempt(make_bench, 0.5)
        parent = creating("Whole")
        applied = bench.apply(parent, creating("One", parent=parent.key))
        assert (ref_of(applied, 1), bench.issues()[0].parent) == ("local#1", local_ref(2))

    def test_long_ago(self, make_bench: MakeBench) -> None:
        """What was looked up before this plan is final by then."""
        bench = self.attempt(make_bench, 2)
        bench.apply(creating("One"))
        assert (bench.calls.creates, bench.calls.waits) == ([["One"]], [])

    def test_it_had_not_acted(self, make_bench: MakeBench) -> None:
        """It is sent, once."""
        bench = make_bench(index_lag=60.0)
        bench.journal("before").intend([creating("One")])
        applied = bench.apply(creating("One"))
        assert (applied.outcomes[0].ok, bench.calls.creates) == (True, [["One"]])


class TestTwins:
    """Two machines at once: of two issues with one key the lowest stays."""

    def test_ours_is_the_younger(self, bench: Bench) -> None:
        """We close it as the other's duplicate, and record the other in the file."""
        theirs = made(bench, "Theirs")
        change = creating()
        bench.tracker.twins[theirs.ref] = mark()
        applied = bench.apply(change)
        assert applied.issues[0].ref == theirs.ref
        assert [(o.change.kind, o.ref, o.ok) for o in applied.extra] == [(ChangeKind.DUPLICATE, local_ref(2), True)]
        ours = bench.issues()[1]
        assert (ours.issue.state, ours.duplicate_of) == (State.DROPPED, theirs.ref)
        assert ours.comments == ("Closed as a duplicate: local#1 was made for the same action item, and stays.",)

    def test_closed_but_not_said(self, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        """It is closed all the same, and the outcome notes what is missing."""

        def fail(*_: object) -> None:
            raise TrackerError("comments are locked")

        theirs = made(bench, "Theirs")
        bench.tracker.twins[theirs.ref] = mark()
        monkeypatch.setattr(bench.tracker, "comment", fail)
        [outcome] = bench.apply(creating()).extra
        assert (outcome.ok, outcome.notes) == (True, ("closed, but that is not said below it: comments are locked",))
        assert bench.issues()[1].issue.state is State.DROPPED

    def test_ours_is_the_older(self, bench: Bench) -> None:
        """It stays, and closing the younger is for the machine that made it."""
        applied = bench.apply(creating())
        theirs = made(bench, "Theirs")
        bench.tracker.twins[theirs.ref] = mark()
        applied = bench.apply(creating())
        assert (applied.issues[0].ref, applied.extra) == (local_ref(1), [])
        assert [entry.issue.state for entry in bench.issues()] == [State.OPEN, State.OPEN]

    def test_closing_ours_fails(self, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        """That is told, and the older is recorded all the same."""

        def fail(*_: object) -> None:
            raise AnswerLost("the connection broke")

        theirs = made(bench, "Theirs")
        bench.tracker.twins[theirs.ref] = mark()
        monkeypatch.setattr(bench.tracker, "move", fail)
        applied = bench.apply(creating())
        assert applied.issues[0].ref == theirs.ref
        assert [outcome.error for outcome in applied.extra] == ["the connection broke"]
