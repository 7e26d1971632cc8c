"""Where Jira is and who we are there."""

from __future__ import annotations

import pytest

from pm_sync.errors import AccessDenied, ConfigError
from pm_sync.trackers.jira.access import access_from, site_from

CLOUD = {"JIRA_BASE_URL": "https://acme.atlassian.net", "JIRA_EMAIL": "a@b.example", "JIRA_API_TOKEN": "t"}
GATEWAY = "https://api.atlassian.com/ex/jira/1122"


@pytest.mark.parametrize(
    ("environment", "api", "web", "cloud"),
    [
        ({"JIRA_BASE_URL": "https://acme.atlassian.net/"}, "https://acme.atlassian.net", "https://acme.atlassian.net", True),
        ({"JIRA_BASE_URL": GATEWAY, "JIRA_SITE_URL": "https://Acme.atlassian.net"}, GATEWAY, "https://acme.atlassian.net", True),
        ({"JIRA_BASE_URL": "https://jira.example.com/jira"}, "https://jira.example.com/jira", "https://jira.example.com/jira", None),
        ({"JIRA_BASE_URL": "http://127.0.0.1:8090"}, "http://127.0.0.1:8090", "http://127.0.0.1:8090", None),
        ({}, "", "", None),
    ],
    ids=["cloud", "gateway", "context path", "loopback", "none"],
)  # fmt: skip
def test_addresses_are_derived(environment: dict[str, str], api: str, web: str, cloud: bool | None) -> None:
    """People's address is the API's, unless another one is given."""
    site = site_from(environment)
    assert (site.api, site.web, site.cloud) == (api, web, cloud)


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"JIRA_BASE_URL": "http://jira.example.com"}, "JIRA_BASE_URL must start with https"),
        ({"JIRA_BASE_URL": "https://a:b@jira.example.com"}, "must not hold a user name or password"),
        ({"JIRA_BASE_URL": "jira"}, "JIRA_BASE_URL is not an"),
        ({**CLOUD, "JIRA_SITE_URL": "http://jira.example.com"}, "JIRA_SITE_URL must start with https"),
    ],
    ids=["plain http", "password", "no address", "plain site"],
)
def test_addresses_that_would_give_a_secret_away_are_refused(environment: dict[str, str], message: str) -> None:
    """Before anything is sent."""
    with pytest.raises(ConfigError, match=message):
        site_from(environment)


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({}, "no address of a Jira; set JIRA_BASE_URL"),
        ({"JIRA_BASE_URL": GATEWAY}, "gateway for scoped tokens.*set JIRA_SITE_URL"),
        ({"JIRA_BASE_URL": "https://x.example", "JIRA_EMAIL": "a"}, r"no credential for https://x.example; set JIRA_EMAIL"),
    ],
    ids=["no address", "gateway alone", "half a credential"],
)  # fmt: skip
def test_what_is_missing_is_named(environment: dict[str, str], message: str) -> None:
    """With the variables to set."""
    with pytest.raises(AccessDenied, match=message):
        access_from(environment)


def test_a_connection_reads_its_own_variables_only() -> None:
    """A named connection takes nothing from the usual ones."""
    corp = {"PM_SYNC_MY_CORP_JIRA_BASE_URL": "https://jira.example.com", "PM_SYNC_MY_CORP_JIRA_PAT": "pat"}
    access = access_from({**CLOUD, **corp}, "my-corp")
    assert (access.pat, access.token, access.site.api) == ("pat", "", "https://jira.example.com")
    assert access.credential == "PM_SYNC_MY_CORP_JIRA_PAT"


@pytest.mark.parametrize(("user", "cloud"), [("a@b.example", None), ("ada", False)], ids=["an address", "a login"])
def test_a_login_tells_data_center(user: str, cloud: bool | None) -> None:
    """On Cloud people are named by their addresses."""
    access = access_from({"JIRA_BASE_URL": "https://x.example", "JIRA_EMAIL": user, "JIRA_API_TOKEN": "t"})
    assert access.cloud is cloud


def test_secrets_are_not_shown() -> None:
    """Whoever prints it."""
    shown = repr(access_from({**CLOUD, "JIRA_API_TOKEN": "s3cret", "JIRA_PAT": "p4t", "PM_SYNC_MARK_KEY": "k3y"}))
    assert not any(secret in shown for secret in ("s3cret", "p4t", "k3y"))
