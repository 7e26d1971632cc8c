"""Matching: exact marks make links again, resemblance only stops a create, and an issue has one owner."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pm_sync.model import Issue, State
from pm_sync.sync.entries import Entry
from pm_sync.sync.matching import Matches, age, match_marks, owner_of, resemblance, twins_of
from tests.factories import PATH, document, entries, issue, item, local_ref, mark

OTHER = "postmortems/net.md"


def at(*texts: str, path: str = PATH) -> tuple[Entry, ...]:
    """Unlinked entries of one postmortem; equal texts are numbered."""
    return entries(document(*(item(text, ordinal=texts[:at].count(text)) for at, text in enumerate(texts)), path=path))


def matched(
    here: Sequence[Entry], *issues: Issue, gone: frozenset[str] = frozenset(), orphans: str = ""
) -> dict[str, list[str]]:
    """Match, and tell the issue's number for each entry that got one, by the entry's place."""
    matches = _match(here, *issues, gone=gone, orphans=orphans)
    return {
        "same": [f"{e.path}:{e.index}={matches.issues[id(e)].ref.id}" for e in here if id(e) in matches.issues],
        "alike": [f"{e.path}:{e.index}={matches.alike[id(e)].ref.id}" for e in here if id(e) in matches.alike],
        "unclaimed": [issue.ref.id for issue in matches.unclaimed],
    }


def _match(here: Sequence[Entry], *issues: Issue, gone: frozenset[str] = frozenset(), orphans: str = "") -> Matches:
    return match_marks(here, issues, gone, lambda _: True, lambda mark: mark.path == orphans)


class TestMarks:
    """A mark matches where source and text are equal, in the same postmortem or in a renamed one."""

    def test_in_its_postmortem(self) -> None:
        """The item whose link was deleted gets its issue back."""
        assert matched(at("Add a replica"), issue(4))["same"] == [f"{PATH}:0=4"]

    def test_case_punctuation_and_spacing_do_not_matter(self) -> None:
        """A mark names the words."""
        assert matched(at("ADD  a “replica”."), issue(4))["same"] == [f"{PATH}:0=4"]

    def test_in_a_renamed_postmortem(self) -> None:
        """A path that no longer exists was renamed."""
        found = matched(at("Add a replica", path=OTHER), issue(4), gone=frozenset({PATH}))
        assert found["same"] == [f"{OTHER}:0=4"]

    def test_not_in_another_postmortem(self) -> None:
        """Equal words in another file are another item, while the first file is there."""
        found = matched(at("Add a replica", path=OTHER), issue(4))
        assert found == {"same": [], "alike": [], "unclaimed": ["4"]}

    def test_perhaps_where_its_postmortem_lost_it(self) -> None:
        """It may have been moved, or be another incident's: it stops a create, and makes no link."""
        found = matched(at("Add a replica", path=OTHER), issue(4), orphans=PATH)
        assert found == {"same": [], "alike": [f"{OTHER}:0=4"], "unclaimed": ["4"]}

    def test_a_settled_one_of_another_postmortem_stops_nothing(self) -> None:
        """What was done after another incident may have to be done again."""
        found = matched(at("Add a replica", path=OTHER), issue(4, state=State.DONE), orphans=PATH)
        assert found["alike"] == []

    def test_not_of_another_source(self) -> None:
        """Another repository's issue is not ours, whatever it says."""
        assert matched(at("Add a replica"), issue(4, mark=mark(src="github.com/acme/web")))["same"] == []

    def test_a_settled_issue_matches_too(self) -> None:
        """An item whose issue is done gets no second one."""
        assert matched(at("Add a replica"), issue(4, state=State.DONE))["same"] == [f"{PATH}:0=4"]

    def test_the_own_postmortem_goes_before_a_renamed_one(self) -> None:
        """An item takes its own postmortem's issue even where a vanished one's has a lower number."""
        found = matched(at("Add a replica"), issue(3, mark=mark(path=OTHER)), issue(4), gone=frozenset({OTHER}))
        assert found["same"] == [f"{PATH}:0=4"]


class TestEqualTexts:
    """Items of equal text take their marks in order, each first the one of its ordinal."""

    def test_each_its_own(self) -> None:
        """Whatever the order of the issues."""
        found = matched(at("Test it", "Test it"), _numbered(7, 1), _numbered(9, 0))
        assert found["same"] == [f"{PATH}:0=9", f"{PATH}:1=7"]

    def test_the_first_of_two_was_cut_out(self) -> None:
        """What is left takes the mark of its ordinal, and the other issue is left over."""
        found = matched(at("Test it"), _numbered(7, 0), _numbered(8, 1))
        assert (found["same"], found["unclaimed"]) == ([f"{PATH}:0=7"], ["8"])

    def test_a_leftover_ordinal_is_better_than_a_new_issue(self) -> None:
        """The only item takes the only issue, though their ordinals differ."""
        assert matched(at("Test it"), _numbered(8, 1))["same"] == [f"{PATH}:0=8"]

    def test_one_more_item_than_issues(self) -> None:
        """The third gets a new one: equal text is no resemblance to an issue that is taken."""
        found = matched(at("Test it", "Test it", "Test it"), _numbered(7, 0), _numbered(8, 1))
        assert (found["same"], found["alike"]) == ([f"{PATH}:0=7", f"{PATH}:1=8"], [])

    def test_of_twins_the_oldest_is_taken(self) -> None:
        """Two issues with one key: the lowest number is the item's."""
        assert matched(at("Test it"), _numbered(10, 0), _numbered(9, 0))["same"] == [f"{PATH}:0=9"]

    def test_of_twins_the_open_one_is_taken(self) -> None:
        """Also where the one that was closed as its duplicate is older."""
        twins = (issue(4, state=State.DROPPED), issue(5))
        assert matched(at("Add a replica"), *twins)["same"] == [f"{PATH}:0=5"]


