"""Bad input and bad days on GitHub: what the emulator has, and what our own layers in front of it add."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from pm_sync.errors import AccessDenied, NotFound, TrackerError
from pm_sync.model import Issue, Lost, State, Unreachable
from pm_sync.trackers.base import ReadRequest, Tracker
from tests.e2e.github import GitHubRemote, body_of, create
from tests.factories import SRC, draft, mark
from tests.fakes.front import Answer
from tests.fakes.github_layers import (
    Amended,
    Answers,
    Lacking,
    NoLabels,
    Redirects,
)

LOOK_UP = ReadRequest(wanted=(mark(),), src=SRC)


@pytest.fixture
def tracker(github: GitHubRemote) -> Iterator[Tracker]:
    """One run's tracker."""
    tracker = github.open()
    yield tracker
    tracker.close()


# Pull requests, moved, deleted and converted issues


def test_a_pull_request_is_followed_on_our_own_layer(github: GitHubRemote, tracker: Tracker) -> None:
    """It is found by its link, merged means done, and it is never taken for an issue of ours."""
    made = create(tracker, draft())
    address = "https://github.com/acme/infra/pull/1"
    pull_request = dict.fromkeys(("url", "html_url", "diff_url", "patch_url"), address)
    pull_request["merged_at"] = "2026-11-22T09:30:00Z"
    layer = Amended({int(made.ref.id): {"pull_request": pull_request, "state": "closed"}})
    github.front.layers.append(layer)
    found = tracker.read(replace(LOOK_UP, linked=(made.ref,)))
    pull = found.found[made.ref]
    assert isinstance(pull, Issue)
    assert (pull.pull_request, pull.state, pull.mark) == (True, State.DONE, None)
    assert (found.marked, found.foreign) == ((), ())
    with pytest.raises(TrackerError, match="pull request"):
        tracker.move(pull, State.OPEN)
    with pytest.raises(TrackerError, match="not ours to write"):
        tracker.update(pull, draft(), frozenset({"title"}))


def test_a_stranger_s_issue_is_never_rewritten(github: GitHubRemote, tracker: Tracker) -> None:
    """It bears no mark of ours."""
    ref = github.add("Somebody's own")
    theirs = tracker.read(ReadRequest(linked=(ref,), src=SRC)).found[ref]
    assert isinstance(theirs, Issue)
    with pytest.raises(TrackerError, match="not ours to write"):
        tracker.update(theirs, draft(), frozenset({"title"}))
    with pytest.raises(TrackerError, match="not ours to write"):
        tracker.void_mark(theirs)
    assert body_of(github, ref) == "By hand."


def test_a_transferred_issue_is_found_where_it_is_now_on_our_own_layer(github: GitHubRemote, tracker: Tracker) -> None:
    """Its link is to be changed."""
    made = create(tracker, draft())
    old = replace(made.ref, project="acme/elsewhere")
    path = f"/repos/{github.repository}/issues/{made.ref.id}"
    github.front.layers.insert(0, Redirects({f"/repos/acme/elsewhere/issues/{made.ref.id}": path}))
    found = tracker.read(ReadRequest(linked=(old,), src=SRC, gone=False)).found[old]
    assert isinstance(found, Issue)
    assert found.ref == made.ref


def test_a_renamed_repository_is_read_by_its_new_name_on_our_own_layer(github: GitHubRemote) -> None:
    """The list is asked again with its filter, links are found under the new address, and creates are refused."""
    here = github.repository
    earlier = github.open()
    made = create(earlier, draft())
    earlier.close()
    github.add("Somebody's own")
    github.front.layers.insert(
        0, Redirects({"/repos/acme/old-name": f"/repos/{here}", "/repos/acme/old-name/": f"/repos/{here}/"})
    )
    github.repository = "acme/old-name"
    tracker = github.open()
    old = replace(made.ref, project="acme/old-name")
    found = tracker.read(replace(LOOK_UP, linked=(old,)))
    refusal = tracker.target().refusal
    [denied] = tracker.create([draft("Another")])
    tracker.close()
    assert [issue.ref for issue in found.marked] == [made.ref]
    assert [issue.ref for issue in found.found.values() if isinstance(issue, Issue)] == [made.ref]
    assert f"is now called {here}" in str(refusal)
    assert isinstance(denied, NotFound)


