"""Credentials: an app's own token, and that none is seen or sent anywhere else."""

from __future__ import annotations

import base64
import json
import logging
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from pm_sync.errors import ConfigError, NotFound
from pm_sync.model import Issue
from pm_sync.trackers.base import ReadRequest, Tracker
from pm_sync.trackers.github import GitHubOptions, open_tracker
from pm_sync.trackers.pace import Patience
from tests.e2e.github import GitHubRemote
from tests.factories import SRC, draft, mark
from tests.fakes.front import Answer, Asked, Front, Layer
from tests.fakes.github_layers import Redirects

LOOK_UP = ReadRequest(wanted=(mark(),), src=SRC)


@dataclass(slots=True)
class App(Layer):
    """A GitHub App, which the emulator doesn't have: installed on one repository, its tokens are the emulator's."""

    token: str
    installed: bool = True
    claims: list[dict[str, object]] = field(default_factory=list)
    """What the app's own tokens said."""

    def answer(self, asked: Asked, front: Front) -> Answer | None:
        """Tell the installation, and make a token for it."""
        if asked.path.endswith("/installation"):
            self._note(asked)
            return Answer(200, _installation(front.url)) if self.installed else Answer(404, {"message": "Not Found"})
        if asked.path == "/app/installations/77/access_tokens":
            self._note(asked)
            return Answer(201, {"token": self.token, "expires_at": "2099-01-01T00:00:00Z"})
        return None

    def _note(self, asked: Asked) -> None:
        _, _, signed = asked.headers["authorization"].partition("Bearer ")
        claims = signed.split(".")[1]
        self.claims.append(json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4))))


def _installation(url: str) -> dict[str, Any]:
    """An app's installation, as whole as GitHub's contract demands."""
    account = {"id": 3, "node_id": "x", "login": "acme", "type": "User", "site_admin": False, "gravatar_id": ""}
    addresses = "avatar events followers following gists html organizations received_events repos starred subscriptions"
    account |= {f"{name}_url": url for name in addresses.split()} | {"url": url}
    return {
        "id": 77,
        "app_id": 7,
        "app_slug": "pm-sync-app",
        "account": account,
        "target_id": 3,
        "target_type": "User",
        "repository_selection": "selected",
        "permissions": {"issues": "write", "metadata": "read"},
        "events": [],
        "single_file_name": None,
        "suspended_by": None,
        "suspended_at": None,
        "created_at": "2026-11-22T09:30:00Z",
        "updated_at": "2026-11-22T09:30:00Z",
    } | dict.fromkeys(("html_url", "access_tokens_url", "repositories_url"), url)


@pytest.fixture(scope="module")
def key() -> str:
    """An app's private key."""
    private = generate_private_key(public_exponent=65537, key_size=2048)
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def open_as_app(github: GitHubRemote, key: str) -> Tracker:
    """A tracker whose credential is an app's; a token is there as well, as always in Actions."""
    environment = {
        "GITHUB_TOKEN": "not-this-one",
        "GITHUB_API_URL": github.front.url,
        "PM_SYNC_GITHUB_APP_ID": "7",
        "PM_SYNC_GITHUB_PRIVATE_KEY": key.replace("\n", "\\n"),
    }
    return open_tracker("github", GitHubOptions(github.repository), environment, patience=Patience(0))


def test_an_app_takes_two_calls_more_on_our_own_layer(github: GitHubRemote, key: str) -> None:
    """Its installation is found by the repository, and one token serves the whole run."""
    app = App(github.token)
    github.front.layers.insert(0, app)
    tracker = open_as_app(github, key)
    tracker.read(LOOK_UP)
    [made] = tracker.create([draft()])
    tracker.close()
    assert isinstance(made, Issue)
    calls = github.front.calls
    assert calls[:2] == [f"GET /repos/{github.repository}/installation", "POST /app/installations/77/access_tokens"]
    assert len(calls) == 2 + 2 + 1
    assert {claims["iss"] for claims in app.claims} == {"7"}


