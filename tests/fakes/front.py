"""A thin server in front of a real counterpart: it notes what is said, and its layers answer what the real one lacks."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlencode, urlsplit

from msgspec import Struct, field

from tests.e2e.openapi import Exchange

_PASSED_ON = ("content-type", "link", "date", "location", "retry-after")


class Asked(Struct, frozen=True):
    """A request."""

    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body's content."""
        return json.loads(self.body) if self.body else None


class Answer(Struct, frozen=True):
    """An answer. Its content is JSON, unless it is bytes."""

    status: int
    content: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def body(self) -> bytes:
        """What goes over the wire."""
        if isinstance(self.content, bytes):
            return self.content
        return b"" if self.content is None else json.dumps(self.content).encode()


class Layer:
    """Adds one thing to the real counterpart. Does nothing by itself."""

    def answer(self, asked: Asked, front: Front) -> Answer | None:
        """Answer in the counterpart's place, or leave it to the next."""
        return None

    def amend(self, asked: Asked, answer: Answer) -> Answer:
        """Change the counterpart's answer."""
        return answer


class Front:
    """The server. Layers are asked in order; the counterpart answers what none of them does."""

    def __init__(self, upstream: str) -> None:
        self.layers: list[Layer] = []
        self.exchanges: list[Exchange] = []
        self.ahead = 0.0
        """Seconds by which the server's clock differs from this machine's."""
        self._upstream = urlsplit(upstream)
        self._local = threading.local()
        handler = type("Handler", (_Handler,), {"front": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        # Handlers end with their clients' connections, and are waited for: nothing is left open behind a test.
        self._server.daemon_threads = False
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    @property
    def calls(self) -> list[str]:
        """What was asked, as ``GET /repos/acme/infra``."""
        return [f"{exchange.method} {exchange.path}" for exchange in self.exchanges]

    def serve(self) -> None:
        """Answer until closed."""
        self._server.serve_forever(poll_interval=0.02)

    def close(self) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()

    def handle(self, asked: Asked) -> Answer:
        """Answer one request, and note it."""
        answer = next((made for layer in self.layers if (made := layer.answer(asked, self))), None)
        answer = answer or self.forward(asked)
        for layer in self.layers:
            answer = layer.amend(asked, answer)
        said = Exchange(asked.method, asked.path, tuple(asked.query.items()), asked.body, answer.status, answer.body)
        self.exchanges.append(said)
        return answer

    def hang_up(self) -> None:
        """Close this thread's connection to the real counterpart."""
        connection = self._local.__dict__.pop("connection", None)
        if connection is not None:
            connection.close()

    def forward(self, asked: Asked) -> Answer:
        """Ask the real counterpart."""
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = http.client.HTTPConnection(self._upstream.netloc, timeout=30)
        query = urlencode(asked.query)
        headers = {"authorization": asked.headers.get("authorization", ""), "content-type": "application/json"}
        connection.request(asked.method, f"{asked.path}?{query}" if query else asked.path, asked.body or None, headers)
        response = connection.getresponse()
        data = response.read()
        kept = {name.lower(): value for name, value in response.getheaders() if _is_kept(name)}
        try:
            content = json.loads(data) if data else None
        except ValueError:
            content = data
        return Answer(response.status, content, kept)


@contextmanager
def front_of(upstream: str, *layers: Layer) -> Iterator[Front]:
    """Run a front for as long as the context lasts."""
    front = Front(upstream)
    front.layers += layers
    thread = threading.Thread(target=front.serve, daemon=True)
    thread.start()
    try:
        yield front
    finally:
        front.close()
        thread.join(5)


def _is_kept(name: str) -> bool:
    return name.lower() in _PASSED_ON or name.lower().startswith("x-")


class _Handler(BaseHTTPRequestHandler):
    front: ClassVar[Front]
    protocol_version = "HTTP/1.1"
    timeout = 10
    # Without this, Nagle's algorithm and delayed acknowledgements add 40 ms to every answer.
    disable_nagle_algorithm = True

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("content-length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.command, parts.path, dict(parse_qsl(parts.query)), headers, self.rfile.read(length))
        answer = self.front.handle(asked)
        self.send_response(answer.status)
        for name, value in {"content-type": "application/json; charset=utf-8", **answer.headers}.items():
            if name not in ("date", "server"):
                self.send_header(name, value)
        self.send_header("content-length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The time on the server's clock."""
        return super().date_time_string((timestamp or time.time()) + self.front.ahead)

    def handle(self) -> None:
        """Answer until the client hangs up, or dies."""
        with suppress(ConnectionError):
            super().handle()

    def finish(self) -> None:
        """Leave nothing open."""
        super().finish()
        self.front.hang_up()

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _serve  # noqa: N815  named by the library

    def log_message(self, *_: object) -> None:
        """Say nothing."""
