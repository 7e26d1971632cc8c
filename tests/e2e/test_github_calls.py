"""How many calls GitHub gets: exactly as many as promised."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from math import ceil

import pytest

from pm_sync.model import Issue, IssueDraft, IssueRef, Lost, State, Unreachable
from pm_sync.trackers.base import FIELDS, ReadRequest, Snapshot, Tracker
from tests.e2e.github import GitHubRemote
from tests.factories import SRC, draft, mark
from tests.fakes.front import Answer
from tests.fakes.github_graphql import GraphQL
from tests.fakes.github_layers import Answers, Assignees

Make = Callable[[int], list[Issue]]


@pytest.fixture
def tracker(github: GitHubRemote) -> Iterator[Tracker]:
    """One run's tracker."""
    tracker = github.open()
    yield tracker
    tracker.close()


@pytest.fixture
def graphql(github: GitHubRemote) -> GraphQL:
    """GraphQL, which the emulator lacks, in our own layer."""
    layer = GraphQL()
    github.front.layers.insert(0, layer)
    return layer


def drafts(n: int) -> list[IssueDraft]:
    """Drafts of so many items."""
    return [draft(f"Item {k}") for k in range(n)]


def make(github: GitHubRemote, n: int) -> list[Issue]:
    """Let an earlier run create so many issues."""
    earlier = github.open()
    made = [issue for issue in earlier.create(drafts(n)) if isinstance(issue, Issue)]
    earlier.close()
    assert len(made) == n
    github.front.exchanges.clear()
    return made


def calls(github: GitHubRemote) -> Counter[str]:
    """What was asked, by method and the path's last part, numbers left out."""
    named = (f"{e.method} {e.path.removeprefix(f'/repos/{github.repository}')}" for e in github.front.exchanges)
    return Counter("".join(c for c in name if not c.isdigit()) for name in named)


def first_sync(tracker: Tracker, github: GitHubRemote, wishes: list[IssueDraft]) -> list[Issue]:
    """What a run does that creates all of these."""
    marks = tuple(wish.mark for wish in wishes)
    start = github.now()
    tracker.read(ReadRequest(wanted=marks, src=SRC))
    assert tracker.target().refusal is None
    made = [issue for issue in tracker.create(wishes) if isinstance(issue, Issue)]
    assert len(tracker.created_since(start, marks)) == len(made) == len(wishes)
    return made


@pytest.mark.parametrize(("new", "existing"), [(3, 0), (200, 0), (5, 130), (100, 1)])
def test_a_first_sync_takes_one_call_an_item_and_few_more(
    github: GitHubRemote, tracker: Tracker, new: int, existing: int
) -> None:
    """N creates, the list, the newest page, the target, and the check after the last create; 205 for 200."""
    earlier = github.open()
    earlier.create([draft(f"Old {n}") for n in range(existing)])
    earlier.close()
    github.front.exchanges.clear()
    first_sync(tracker, github, drafts(new))
    assert len(github.front.exchanges) == new + max(1, ceil(existing / 100)) + 2 + ceil(new / 100)


@pytest.mark.usefixtures("graphql")
@pytest.mark.parametrize(("open_", "closed"), [(1, 0), (100, 0), (101, 2), (5, 105)])
def test_a_second_run_lists_what_is_open_and_asks_for_the_rest_on_our_own_graphql(
    github: GitHubRemote, tracker: Tracker, open_: int, closed: int
) -> None:
    """O open issues a hundred a page, R others a hundred a query, and not one write."""
    made = make(github, open_ + closed)
    for issue in made[:closed]:
        github.finish(issue.ref)
    github.front.exchanges.clear()
    found = tracker.read(ReadRequest(linked=tuple(issue.ref for issue in made), src=SRC)).found
    states = Counter(issue.state for issue in found.values() if isinstance(issue, Issue))
    assert states == Counter({State.OPEN: open_, State.DONE: closed})
    assert len(github.front.exchanges) == ceil(open_ / 100) + ceil(closed / 100)


def test_settled_links_are_not_asked_for(github: GitHubRemote, tracker: Tracker) -> None:
    """What the postmortem calls done costs nothing."""
    made = make(github, 3)
    github.finish(made[0].ref)
    github.front.exchanges.clear()
    refs = tuple(issue.ref for issue in made)
    tracker.read(ReadRequest(linked=refs, settled=frozenset(refs[:1]), src=SRC))
    assert calls(github) == {"GET /issues": 1}


