"""Asking Jira: patience, errors, and which of the two Jiras it is, so that the rooms above see JSON or a reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

from pm_sync.errors import NotFound, TrackerError
from pm_sync.trackers.http import read_patiently, write_once
from pm_sync.trackers.jira.access import Access
from pm_sync.trackers.jira.connection import Body, Connection, Query, Reply
from pm_sync.trackers.jira.failures import Asked, NoProject, failure
from pm_sync.trackers.pace import Patience

T = TypeVar("T")


class Client:
    """One Jira, for one run."""

    def __init__(self, connection: Connection, patience: Patience) -> None:
        self._connection = connection
        self._patience = patience
        self._cloud = connection.access.cloud

    @property
    def access(self) -> Access:
        """Where this Jira is, and who we are there."""
        return self._connection.access

    @property
    def cloud(self) -> bool:
        """Whether this is Jira Cloud; asked once, where neither address nor an earlier answer tells.

        Raises:
            TrackerError: the server doesn't say what it is.

        """
        if self._cloud is None:
            self.server()
        return bool(self._cloud)

    def server(self) -> Reply:
        """What the server says of itself, to anybody: its version, and which of the two Jiras it is.

        Raises:
            TrackerError: it doesn't say.

        """
        reply = self.either(*(partial(self._ask, "GET", f"/rest/api/{n}/serverInfo") for n in (3, 2)))
        if not isinstance(reply.body, Mapping) or "deploymentType" not in reply.body:
            raise TrackerError(
                f"{self._connection.access.site.web} does not say that it is a Jira",
                hint=f"check {self._connection.access.variables.name('JIRA_BASE_URL')}",
            )
        self._cloud = reply.body["deploymentType"] == "Cloud"
        return reply

    def either(self, on_cloud: Callable[[], T], on_data_center: Callable[[], T]) -> T:
        """Read in the way of the Jira that this is.

        Where that isn't known yet, the way that the credential suggests is tried: the other Jira has no such address
        and says so, which spares the detection a call of its own.

        Raises:
            TrackerError: as the read did.

        """
        if self._cloud is None:
            likely = not self._connection.access.pat
            try:
                answer = on_cloud() if likely else on_data_center()
            except NoProject:
                raise
            except NotFound as missing:
                return self._otherwise(on_data_center if likely else on_cloud, missing)
            self._cloud = likely
            return answer
        return on_cloud() if self.cloud else on_data_center()

    def _otherwise(self, read: Callable[[], T], missing: NotFound) -> T:
        try:
            answer = read()
        except NoProject:
            raise
        except NotFound:
            raise missing from None
        self._cloud = bool(self._connection.access.pat)
        return answer

    def get(self, path: str, query: Query | None = None) -> Any:  # noqa: ANN401  as JSON is
        """Read one thing, ``path`` standing below the version of the API.

        Raises:
            TrackerError: it can't be had.

        """
        return self._read("GET", f"{self._api}{path}", query)

    def ask(self, path: str, query: Query | None = None) -> Reply:
        """Read one thing, with all that Jira says about the answer.

        Raises:
            TrackerError: it can't be had.

        """
        return self._ask("GET", f"{self._api}{path}", query)

    def ask_cloud(self, path: str, body: Body) -> Any:  # noqa: ANN401  as JSON is
        """Read from Cloud by a POST, whose body has no limit in length.

        Raises:
            TrackerError: it can't be had.

        """
        return self._read("POST", f"/rest/api/3{path}", None, body)

    def get_from_data_center(self, path: str, query: Query) -> Any:  # noqa: ANN401  as JSON is
        """Read what Cloud has no longer.

        Raises:
            TrackerError: it can't be had.

        """
        return self._read("GET", f"/rest/api/2{path}", query)

    def write(self, verb: str, path: str, body: Body | None = None, query: Query | None = None) -> Reply:
        """Write once.

        Raises:
            AnswerLost: it may have been done.
            TrackerError: it was not done.

        """
        whole = f"{self._api}{path}"
        return write_once(lambda: self._checked(verb, whole, query, body), self._patience)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    @property
    def _api(self) -> str:
        return "/rest/api/3" if self.cloud else "/rest/api/2"

    def _read(self, verb: str, path: str, query: Query | None = None, body: Body | None = None) -> Any:  # noqa: ANN401
        return self._ask(verb, path, query, body).body

    def _ask(self, verb: str, path: str, query: Query | None = None, body: Body | None = None) -> Reply:
        return read_patiently(lambda: self._checked(verb, path, query, body), self._patience)

    def _checked(self, verb: str, path: str, query: Query | None, body: Body | None) -> Reply:
        reply = self._connection.send(verb, path, query, body)
        error = failure(Asked(self._connection, verb, path), reply)
        if error is not None:
            raise error
        return reply
