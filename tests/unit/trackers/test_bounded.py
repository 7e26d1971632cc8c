"""Answers with an end."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
import requests

from pm_sync.trackers import bounded
from pm_sync.trackers.bounded import BoundedAdapter, TooLarge
from pm_sync.trackers.http import read_patiently
from pm_sync.trackers.outage import unavailable
from tests.fakes.ticker import Ticker

LIMIT = 100_000


class _Large(BaseHTTPRequestHandler):
    """Answers with as many bytes as the path says, compressed if it says so."""

    def do_GET(self) -> None:
        """Answer."""
        kind, _, size = self.path.strip("/").partition("/")
        body = b"x" * int(size)
        self.send_response(200)
        if kind == "gzip":
            body = gzip.compress(body)
            self.send_header("Content-Encoding", "gzip")
        if kind != "endless":
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    """The address of a server whose answers may be large."""
    with HTTPServer(("127.0.0.1", 0), _Large) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[requests.Session]:
    """A session with a small limit."""
    monkeypatch.setattr(bounded, "LARGEST", LIMIT)
    with requests.Session() as session:
        session.trust_env = False
        session.mount("http://", BoundedAdapter())
        yield session


@pytest.mark.parametrize("kind", ["plain", "gzip", "endless"])
@pytest.mark.parametrize("size", [0, 1, LIMIT])
def test_what_is_small_enough_is_read_whole(server: str, session: requests.Session, kind: str, size: int) -> None:
    """However it is sent."""
    assert session.get(f"{server}/{kind}/{size}").content == b"x" * size


@pytest.mark.parametrize("kind", ["plain", "gzip", "endless"])
def test_of_what_is_larger_no_more_is_read(server: str, session: requests.Session, kind: str) -> None:
    """Also where it was small on its way."""
    with pytest.raises(TooLarge) as told:
        session.get(f"{server}/{kind}/{LIMIT + 1}")
    error = unavailable(told.value, server)
    assert (error.sent, error.again) == (True, False)
    assert str(error).startswith(f"{server.removeprefix('http://')} answered with more than 64 MB; see whether")


def test_nobody_asks_again_for_what_is_too_large() -> None:
    """It would be as large."""
    asked = []

    def ask() -> None:
        asked.append(1)
        raise unavailable(TooLarge(), "https://example.com")

    with pytest.raises(Exception, match="more than 64 MB"):
        read_patiently(ask, Ticker().patience())
    assert asked == [1]
