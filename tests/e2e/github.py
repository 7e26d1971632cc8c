"""A GitHub to test against: the emulator, behind a front whose every exchange is held to GitHub's own contract."""

from __future__ import annotations

import http.client
import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any
from urllib.parse import urlsplit

import pytest
from msgspec import Struct, field

from pm_sync.model import Issue, IssueDraft, IssueRef
from pm_sync.trackers.base import Tracker
from pm_sync.trackers.github import GitHubOptions, open_tracker
from pm_sync.trackers.pace import Patience, Seconds
from tests.e2e.counterparts import emulate
from tests.e2e.openapi import Exchange, github_contract
from tests.fakes.front import Front, front_of
from tests.fakes.github_layers import Deletions, Duplicates, RepositoryCounts

OWNER = "acme"
_NUMBERS = count(1)
TOKENS = 200
_UNLISTED = (307, 401, 404, 410, 502)
"""Answers that GitHub gives to anything, and its contract lists for few operations only."""
SEED = {
    # The emulator allows 5,000 requests an hour for each token.
    "tokens": {f"owner-{n}": {"login": OWNER, "scopes": ["repo"]} for n in range(TOKENS)}
    | {"mallory-0": {"login": "mallory", "scopes": ["repo"]}, "acme-0": {"login": OWNER, "scopes": ["repo"]}},
    "github": {"users": [{"login": OWNER}, {"login": "mallory"}]},
}


class GitHubRemote(Struct):
    """One repository of the emulator."""

    front: Front
    repository: str
    token: str
    sleep: Callable[[float], None]
    deletions: Deletions
    options: dict[str, Any] = field(default_factory=dict)
    url: str = ""
    """Where trackers find the API, if not at the front."""

    def open(self, *, token: str = "", clock: Seconds = time.monotonic, patience: Patience | None = None) -> Tracker:
        """Open the repository's issues as a new run does, which waits for nothing."""
        options = GitHubOptions(self.repository, **{"creates_per_minute": 0, "creates_per_hour": 0, **self.options})
        environment = {"GITHUB_TOKEN": token or self.token, "GITHUB_API_URL": self.url or self.front.url}
        return open_tracker("github", options, environment, patience=patience or Patience(0), clock=clock)

    def now(self) -> datetime:
        """The emulator runs on this machine's clock."""
        return datetime.now(UTC)

    def wait(self) -> None:
        """What GitHub itself does to a new issue is told from people by time alone."""
        self.sleep(2.1)

    def add(self, title: str) -> IssueRef:
        """A person opens an issue."""
        made = self.ask("POST", "/issues", {"title": title, "body": "By hand."})
        return IssueRef("github", self.front.url, self.repository, str(made["number"]))

    def retitle(self, ref: IssueRef, title: str) -> None:
        """A person changes the title."""
        self.ask("PATCH", f"/issues/{ref.id}", {"title": title})

    def label(self, ref: IssueRef, label: str) -> None:
        """A person adds a label."""
        self.ask("POST", f"/issues/{ref.id}/labels", {"labels": [label]})

    def finish(self, ref: IssueRef) -> None:
        """A person closes it."""
        self.ask("PATCH", f"/issues/{ref.id}", {"state": "closed"})

    def delete(self, ref: IssueRef) -> None:
        """An administrator deletes it."""
        self.deletions.deleted.add((self.repository, int(ref.id)))

    def cut_short(self, ref: IssueRef) -> None:
        """Nothing is written after the creating call."""

    def written(self) -> object:
        """All calls but those that ask."""
        return [call for call in self.front.calls if not call.startswith("GET ") and call != "POST /graphql"]

    def comments(self, ref: IssueRef) -> Sequence[str]:
        """The comments, oldest first."""
        return [comment["body"] for comment in self.ask("GET", f"/issues/{ref.id}/comments")]

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Ask the emulator past the tracker."""
        return ask(self.front.url, self.token, method, f"/repos/{self.repository}{path}", body)


def ask(url: str, token: str, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """Send one request, and demand that it succeeds."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    connection.request(method, path, json.dumps(body) if body else None, {"Authorization": f"token {token}"})
    response = connection.getresponse()
    data = response.read()
    connection.close()
    assert response.status < 300, (method, path, response.status, data)
    return json.loads(data) if data else None


def create(tracker: Tracker, wish: IssueDraft) -> Issue:
    """Create one issue, without an error."""
    [made] = tracker.create([wish])
    assert isinstance(made, Issue), made
    return made


def body_of(github: GitHubRemote, ref: IssueRef) -> str:
    """An issue's body."""
    body: str = github.ask("GET", f"/issues/{ref.id}")["body"]
    return body


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The emulator's address."""
    with emulate(SEED, tmp_path_factory.mktemp("emulate")) as url:
        yield url


@pytest.fixture
def github(emulator: str, real_sleep: Callable[[float], None]) -> Iterator[GitHubRemote]:
    """A new, empty repository; afterwards all that was said is held to GitHub's contract."""
    number = next(_NUMBERS)
    token = f"owner-{number % TOKENS}"
    ask(emulator, token, "POST", "/user/repos", {"name": f"infra-{number}", "auto_init": True})
    deletions = Deletions()
    with front_of(emulator, deletions, Duplicates(), RepositoryCounts()) as front:
        yield GitHubRemote(front, f"{OWNER}/infra-{number}", token, real_sleep, deletions)
        problems = breaches(front)
    assert problems == [], "\n".join(problems)


def breaches(front: Front) -> list[str]:
    """Where what was said breaks GitHub's contract; exchanges of one kind are looked at once."""
    contract = github_contract()
    kinds = {_kind(exchange): exchange for exchange in front.exchanges if exchange.path != "/graphql"}
    return [
        problem
        for exchange in kinds.values()
        for problem in contract.problems(exchange, answer=exchange.status not in _UNLISTED)
    ]


def _kind(exchange: Exchange) -> tuple[object, ...]:
    """What tells exchanges apart: not the values, but which there are."""
    place = re.sub(r"\d+", "N", exchange.path)
    sent = tuple(sorted(exchange.sent)) if exchange.request else ()
    return exchange.method, place, exchange.status, tuple(name for name, _ in exchange.query), sent