def test_where_graphql_is_off_it_is_tried_once_and_the_closed_are_listed(
    github: GitHubRemote, tracker: Tracker
) -> None:
    """Of thirty closed issues none is asked for by itself."""
    made = make(github, 40)
    for issue in made[:30]:
        github.finish(issue.ref)
    github.front.exchanges.clear()
    for _ in range(2):
        found = tracker.read(ReadRequest(linked=tuple(issue.ref for issue in made), src=SRC)).found
        assert sum(issue.state is State.DONE for issue in found.values() if isinstance(issue, Issue)) == 30
    assert calls(github) == {"GET /issues": 4, "POST /graphql": 1}


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, {"errors": [{"message": "Field 'stateReason' doesn't accept argument 'enableDuplicate'"}]}),
        Answer(403, {"message": "Resource not accessible by personal access token"}),
        Answer(200, b"<html>"),
    ],
    ids=["old server", "not allowed", "HTML"],
)
def test_a_graphql_that_does_not_understand_is_left_aside_on_our_own_layer(
    github: GitHubRemote, tracker: Tracker, answer: Answer
) -> None:
    """REST tells the same."""
    made = make(github, 3)
    for issue in made:
        github.finish(issue.ref)
    github.front.layers.insert(0, Answers([("POST", "graphql$", answer)]))
    found = tracker.read(ReadRequest(linked=tuple(issue.ref for issue in made), src=SRC)).found
    assert [issue.state for issue in found.values() if isinstance(issue, Issue)] == [State.DONE] * 3


def test_a_single_link_is_one_call(github: GitHubRemote, tracker: Tracker) -> None:
    """Without a list, a single issue is asked for by itself."""
    [made] = make(github, 1)
    tracker.read(ReadRequest(linked=(made.ref,), src=SRC, gone=False))
    assert calls(github) == {"GET /issues/": 1}


def test_nothing_wanted_is_no_call(github: GitHubRemote, tracker: Tracker) -> None:
    """A run without links, new items or interest in what is gone asks nothing."""
    assert tracker.read(ReadRequest(src=SRC, gone=False)) == Snapshot(whole=False)
    assert github.front.exchanges == []


@pytest.mark.parametrize("on", [True, False], ids=["our own graphql", "no graphql"])
def test_the_status_of_a_thousand_links_is_ten_calls(github: GitHubRemote, tracker: Tracker, on: bool) -> None:
    """Whether there is GraphQL or not."""
    made = make(github, 1000)
    if on:
        github.front.layers.insert(0, GraphQL())
    found = tracker.read(ReadRequest(linked=tuple(issue.ref for issue in made), src=SRC)).found
    assert len(found) == 1000
    assert len(github.front.exchanges) == 10


def test_an_update_is_one_call(github: GitHubRemote, tracker: Tracker) -> None:
    """Title, details, due date, priority and mark go together."""
    made = make(github, 3)
    tracker.read(ReadRequest(linked=tuple(issue.ref for issue in made), src=SRC))
    github.front.exchanges.clear()
    for issue in made:
        tracker.update(issue, draft("New", details="d", due=date(2027, 1, 1), priority="P0"), frozenset(FIELDS))
    assert calls(github) == {"PATCH /issues/": 3}


def test_closing_and_reopening_is_one_call_each(github: GitHubRemote, tracker: Tracker) -> None:
    """The reason goes along."""
    [made] = tracker.create(drafts(1))
    assert isinstance(made, Issue)
    github.front.exchanges.clear()
    tracker.move(tracker.move(made, State.DONE), State.OPEN)
    assert calls(github) == {"PATCH /issues/": 2}


def test_what_was_read_long_ago_is_read_again_before_it_is_written(github: GitHubRemote) -> None:
    """Between reading and writing a person may take minutes to say yes, while others edit the issue."""
    [made] = make(github, 1)
    now = 0.0
    tracker = github.open(clock=lambda: now)
    tracker.read(ReadRequest(linked=(made.ref,), src=SRC))
    body = github.ask("GET", f"/issues/{made.ref.id}")["body"]
    github.ask("PATCH", f"/issues/{made.ref.id}", {"body": f"By hand.\n\n{body}"})
    now = 61.0
    github.front.exchanges.clear()
    tracker.update(made, draft("New"), frozenset({"title"}))
    tracker.close()
    assert calls(github) == {"GET /issues/": 1, "PATCH /issues/": 1}
    assert github.ask("GET", f"/issues/{made.ref.id}")["body"].startswith("By hand.\n\n<!-- pm-sync:begin")


