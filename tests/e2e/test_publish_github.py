"""`pm-sync sync --publish` against GitHub's API: what a run costs, two runs at once, and a branch that takes no pushes."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest

from pm_sync.cli.main import run
from pm_sync.publish import ROLLING
from tests.actions import actions, payload
from tests.cli.support import DB, document
from tests.contract.test_rest_remote import WORDS, Refusals, put
from tests.e2e.github import GitHubRemote
from tests.fakes.bare import git
from tests.fakes.front import Answer, Asked, Front, Layer

Sync = Callable[..., tuple[int, str, str]]


@dataclass(slots=True)
class Meanwhile(Layer):
    """Somebody else acts just before the branch is moved."""

    acts: list[Callable[[], object]] = field(default_factory=list)

    def answer(self, asked: Asked, front: Front) -> Answer | None:
        """Let them act, and leave the answer to the server."""
        if asked.method == "PATCH" and asked.path.endswith("/git/refs/heads/main") and self.acts:
            self.acts.pop(0)()
        return None


@pytest.fixture
def clone(github: GitHubRemote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of a repository with one postmortem, as the current folder."""
    put(github, "main", DB, document("Add a replica", "Alert on lag").encode())
    folder = tmp_path / "clone"
    (folder / "postmortems").mkdir(parents=True)
    (folder / DB).write_text(document("Add a replica", "Alert on lag"))
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "remote", "add", "origin", f"https://github.com/{github.repository}.git")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "First")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def sync(
    github: GitHubRemote,
    clone: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Sync:
    """Run sync as a workflow does, with what the checkout had at first."""

    def run_sync(*words: str) -> tuple[int, str, str]:
        event = payload()
        event["repository"] |= {"full_name": github.repository, "private": False}
        given = {"GITHUB_TOKEN": github.token, "GITHUB_API_URL": github.front.url}
        given |= {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": github.repository}
        git(clone, "checkout", "--quiet", "--", ".")
        github.front.exchanges.clear()
        with monkeypatch.context() as patch:
            for name, value in actions(tmp_path, "push", event, **given).items():
                patch.setenv(name, value)
            code = run(["sync", "--yes", *words])
        return code, *capsys.readouterr()

    return run_sync


def show(github: GitHubRemote, branch: str = "main") -> str:
    """The postmortem on GitHub."""
    return base64.b64decode(github.ask("GET", f"/contents/{DB}?ref={quote(branch, safe='')}")["content"]).decode()


def about_git(github: GitHubRemote) -> list[str]:
    """What was asked besides issues, without the repository's name."""
    base = f"/repos/{github.repository}/"
    calls = [call.replace(base, "") for call in github.front.calls]
    return [call for call in calls if call.split()[1].startswith(("git/", "pulls", "contents/", "commits/"))]


def test_push_is_one_commit_by_few_calls(sync: Sync, github: GitHubRemote) -> None:
    """Whether something waits, where the branch ends, the tree, the commit, the move; two more as this is no clone."""
    code, out, err = sync("--publish", "push")
    assert (code, "2 created" in out) == (0, True), err
    asked = about_git(github)
    assert "- [ ] Alert on lag ([#2](https://github.com/" in show(github)
    assert [call.split("/")[0:2] for call in asked] == [
        ["GET git", "ref"],
        ["GET git", "ref"],
        ["GET contents", "postmortems"],
        ["GET git", "commits"],
        ["POST git", "trees"],
        ["POST git", "commits"],
        ["PATCH git", "refs"],
    ]


def test_nothing_to_record_writes_nothing(sync: Sync, github: GitHubRemote, clone: Path) -> None:
    """The run that our own commit starts asks for the branch of what waits, and no more."""
    sync("--publish", "push")
    (clone / DB).write_text(show(github))
    git(clone, "commit", "--quiet", "--all", "--message", "Pull")
    assert sync("--publish", "push")[0] == 0
    assert about_git(github) == ["GET git/ref/heads/pm-sync/progress"]


def test_two_runs_at_once_lose_nothing(sync: Sync, github: GitHubRemote) -> None:
    """The branch moved between reading and writing: it is read again, and both changes are there."""
    text = document("Add a replica", "Alert on lag", title="Outage of the database")
    meanwhile = Meanwhile([lambda: put(github, "main", DB, text.encode())])
    github.front.layers.insert(0, meanwhile)
    assert sync("--publish", "push")[0] == 0
    assert meanwhile.acts == []
    assert show(github).startswith("# Outage of the database\n")
    assert "Add a replica ([#1](" in show(github)


def test_protected_branch_gets_one_pull_request(sync: Sync, github: GitHubRemote) -> None:
    """Run after run it is the same; its links count, so nothing is made twice, and nothing is pushed for nothing."""
    refusals = Refusals()
    no = Answer(422, {"message": WORDS, "documentation_url": "https://docs.github.com/rest"})
    refusals.by_end["PATCH", "/git/refs/heads/main"] = no
    github.front.layers.insert(0, refusals)
    code, _, err = sync("--publish", "push")
    assert code == 0
    assert "main is protected against pushes, so a pull request was made instead of a push" in err
    assert f"pull request: {github.ask('GET', '/pulls')[0]['html_url']}" in err
    assert "Add a replica ([#1](" in show(github, ROLLING)
    assert "([#1](" not in show(github)

    code, out, _ = sync("--publish", "pull-request")
    assert code == 0
    assert "created" not in out
    assert len(github.ask("GET", "/pulls")) == 1
    assert not [call for call in about_git(github) if not call.startswith("GET")]


def test_token_that_may_not_push_is_told_so(sync: Sync, github: GitHubRemote) -> None:
    """The issues are there and the next run links them; the code says that something is left."""
    refusals = Refusals()
    refusals.by_end["POST", "/git/trees"] = Answer(404, {"message": "Not Found"})
    github.front.layers.insert(0, refusals)
    code, out, err = sync("--publish", "push")
    assert (code, "2 created" in out) == (11, True)
    assert "error: not published:" in err
    refusals.by_end.clear()
    assert "2 written back" in sync("--publish", "push")[1]
    assert "Add a replica ([#1](" in show(github)
