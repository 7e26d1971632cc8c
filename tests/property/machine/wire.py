"""The wire: requests of both client libraries go straight to a front in this process, through whatever fate holds."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NoReturn
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from tests.fakes.front import Asked, Front

BASE = "http://127.0.0.1:1"
"""Where nobody listens: what misses the wire is noticed."""


class Wire:
    """Carries requests to a front, and answers back."""

    def __init__(self, front: Front) -> None:
        self._front = front

    def lay(self, patch: pytest.MonkeyPatch, meet: Callable[..., Any]) -> None:
        """Catch all that is sent; each request meets its fate."""

        def send(_: object, request: requests.PreparedRequest, **__: Any) -> requests.Response:
            answer: requests.Response = meet(lambda: self._carry(request), _break)
            return answer

        patch.setattr(requests.adapters.HTTPAdapter, "send", send)

    def ask(self, method: str, path: str, body: Any = None, *, token: str, query: dict[str, str] | None = None) -> Any:
        """Ask as a person does, past the program; it has to succeed."""
        sent = b"" if body is None else json.dumps(body).encode()
        answer = self._front.handle(Asked(method, path, query or {}, {"authorization": f"token {token}"}, sent))
        assert answer.status < 300, (method, path, answer)
        return answer.content

    @property
    def writes(self) -> list[str]:
        """What was written so far, by the program and by people."""
        return [
            f"{exchange.method} {exchange.path}"
            for exchange in self._front.exchanges
            if exchange.method != "GET" and not exchange.path.endswith(("/graphql", "/search/jql", "/issue/bulkfetch"))
        ]

    def _carry(self, request: requests.PreparedRequest) -> requests.Response:
        parts = urlsplit(request.url or "")
        body = request.body.encode() if isinstance(request.body, str) else request.body or b""
        headers = {name.lower(): str(value) for name, value in request.headers.items()}
        asked = Asked(request.method or "", parts.path, dict(parse_qsl(parts.query)), headers, body)
        answer = self._front.handle(asked)
        response = requests.Response()
        response.status_code = answer.status
        response._content = answer.body  # there is no other way
        vars(response)["_content_consumed"] = True
        response.headers.update(answer.headers)
        response.url, response.request = request.url or "", request
        return response


def _break() -> NoReturn:
    raise requests.ReadTimeout("no answer came")
