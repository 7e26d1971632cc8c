"""Where GitHub is and who we are there: from the environment only, never from a file that a pull request could change."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from msgspec import Struct

from pm_sync.errors import AccessDenied
from pm_sync.trackers.http import is_sendable, origin, safe_base
from pm_sync.trackers.variables import Variables

_PUBLIC_API = "https://api.github.com"
_INSTALLATION_TOKEN = "ghs_"  # noqa: S105  how GitHub begins the tokens of apps, Actions among them


class Site(Struct, frozen=True):
    """The addresses of one GitHub."""

    api: str
    web: str
    """What issues' addresses begin with: scheme, host and port."""
    graphql: str
    graphql_expected: bool
    """Whether GraphQL can be counted on: the address was given, or is of a form that GitHub itself uses."""


class Access(Struct, frozen=True):
    """A site and a credential for it: a token, or an app's id and key."""

    site: Site
    variables: Variables
    token: str = ""
    app_id: str = ""
    private_key: str = ""
    mark_key: str = ""
    """Marks must be signed with it, where there is one."""

    def __repr__(self) -> str:
        """Without the secrets."""
        return f"Access(site={self.site!r}, app_id={self.app_id!r})"

    @property
    def is_app(self) -> bool:
        """Whether the credential acts for an app, whose rights the repository's ``permissions`` don't tell."""
        return bool(self.app_id) or self.token.startswith(_INSTALLATION_TOKEN)


def site_from(environment: Mapping[str, str], connection: str = "") -> Site:
    """Find the addresses, without needing a credential.

    Raises:
        ConfigError: an address can't be used.

    """
    variables = Variables(connection)
    api = safe_base(variables.get(environment, "GITHUB_API_URL") or _PUBLIC_API, variables.name("GITHUB_API_URL"))
    web = variables.get(environment, "GITHUB_SERVER_URL")
    given = variables.get(environment, "GITHUB_GRAPHQL_URL")
    if given and urlsplit(given).hostname != urlsplit(api).hostname:
        given = ""  # it is another GitHub's, as where a workflow's own are set besides: the token is for this one
    return Site(
        api=api,
        web=origin(web or _web_of(api)),
        graphql=safe_base(given, variables.name("GITHUB_GRAPHQL_URL")) if given else _graphql_of(api),
        graphql_expected=bool(given) or api == _PUBLIC_API or api.endswith("/api/v3"),
    )


def access_from(environment: Mapping[str, str], connection: str = "") -> Access:
    """Find the site and the credential; an app's goes before a token.

    Raises:
        AccessDenied: there is no credential, or none that can be sent.
        ConfigError: an address can't be used.

    """
    variables = Variables(connection)
    access = Access(
        site=site_from(environment, connection),
        variables=variables,
        token=variables.get(environment, "GITHUB_TOKEN", "GH_TOKEN"),
        app_id=variables.get(environment, "PM_SYNC_GITHUB_APP_ID"),
        # Secrets are often pasted into one line, with their newlines written out.
        private_key=variables.get(environment, "PM_SYNC_GITHUB_PRIVATE_KEY").replace("\\n", "\n"),
        mark_key=environment.get("PM_SYNC_MARK_KEY", ""),
    )
    if access.app_id and not access.private_key:
        raise AccessDenied(
            f"{variables.name('PM_SYNC_GITHUB_APP_ID')} is set, but no key for the app",
            hint=f"set {variables.name('PM_SYNC_GITHUB_PRIVATE_KEY')} to the key's PEM text",
        )
    if not (access.app_id or access.token):
        raise AccessDenied(
            f"no credential for {access.site.web}",
            hint=f"set {variables.name('GITHUB_TOKEN')}, in a workflow to ${{{{ github.token }}}}",
        )
    if not access.app_id and not is_sendable(access.token):
        raise AccessDenied(
            f"the token for {access.site.web} holds blanks, line breaks or letters that no token has",
            hint=f"set {variables.name('GITHUB_TOKEN')} to the token and nothing else",
        )
    return access


def _web_of(api: str) -> str:
    return "https://github.com" if api == _PUBLIC_API else api


def _graphql_of(api: str) -> str:
    """Where PyGithub, too, expects it: beside ``/v3``, else below the API's own address."""
    parts = urlsplit(api)
    return parts._replace(path=f"{parts.path.removesuffix('/v3')}/graphql").geturl()
