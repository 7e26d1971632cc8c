"""Secrets: a credential goes to its own host, by TLS or to this machine, and stands in nothing that anybody reads."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests

from pm_sync.errors import AccessDenied, ConfigError, PmSyncError
from pm_sync.model import IssueRef
from pm_sync.trackers.base import ReadRequest, Tracker
from pm_sync.trackers.github import GitHubOptions, site_from
from pm_sync.trackers.github import open_tracker as open_github
from pm_sync.trackers.jira import JiraOptions
from pm_sync.trackers.jira import open_tracker as open_jira
from pm_sync.trackers.outage import unavailable
from pm_sync.trackers.pace import Patience
from tests.factories import SRC, draft, mark

SECRET = "ghp_" + "".join(chr(ord("a") + n % 26) for n in range(36))
NOW = datetime(2026, 11, 22, tzinfo=UTC)
Answer = Callable[[BaseHTTPRequestHandler], tuple[int, Mapping[str, str], str]]


class Server:
    """A server on this machine that notes what it is asked with."""

    def __init__(self, answer: Answer) -> None:
        self.heard: list[str] = []
        heard = self.heard

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                heard.append(f"{self.command} {self.path} {self.headers.get('authorization', '')}")
                self.rfile.read(int(self.headers.get("content-length") or 0))
                status, headers, text = answer(self)
                self.send_response(status)
                for name, value in {"content-type": "application/json", **headers}.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            do_POST = do_PUT = do_PATCH = do_CONNECT = do_GET  # noqa: N815  named by the library

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def serving(answer: Answer) -> Iterator[Server]:
    """A server for a while."""
    server = Server(answer)
    try:
        yield server
    finally:
        server.close()


def github(url: str, **more: str) -> Tracker:
    """A repository's issues."""
    environment = {"GITHUB_TOKEN": SECRET, "GITHUB_API_URL": url, **more}
    return open_github("gh", GitHubOptions("acme/infra"), environment, patience=Patience(0))


def jira_basic(url: str, **more: str) -> Tracker:
    """A project's issues, by name and token."""
    environment = {"JIRA_EMAIL": "a@example.com", "JIRA_API_TOKEN": SECRET, "JIRA_BASE_URL": url, **more}
    return open_jira("ops", JiraOptions("OPS"), environment, clock=lambda: NOW, patience=Patience(0))


def jira_pat(url: str, **more: str) -> Tracker:
    """A project's issues, by a personal access token."""
    environment = {"JIRA_PAT": SECRET, "JIRA_BASE_URL": url, **more}
    return open_jira("ops", JiraOptions("OPS"), environment, clock=lambda: NOW, patience=Patience(0))


OPENERS = (github, jira_basic, jira_pat)
BASIC = base64.b64encode(f"a@example.com:{SECRET}".encode()).decode()


def told(tracker: Tracker) -> str:
    """All that asking and creating comes to, in words."""
    words: list[object] = []
    ref = IssueRef(tracker.kind, "http://127.0.0.1", "acme/infra", "1")
    for work in (
        lambda: tracker.read(ReadRequest(wanted=(mark(),), src=SRC)),
        lambda: tracker.read(ReadRequest(linked=(ref,), src=SRC)),
        tracker.target,
        lambda: tracker.create([draft()]),
    ):
        try:
            words.append(work())
        except PmSyncError as error:
            words.append(f"{error} {error!r} {error.__cause__!r} {vars(error)}")
    tracker.close()
    return "\n".join(map(str, words))


@pytest.mark.parametrize("opener", OPENERS)
@pytest.mark.parametrize("before", ["", "x" * 150, "x" * 180, "x" * 190], ids=len)
@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 410, 422, 500])
def test_a_server_that_repeats_the_credential_is_not_quoted(
    opener: Callable[[str], Tracker], status: int, before: str
) -> None:
    """Neither the whole of it nor what a cut leaves of it."""
    sent = BASIC if opener is jira_basic else SECRET
    said = f"{before} you sent {sent} {SECRET}"
    body: dict[str, object] = {
        "message": said,
        "errorMessages": [said],
        "errors": [{"field": "x", "message": said, "value": said}],
    }
    body |= {"data": None, "errors": {"summary": said}} if opener is not github else {}
    with serving(lambda _: (status, {"x-reason": said}, json.dumps(body))) as server:
        shown = told(opener(server.url))
    assert server.heard
    assert SECRET[:8] not in shown
    assert sent[:8] not in shown


