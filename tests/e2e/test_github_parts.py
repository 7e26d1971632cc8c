"""What of a draft GitHub doesn't have is done without: people, labels, milestones, types and sub-issues never cost the issue."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from msgspec.structs import replace

from pm_sync.model import IssueRef
from pm_sync.trackers.base import PARENT, ReadRequest, Tracker
from tests.e2e.github import GitHubRemote, ask, body_of, create
from tests.factories import SRC, draft, mark
from tests.fakes.front import Answer
from tests.fakes.github_layers import Answers, Assignees, Strict, SubIssues, rejection


@pytest.fixture
def tracker(github: GitHubRemote) -> Iterator[Tracker]:
    """One run's tracker."""
    tracker = github.open()
    yield tracker
    tracker.close()


def test_an_unknown_owner_falls_back_visibly(github: GitHubRemote) -> None:
    """The emulator refuses a create with somebody it doesn't know: the issue is made without, with label and note."""
    github.options["fallback_assignee"] = "acme"
    tracker = github.open()
    made = create(tracker, draft(assignees=("nobody",)))
    tracker.close()
    assert (made.assignees, made.labels) == (("acme",), frozenset({"needs-owner"}))
    assert "nobody can't be assigned" in made.notes[0]
    assert len(github.ask("GET", "/issues?state=all")) == 1


def test_an_owner_whose_account_nobody_knows_falls_back_visibly(github: GitHubRemote) -> None:
    """The configuration's ``people`` don't name them."""
    github.options["fallback_assignee"] = "acme"
    tracker = github.open()
    made = create(tracker, draft(owners=("Bob",), unknown_owners=("Bob",)))
    tracker.close()
    assert (made.assignees, made.labels) == (("acme",), frozenset({"needs-owner"}))
    assert made.notes == ("Bob has no account here: add one to `people`",)


def test_an_unknown_fallback_costs_nothing_either(github: GitHubRemote) -> None:
    """Then nobody is assigned."""
    github.options["fallback_assignee"] = "nobody-else"
    tracker = github.open()
    made = create(tracker, draft(assignees=("nobody",)))
    tracker.close()
    assert (made.assignees, made.labels) == ((), frozenset({"needs-owner"}))
    assert len(made.notes) == 2


def test_of_several_owners_those_known_are_assigned_with_our_own_answers_on_people(
    github: GitHubRemote, tracker: Tracker
) -> None:
    """The others are said."""
    github.front.layers.append(Assignees())
    made = create(tracker, draft(assignees=("nobody", "acme")))
    assert (made.assignees, made.labels) == (("acme",), frozenset())
    assert made.notes == (f"nobody can't be assigned in {github.repository}",)


def test_lengths_that_github_refuses_are_kept_to_on_our_own_layer(github: GitHubRemote, tracker: Tracker) -> None:
    """Title, body and labels are cut, and labels say so."""
    github.front.layers.insert(0, Strict())
    wish = draft("é" * 300, mark=mark(), details="Why --> " * 20_000, labels=("x" * 60,))
    made = create(tracker, wish)
    assert len(made.title) == 256
    assert made.labels == {"x" * 49 + "…"}
    assert "GitHub takes 50 characters" in made.notes[0]
    assert made.mark == mark()
    assert "the postmortem has the whole text" in body_of(github, made.ref)
    updated = tracker.update(made, replace(wish, details="Other " * 20_000), frozenset({"title", "details", "labels"}))
    assert updated.mark == mark()


def test_a_refused_type_or_milestone_is_left_out_on_our_own_layer(github: GitHubRemote) -> None:
    """The issue is made without, and says so."""
    github.options["issue_type"] = "Task"
    errors = [{"resource": "Issue", "field": "type", "code": "invalid", "value": "Task"}]
    refused = rejection(errors)
    github.front.layers.insert(0, Answers([("POST", "issues$", refused)]))
    tracker = github.open()
    made = create(tracker, draft())
    tracker.close()
    assert "left out type Task" in made.notes[0]
    assert [exchange.sent.get("type") for exchange in github.front.exchanges] == ["Task", None]


def test_a_refused_title_costs_the_issue_and_says_why_on_our_own_layer(github: GitHubRemote, tracker: Tracker) -> None:
    """Nothing optional is given up for it."""
    errors = [{"resource": "Issue", "field": "title", "code": "missing_field"}]
    refused = rejection(errors)
    github.front.layers.insert(0, Answers([("POST", "issues$", refused)]))
    [denied] = tracker.create([draft(labels=("postmortem",))])
    assert "title: missing_field" in str(denied)
    assert github.front.calls == [f"POST /repos/{github.repository}/issues"]


def test_due_dates_become_milestones_and_leave_them(github: GitHubRemote) -> None:
    """By option; the milestone is named after the day."""
    github.options["milestones"] = True
    tracker = github.open()
    made = create(tracker, draft(due=date(2026, 12, 24)))
    assert github.ask("GET", f"/issues/{made.ref.id}")["milestone"]["title"] == "2026-12-24"
    tracker.update(made, draft(due=date(2027, 1, 1)), frozenset({"due"}))
    assert github.ask("GET", f"/issues/{made.ref.id}")["milestone"]["title"] == "2027-01-01"
    tracker.update(made, draft(), frozenset({"due"}))
    tracker.close()
    assert github.ask("GET", f"/issues/{made.ref.id}")["milestone"] is None