class TestResemblance:
    """An item that resembles an unclaimed open issue of its postmortem gets no new one unasked."""

    OLD = issue(4, "Add a second replica", mark=mark("Add a second replica"))

    def test_it_stops_a_create(self) -> None:
        """But it makes no link."""
        found = matched(at("Add a third replica"), self.OLD)
        assert (found["same"], found["alike"]) == ([], [f"{PATH}:0=4"])

    def test_other_words_do_not(self) -> None:
        """Below the threshold nothing is stopped."""
        assert matched(at("Write the runbook"), self.OLD)["alike"] == []

    def test_each_issue_stops_one_item_the_most_alike(self) -> None:
        """Two items that resemble one issue: the better one waits, the other goes ahead."""
        found = matched(at("Add a replica at once", "Add a second replicas"), self.OLD)
        assert found["alike"] == [f"{PATH}:1=4"]

    def test_a_settled_issue_stops_nothing(self) -> None:
        """What is done may well come again in other words."""
        settled = issue(4, "Add a second replica", mark=mark("Add a second replica"), state=State.DONE)
        assert matched(at("Add a third replica"), settled)["alike"] == []

    def test_not_in_another_postmortem(self) -> None:
        """Two postmortems may ask for similar things."""
        assert matched(at("Add a third replica", path=OTHER), self.OLD)["alike"] == []

    def test_reworded_and_renamed_at_once(self) -> None:
        """A postmortem that was renamed still counts as the same one."""
        found = matched(at("Add a third replica", path=OTHER), self.OLD, gone=frozenset({PATH}))
        assert found["alike"] == [f"{OTHER}:0=4"]

    def test_only_where_a_create_is_near(self) -> None:
        """An item that would get no issue anyhow, or is known to be new, is not stopped."""
        here = at("Add a third replica")
        assert match_marks(here, [self.OLD], frozenset(), lambda _: False, lambda _: True).alike == {}

    @pytest.mark.parametrize(
        ("one", "other", "enough"),
        [
            ("Add a replica", "ADD A REPLICA", True),
            ("Add a replica", "Add a replica in Oslo", True),
            ("Add a replica", "Remove the proxy", False),
            ("", "Add a replica", False),
            ("", "", True),
        ],
    )
    def test_ratio(self, one: str, other: str, *, enough: bool) -> None:
        """Case doesn't count, and the threshold is 0.6."""
        assert (resemblance(one, other) >= 0.6) is enough


class TestOwner:
    """One issue, several items that link it: one owns it."""

    def test_the_one_of_equal_text(self) -> None:
        """Wherever it stands."""
        here = at("Copied and changed", "Add a replica")
        assert owner_of(mark(), here, frozenset()) is here[1]

    def test_of_equal_texts_the_one_of_its_ordinal(self) -> None:
        """A copied line follows its original."""
        here = at("Add a replica", "Add a replica")
        assert owner_of(mark(n=1), here, frozenset()) is here[1]

    def test_of_equal_texts_the_one_at_home(self) -> None:
        """A copy in another postmortem follows."""
        here = (*at("Add a replica", path="a.md"), *at("Add a replica"))
        assert owner_of(mark(), here, frozenset()) is here[1]

    def test_reworded_the_one_at_home(self) -> None:
        """Where no text is equal, the one in the mark's postmortem."""
        here = (*at("Other words", path="a.md"), *at("New words"))
        assert owner_of(mark(), here, frozenset()) is here[1]

    def test_reworded_and_renamed_the_first(self) -> None:
        """Else the first in path and line order."""
        here = (*at("New words", path="a.md"), *at("Other words", path="b.md"))
        assert owner_of(mark(), here, frozenset()) is here[0]

    def test_an_issue_without_a_mark(self) -> None:
        """The first that links it."""
        here = at("One", "Two")
        assert owner_of(None, here, frozenset()) is here[0]

    def test_unread(self) -> None:
        """Where the mark's postmortem could not be read, nobody else becomes the owner."""
        assert owner_of(mark(), at("New words", path="a.md"), frozenset({PATH})) is None

    def test_unread_but_found_elsewhere(self) -> None:
        """An equal text is enough, as the postmortem may have been split."""
        here = at("Add a replica", path="a.md")
        assert owner_of(mark(), here, frozenset({PATH})) is here[0]


class TestTwins:
    """Two issues with one key were made for one item."""

    def test_the_younger_are_told_with_the_oldest(self) -> None:
        """By number, not by text."""
        ten, nine, four = issue(10), issue(9), issue(4)
        assert twins_of([ten, four, nine], ()) == ((nine, four), (ten, four))

    def test_the_one_in_use_stays(self) -> None:
        """Also where it is the younger one."""
        four, nine, ten = issue(4), issue(9), issue(10)
        assert twins_of([four, nine, ten], {nine.ref, ten.ref}) == ((ten, nine), (four, nine))

    def test_other_keys_are_no_twins(self) -> None:
        """Another ordinal is another item."""
        assert twins_of([issue(4), issue(5, mark=mark(n=1)), issue(6, mark=None)], ()) == ()


def test_age_counts() -> None:
    """``9`` is older than ``10``."""
    assert min(issue(10), issue(9), key=age).ref == local_ref(9)


def _numbered(number: int, n: int) -> Issue:
    return issue(number, "Test it", mark=mark("Test it", n=n))