def test_a_redirect_to_another_host_is_not_followed_on_our_own_layer(github: GitHubRemote, tracker: Tracker) -> None:
    """The credential would go along."""
    ref = github.add("Somebody's own")
    github.front.layers.insert(0, Redirects({f"/repos/{github.repository}/issues/1": "http://127.0.0.1:1/steal"}))
    found = tracker.read(ReadRequest(linked=(ref,), gone=False)).found[ref]
    assert isinstance(found, Unreachable)
    assert "which is not asked" in found.reason


def test_an_issue_converted_to_a_discussion_is_lost_on_our_own_layer(github: GitHubRemote, tracker: Tracker) -> None:
    """With the reason."""
    ref = github.add("A question, really")
    path = f"/repos/{github.repository}/issues/1"
    github.front.layers.insert(0, Redirects({path: f"https://github.com/{github.repository}/discussions/1"}))
    found = tracker.read(ReadRequest(linked=(ref,), gone=False)).found[ref]
    assert isinstance(found, Lost)
    assert "converted to a discussion" in found.reason


def test_an_issue_of_a_repository_that_can_t_be_read_is_unreachable(github: GitHubRemote, tracker: Tracker) -> None:
    """Which is no evidence that it is gone."""
    made = create(tracker, draft())
    hidden = replace(made.ref, project="acme/hidden")
    found = tracker.read(ReadRequest(linked=(hidden, made.ref), src=SRC)).found
    assert isinstance(found[hidden], Unreachable)
    assert isinstance(found[made.ref], Issue)


# Places where nothing can be created


