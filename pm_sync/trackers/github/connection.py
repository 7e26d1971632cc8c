"""The one seam to PyGithub: it authenticates and sends; that nothing is re-sent or followed unasked is seen to here."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

import github
import requests
from github import Auth
from github.Requester import HTTPRequestsConnectionClass, HTTPSRequestsConnectionClass, Requester, RequestsResponse
from msgspec import Struct

from pm_sync.errors import ConfigError, NotFound
from pm_sync.trace import tell, tell_call
from pm_sync.trackers.bounded import BoundedAdapter
from pm_sync.trackers.github.access import Access
from pm_sync.trackers.http import AGENT, TIMEOUT, Unavailable
from pm_sync.trackers.outage import unavailable

_ACCEPT = {"Accept": "application/vnd.github+json"}
_API_VERSION = "2022-11-28"
PER_PAGE = 100


Query = Mapping[str, str | int]
Body = Mapping[str, object]


class _Request(NamedTuple):
    verb: str
    path: str
    """Below the API's address, or a whole address."""
    query: Query | None = None
    body: Body | None = None


class Reply(Struct, frozen=True):
    """An answer as it came."""

    status: int
    headers: Mapping[str, str]
    """By names in lower case."""
    body: Any
    """What the JSON says; None where it was empty or no JSON."""
    is_json: bool

    @property
    def message(self) -> str:
        """GitHub's own words, where there are any."""
        said = self.body.get("message") if isinstance(self.body, dict) else None
        return said if isinstance(said, str) else ""

    @property
    def location(self) -> str:
        """Where a redirect leads."""
        return self.headers.get(_Unfollowed.header, "")


class _Unfollowed:
    """Hides a redirect from PyGithub, which would follow it without its query, and re-send even a create."""

    header = "x-not-followed"

    def getresponse(self) -> RequestsResponse:
        response: RequestsResponse = super().getresponse()  # type: ignore[misc]  # of the class it is mixed into
        response.response.encoding = "utf-8"  # JSON is; without a charset requests would guess, slowly
        location = response.headers.pop("location", None)
        if location is not None:
            response.headers[self.header] = location
        return response


class _Http(_Unfollowed, HTTPRequestsConnectionClass):
    """Plain HTTP, which only loopback addresses get."""


class _Https(_Unfollowed, HTTPSRequestsConnectionClass):
    """HTTP over TLS."""


