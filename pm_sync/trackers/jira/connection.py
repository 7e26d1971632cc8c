"""The one seam to the jira library: it authenticates and sends; nothing is re-sent or followed unasked."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

import jira
import requests
from msgspec import Struct

from pm_sync.trace import tell_call
from pm_sync.trackers.bounded import BoundedAdapter
from pm_sync.trackers.http import AGENT, TIMEOUT, Unavailable
from pm_sync.trackers.jira.access import Access
from pm_sync.trackers.outage import unavailable

Query = Mapping[str, str | int]
Body = Mapping[str, object] | list[object] | str


class Reply(Struct, frozen=True):
    """An answer as it came."""

    status: int
    headers: Mapping[str, str]
    """By names in lower case."""
    body: Any
    """What the JSON says; None where it was empty or no JSON."""
    is_json: bool


class Connection:
    """One Jira under one credential. Each call of `send` sends one request, and waits for nothing but its answer."""

    def __init__(self, access: Access) -> None:
        self.access = access
        basic = None if access.pat else (access.user, access.token)
        self._client = jira.JIRA(
            server=access.site.api,
            options={"headers": {"User-Agent": AGENT, "Accept": "application/json"}},
            basic_auth=basic,
            token_auth=access.pat or None,
            max_retries=0,  # the library would send a create again
            timeout=TIMEOUT,
            get_server_info=False,
            logging=False,
        )
        self._client._session.mount(f"{urlsplit(access.site.api).scheme}://", BoundedAdapter())  # noqa: SLF001  as below
        # Plain HTTP is for this machine alone: no proxy of the environment hears it.
        self._client._session.trust_env = access.site.api.startswith("https:")  # noqa: SLF001  as below

    def send(self, verb: str, path: str, query: Query | None = None, body: Body | None = None) -> Reply:
        """Send one request.

        Args:
            verb: The HTTP method.
            path: Below Jira's address, beginning with ``/rest``.
            query: What follows the question mark.
            body: JSON to send.

        Raises:
            Unavailable: no answer came.

        """
        url = f"{self.access.site.api}{path}"
        if query:
            # Commas stay as they are, so that long lists of labels fit into the longest line that servers read.
            url = f"{url}?{urlencode(query, safe=',')}"
        started = time.monotonic()
        try:
            reply = self._reply(self._send(verb, url, None if body is None else json.dumps(body)))
        except Unavailable as error:
            tell_call(verb, path, time.monotonic() - started, 0, why=error.what)
            raise
        tell_call(verb, path, time.monotonic() - started, reply.status, reply.headers)
        return reply

    def hide(self, text: str) -> str:
        """Another system's words without our secrets."""
        for secret in self.access.secrets:
            text = text.replace(secret, "***")
        return text

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _send(self, verb: str, url: str, data: str | None) -> requests.Response:
        try:
            return self._client._session.request(verb, url, data=data, allow_redirects=False)  # noqa: SLF001  it has no other way to send properties
        except jira.JIRAError as error:
            if error.response is None:
                raise Unavailable(f"{urlsplit(url).netloc} gave no answer") from None
            answered: requests.Response = error.response
            return answered
        except requests.RequestException as error:
            raise unavailable(error, self.access.site.api) from None

    def _reply(self, response: requests.Response) -> Reply:
        headers = {name.lower(): self.hide(value) for name, value in response.headers.items()}
        content: str | bytes = response.content
        if not content:
            return Reply(response.status_code, headers, None, is_json=True)
        if not response.ok:
            # Before it is cut to the length of a message; what went well is read as it is, and never quoted.
            content = self.hide(response.content.decode("utf-8", "replace"))
        try:
            return Reply(response.status_code, headers, json.loads(content), is_json=True)
        except (ValueError, RecursionError):
            return Reply(response.status_code, headers, None, is_json=False)