def test_a_milestone_that_can_t_be_made_costs_no_issue_on_our_own_layer(github: GitHubRemote) -> None:
    """It is tried once for a day, and each issue without it says so, new or changed."""
    github.options["milestones"] = True
    refused = Answer(404, {"message": "Not Found", "documentation_url": "https://docs.github.com"})
    github.front.layers.insert(0, Answers([("POST", "milestones$", refused)]))
    tracker = github.open()
    one, two = (create(tracker, draft(name, due=date(2026, 12, 24))) for name in ("One", "Two"))
    other = draft("One", details="New", due=date(2026, 12, 24))
    changed = tracker.update(one, other, frozenset({"due", "details"}))
    tracker.close()
    assert [issue.notes[0].partition(":")[0] for issue in (one, two, changed)] == ["left out milestone 2026-12-24"] * 3
    assert [call for call in github.front.calls if call.endswith("/milestones")] == [
        f"POST /repos/{github.repository}/milestones"
    ]


def test_a_milestone_of_another_repository_is_not_ours(github: GitHubRemote, emulator: str) -> None:
    """An issue linked there may be due the same day, under another number."""
    github.options["milestones"] = True
    ask(emulator, github.token, "POST", "/user/repos", {"name": "elsewhere"})
    elsewhere = replace(github, repository="acme/elsewhere")
    elsewhere.ask("POST", "/milestones", {"title": "A date"})
    number = elsewhere.ask("POST", "/milestones", {"title": "2026-12-24"})["number"]
    made = elsewhere.ask("POST", "/issues", {"title": "Theirs", "milestone": number})
    theirs = IssueRef("github", github.front.url, "acme/elsewhere", str(made["number"]))
    tracker = github.open()
    tracker.read(ReadRequest(linked=(theirs,)))
    ours = create(tracker, draft(due=date(2026, 12, 24)))
    tracker.close()
    assert ours.notes == ()
    assert github.ask("GET", f"/issues/{ours.ref.id}")["milestone"]["title"] == "2026-12-24"


def test_a_sub_task_becomes_a_sub_issue_on_our_own_layer(github: GitHubRemote, tracker: Tracker) -> None:
    """Of its parent's issue, by the number that GitHub knows it by."""
    layer = SubIssues(most=1)
    github.front.layers.insert(0, layer)
    parent = create(tracker, draft("Parent"))
    children = [create(tracker, draft(f"Child {n}", parent=parent.ref)) for n in range(2)]
    numbers = [github.ask("GET", f"/issues/{child.ref.id}")["id"] for child in children]
    assert layer.children == {(github.repository, int(parent.ref.id)): numbers[:1]}
    assert children[0].notes == ()
    assert "not made a sub-issue" in children[1].notes[0]


def test_a_sub_issue_whose_place_was_lost_gets_it_on_our_own_layer(github: GitHubRemote, tracker: Tracker) -> None:
    """Once, and nothing else is written; what people put elsewhere stays there."""
    layer = SubIssues()
    github.front.layers.insert(0, layer)
    parent, other, child = (create(tracker, draft(title)) for title in ("Parent", "Other", "Child"))
    for above in (parent, parent, other):
        github.front.exchanges.clear()
        placed = tracker.update(child, draft("Child", parent=above.ref), frozenset({PARENT}))
        assert placed.notes == ()
        assert [call for call in github.front.calls if not call.startswith("GET")] == [
            f"POST /repos/{github.repository}/issues/{above.ref.id}/sub_issues"
        ]
    assert [len(children) for children in layer.children.values() if children] == [1]
    known = tracker.read(ReadRequest(wanted=(mark("Child"),), src=SRC)).marked
    assert [issue.parents for issue in known if issue.title == "Child"] == [(parent.ref,)]


def test_a_server_without_sub_issues_costs_nothing(github: GitHubRemote, tracker: Tracker) -> None:
    """The emulator has none."""
    parent = create(tracker, draft("Parent"))
    child = create(tracker, draft("Child", parent=parent.ref))
    assert "this server has none" in child.notes[0]
    assert github.ask("GET", f"/issues/{child.ref.id}")["title"] == "Child"


def test_what_was_said_is_noted_in_the_mark(github: GitHubRemote, tracker: Tracker) -> None:
    """So that no later run looks through the comments; another's comment with the same key counts for nothing."""
    made = create(tracker, draft())
    github.token, owner = "mallory-0", github.token
    github.ask("POST", f"/issues/{made.ref.id}/comments", {"body": "<!-- pm-sync:comment gone-1 -->"})
    github.token = owner
    tracker.comment(made, "Gone. @everyone fixes #1", "gone-1")
    later = tracker.read(ReadRequest(wanted=(mark(),), src=SRC)).marked[0]
    assert later.mark is not None
    assert dict(later.mark.base) == {"said": "gone-1"}
    assert github.comments(made.ref)[1:] == ["Gone. @\u200beveryone fixes #\u200b1\n\n<!-- pm-sync:comment gone-1 -->"]
