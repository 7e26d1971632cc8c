"""Issues and pull requests as both of GitHub's APIs tell them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from graphql import parse

from pm_sync.errors import TrackerError
from pm_sync.model import IssueRef, State
from pm_sync.trackers.github import graphql
from pm_sync.trackers.github.options import GitHubOptions
from pm_sync.trackers.github.records import Record, from_graphql, from_rest, state_of, to_issue
from tests.factories import github_ref

SITE = "https://github.com"
REST: dict[str, Any] = {
    "repository_url": "https://api.github.com/repos/Acme/Infra",
    "id": 9001,
    "number": 4,
    "title": "Add a replica",
    "body": None,
    "state": "closed",
    "state_reason": "not_planned",
    "created_at": "2026-11-22T09:30:00Z",
    "updated_at": "2026-11-22T23:30:00Z",
    "closed_at": "2026-11-22T23:30:00+00:00",
    "labels": [{"name": "pm-sync"}, "plain", {"name": None}],
    "assignees": [{"login": "alice"}],
    "user": {"login": "github-actions[bot]"},
    "author_association": "NONE",
    "comments": 2,
    "milestone": {"number": 3, "title": "2026-12-24"},
}
GRAPHQL: dict[str, Any] = {
    "__typename": "Issue",
    "repository": {"nameWithOwner": "Acme/Infra"},
    "fullDatabaseId": "9001",
    "number": 4,
    "title": "Add a replica",
    "body": "",
    "issueState": "CLOSED",
    "stateReason": "NOT_PLANNED",
    "createdAt": "2026-11-22T09:30:00Z",
    "updatedAt": "2026-11-22T23:30:00Z",
    "closedAt": "2026-11-22T23:30:00Z",
    "labels": {"nodes": [{"name": "pm-sync"}, {"name": "plain"}]},
    "assignees": {"nodes": [{"login": "alice"}]},
    "author": {"__typename": "Bot", "login": "github-actions"},
    "authorAssociation": "NONE",
    "viewerDidAuthor": False,
    "comments": {"totalCount": 2},
    "milestone": {"number": 3, "title": "2026-12-24"},
}


def test_both_apis_tell_the_same() -> None:
    """A run may learn of one issue from either."""
    assert from_rest(REST) == from_graphql(GRAPHQL)


def test_an_issue_of_ours_in_our_words() -> None:
    """Labels of our own bookkeeping are left out, the day is that in UTC."""
    found = to_issue(from_rest(REST), SITE, GitHubOptions("acme/infra"), None)
    assert (found.ref, found.title, found.state) == (github_ref(4), "Add a replica", State.DROPPED)
    assert found.created == datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    assert (found.settled, found.labels, found.assignees) == (date(2026, 11, 22), frozenset({"plain"}), ("alice",))


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"state": "open"}, State.OPEN),
        ({"state": "open", "labels": [{"name": "In Progress"}]}, State.IN_PROGRESS),
        ({"state": "closed", "state_reason": "completed"}, State.DONE),
        ({"state": "closed", "state_reason": None}, State.DONE),
        ({"state": "closed", "state_reason": "duplicate"}, State.DROPPED),
        ({"state": "closed", "labels": [{"name": "in progress"}], "state_reason": "completed"}, State.DONE),
        ({"pull_request": {"merged_at": "2026-11-22T09:30:00Z"}}, State.DONE),
        ({"pull_request": {"merged_at": None}}, State.DROPPED),
        ({"pull_request": {"merged_at": None}, "state": "open"}, State.OPEN),
    ],
    ids=[
        "open",
        "labelled",
        "completed",
        "no reason",
        "duplicate",
        "closed and labelled",
        "merged",
        "unmerged",
        "draft",
    ],
)
def test_states(fields: dict[str, Any], state: State) -> None:
    """GitHub's open, closed, reasons and merges."""
    assert state_of(from_rest(REST | fields), "in progress") is state


def test_a_pull_request_is_told_by_graphql_s_type() -> None:
    """Its states are others."""
    node = GRAPHQL | {"__typename": "PullRequest", "pullState": "MERGED"}
    found = from_graphql(node)
    assert (found.pull_request, state_of(found, None)) == (True, State.DONE)


@pytest.mark.parametrize("data", [{}, {"number": "x"}, REST | {"created_at": "soon"}, REST | {"user": "me"}])
def test_what_is_no_issue_is_said_so(data: dict[str, Any]) -> None:
    """A server may answer anything."""
    with pytest.raises(TrackerError, match="no GitHub issue"):
        from_rest(data)
    with pytest.raises(TrackerError, match="no issue"):
        from_graphql(data)


def ref(project: str, number: int) -> IssueRef:
    """An issue of a repository."""
    return IssueRef("github", SITE, project, str(number))


def test_a_query_is_valid_whatever_a_repository_is_called() -> None:
    """Names are quoted, each repository and issue has an alias of its own."""
    text = graphql.query([ref('we"ird/na\\me', 1), ref("acme/infra", 2), ref("acme/infra", 3)])
    parse(text)
    assert text.count("repository(owner:") == 2
    assert text.count("issueOrPullRequest(number:") == 3


def test_batches_hold_a_hundred() -> None:
    """Each asks for few repositories."""
    refs = [ref(f"acme/{n % 3}", n) for n in range(250)]
    sizes = [len(batch) for batch in graphql.batches(refs)]
    assert sizes == [100, 100, 50]


def test_answers_are_sorted_out_alias_by_alias() -> None:
    """A record, a missing issue in a readable repository, and reasons of repositories and issues."""
    refs = [ref("acme/infra", 4), ref("acme/infra", 5), ref("acme/infra", 6), ref("acme/secret", 1), ref("acme/odd", 1)]
    body = {
        "data": {"r0": {"i4": GRAPHQL, "i5": None, "i6": None}, "r1": None, "r2": None},
        "errors": [
            {"type": "NOT_FOUND", "path": ["r0", "i5"], "message": "Could not resolve"},
            {"type": "FORBIDDEN", "path": ["r0", "i6"], "message": "SAML"},
            {"type": "NOT_FOUND", "path": ["r1"], "message": "no such repository"},
        ],
    }
    found = graphql.answers(refs, body)
    assert isinstance(found[refs[0]], Record)
    assert [found[each] for each in refs[1:]] == [None, "SAML", "no such repository", "no reason given"]


def test_unreadable_errors_are_no_crash() -> None:
    """Errors of another shape than GitHub's."""
    with pytest.raises(TrackerError, match="errors"):
        graphql.answers([ref("a/b", 1)], {"data": {}, "errors": ["boom"]})