@pytest.mark.parametrize("opener", OPENERS)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_leads_a_credential_to_another_server(opener: Callable[[str], Tracker], status: int) -> None:
    """Nothing at all is asked there."""
    with (
        serving(lambda _: (200, {}, "{}")) as thief,
        serving(lambda asked: (status, {"location": f"{thief.url}{asked.path}"}, "{}")) as server,
    ):
        shown = told(opener(server.url))
    assert (bool(server.heard), thief.heard) == (True, [])
    assert SECRET not in shown


def test_the_next_page_is_found_though_its_address_holds_what_looks_like_the_credential() -> None:
    """What is followed is left as it came: a weak token may be a word of the repository's name."""

    def answer(request: BaseHTTPRequestHandler) -> tuple[int, Mapping[str, str], str]:
        page = f"http://{request.headers['host']}/repos/acme/infra/issues?page=2"
        return 200, {} if "page=2" in request.path else {"link": f'<{page}>; rel="next"'}, "[1]"

    with serving(answer) as server:
        told(github(server.url, GITHUB_TOKEN="infra"))  # noqa: S106 - as weak as can be
    assert "GET /repos/acme/infra/issues?page=2 token infra" in server.heard


def test_no_next_page_leads_a_credential_to_another_server() -> None:
    """GitHub names it in a header, which a proxy could change."""
    with (
        serving(lambda _: (200, {}, "[]")) as thief,
        serving(lambda _: (200, {"link": f'<{thief.url}/x>; rel="next"'}, "[1]")) as server,
    ):
        told(github(server.url))
    assert (bool(server.heard), thief.heard) == (True, [])


@pytest.mark.parametrize("opener", OPENERS)
def test_no_proxy_hears_a_credential_that_is_not_encrypted(
    opener: Callable[[str], Tracker], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Plain HTTP stays on this machine, whatever the environment says."""
    with serving(lambda _: (200, {}, "{}")) as proxy, serving(lambda _: (404, {}, "{}")) as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        told(opener(server.url))
    assert (bool(server.heard), proxy.heard) == (True, [])


@pytest.mark.parametrize("opener", OPENERS)
def test_a_netrc_changes_no_credential(
    opener: Callable[[str], Tracker], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Credentials come from the environment only, and go nowhere else."""
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login mallory password hunter2\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    with serving(lambda _: (404, {}, "{}")) as server:
        told(opener(server.url))
    assert server.heard
    assert all(line.endswith((SECRET, BASIC)) for line in server.heard)


@pytest.mark.parametrize("opener", OPENERS)
@pytest.mark.parametrize(
    "url",
    [
        "http://example.com",
        "http://10.0.0.1",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "https://127.0.0.1@example.com",
        "https://user:pass@example.com",
        "ftp://127.0.0.1",
        "//127.0.0.1",
        "127.0.0.1",
        "http://[::2]",
    ],
)
def test_an_address_that_would_give_a_credential_away_is_refused(opener: Callable[[str], Tracker], url: str) -> None:
    """Before anything is opened."""
    with pytest.raises(ConfigError) as caught:
        opener(url)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("opener", OPENERS)
@pytest.mark.parametrize("wrong", ["a b", "line\nbreak", "line\r\nX-Header: 1", "sécret€", "\x00"])
def test_a_credential_that_can_t_be_sent_is_told_without_it(opener: Callable[..., Tracker], wrong: str) -> None:
    """It would break off in the library, whose error quotes it."""
    wrong = f"hunter2{wrong}hunter2"
    name = {github: "GITHUB_TOKEN", jira_basic: "JIRA_API_TOKEN", jira_pat: "JIRA_PAT"}[opener]
    with serving(lambda _: (404, {}, "{}")) as server:
        try:
            shown = told(opener(server.url, **{name: wrong}))
        except AccessDenied as error:
            shown = str(error)
            assert server.heard == []
    assert "hunter2" not in shown


@pytest.mark.parametrize("graphql", ["https://api.github.com/graphql", "https://evil.example/graphql"])
def test_graphql_is_asked_at_the_host_of_the_api_only(graphql: str) -> None:
    """A workflow's own variables name github.com's, also where the token is another server's."""
    site = site_from({"GITHUB_API_URL": "https://ghe.example.com/api/v3", "GITHUB_GRAPHQL_URL": graphql})
    assert site.graphql == "https://ghe.example.com/api/graphql"


@pytest.mark.parametrize("kind", [kind for kind in vars(requests.exceptions).values() if isinstance(kind, type)])
def test_no_words_of_the_library_are_quoted(kind: type) -> None:
    """They may hold a proxy's password, a header or an address."""
    if not issubclass(kind, requests.RequestException) or kind is requests.exceptions.JSONDecodeError:
        return
    assert SECRET not in str(unavailable(kind(f"https://user:{SECRET}@proxy"), "https://example.com"))
