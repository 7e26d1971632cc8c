"""What GitHub means when it says no: a message of its own for each reason, with what to do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pm_sync.errors import AccessDenied, NotFound, RateLimited, TrackerError
from pm_sync.trackers.github.access import access_from
from pm_sync.trackers.github.connection import Connection, Reply
from pm_sync.trackers.github.failures import Asked, Gone, Moved, Rejected, failure, graphql_failure
from pm_sync.trackers.http import Unavailable

ENVIRONMENT = {"GITHUB_TOKEN": "s3cret-token", "GITHUB_API_URL": "https://ghe.example.com/api/v3"}
DATE = {"date": "Sun, 22 Nov 2026 09:30:00 GMT"}
RESET = "1795339860"
"""One minute after `DATE`."""


def asked(verb: str = "POST") -> Asked:
    """A request for the issues of acme/infra."""
    return Asked(Connection(access_from(ENVIRONMENT), "acme/infra"), verb, "/repos/acme/infra/issues")


def reply(status: int, message: str = "No", headers: dict[str, str] | None = None, **more: Any) -> Reply:
    """An answer with GitHub's words."""
    return Reply(status, DATE | (headers or {}), {"message": message, **more}, is_json=True)


def error(answer: Reply, verb: str = "POST") -> TrackerError:
    """The error that an answer means."""
    found = failure(asked(verb), answer)
    assert found is not None
    return found


@pytest.mark.parametrize("status", [200, 201, 204])
def test_success_is_no_error(status: int) -> None:
    """All of 2xx."""
    assert failure(asked(), Reply(status, {}, None, is_json=True)) is None


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (reply(401, "Bad credentials"), AccessDenied, "does not know this credential"),
        (
            reply(401, "Bad credentials", {"github-authentication-token-expiration": "2026-11-01 00:00:00 UTC"}),
            AccessDenied,
            "expired on 2026-11-01",
        ),
        (reply(401, "Token expired"), AccessDenied, "expired"),
        (
            reply(403, "Resource not accessible", {"x-accepted-github-permissions": "issues=write"}),
            AccessDenied,
            "lacks the permission `issues: write`",
        ),
        (
            reply(403, "No", {"x-accepted-oauth-scopes": "repo, public_repo", "x-oauth-scopes": "gist"}),
            AccessDenied,
            "lacks the scope `repo or public_repo`",
        ),
        (
            reply(403, "SAML", {"x-github-sso": "required; url=https://ghe.example.com/orgs/acme/sso?x=1"}),
            AccessDenied,
            "authorise it at https://ghe.example.com/orgs/acme/sso?x=1",
        ),
        (reply(403, "Repository was archived so is read-only."), AccessDenied, "archived"),
        (reply(403, "You may not"), AccessDenied, "issues: write"),
        (reply(404, "Not Found"), NotFound, "is not there, or hidden from this credential"),
        (reply(410, "Issues are disabled for this repo"), Gone, "Issues are disabled"),
        (reply(422, "Validation Failed"), Rejected, "refused it: Validation Failed"),
        (reply(307, "Moved"), Moved, "has moved"),
        (reply(451, "Blocked"), TrackerError, "answered 451"),
        (reply(502, "Bad gateway"), Unavailable, "answered 502"),
    ],
    ids=lambda value: str(value.status) if isinstance(value, Reply) else None,
)
def test_each_reason_has_its_own_words(answer: Reply, kind: type[TrackerError], words: str) -> None:
    """They say what happened and what to do."""
    found = error(answer)
    assert type(found) is kind
    assert words in str(found)


def test_a_single_sign_on_page_elsewhere_is_not_shown() -> None:
    """Only the site's own address can be the right one."""
    found = error(reply(403, "SAML", {"x-github-sso": "required; url=https://evil.example.com/sso"}))
    assert "single sign-on" in str(found)
    assert "evil" not in str(found)


def test_html_is_no_answer_to_a_read() -> None:
    """A login page or proxy stands in between."""
    found = error(Reply(200, {}, None, is_json=False), "GET")
    assert "no JSON" in str(found)
    assert "GITHUB_API_URL" in str(found)


def test_html_in_answer_to_a_write_may_hide_that_it_acted() -> None:
    """So it counts as no answer."""
    assert isinstance(error(Reply(200, {}, None, is_json=False)), Unavailable)


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (reply(429, "Slow down"), 60),
        (reply(429, "Slow down", {"retry-after": "7"}), 7),
        (reply(403, "Slow down", {"retry-after": "Sun, 22 Nov 2026 09:31:30 GMT"}), 90),
        (reply(403, "API rate limit exceeded", {"x-ratelimit-remaining": "0", "x-ratelimit-reset": RESET}), 60),
        (reply(403, "API rate limit exceeded", {"x-ratelimit-remaining": "0"}), 60),
        (reply(403, "You have exceeded a secondary rate limit."), 60),
        (reply(429, "x", {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1"}), 1),
    ],
    ids=["429", "seconds", "date", "primary", "no reset", "secondary", "reset in the past"],
)
def test_limits_say_how_long_to_wait(answer: Reply, seconds: float) -> None:
    """By the server's own clock, whichever way it says so."""
    found = error(answer)
    assert isinstance(found, RateLimited)
    assert found.retry_after == seconds


def test_what_is_refused_is_named() -> None:
    """Fields and values of GitHub's errors."""
    errors = [{"resource": "Issue", "field": "assignees", "value": "Nobody", "code": "invalid"}]
    found = error(reply(422, "Validation Failed", errors=errors))
    assert isinstance(found, Rejected)
    assert (found.fields, found.values) == (frozenset({"assignees"}), frozenset({"nobody"}))
    assert "assignees: invalid" in str(found)


def test_no_secret_and_no_control_character_comes_back() -> None:
    """A server may echo what it was sent."""
    found = error(reply(400, "you sent s3cret-token\n::error::x\x1b[31m"))
    assert "s3cret" not in str(found)
    assert "***" in str(found)
    assert not any(ord(character) < 32 for character in str(found))


def test_graphql_s_own_limit_is_a_limit() -> None:
    """It comes as 200, without data."""
    body = {"data": None, "errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}
    found = graphql_failure(asked("GET"), Reply(200, DATE | {"x-ratelimit-reset": RESET}, body, is_json=True))
    assert isinstance(found, RateLimited)


def test_graphql_without_data_is_an_error_with_its_reason() -> None:
    """As for a query that it refuses."""
    body = {"errors": [{"message": "Parse error on s3cret-token"}]}
    found = graphql_failure(asked("GET"), Reply(200, {}, body, is_json=True))
    assert "Parse error on ***" in str(found)
    assert graphql_failure(asked("GET"), Reply(200, {}, {"data": {"r0": None}}, is_json=True)) is None


@pytest.mark.parametrize("body", [None, [], "text", {"errors": "none"}, {"errors": [1]}, {"message": 5}])
def test_strange_answers_do_no_harm(body: object) -> None:
    """Whatever comes is an error with a message."""
    content = json.loads(json.dumps(body))
    for status in (400, 401, 403, 404, 410, 422, 500):
        assert str(error(Reply(status, {}, content, is_json=True)))
