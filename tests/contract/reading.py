"""Reading: links, marks and what is open."""

from __future__ import annotations

import re

from msgspec.structs import replace

from pm_sync.model import Issue, Lost, State
from pm_sync.trackers.base import ReadRequest, Tracker
from tests.contract.support import Remote, create, issue_of, look_up, read_one, refs_of, run
from tests.factories import SRC, draft, mark

MANY = 120
"""More than one page of any service."""


class Reading:
    """What a tracker promises about its answers."""

    def test_finds_nothing_in_an_empty_tracker(self, tracker: Tracker) -> None:
        """A look-up in an empty tracker is whole, and finds nothing."""
        found = look_up(tracker, mark())
        assert (found.marked, found.foreign, found.whole, found.refusal) == ((), (), True, None)

    def test_an_issue_that_never_was_is_lost(self, tracker: Tracker) -> None:
        """A number that no issue has is known to be gone, and the others are read all the same."""
        [made] = create(tracker, draft())
        never = replace(made.ref, id=re.sub(r"\d+$", "987654", made.ref.id))
        found = tracker.read(ReadRequest(linked=(never, made.ref))).found
        assert isinstance(found[never], Lost)
        assert isinstance(found[made.ref], Issue)

    def test_a_deleted_issue_is_lost(self, tracker: Tracker, remote: Remote) -> None:
        """An issue that somebody deleted is known to be gone."""
        gone, kept = create(tracker, draft("One"), draft("Two"))
        remote.delete(gone.ref)
        found = tracker.read(ReadRequest(linked=(gone.ref, kept.ref))).found
        assert isinstance(found[gone.ref], Lost)
        assert isinstance(found[kept.ref], Issue)

    def test_reads_an_issue_without_a_mark(self, tracker: Tracker, remote: Remote) -> None:
        """A person's own issue is followed by its link, bears no mark, and is found by none."""
        ref = remote.add("Somebody's own")
        found = tracker.read(ReadRequest(linked=(ref,), wanted=(mark(),), src=SRC))
        issue = found.found[ref]
        assert isinstance(issue, Issue)
        assert (issue.title, issue.mark, issue.state) == ("Somebody's own", None, State.OPEN)
        assert ref not in {issue.ref for issue in found.marked}

    def test_reads_more_than_a_page(self, tracker: Tracker, remote: Remote) -> None:
        """Links, look-ups and what is open are answered whole, however many issues there are."""
        made = create(tracker, *(draft(f"Item {n}") for n in range(MANY)))
        refs = tuple(issue.ref for issue in made)
        wanted = tuple(mark(f"Item {n}") for n in range(MANY))
        with run(remote) as later:
            found = later.read(ReadRequest(linked=refs, wanted=wanted, src=SRC))
        assert [issue_of(found, ref).title for ref in refs] == [f"Item {n}" for n in range(MANY)]
        assert {issue.ref for issue in found.marked} == set(refs)
        assert found.whole

    def test_a_settled_link_is_read_right_or_not_at_all(self, tracker: Tracker, remote: Remote) -> None:
        """What the postmortem calls done is read only where that costs nothing; what is read is true."""
        [made] = create(tracker, draft())
        remote.finish(made.ref)
        found = tracker.read(ReadRequest(linked=(made.ref,), settled=frozenset({made.ref}), src=SRC)).found
        assert [issue.state for issue in found.values() if isinstance(issue, Issue)] in ([State.DONE], [])

    def test_a_look_up_finds_settled_issues(self, tracker: Tracker, remote: Remote) -> None:
        """A mark is found whatever became of its issue, so that nothing is created anew."""
        [made] = create(tracker, draft())
        remote.finish(made.ref)
        assert [(i.ref, i.state) for i in look_up(tracker, mark()).marked] == [(made.ref, State.DONE)]

    def test_a_look_up_finds_the_issue_of_a_renamed_file(self, tracker: Tracker) -> None:
        """Text and source suffice to find a mark: its file may have another name by now."""
        [made] = create(tracker, draft())
        assert made.ref in {issue.ref for issue in look_up(tracker, mark(path="postmortems/renamed.md")).marked}

    def test_a_look_up_by_several_marks_finds_each(self, tracker: Tracker) -> None:
        """Items of equal text are told apart by their ordinals."""
        wishes = [draft("Same", mark=mark("Same", n=n)) for n in range(3)]
        made = create(tracker, *wishes)
        found = look_up(tracker, *(wish.mark for wish in wishes))
        assert {issue.mark.n: issue.ref for issue in found.marked if issue.mark} == dict(enumerate(refs_of(made)))

    def test_looking_writes_nothing(self, remote: Remote) -> None:
        """Whatever there is to find: before somebody said yes to a plan, nothing is sent that changes anything."""
        start = remote.now()
        nothing = remote.written()
        with run(remote) as first:
            look_up(first, mark())
            first.target()
        assert remote.written() == nothing
        with run(remote) as earlier:
            made = create(earlier, draft("One"), draft("Two"))
        remote.cut_short(made[0].ref)
        theirs = remote.add("Somebody's own")
        before = remote.written()
        with run(remote) as tracker:
            for linked in ((), (*refs_of(made), theirs)):
                tracker.read(ReadRequest(linked, wanted=(mark("One"), mark("New")), named=(mark("Two"),), src=SRC))
            tracker.target()
            tracker.created_since(start, [mark("One"), mark("New")])
        assert remote.written() == before

    def test_a_create_that_was_cut_short_is_completed_by_an_update(self, remote: Remote) -> None:
        """Such an issue is found, its link known or not; an update of no field makes its mark whole."""
        with run(remote) as earlier:
            [made] = create(earlier, draft())
        remote.cut_short(made.ref)
        with run(remote) as tracker:
            [found] = look_up(tracker, mark()).marked
            by_link = issue_of(tracker.read(ReadRequest((found.ref,), named=(mark(),), src=SRC, gone=False)), made.ref)
            assert (found.ref, found.mark, by_link.mark) == (made.ref, mark(), mark())
            completed = tracker.update(by_link, draft(mark=mark(base={"title": "0123"})), frozenset())
            assert not completed.cut_short
        with run(remote) as later:
            last = read_one(later, made.ref)
        assert last.mark is not None
        assert (last.title, last.mark.base.get("title"), last.cut_short) == (made.title, "0123", False)

    def test_tells_which_of_our_issues_are_open(self, tracker: Tracker, remote: Remote) -> None:
        """Without looking up any mark, all open issues of our source are told, so that removed items are noticed."""
        one, two, three = create(tracker, draft("One"), draft("Two"), draft("Three"))
        remote.finish(two.ref)
        with run(remote) as later:
            found = later.read(ReadRequest(src=SRC))
        still_open = {issue.ref for issue in found.marked if not issue.state.settled}
        assert (still_open, found.whole) == ({one.ref, three.ref}, True)
