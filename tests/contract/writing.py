"""Writing into issues that are there."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pm_sync.errors import TrackerError
from pm_sync.model import State
from pm_sync.trackers.base import FIELDS, Tracker
from tests.contract.support import (
    Remote,
    create,
    full_draft,
    look_up,
    other_draft,
    read_one,
    requires_field,
    run,
    said,
    said_by,
    utc_day,
)
from tests.factories import draft, mark


class Writing:
    """What a tracker promises about updates, moves, comments and marks."""

    @pytest.mark.parametrize("field", FIELDS)
    def test_updates_the_named_field_only(self, tracker: Tracker, remote: Remote, field: str) -> None:
        """A field not named stays, though the draft says otherwise."""
        requires_field(tracker, field)
        before = full_draft()
        [made] = create(tracker, before)
        after = other_draft()
        updated = tracker.update(made, after, frozenset({field}))
        expected = said_by(before, tracker) | {field: said_by(after, tracker)[field]}
        assert said(updated, tracker) == expected
        with run(remote) as later:
            assert said(read_one(later, made.ref), tracker) == expected

    def test_updates_several_fields_at_once(self, tracker: Tracker) -> None:
        """All named fields are written, and the mark is refreshed by the same call."""
        before = full_draft()
        [made] = create(tracker, before)
        after = replace(other_draft(), mark=mark("Another text", path="postmortems/new.md", base={"due": "0"}))
        tracker.update(made, after, frozenset(FIELDS))
        found = read_one(tracker, made.ref)
        assert said(found, tracker) == said_by(after, tracker)
        assert found.mark == after.mark
        assert found.mark is not None
        assert dict(found.mark.base) == {"due": "0"}

    def test_a_refreshed_mark_is_found_by_its_new_text_only(self, tracker: Tracker) -> None:
        """After a reword the old text names no issue any more."""
        [made] = create(tracker, draft("Old words"))
        tracker.update(made, draft("New words"), frozenset({"title"}))
        assert [issue.ref for issue in look_up(tracker, mark("New words")).marked] == [made.ref]
        assert mark("Old words") not in {issue.mark for issue in look_up(tracker, mark("Old words")).marked}

    def test_an_update_takes_no_label_away(self, tracker: Tracker, remote: Remote) -> None:
        """Labels that people, or an earlier draft, gave stay."""
        requires_field(tracker, "labels")
        [made] = create(tracker, draft(labels=("postmortem",)))
        remote.label(made.ref, "by-hand")
        tracker.update(made, draft(labels=("database",)), frozenset({"labels"}))
        assert {"postmortem", "by-hand", "database"} <= read_one(tracker, made.ref).labels

    def test_an_update_from_old_knowledge_keeps_what_people_wrote_since(self, tracker: Tracker, remote: Remote) -> None:
        """A title changed after the issue was read survives an update of another field."""
        [made] = create(tracker, draft())
        remote.retitle(made.ref, "Reworded by a person")
        tracker.update(made, draft(details="New details"), frozenset({"details"}))
        assert read_one(tracker, made.ref).title == "Reworded by a person"

    def test_an_update_of_a_deleted_issue_fails(self, tracker: Tracker, remote: Remote) -> None:
        """What is gone can't be written, and isn't made anew."""
        [made] = create(tracker, draft())
        remote.delete(made.ref)
        with pytest.raises(TrackerError):
            tracker.update(made, draft("New words"), frozenset({"title"}))
        assert look_up(tracker, mark("New words")).marked == ()

    def test_people_who_touch_an_issue_are_noticed(self, tracker: Tracker, remote: Remote) -> None:
        """An issue that somebody reworded is not untouched any more."""
        [made] = create(tracker, draft())
        remote.wait()
        remote.retitle(made.ref, "Reworded by a person")
        found = read_one(tracker, made.ref)
        assert (found.title, found.untouched) == ("Reworded by a person", False)

    @pytest.mark.parametrize("to", State)
    @pytest.mark.parametrize("start", State)
    def test_moves_between_any_two_states_it_holds(
        self, tracker: Tracker, remote: Remote, start: State, to: State
    ) -> None:
        """Every state can be reached from every other, and only a settled one has a day."""
        start, to = tracker.capabilities.nearest(start), tracker.capabilities.nearest(to)
        [made] = create(tracker, draft())
        moved = tracker.move(tracker.move(made, start), to)
        with run(remote) as later:
            found = read_one(later, made.ref)
        assert (moved.state, found.state) == (to, to)
        assert (found.settled is not None) == to.settled

    def test_closing_records_the_day(self, tracker: Tracker, remote: Remote) -> None:
        """The day (UTC) on which an issue is closed is the day it counts as settled."""
        [made] = create(tracker, draft())
        before = utc_day(remote.now())
        tracker.move(made, State.DONE)
        settled = read_one(tracker, made.ref).settled
        assert settled is not None
        assert before <= settled <= utc_day(remote.now())

    def test_closes_as_a_duplicate(self, tracker: Tracker) -> None:
        """Of two issues for one item the younger is dropped in favour of the older."""
        older, younger = create(tracker, draft("Same"), draft("Same", mark=mark("Same", n=1)))
        moved = tracker.move(younger, State.DROPPED, duplicate_of=older.ref)
        dropped = tracker.capabilities.nearest(State.DROPPED)
        assert (moved.ref, moved.state) == (younger.ref, dropped)
        assert read_one(tracker, younger.ref).state is dropped
        assert read_one(tracker, older.ref).state is State.OPEN

    def test_a_move_of_a_deleted_issue_fails(self, tracker: Tracker, remote: Remote) -> None:
        """What is gone can't be closed."""
        [made] = create(tracker, draft())
        remote.delete(made.ref)
        with pytest.raises(TrackerError):
            tracker.move(made, State.DONE)

    def test_comments_once(self, tracker: Tracker, remote: Remote) -> None:
        """A comment's key names it: saying it again, in this run or a later one, adds nothing."""
        [made] = create(tracker, draft())
        tracker.comment(made, "The item is gone from the postmortem.", "gone-1")
        tracker.comment(made, "The item is gone from the postmortem.", "gone-1")
        with run(remote) as later:
            later.comment(made, "The item is gone from the postmortem.", "gone-1")
            later.comment(made, "It is back.", "back-1")
        texts = remote.comments(made.ref)
        assert len(texts) == 2
        assert "The item is gone from the postmortem." in texts[0]
        assert "It is back." in texts[1]

    def test_a_comment_key_belongs_to_its_issue(self, tracker: Tracker, remote: Remote) -> None:
        """The same key in another issue is another comment."""
        one, two = create(tracker, draft("One"), draft("Two"))
        for issue in (one, two):
            tracker.comment(issue, "Gone.", "gone")
        assert (len(remote.comments(one.ref)), len(remote.comments(two.ref))) == (1, 1)

    def test_a_voided_mark_names_nothing(self, tracker: Tracker, remote: Remote) -> None:
        """After unlinking, the issue is like any other, and its item gets a new one."""
        [made] = create(tracker, draft())
        tracker.void_mark(made)
        with run(remote) as later:
            assert look_up(later, mark()).marked == ()
            assert read_one(later, made.ref).mark is None
            [again] = create(later, draft())
            assert [issue.ref for issue in look_up(later, mark()).marked] == [again.ref]
        assert again.ref != made.ref
