"""The judging apart from the asking: of anything that a server may say, and of credentials that no emulator has."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pm_sync.findings import Finding, Level
from pm_sync.trackers.github import diagnosis as github
from pm_sync.trackers.github.access import Access as GitHubAccess
from pm_sync.trackers.github.access import access_from as github_access
from pm_sync.trackers.github.connection import Reply as GitHubReply
from pm_sync.trackers.github.options import GitHubOptions
from pm_sync.trackers.jira import diagnosis as jira
from pm_sync.trackers.jira.access import access_from as jira_access
from pm_sync.trackers.jira.connection import Reply as JiraReply
from pm_sync.trackers.jira.options import JiraOptions

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
OPTIONS = GitHubOptions("acme/infra")
PUSH = {"permissions": {"push": True}, "private": True}
TOKEN = "ghp_" + "a1B2" * 9
FINE_GRAINED = "github_pat_" + "a1B2" * 12
INSTALLATION = "ghs_" + "a1B2" * 9

NAMES = (
    "permissions", "push", "private", "login", "deploymentType", "version", "name", "statuses", "id", "statusCategory",
    "BROWSE_PROJECTS", "havePermission",
)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["Task", "Done", "true"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=12,
)
BODIES = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=5) | st.lists(VALUES, max_size=3) | VALUES
HEADERS = st.dictionaries(
    st.sampled_from(
        [
            "date",
            "x-ratelimit-remaining",
            "x-ratelimit-limit",
            "x-ratelimit-reset",
            "x-ratelimit-nearlimit",
            "x-oauth-scopes",
            "x-github-enterprise-version",
            "github-authentication-token-expiration",
        ]
    ),
    st.text(max_size=12) | st.integers(0, 10**20).map(str),
)


def access(token: str = TOKEN) -> GitHubAccess:
    """A credential for GitHub."""
    return github_access({"GITHUB_TOKEN": token})


def seen(body: object, rights: dict[str, str] | None = None, **headers: str) -> github.Seen:
    """A repository as GitHub tells of it."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return github.Seen(GitHubReply(200, named, body, is_json=True), NOW, rights)


def levels(findings: list[Finding]) -> set[Level]:
    """The levels there are."""
    return {finding.level for finding in findings}


@pytest.mark.parametrize(
    ("token", "found", "level"),
    [
        (TOKEN, seen(PUSH), Level.OK),
        (TOKEN, seen(PUSH, x_oauth_scopes="repo, gist"), Level.OK),
        (TOKEN, seen(PUSH, x_oauth_scopes="public_repo"), Level.FAILURE),
        (TOKEN, seen({**PUSH, "private": False}, x_oauth_scopes="public_repo"), Level.OK),
        (TOKEN, seen(PUSH, x_oauth_scopes=""), Level.FAILURE),
        (FINE_GRAINED, seen(PUSH), Level.WARNING),
        (INSTALLATION, seen({}, x_oauth_scopes=""), Level.WARNING),
        (INSTALLATION, seen({}, {"issues": "write"}), Level.OK),
        (INSTALLATION, seen({}, {"issues": "read"}), Level.FAILURE),
        (INSTALLATION, seen({}, {}), Level.FAILURE),
    ],
    ids=[
        "classic",
        "classic with scope",
        "classic for public ones",
        "classic for public ones in one",
        "classic without scopes",
        "fine-grained",
        "of a workflow",
        "of an app",
        "of an app that reads",
        "of an app without rights",
    ],
)
def test_rights_are_told_as_far_as_reading_tells_them(token: str, found: github.Seen, level: Level) -> None:
    """Where only a write could tell, that is a warning, which says what to give."""
    findings = github.of_rights(found, access(token), OPTIONS, None)
    assert levels(findings) == {level}
    assert all(finding.hint for finding in findings if level is not Level.OK)


def test_features_that_are_not_used_are_not_judged() -> None:
    """A repository without milestones in its configuration needs none."""
    used = GitHubOptions("acme/infra", milestones=True, sub_issues=False)
    named = {finding.about for finding in github.of_rights(seen(PUSH), access(), used, None)}
    assert ("milestones" in named, "sub-issues" in named) == (True, False)


@pytest.mark.parametrize(
    ("token", "found", "told"),
    [
        (TOKEN, seen(PUSH), {"push": Level.OK, "pull requests": Level.OK}),
        (TOKEN, seen({"permissions": {"push": False}}), {"push": Level.WARNING, "pull requests": Level.WARNING}),
        (INSTALLATION, seen({}), {"push": Level.WARNING, "pull requests": Level.WARNING}),
        (INSTALLATION, seen({}, {"contents": "write"}), {"push": Level.OK, "pull requests": Level.WARNING}),
    ],
    ids=["may", "may not", "of a workflow", "of an app"],
)
def test_publishing_is_never_in_the_way(token: str, found: github.Seen, told: dict[str, Level]) -> None:
    """A sync works without; what is missing is named."""
    findings = github.of_publishing(found, access(token), "acme/pm")
    assert {finding.about: finding.level for finding in findings} == told


@example(body={"permissions": [1]}, headers={}, token=TOKEN)
@given(body=BODIES, headers=HEADERS, token=st.sampled_from([TOKEN, FINE_GRAINED, INSTALLATION]))
def test_whatever_github_says_is_judged(body: Any, headers: dict[str, str], token: str) -> None:
    """No answer makes the judge stumble."""
    found, who = github.Seen(GitHubReply(200, headers, body, is_json=True), NOW), access(token)
    findings = [
        github.of_identity(github.Identity("x"), who, found),
        github.of_repository(found, "acme/infra"),
        *github.of_rights(found, who, OPTIONS, None),
        *github.of_publishing(found, who, "acme/infra"),
        *github.of_server(found, who),
    ]
    assert all(finding.what for finding in findings)


@given(body=BODIES, headers=HEADERS)
def test_whatever_jira_says_is_judged(body: Any, headers: dict[str, str]) -> None:
    """No answer makes the judge stumble."""
    who = jira_access({"JIRA_BASE_URL": "https://jira.example.com", "JIRA_PAT": "a-token"})
    reply, options = JiraReply(200, headers, body, is_json=True), JiraOptions("OPS")
    account = JiraReply(200, headers, {"name": body}, is_json=True)
    server = JiraReply(200, {}, {"deploymentType": "Server", "version": body}, is_json=True)
    findings = [
        jira.of_identity(jira.Seen(account, NOW), who),
        *jira.of_permissions(reply, options),
        jira.of_statuses(reply, options),
        *jira.of_server(server, jira.Seen(account, NOW), who),
    ]
    assert all(finding.what for finding in findings)