def test_each_call_of_an_app_is_told_and_no_token_of_it_on_our_own_layer(
    github: GitHubRemote, key: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The library's own one is named, too; neither the key nor the tokens stand in any line."""
    caplog.set_level(logging.DEBUG, "pm_sync")
    github.front.layers.insert(0, App(github.token))
    tracker = open_as_app(github, key)
    tracker.read(LOOK_UP)
    tracker.close()
    told = [record.getMessage() for record in caplog.records if record.name == "pm_sync.call"]
    assert [" ".join(line.split()[:2]) for line in told] == github.front.calls
    assert not any(secret in "".join(told) for secret in (github.token, "not-this-one", "eyJ", "PRIVATE"))


def test_an_app_s_own_issues_are_believed_without_asking_who_it_is_on_our_own_layer(
    github: GitHubRemote, key: str
) -> None:
    """An app's account belongs to no one with rights, but its name is known."""

    class AsBot(Layer):
        """All issues are the app's."""

        def amend(self, asked: Asked, answer: Answer) -> Answer:
            if asked.method != "GET" or not isinstance(answer.content, list):
                return answer
            told = [{**entry, "author_association": "NONE"} for entry in answer.content]
            for entry in told:
                entry["user"] = {**entry["user"], "login": "pm-sync-app[bot]", "type": "Bot"}
            return Answer(answer.status, told, answer.headers)

    earlier = github.open()
    earlier.create([draft()])
    earlier.close()
    github.front.layers[:0] = [App(github.token), AsBot()]
    tracker = open_as_app(github, key)
    found = tracker.read(LOOK_UP)
    tracker.close()
    assert [issue.mark for issue in found.marked] == [mark()]
    assert "GET /user" not in github.front.calls


def test_an_app_that_is_not_installed_says_where_to_install_it_on_our_own_layer(github: GitHubRemote, key: str) -> None:
    """Nothing else is asked."""
    github.front.layers.insert(0, App(github.token, installed=False))
    tracker = open_as_app(github, key)
    with pytest.raises(NotFound, match=f"App 7 is not installed on {github.repository}"):
        tracker.read(LOOK_UP)
    tracker.close()
    assert len(github.front.calls) == 1


def test_a_key_that_is_none_is_said_without_showing_it(github: GitHubRemote) -> None:
    """Before anything is sent."""
    tracker = open_as_app(github, "-----BEGIN s3cret")
    with pytest.raises(ConfigError, match="PM_SYNC_GITHUB_PRIVATE_KEY is no private key") as caught:
        tracker.read(LOOK_UP)
    tracker.close()
    assert "s3cret" not in str(caught.value)
    assert github.front.calls == []


def test_no_log_holds_the_token(github: GitHubRemote, caplog: pytest.LogCaptureFixture) -> None:
    """At the finest level, of ours and of the libraries; each call is one line of ours."""
    caplog.set_level(logging.DEBUG)
    tracker = github.open()
    tracker.read(LOOK_UP)
    tracker.create([draft()])
    tracker.close()
    assert github.token not in caplog.text
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("pm_sync")]
    assert len(ours) == len(github.front.calls) == 3
    assert ours[-1].startswith(f"POST /repos/{github.repository}/issues 201 ")


def test_no_redirect_carries_the_token_away_on_our_own_layer(github: GitHubRemote) -> None:
    """Neither a read nor a create is sent to another server, with or without the credential."""
    seen: list[str] = []

    class Thief(BaseHTTPRequestHandler):
        """Notes who asks."""

        def do_GET(self) -> None:
            """Answer anything."""
            seen.append(f"{self.path} {self.headers.get('authorization')}")
            self.send_response(200)
            self.end_headers()

        do_POST = do_PATCH = do_GET  # noqa: N815  named by the library

    thief = HTTPServer(("127.0.0.1", 0), Thief)
    threading.Thread(target=thief.serve_forever, args=(0.02,), daemon=True).start()
    github.front.layers.insert(
        0, Redirects({f"/repos/{github.repository}/": f"http://127.0.0.1:{thief.server_port}/x/"})
    )
    tracker = github.open()
    with pytest.raises(NotFound, match="has moved"):
        tracker.read(LOOK_UP)
    [denied] = tracker.create([draft()])
    tracker.close()
    thief.shutdown()
    thief.server_close()
    assert isinstance(denied, NotFound)
    assert seen == []
