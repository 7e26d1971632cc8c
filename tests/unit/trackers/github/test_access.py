"""Where GitHub is and who we are there."""

from __future__ import annotations

import pytest

from pm_sync.errors import AccessDenied, ConfigError
from pm_sync.trackers.github.access import access_from, site_from


@pytest.mark.parametrize(
    ("environment", "web", "graphql", "expected"),
    [
        ({}, "https://github.com", "https://api.github.com/graphql", True),
        (
            {"GITHUB_API_URL": "https://ghe.example.com/api/v3"},
            "https://ghe.example.com",
            "https://ghe.example.com/api/graphql",
            True,
        ),
        ({"GITHUB_API_URL": "http://127.0.0.1:4001/"}, "http://127.0.0.1:4001", "http://127.0.0.1:4001/graphql", False),
        (
            {"GITHUB_API_URL": "http://127.0.0.1:4001", "GITHUB_GRAPHQL_URL": "http://127.0.0.1:4002/graphql"},
            "http://127.0.0.1:4001",
            "http://127.0.0.1:4002/graphql",
            True,
        ),
        (
            {"GITHUB_API_URL": "http://127.0.0.1:4001", "GITHUB_SERVER_URL": "https://GitHub.example.com:443/"},
            "https://github.example.com",
            "http://127.0.0.1:4001/graphql",
            False,
        ),
    ],
    ids=["github.com", "enterprise server", "loopback", "graphql elsewhere", "web elsewhere"],
)
def test_addresses_are_derived(environment: dict[str, str], web: str, graphql: str, expected: bool) -> None:
    """The API's address tells the others, unless they are given."""
    site = site_from(environment)
    assert (site.web, site.graphql, site.graphql_expected) == (web, graphql, expected)


def test_a_connection_reads_its_own_variables_only() -> None:
    """A named connection takes nothing from the usual ones."""
    environment = {
        "GITHUB_TOKEN": "usual",
        "GITHUB_API_URL": "https://ghe.example.com/api/v3",
        "PM_SYNC_MY_CORP_GITHUB_TOKEN": "corp",
    }
    access = access_from(environment, "my-corp")
    assert (access.token, access.site.web) == ("corp", "https://github.com")


def test_an_app_goes_before_a_token_and_its_key_may_be_one_line() -> None:
    """In Actions there is always a token, too."""
    environment = {
        "GITHUB_TOKEN": "t",
        "PM_SYNC_GITHUB_APP_ID": "7",
        "PM_SYNC_GITHUB_PRIVATE_KEY": "-----BEGIN\\nKEY",
    }
    access = access_from(environment)
    assert (access.app_id, access.private_key, access.is_app) == ("7", "-----BEGIN\nKEY", True)


def test_gh_token_stands_in() -> None:
    """What the gh command uses works too."""
    assert access_from({"GH_TOKEN": "x"}).token == "x"  # noqa: S105


def test_an_actions_token_acts_for_an_app() -> None:
    """Its rights are not those that the repository's answer names."""
    assert access_from({"GITHUB_TOKEN": "ghs_abc"}).is_app
    assert not access_from({"GITHUB_TOKEN": "ghp_abc"}).is_app


@pytest.mark.parametrize(
    ("environment", "hint"),
    [
        ({}, "GITHUB_TOKEN"),
        ({"GITHUB_TOKEN": "  "}, "GITHUB_TOKEN"),
        ({"PM_SYNC_GITHUB_APP_ID": "7"}, "PM_SYNC_GITHUB_PRIVATE_KEY"),
    ],
    ids=["nothing", "blank", "no key"],
)
def test_a_missing_credential_names_its_variable(environment: dict[str, str], hint: str) -> None:
    """The message says what to set."""
    with pytest.raises(AccessDenied) as caught:
        access_from(environment)
    assert hint in str(caught.value.hint)


def test_a_credential_is_never_sent_in_the_clear() -> None:
    """Plain http is for loopback addresses."""
    with pytest.raises(ConfigError, match="GITHUB_API_URL"):
        access_from({"GITHUB_TOKEN": "t", "GITHUB_API_URL": "http://ghe.example.com/api/v3"})


def test_secrets_are_not_in_what_is_shown() -> None:
    """A traceback or a log may show the value."""
    environment = {
        "GITHUB_TOKEN": "s3cret",
        "PM_SYNC_MARK_KEY": "k3y",
        "PM_SYNC_GITHUB_APP_ID": "7",
        "PM_SYNC_GITHUB_PRIVATE_KEY": "p3m",
    }
    shown = repr(access_from(environment))
    assert not any(secret in shown for secret in ("s3cret", "k3y", "p3m"))


@pytest.mark.parametrize("token", ["to ken", "to\nken", "т0ken", "\x1btoken"])
def test_a_token_that_can_t_be_sent_is_refused_and_not_shown(token: str) -> None:
    """Something went along as it was copied; no header could carry it."""
    with pytest.raises(AccessDenied, match="no token has; set GITHUB_TOKEN to the token") as caught:
        access_from({"GITHUB_TOKEN": token})
    assert token not in str(caught.value)
