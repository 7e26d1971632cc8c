"""GitHub's API keeps the remotes' contract: on the emulator, every exchange held to GitHub's own contract."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from msgspec.structs import replace

from pm_sync.publish.command import Git
from pm_sync.publish.remote import SUBJECT, BranchProtected, HeadMoved, PublishFailed, Remote
from pm_sync.publish.rest import RestRemote
from pm_sync.trackers.github.access import access_from
from pm_sync.trackers.github.client import Client
from pm_sync.trackers.github.connection import Connection
from pm_sync.trackers.pace import Patience
from tests.contract.remote_contract import FILES, RemoteContract, Shared
from tests.e2e.github import GitHubRemote, emulator, github
from tests.fakes.front import Answer, Asked, Front, Layer

__all__ = ["emulator", "github"]

WORDS = "Repository rule violations found\n\nChanges must be made through a pull request."


@dataclass(slots=True)
class Refusals(Layer):
    """Refuses what is asked of addresses that end so."""

    by_end: dict[tuple[str, str], Answer] = field(default_factory=dict)

    def answer(self, asked: Asked, front: Front) -> Answer | None:
        """Refuse."""
        found = (no for (verb, end), no in self.by_end.items() if asked.method == verb and asked.path.endswith(end))
        return next(found, None)


@dataclass(frozen=True, slots=True)
class SharedByApi:
    """A repository of the emulator."""

    github: GitHubRemote
    remote: Remote
    refusals: Refusals

    def edit(self, branch: str, path: str, data: bytes) -> None:
        """Somebody changes a file on the web."""
        put(self.github, branch, path, data)

    def protect(self, branch: str, status: int = 422) -> None:
        """As GitHub refuses it."""
        self.refusals.by_end["PATCH", f"/git/refs/heads/{branch}"] = Answer(
            status, {"message": WORDS, "documentation_url": "https://docs.github.com/rest"}
        )

    def merge(self, branch: str) -> None:
        """By the button."""
        (pull,) = self.github.ask("GET", "/pulls")
        self.github.ask("PUT", f"/pulls/{pull['number']}/merge", {"merge_method": "squash"})

    def mode(self, branch: str, path: str) -> str:
        """As its tree has it."""
        sha = self.github.ask("GET", f"/git/ref/heads/{branch}")["object"]["sha"]
        tree = self.github.ask("GET", f"/git/commits/{sha}")["tree"]["sha"]
        entries = self.github.ask("GET", f"/git/trees/{tree}?recursive=1")["tree"]
        return next(str(entry["mode"]) for entry in entries if entry["path"] == path)


def put(github: GitHubRemote, branch: str, path: str, data: bytes) -> Any:
    """Write a file as a person does on the web."""
    there = github.ask("GET", f"/git/trees/{branch}?recursive=1")["tree"]
    known = {entry["path"]: entry["sha"] for entry in there}
    body = {"message": "By hand", "content": base64.b64encode(data).decode(), "branch": branch}
    return github.ask("PUT", f"/contents/{quote(path)}", body | ({"sha": known[path]} if path in known else {}))


@pytest.fixture
def shared(github: GitHubRemote, tmp_path: Path) -> Iterator[SharedByApi]:
    """The repository, and a client that has no clone of it."""
    for path, data in FILES.items():
        put(github, "main", path, data)
    refusals = Refusals()
    github.front.layers.insert(0, refusals)
    github.front.exchanges.clear()
    access = access_from({"GITHUB_TOKEN": github.token, "GITHUB_API_URL": github.front.url})
    client = Client(Connection(access, github.repository), Patience(0))
    yield SharedByApi(github, RestRemote(client, github.repository, Git(tmp_path, os.environ)), refusals)
    client.close()


class TestRestRemote(RemoteContract):
    """From nothing but a token."""

    @pytest.fixture
    def shared(self, shared: SharedByApi) -> Shared:
        """The repository."""
        return shared


@pytest.mark.parametrize("status", [409, 422])
def test_protection_is_known_by_its_words(shared: SharedByApi, status: int) -> None:
    """Whatever the number, there is another way."""
    head = shared.remote.head("main")
    assert head is not None
    made = shared.remote.commit(head, {"README.md": b"#\n"}, "Try")
    shared.protect("main", status)
    with pytest.raises(BranchProtected):
        shared.remote.move("main", made, head)


def test_token_without_permission_is_told_which_one(shared: SharedByApi) -> None:
    """Not a protected branch, but a token that may only read."""
    head = shared.remote.head("main")
    assert head is not None
    no = Answer(403, {"message": "Resource not accessible by integration"})
    shared.refusals.by_end["POST", "/git/trees"] = no
    with pytest.raises(PublishFailed, match="contents: write"):
        shared.remote.commit(head, {"README.md": b"#\n"}, "Try")


def test_push_takes_four_calls(shared: SharedByApi) -> None:
    """Where it ends, the tree, the commit, the move; here one more, as the commit isn't in a clone."""
    head = shared.remote.head("main")
    assert head is not None
    made = shared.remote.commit(head, dict.fromkeys(FILES, b"#\n"), "Try")
    shared.remote.move("main", made, head)
    asked = [call.partition("/git/")[2].partition("/")[0] for call in shared.github.front.calls]
    assert asked == ["ref", "commits", "trees", "commits", "refs"]


def test_one_pull_request_however_often_asked(shared: SharedByApi) -> None:
    """The open one is found again."""
    head = shared.remote.head("main")
    assert head is not None
    made = shared.remote.commit(head, {"README.md": b"#\n"}, SUBJECT)
    shared.remote.move("pm-sync/progress", made, None, force=True)
    first = shared.remote.propose("pm-sync/progress", "main")
    assert shared.remote.propose("pm-sync/progress", "main") == first
    assert shared.github.ask("GET", "/pulls")[0]["title"] == SUBJECT


def test_refused_pull_request_says_what_is_pushed(shared: SharedByApi) -> None:
    """Many organisations don't let Actions open pull requests."""
    head = shared.remote.head("main")
    assert head is not None
    shared.remote.move("pm-sync/progress", shared.remote.commit(head, {"README.md": b"#\n"}, SUBJECT), None, force=True)
    words = "GitHub Actions is not permitted to create or approve pull requests."
    shared.refusals.by_end["POST", "/pulls"] = Answer(403, {"message": words})
    with pytest.raises(PublishFailed, match=r"pm-sync/progress is pushed, but has no pull request: .*not permitted"):
        shared.remote.propose("pm-sync/progress", "main")


def test_lost_answer_to_the_move_is_looked_up(shared: SharedByApi) -> None:
    """Whether the branch moved is found out by the next attempt."""
    head = shared.remote.head("main")
    assert head is not None
    made = shared.remote.commit(head, {"README.md": b"#\n"}, "Try")
    shared.refusals.by_end["PATCH", "/git/refs/heads/main"] = replace(Answer(502), content=b"<html>")
    with pytest.raises(HeadMoved):
        shared.remote.move("main", made, head)
