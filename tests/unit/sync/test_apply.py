"""Applying: each call journalled, each failure kept to its own change, nothing sent twice."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pm_sync.errors import AccessDenied, NotFound, RateLimited, TrackerError
from pm_sync.model import Issue, State
from pm_sync.sync.apply import Means, apply_changes
from pm_sync.sync.changes import ChangeKind, Remark
from pm_sync.trackers.base import PARENT, Tracker
from tests.factories import NOW, draft, local_ref, mark
from tests.unit.sync.support import Bench, MakeBench, about, creating, made, ref_of


class TestCreates:
    """As many as the tracker takes in one call, a parent before its sub-tasks."""

    def test_one_call_for_all(self, bench: Bench) -> None:
        """The results come back in order, and each is told."""
        applied = bench.apply(creating("One"), creating("Two"))
        assert bench.calls.creates == [["One", "Two"]]
        assert [ref_of(applied, at) for at in (0, 1)] == ["local#1", "local#2"]
        assert [(outcome.change.text, outcome.ok) for outcome in bench.told] == [("One", True), ("Two", True)]

    def test_no_more_than_a_batch(self, make_bench: MakeBench) -> None:
        """A tracker says how many it takes."""
        bench = make_bench(create_batch=2)
        bench.apply(*(creating(title) for title in "abc"))
        assert bench.calls.creates == [["a", "b"], ["c"]]

    def test_a_sub_task_waits_for_its_parent(self, bench: Bench) -> None:
        """Their issues are made one after the other, and the second knows the first."""
        parent = creating("Replicas")
        bench.apply(parent, creating("Oslo", parent=parent.key), creating("Bergen", parent=parent.key))
        assert bench.calls.creates == [["Replicas"], ["Oslo", "Bergen"]]
        assert [entry.parent for entry in bench.issues()] == [None, local_ref(1), local_ref(1)]

    def test_a_sub_task_of_a_sub_task(self, bench: Bench) -> None:
        """Each level waits for the one above."""
        one = creating("One")
        two = creating("Two", parent=one.key)
        bench.apply(one, two, creating("Three", parent=two.key))
        assert [entry.parent for entry in bench.issues()] == [None, local_ref(1), local_ref(2)]

    def test_an_issue_that_is_to_be_below_one_still_to_be_made(self, bench: Bench) -> None:
        """The create goes first."""
        child = made(bench, "Oslo")
        parent = creating("Replicas")
        update = about(child, ChangeKind.UPDATE, draft=draft("Oslo"), changed=frozenset({PARENT}), parent=parent.key)
        bench.apply(parent, update, creating("Bergen"))
        assert bench.calls.creates == [["Replicas"], ["Bergen"]]
        assert [entry.parent for entry in bench.issues()] == [local_ref(2), None, None]

    def test_a_sub_task_whose_parent_failed(self, bench: Bench) -> None:
        """It is made all the same, on its own."""
        parent = creating("Replicas")
        bench.tracker.refuse["Replicas"] = TrackerError("no such type")
        applied = bench.apply(parent, creating("Oslo", parent=parent.key))
        assert applied.outcomes[0].error == "no such type"
        assert [(entry.issue.title, entry.parent) for entry in bench.issues()] == [("Oslo", None)]

    def test_the_same_twice(self, bench: Bench) -> None:
        """A key that has its issue gets no second one."""
        assert ref_of(bench.apply(creating())) == ref_of(bench.apply(creating())) == "local#1"


class TestOtherWrites:
    """One call each, with the issue as it was read."""

    def test_update(self, bench: Bench) -> None:
        """Only the fields that changed."""
        issue = made(bench)
        wish = draft("Add two replicas", mark=mark("Add two replicas"), priority="P1")
        applied = bench.apply(about(issue, ChangeKind.UPDATE, draft=wish, changed=frozenset({"title"})))
        assert (applied.issues[0].title, applied.issues[0].priority) == ("Add two replicas", None)

    @pytest.mark.parametrize(
        ("kind", "state"),
        [
            (ChangeKind.CLOSE, State.DONE),
            (ChangeKind.CLOSE, State.DROPPED),
            (ChangeKind.UPDATE, State.IN_PROGRESS),
        ],
    )
    def test_moves(self, bench: Bench, kind: ChangeKind, state: State) -> None:
        """The issue is brought into the state."""
        assert bench.apply(about(made(bench), kind, state=state)).issues[0].state is state

    def test_a_duplicate_says_of_which(self, bench: Bench) -> None:
        """And is dropped."""
        one, two = made(bench), made(bench, "Another")
        bench.apply(about(two, ChangeKind.DUPLICATE, state=State.DROPPED, duplicate_of=one.ref))
        assert [(e.issue.state, e.duplicate_of) for e in bench.issues()] == [
            (State.OPEN, None),
            (State.DROPPED, one.ref),
        ]

    def test_a_comment_is_made_once(self, bench: Bench) -> None:
        """However often it is asked for."""
        change = about(made(bench), ChangeKind.COMMENT, remark=Remark("Nobody needs this any more.", "removed-1"))
        bench.apply(change)
        bench.apply(change)
        [entry] = bench.issues()
        assert len(entry.comments) == 1
        assert "Nobody needs this any more." in entry.comments[0]

    def test_changes_to_files_alone_are_left_out(self, bench: Bench) -> None:
        """Nothing is called or journalled for them."""
        applied = bench.apply(about(made(bench), ChangeKind.WRITE_BACK, state=State.DONE))
        assert (applied.outcomes, bench.journal().left) == ({}, ())


class TestFailures:
    """Each is kept to its own change."""

    def test_one_of_a_batch(self, bench: Bench) -> None:
        """The others are made."""
        bench.tracker.refuse["Two"] = TrackerError("the title holds a word that is not allowed")
        applied = bench.apply(creating("One"), creating("Two"), creating("Three"))
        assert [applied.outcomes[at].error for at in range(3)] == [
            None,
            "the title holds a word that is not allowed",
            None,
        ]
        assert bench.titles() == ["One", "Three"]

    def test_an_issue_that_is_gone(self, bench: Bench) -> None:
        """Goes on with the next change."""
        there = made(bench)
        gone = about(there, ChangeKind.CLOSE, state=State.DONE)
        applied = bench.apply(about(replace(there, ref=local_ref(9)), ChangeKind.CLOSE, state=State.DONE), gone)
        assert (applied.outcomes[0].ok, applied.outcomes[1].ok) == (False, True)

    def test_somebody_was_faster(self, bench: Bench) -> None:
        """An issue that moved since it was read is not moved again."""
        issue = made(bench)
        bench.tracker.move(issue, State.DROPPED)
        applied = bench.apply(about(issue, ChangeKind.CLOSE, state=State.DONE))
        assert applied.outcomes[0].error == "local#1 is dropped by now; run again"

    def test_a_rate_limit_leaves_the_rest_for_the_next_run(self, make_bench: MakeBench) -> None:
        """Nothing more is sent there, and nothing counts as failed."""
        bench = make_bench(create_batch=1)
        bench.tracker.refuse["Two"] = RateLimited("too many requests", retry_after=60)
        applied = bench.apply(creating("One"), creating("Two"), creating("Three"))
        assert bench.calls.creates == [["One"], ["Two"]]
        assert (applied.left, set(applied.outcomes)) == (2, {0})

    def test_a_lost_permission_stops_the_tracker(self, make_bench: MakeBench) -> None:
        """The rest is told to have failed for the same reason, without another call."""
        bench = make_bench(create_batch=1)
        bench.tracker.refuse["One"] = AccessDenied("the token has expired")
        applied = bench.apply(creating("One"), creating("Two"))
        assert bench.calls.creates == [["One"]]
        assert [outcome.error for outcome in applied.outcomes.values()] == ["the token has expired"] * 2

    def test_a_stranger_s_issue_that_is_closed_to_us_stops_nothing(
        self, bench: Bench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Under ``adopted: manage`` it may lie in a repository where we have no rights, unlike the rest."""
        issue = replace(made(bench, "One"), mark=None)

        def refuse(*_: object) -> Issue:
            raise AccessDenied("the credential may not")

        monkeypatch.setattr(bench.tracker, "move", refuse)
        applied = bench.apply(about(issue, ChangeKind.CLOSE, state=State.DONE), creating("Two"))
        assert [outcome.error for outcome in applied.outcomes.values()] == ["the credential may not", None]
        assert bench.titles() == ["One", "Two"]

    def test_a_tracker_that_cannot_be_opened(self, bench: Bench) -> None:
        """All its changes fail, and nothing is unsettled."""

        def broken(_: str) -> Tracker:
            raise NotFound("no such repository")

        means = Means(broken, bench.journal(), NOW, bench.told.append, bench.calls.waits.append)
        applied = apply_changes([creating("One"), creating("Two")], means)
        assert [outcome.error for outcome in applied.outcomes.values()] == ["no such repository"] * 2
        assert bench.journal("next").left == ()


class TestJournal:
    """Every call is on disk before it is made, and its result after."""

    def test_what_was_made_is_known(self, bench: Bench) -> None:
        """Until the run ends whole."""
        change = creating()
        bench.apply(change)
        assert bench.journal("next").created == {change.key: local_ref(1)}

    def test_the_intent_is_there_when_the_call_is_made(self, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        """A process killed within the call leaves it behind."""
        change = creating()

        class Killed(BaseException):
            """Nothing catches this."""

        def die(*_: object) -> None:
            raise Killed

        monkeypatch.setattr(bench.tracker, "create", die)
        with pytest.raises(Killed):
            bench.apply(change)
        assert bench.journal("next").unsettled == {change.key: NOW}

    def test_a_refused_call_leaves_nothing(self, bench: Bench) -> None:
        """It is known not to have acted."""
        bench.tracker.refuse["One"] = TrackerError("no")
        bench.apply(creating("One"))
        assert bench.journal("next").left == ()
