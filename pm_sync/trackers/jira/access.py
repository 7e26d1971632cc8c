"""Where Jira is and who we are there: from the environment only, never from a file that a pull request could change."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from urllib.parse import urlsplit

from msgspec import Struct

from pm_sync.errors import AccessDenied
from pm_sync.trackers.http import is_sendable, origin, safe_base
from pm_sync.trackers.variables import Variables

_GATEWAY = "api.atlassian.com"
"""Scoped tokens are good here only: ``https://api.atlassian.com/ex/jira/CLOUD_ID``."""
_CLOUD_HOSTS = (".atlassian.net", ".jira.com")


class Site(Struct, frozen=True):
    """The addresses of one Jira."""

    api: str
    """What requests go to; empty where the environment names none."""
    web: str
    """What issues' addresses begin with: scheme, host, port and context path."""
    cloud: bool | None
    """Whether it is Jira Cloud, where the address tells."""


class Access(Struct, frozen=True):
    """A site and a credential for it: a name with its token or password, or a personal access token."""

    site: Site
    variables: Variables
    user: str = ""
    token: str = ""
    pat: str = ""
    mark_key: str = ""
    """Marks must be signed with it, where there is one."""

    def __repr__(self) -> str:
        """Without the secrets."""
        return f"Access(site={self.site!r}, user={self.user!r})"

    @property
    def credential(self) -> str:
        """The variable to look at when the credential is refused."""
        return self.variables.name("JIRA_PAT" if self.pat else "JIRA_API_TOKEN")

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown, also as it stands in a request."""
        basic = base64.b64encode(f"{self.user}:{self.token}".encode()).decode() if self.token else ""
        return tuple(secret for secret in (basic, self.token, self.pat, self.mark_key) if secret)

    @property
    def cloud(self) -> bool | None:
        """Whether it is Cloud, as far as address and credential tell: on Cloud people are named by their address."""
        if self.site.cloud is None and self.user and "@" not in self.user:
            return False
        return self.site.cloud


def site_from(environment: Mapping[str, str], connection: str = "") -> Site:
    """Find the addresses, without needing a credential.

    Raises:
        ConfigError: an address can't be used.

    """
    variables = Variables(connection)
    given = variables.get(environment, "JIRA_BASE_URL")
    if not given:
        return Site("", "", None)
    api = safe_base(given, variables.name("JIRA_BASE_URL"))
    site = variables.get(environment, "JIRA_SITE_URL")
    web = safe_base(site, variables.name("JIRA_SITE_URL")) if site else api
    host = (urlsplit(api).hostname or "").lower()
    cloud = host == _GATEWAY or host.endswith(_CLOUD_HOSTS)
    return Site(api, origin(web) + urlsplit(web).path.rstrip("/"), cloud or None)


def access_from(environment: Mapping[str, str], connection: str = "") -> Access:
    """Find the site and the credential; a personal access token goes before name and token.

    Raises:
        AccessDenied: address or credential is missing.
        ConfigError: an address can't be used.

    """
    variables = Variables(connection)
    site = site_from(environment, connection)
    _check_site(site, variables)
    access = Access(
        site=site,
        variables=variables,
        user=variables.get(environment, "JIRA_EMAIL"),
        token=variables.get(environment, "JIRA_API_TOKEN"),
        pat=variables.get(environment, "JIRA_PAT"),
        mark_key=environment.get("PM_SYNC_MARK_KEY", ""),
    )
    if not access.pat and not (access.user and access.token):
        email, token, pat = (variables.name(name) for name in ("JIRA_EMAIL", "JIRA_API_TOKEN", "JIRA_PAT"))
        raise AccessDenied(
            f"no credential for {site.web}",
            hint=f"set {email} and {token} (Cloud), or {pat} (Data Center)",
        )
    if not (is_sendable(access.pat) if access.pat else _is_latin(access.user + access.token)):
        raise AccessDenied(
            f"the credential for {site.web} holds blanks, line breaks or letters that can't be sent",
            hint=f"set {access.credential} to the token and nothing else",
        )
    return access


def _is_latin(text: str) -> bool:
    """Whether name and password can be sent: a header holds them encoded, but from these letters only."""
    try:
        return bool(text.encode("latin-1"))
    except UnicodeEncodeError:
        return False


def _check_site(site: Site, variables: Variables) -> None:
    base = variables.name("JIRA_BASE_URL")
    if not site.api:
        raise AccessDenied("no address of a Jira", hint=f"set {base}, for example to https://acme.atlassian.net")
    if urlsplit(site.web).hostname == _GATEWAY:
        name = variables.name("JIRA_SITE_URL")
        raise AccessDenied(
            f"{base} is the gateway for scoped tokens, where no person can open an issue",
            hint=f"set {name} to the site's own address, for example https://acme.atlassian.net",
        )