class Connection:
    """One GitHub under one credential. Each call of `send` sends one request, and waits for nothing but its answer."""

    def __init__(self, access: Access, repository: str) -> None:
        self.access = access
        self.app_slug = ""
        """The app we act for, once `send` was called."""
        self.app_rights: Mapping[str, str] | None = None
        """What it may do, by permission."""
        self._repository = repository
        self._requester: Requester | None = None
        self._api = _open(access.site.api)
        self._graphql = _open(access.site.graphql)

    def send(self, verb: str, path: str, query: Query | None = None, body: Body | None = None) -> Reply:
        """Send one request below the API's address.

        Raises:
            Unavailable: no answer came.

        """
        return self._send(self._authenticated(), self._api, _Request(verb, path, query, body))

    def graphql(self, query: str) -> Reply:
        """Send one GraphQL query.

        Raises:
            Unavailable: no answer came.

        """
        address = self.access.site.graphql
        request = _Request("POST", address, body={"query": query})
        return self._send(self._authenticated(), self._graphql, request)

    def hide(self, text: str) -> str:
        """Take our secrets out of another system's words."""
        for secret in (self.access.token, self.access.private_key, self.access.mark_key):
            text = text.replace(secret, "***") if secret else text
        return text

    def close(self) -> None:
        """Close the sockets."""
        for connection in (self._api, self._graphql, self._requester):
            if connection is not None:
                connection.close()

    def _authenticated(self) -> Requester:
        if self._requester is None:
            auth = self._app() if self.access.app_id else Auth.Token(self.access.token)
            self._requester = _requester(auth, self.access.site.api)
        return self._requester

    def _app(self) -> Auth.Auth:
        app = Auth.AppAuth(self.access.app_id, self.access.private_key)
        try:
            app.create_jwt()
        except Exception:  # noqa: BLE001  whatever its libraries say of a key that is none
            name = self.access.variables.name("PM_SYNC_GITHUB_PRIVATE_KEY")
            raise ConfigError(f"{name} is no private key in PEM form") from None
        requester = _requester(app, self.access.site.api)
        reply = self._send(requester, self._api, _Request("GET", f"/repos/{quote(self._repository)}/installation"))
        requester.close()
        match reply.body:
            case {"id": int(number), **rest} if reply.status == requests.codes.ok:
                self.app_slug = str(rest.get("app_slug", ""))
                self.app_rights = _rights(rest.get("permissions"))
                tell("call", f"POST /app/installations/{number}/access_tokens by PyGithub, before the next request")
                return app.get_installation_auth(number)
            case _:
                raise NotFound(
                    f"the GitHub App {self.access.app_id} is not installed on {self._repository} ({reply.status})",
                    hint="install it there, with the permission `issues: write`",
                )

    def _send(self, requester: Requester, connection: _Http | _Https, request: _Request) -> Reply:
        started, path = time.monotonic(), urlsplit(request.path).path
        try:
            reply = self._ask(requester, connection, request)
        except Unavailable as error:
            tell_call(request.verb, path, time.monotonic() - started, 0, why=error.what)
            raise
        tell_call(request.verb, path, time.monotonic() - started, reply.status, reply.headers)
        return reply

    def _ask(self, requester: Requester, connection: _Http | _Https, request: _Request) -> Reply:
        try:
            status, headers, text = requester.requestJson(
                request.verb, request.path, dict(request.query or {}), dict(_ACCEPT), request.body, cnx=connection
            )
        except requests.RequestException as error:
            raise unavailable(error, self.access.site.api) from None
        except github.GithubException as error:
            # Only an app's token is fetched by PyGithub itself; then nothing else was sent yet.
            status, headers, text = error.status, dict(error.headers or {}), json.dumps(error.data)
        # Before it is cut to the length of a message; what went well is read as it is, and never quoted.
        text = self.hide(text) if status >= HTTPStatus.BAD_REQUEST else text
        # A link to the next page is followed, not shown, and a name in it may be like a secret.
        shown = {
            name: str(value) if name.lower() == "link" else self.hide(str(value)) for name, value in headers.items()
        }
        return _reply(status, shown, text)


def _rights(permissions: object) -> dict[str, str]:
    told = permissions if isinstance(permissions, dict) else {}
    return {str(name): str(level) for name, level in told.items()}


def _requester(auth: Auth.Auth, base: str) -> Requester:
    return github.Github(
        auth=auth,
        base_url=base,
        timeout=TIMEOUT,
        user_agent=AGENT,
        per_page=PER_PAGE,
        retry=None,  # PyGithub would send a create again
        seconds_between_requests=None,
        seconds_between_writes=None,
        api_version=_API_VERSION,
    ).requester


def _open(base: str) -> _Http | _Https:
    parts = urlsplit(base)
    kind = _Https if parts.scheme == "https" else _Http
    connection = kind(parts.hostname or "", parts.port, timeout=TIMEOUT)
    connection.session.mount(f"{parts.scheme}://", BoundedAdapter())
    # Plain HTTP is for this machine alone: no proxy of the environment hears it.
    connection.session.trust_env = kind is _Https
    return connection


def _reply(status: int, headers: Mapping[str, str], text: str) -> Reply:
    lower = {name.lower(): value for name, value in headers.items()}
    if not text:
        return Reply(status, lower, None, is_json=True)
    try:
        return Reply(status, lower, json.loads(text), is_json=True)
    except (ValueError, RecursionError):
        return Reply(status, lower, None, is_json=False)
