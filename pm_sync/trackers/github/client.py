"""Asking GitHub: paging, patience, redirects and errors, so that the rooms above see only JSON or a reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from pm_sync.errors import RateLimited, TrackerError
from pm_sync.trace import tell
from pm_sync.trackers.github.access import Access
from pm_sync.trackers.github.connection import PER_PAGE, Body, Connection, Query, Reply
from pm_sync.trackers.github.failures import Asked, Moved, failure, graphql_failure
from pm_sync.trackers.http import origin, read_patiently, write_once
from pm_sync.trackers.pace import Patience

_HOPS = 3
"""Redirects followed for one read."""


class Client:
    """One GitHub's API, for one run."""

    def __init__(self, connection: Connection, patience: Patience) -> None:
        self.graphql_on = True
        """Whether GraphQL may be tried: off after it once wasn't there."""
        self._connection = connection
        self._patience = patience

    @property
    def access(self) -> Access:
        """Where this GitHub is, and who we are there."""
        return self._connection.access

    @property
    def app_slug(self) -> str:
        """The app we act for; empty for any other credential, and before the first request."""
        return self._connection.app_slug

    @property
    def app_rights(self) -> Mapping[str, str] | None:
        """What the app we act for may do, by permission; None as `app_slug` is empty."""
        return self._connection.app_rights

    def ask(self, path: str, query: Query | None = None) -> Reply:
        """Read one thing, with all that GitHub says about the answer.

        Raises:
            TrackerError: it can't be had.

        """
        return self._get(path, query)

    def get(self, path: str, query: Query | None = None) -> Any:  # noqa: ANN401  as JSON is
        """Read one thing.

        Raises:
            TrackerError: it can't be had.

        """
        return self._get(path, query).body

    def pages(self, path: str, query: Query | None = None) -> Iterator[list[dict[str, Any]]]:
        """Read a list page by page, each when it is asked for.

        Raises:
            TrackerError: a page can't be had.

        """
        wanted: Query | None = {"per_page": PER_PAGE} | dict(query or {})
        following: str | None = path
        followed = set()
        while following:
            if following in followed:
                raise TrackerError(f"the pages of {path} lead in a circle")
            followed.add(following)
            reply = self._get(following, wanted)
            if not isinstance(reply.body, list):
                raise TrackerError(f"{path} is no list here")
            yield [entry for entry in reply.body if isinstance(entry, dict)]
            following, wanted = _next(reply) if reply.body else None, None

    def write(self, verb: str, path: str, body: Body | None = None) -> Any:  # noqa: ANN401  as JSON is
        """Write once.

        Raises:
            AnswerLost: it may have been done.
            TrackerError: it was not done.

        """
        return write_once(lambda: self._checked(verb, path, None, body), self._patience).body

    def write_surely(self, verb: str, path: str, body: Body) -> None:
        """Write what does no harm when it is done twice, and so is sent again where no answer comes.

        Raises:
            TrackerError: it may not have been done.

        """
        read_patiently(lambda: self._checked(verb, path, None, body), self._patience)

    def graphql(self, query: str) -> dict[str, Any] | None:
        """Ask GraphQL; None where this server has none, or none that understands us: REST has to do, for the whole run.

        Raises:
            RateLimited: it has to wait for longer than the run may.

        """
        if not self.graphql_on:
            return None
        try:
            reply = read_patiently(lambda: self._graphql(query), self._patience)
        except RateLimited:
            raise
        except TrackerError as error:
            tell("graphql", f"GraphQL is left aside: {error}")
            reply = None
        self.graphql_on = reply is not None
        return reply

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _get(self, path: str, query: Query | None) -> Reply:
        return read_patiently(lambda: self._followed(path, query), self._patience)

    def _followed(self, path: str, query: Query | None) -> Reply:
        reply = self._checked("GET", path, query, None)
        for _ in range(_HOPS):
            if reply.status < HTTPStatus.MULTIPLE_CHOICES:
                return reply
            path, query = self._redirected(path, reply, query)
            reply = self._checked("GET", path, query, None)
        raise Moved(f"{path} redirects without end")

    def _redirected(self, path: str, reply: Reply, query: Query | None) -> tuple[str, Query]:
        """Where to ask instead: never another host, as the credential goes along."""
        api = self._connection.access.site.api
        target = reply.location if "//" in reply.location else f"{origin(api)}{reply.location}"
        parts = urlsplit(target)
        if origin(target) != origin(api) or not parts.path.startswith(f"{urlsplit(api).path}/"):
            raise Moved(f"{path} has moved to {parts.hostname}{parts.path}, which is not asked", to=target)
        return parts._replace(query="").geturl(), dict(query or {}) | dict(parse_qsl(parts.query))

    def _checked(self, verb: str, path: str, query: Query | None, body: Body | None) -> Reply:
        reply = self._connection.send(verb, path, query, body)
        redirect = HTTPStatus.MULTIPLE_CHOICES <= reply.status < HTTPStatus.BAD_REQUEST
        if verb == "GET" and redirect and reply.location:
            return reply
        error = failure(Asked(self._connection, verb, path), reply)
        if error is not None:
            raise error
        return reply

    def _graphql(self, query: str) -> dict[str, Any] | None:
        reply = self._connection.graphql(query)
        if reply.status in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED):
            return None
        # A query reads, so a lost answer may be asked for again like any other read.
        error = graphql_failure(Asked(self._connection, "GET", "graphql"), reply)
        if error is not None:
            raise error
        body: dict[str, Any] = reply.body
        return body


def _next(reply: Reply) -> str | None:
    """The address of the next page."""
    from requests.utils import parse_header_links  # noqa: PLC0415  loaded with PyGithub anyway

    links = parse_header_links(reply.headers.get("link", ""))
    return next((link["url"] for link in links if link.get("rel") == "next"), None)