def test_each_label_list_person_and_milestone_is_asked_for_once_with_our_own_answers_on_people(
    github: GitHubRemote,
) -> None:
    """However many issues they belong to."""
    github.options.update(create_labels=False, milestones=True)
    github.front.layers.append(Assignees())
    for name in ("pm-sync", "needs-owner"):
        github.ask("POST", "/labels", {"name": name, "color": "ededed"})
    github.front.exchanges.clear()
    tracker = github.open()
    due = date(2026, 12, 24)
    wishes = [draft(f"Item {n}", assignees=("acme", "nobody"), due=due, labels=("no-such",)) for n in range(3)]
    made = [issue for issue in tracker.create(wishes) if isinstance(issue, Issue)]
    tracker.close()
    assert calls(github) == {
        "GET /labels": 1,
        "GET /assignees/acme": 1,
        "GET /assignees/nobody": 1,
        "POST /milestones": 1,
        "POST /issues": 3,
    }
    assert {issue.assignees for issue in made} == {("acme",)}
    assert {issue.labels for issue in made} == {frozenset()}
    assert all("nobody can't be assigned" in issue.notes[0] for issue in made)
    assert all("'no-such' is left out" in issue.notes[1] for issue in made)


def test_a_known_milestone_is_used_again(github: GitHubRemote) -> None:
    """A later run learns of it from the issues it lists, without a call."""
    github.options["milestones"] = True
    due = date(2026, 12, 24)
    earlier = github.open()
    earlier.create([draft("One", due=due)])
    earlier.close()
    github.front.exchanges.clear()
    later = github.open()
    wish = draft("Two", due=due)
    first_sync(later, github, [wish])
    later.close()
    assert calls(github) == {"GET /issues": 3, "GET ": 1, "POST /issues": 1}


@pytest.mark.parametrize("author", ["acme", "mallory"])
def test_nobody_is_looked_up_whose_mark_concerns_no_item(github: GitHubRemote, tracker: Tracker, author: str) -> None:
    """``GET /user`` is asked only for an author whom nothing else vouches for, and only if the mark matches."""
    wish = draft("By hand")
    forged = github.open(token=f"{author}-0")
    forged.create([wish])
    forged.close()
    github.front.exchanges.clear()
    found = tracker.read(ReadRequest(wanted=(mark("Another"),), src=SRC))
    assert calls(github) == {"GET /issues": 2}
    assert [len(found.marked), len(found.foreign)] == ([1, 0] if author == "acme" else [0, 1])
    again = tracker.read(ReadRequest(wanted=(wish.mark,), src=SRC))
    assert calls(github)["GET /user"] == (0 if author == "acme" else 1)
    assert [len(again.marked), len(again.foreign)] == ([1, 0] if author == "acme" else [0, 1])


def test_graphql_answers_alias_by_alias_on_our_own_layer(
    github: GitHubRemote, tracker: Tracker, graphql: GraphQL
) -> None:
    """One forbidden repository, one missing, one deleted issue: the others are read all the same."""
    made = make(github, 3)
    site, here = made[0].ref.site, github.repository
    for issue in made:
        github.finish(issue.ref)
    github.delete(made[0].ref)
    graphql.refused = {"acme/secret": ("FORBIDDEN", "Resource protected by organization SAML enforcement.")}
    never = IssueRef("github", site, here, "999")
    secret, missing = (IssueRef("github", site, f"acme/{name}", "1") for name in ("secret", "missing"))
    linked = (*(issue.ref for issue in made), never, secret, missing)
    found = tracker.read(ReadRequest(linked=linked, src=SRC)).found
    assert [type(found[ref]) for ref in linked] == [Lost, Issue, Issue, Lost, Unreachable, Unreachable]
    assert "SAML" in str(found[secret])
    assert "deleted" in str(found[made[0].ref])


@pytest.mark.usefixtures("graphql")
def test_a_number_too_large_for_graphql_spoils_no_query(github: GitHubRemote, tracker: Tracker) -> None:
    """GraphQL refuses a whole query for one number beyond its integers."""
    made = make(github, 2)
    for issue in made:
        github.finish(issue.ref)
    huge = IssueRef("github", made[0].ref.site, github.repository, "99999999999")
    found = tracker.read(ReadRequest(linked=(huge, *(issue.ref for issue in made)), src=SRC)).found
    assert [type(found[ref]) for ref in (huge, made[0].ref, made[1].ref)] == [Lost, Issue, Issue]


def test_old_times_are_compared_in_one_zone(github: GitHubRemote, tracker: Tracker) -> None:
    """Without a look-up before, what was made since a moment is told by time."""
    make(github, 2)
    wish = draft("Item 1")
    assert len(tracker.created_since(github.now() - timedelta(hours=1), [wish.mark])) == 1
    assert tracker.created_since(github.now() + timedelta(hours=1), [wish.mark]) == []