def test_a_repository_that_is_missing_says_so(github: GitHubRemote) -> None:
    """What can't be read takes part in nothing."""
    github.repository = "acme/no-such"
    tracker = github.open()
    for look in (lambda: tracker.read(LOOK_UP), tracker.target):
        with pytest.raises(NotFound, match="is not there, or hidden from this credential"):
            look()
    tracker.close()


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"archived": True}, "is archived"),
        ({"disabled": True}, "is archived"),
        ({"has_issues": False}, "issues are disabled"),
        ({"permissions": {"admin": False, "push": False, "pull": True}}, "has no write access"),
        ({"full_name": "acme/new-name"}, "is now called acme/new-name"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_target_that_takes_nothing_is_refused_before_the_first_create_on_our_own_layer(
    github: GitHubRemote, tracker: Tracker, facts: dict[str, object], words: str
) -> None:
    """Each with its reason."""
    github.front.layers.append(Amended(repository=facts))
    assert words in str(tracker.target().refusal)


@pytest.mark.parametrize("private", [True, False])
def test_who_can_read_the_target_is_told_on_our_own_layer(
    github: GitHubRemote, tracker: Tracker, private: bool
) -> None:
    """So that no private postmortem becomes public."""
    github.front.layers.append(Amended(repository={"private": private}))
    assert tracker.target().public is not private


def test_an_app_s_rights_are_not_those_of_the_repository_s_answer_on_our_own_layer(github: GitHubRemote) -> None:
    """In Actions the token may write issues though it may not push."""
    github.front.layers.append(Amended(repository={"permissions": {"admin": False, "push": False, "pull": True}}))
    tracker = github.open(token="ghs_" + "x" * 36)
    assert tracker.target().refusal is None
    tracker.close()


def test_a_missing_tracking_label_that_must_not_be_made_is_refused(github: GitHubRemote) -> None:
    """Without it nothing would be found again."""
    github.options["create_labels"] = False
    tracker = github.open()
    assert "has no label 'pm-sync'" in str(tracker.target().refusal)
    tracker.close()


def test_issues_disabled_are_said_to_be_on_our_own_layer(github: GitHubRemote, tracker: Tracker) -> None:
    """GitHub answers 410 to everything about them."""
    gone = Answer(410, {"message": "Issues are disabled for this repo", "documentation_url": "https://docs.github.com"})
    github.front.layers.insert(0, Answers([("POST", "issues$", gone), ("GET", "issues$", gone)]))
    [denied] = tracker.create([draft()])
    assert "Issues are disabled" in str(denied)
    with pytest.raises(NotFound, match="Issues are disabled"):
        tracker.read(ReadRequest(src=SRC))


def test_dropped_labels_stop_the_run_after_the_first_create_on_our_own_layer(
    github: GitHubRemote, tracker: Tracker
) -> None:
    """Issues without the label would not be found again: one is made, and said to lack it, no more."""
    github.front.layers.insert(0, NoLabels())
    first, second = tracker.create([draft("One"), draft("Two")])
    assert isinstance(first, Issue)
    assert "did not set the label pm-sync" in first.notes[-1]
    assert isinstance(second, AccessDenied)
    assert len(github.ask("GET", "/issues?state=all")) == 1


# Lists that can't be trusted


def test_a_list_that_lacks_a_new_labelled_issue_refuses_creates_on_our_own_layer(
    github: GitHubRemote, tracker: Tracker
) -> None:
    """The newest issues show that there is one."""
    made = create(tracker, draft())
    github.front.layers.append(Lacking(frozenset({int(made.ref.id)})))
    later = github.open()
    found = later.read(LOOK_UP)
    later.close()
    assert "list not trustworthy" in str(found.refusal)


def test_a_list_that_lacks_a_linked_labelled_issue_refuses_creates_on_our_own_layer(
    github: GitHubRemote, tracker: Tracker
) -> None:
    """Read by itself it bears the label, so the whole list is in doubt, and nothing counts as gone."""
    made = create(tracker, draft())
    for n in range(101):
        github.add(f"Newer {n}")
    github.front.layers.append(Lacking(frozenset({int(made.ref.id)})))
    found = tracker.read(replace(LOOK_UP, linked=(made.ref,)))
    assert (found.whole, "list not trustworthy" in str(found.refusal)) == (False, True)
    assert tracker.read(ReadRequest(linked=(made.ref,), src=SRC)).whole is False


def test_a_last_look_that_lacks_our_own_creates_settles_nothing_on_our_own_layer(
    github: GitHubRemote, tracker: Tracker
) -> None:
    """What was lost may be hidden as well, so it isn't created again."""
    start = github.now()
    tracker.read(LOOK_UP)
    made = create(tracker, draft())
    github.delete(made.ref)
    with pytest.raises(TrackerError, match="list not trustworthy"):
        tracker.created_since(start, [mark()])


def test_issues_made_while_a_list_is_read_push_none_out_of_it_on_our_own_layer(
    github: GitHubRemote, tracker: Tracker
) -> None:
    """Oldest first, what is new comes last."""
    wishes = [draft(f"Item {n}") for n in range(150)]
    made = [issue for issue in tracker.create(wishes) if isinstance(issue, Issue)]

    class Meanwhile(Answers):
        """Somebody closes and opens issues between two pages."""

        def amend(self, asked: object, answer: Answer) -> Answer:
            if github.front.calls and not self.planned:
                self.planned.append(("DELETE", "never", answer))
                github.finish(made[0].ref)
                github.ask("POST", "/issues", {"title": "New", "body": "x", "labels": ["pm-sync"]})
            return answer

    github.front.exchanges.clear()
    github.front.layers.append(Meanwhile())
    later = github.open()
    found = later.read(replace(LOOK_UP, wanted=tuple(wish.mark for wish in wishes)))
    later.close()
    assert {issue.ref for issue in found.marked} == {issue.ref for issue in made}


# Text


@pytest.mark.parametrize(
    "text", ["🔥👩‍🚒 إضافة تنبيه", "a\u202eb", "tab\there", "<script>alert(1)</script>", "{{ 7 * 7 }}"]
)
def test_any_text_is_only_text(github: GitHubRemote, tracker: Tracker, text: str) -> None:
    """Emoji, right-to-left, markup and templates come back as they were."""
    made = create(tracker, draft(text, details=text))
    body = body_of(github, made.ref)
    assert made.title == text
    assert text in body
    assert "49" not in body.replace(made.mark.to_json() if made.mark else "", "")
