"""Creating: once for each key, whole, and found again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from pm_sync.mark import Mark, text_hash
from pm_sync.model import State
from pm_sync.trackers.base import Tracker
from tests.contract.support import Remote, create, full_draft, look_up, number, read_one, run, said, said_by
from tests.factories import draft, mark

TEXTS = {
    "unicode": "Überprüfe die Auslastung täglich, 日本語も",
    "emoji": "Add alerts 🔥👩‍🚒 for disk space",
    "right-to-left": "إضافة تنبيه لقاعدة البيانات",
    "comment end": "Escape --> and <!-- in names",
    "quotes": """Don't "trust" `this` \\ or 'that'""",
    "markup": "Fix *all* <b>bold</b> [links](x) & #12 @everyone | {code}",
}


class Creating:
    """What a tracker promises about its creates."""

    def test_reads_back_what_it_created(self, remote: Remote, tracker: Tracker) -> None:
        """A later run reads an issue as its creation returned it, with all that the draft said.

        Only the moment of creation may differ a little, where a server doesn't tell it in its answer.
        """
        wish = full_draft()
        [made] = create(tracker, wish)
        assert said(made, tracker) == said_by(wish, tracker)
        with run(remote) as later:
            found = read_one(later, made.ref)
        assert replace(found, created=made.created) == made
        assert abs(found.created - made.created) < timedelta(minutes=1)

    def test_a_new_issue_is_open_and_untouched(self, tracker: Tracker) -> None:
        """Nobody did anything yet with an issue just created."""
        [made] = create(tracker, draft())
        found = read_one(tracker, made.ref)
        assert (found.state, found.settled, found.untouched) == (State.OPEN, None, True)
        assert found.pull_request is False

    def test_creates_in_every_state_it_declares(self, tracker: Tracker) -> None:
        """The creating call gives an issue the draft's state."""
        for state in sorted(tracker.capabilities.create_states):
            [made] = create(tracker, draft(f"Item to be {state}", state=state))
            found = read_one(tracker, made.ref)
            assert (made.state, found.state) == (state, state)
            assert (found.settled is not None) == state.settled

    def test_creates_a_batch_in_order(self, tracker: Tracker) -> None:
        """Results stand in the order of the drafts, and issues are numbered in that order."""
        size = min(tracker.capabilities.create_batch, 10)
        titles = [f"Item {n}" for n in range(size)]
        made = create(tracker, *(draft(title) for title in titles))
        assert [issue.title for issue in made] == titles
        assert [number(i.ref) for i in made] == sorted(number(issue.ref) for issue in made)

    def test_a_key_creates_one_issue(self, tracker: Tracker, remote: Remote) -> None:
        """An issue made with a key is found by the next run, which therefore makes no second one."""
        [made] = create(tracker, draft())
        with run(remote) as later:
            found = look_up(later, mark())
        assert [issue.ref for issue in found.marked] == [made.ref]
        assert found.marked[0].mark == mark()

    def test_the_mark_keeps_its_base(self, tracker: Tracker) -> None:
        """What was last synced is read back from the mark."""
        wish = draft(mark=mark(base={"title": "0123456789ab", "due": "ba9876543210"}))
        [made] = create(tracker, wish)
        found = read_one(tracker, made.ref)
        assert found.mark is not None
        assert dict(found.mark.base) == {"title": "0123456789ab", "due": "ba9876543210"}

    @pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
    def test_keeps_every_character(self, tracker: Tracker, text: str) -> None:
        """Titles, details and marks come back as they were given, whatever stands in them."""
        named = Mark(f"host/{text}", f"postmortems/{text}.md", text_hash(text))
        wish = draft(text, details=f"{text}\n\n{text}", mark=named)
        [made] = create(tracker, wish)
        found = read_one(tracker, made.ref)
        assert said(found, tracker) == said_by(wish, tracker)
        assert found.mark == named
        assert [issue.ref for issue in look_up(tracker, named).marked] == [made.ref]

    def test_keeps_long_details(self, tracker: Tracker) -> None:
        """Ten thousand characters of details don't cost the mark."""
        wish = draft(details="Because of --> this. " * 500)
        [made] = create(tracker, wish)
        found = read_one(tracker, made.ref)
        assert found.mark == wish.mark
        assert said(found, tracker) == said_by(wish, tracker)

    def test_keeps_a_title_at_its_limit(self, tracker: Tracker) -> None:
        """As many characters as declared fit into a title."""
        title = "é" * tracker.capabilities.title_limit
        [made] = create(tracker, draft(title))
        assert read_one(tracker, made.ref).title == title

    def test_of_two_issues_with_one_key_both_are_told(self, tracker: Tracker, remote: Remote) -> None:
        """Two machines that create at the same time get one issue, or each is told of both."""
        start = remote.now() - timedelta(minutes=1)
        [ours] = create(tracker, draft())
        with run(remote) as other:
            [theirs] = create(other, draft())
        since = tracker.created_since(start, (mark(),))
        assert {issue.ref for issue in since} == {ours.ref, theirs.ref}

    def test_tells_what_was_created_since(self, tracker: Tracker, remote: Remote) -> None:
        """After its creates a run sees each issue with one of their keys, also what another run made."""
        start = remote.now() - timedelta(minutes=1)
        with run(remote) as other:
            [theirs] = create(other, draft("Theirs"))
        [ours] = create(tracker, draft("Ours"))
        remote.add("Ours")
        since = tracker.created_since(start, (mark("Ours"), mark("Theirs")))
        assert {issue.mark: issue.ref for issue in since} == {mark("Ours"): ours.ref, mark("Theirs"): theirs.ref}
