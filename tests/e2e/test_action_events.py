"""The Action under each event, by act: issues, commits, comment, status and summary as a new user gets them."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from pm_sync.publish.checks import CONTEXT
from tests.cli.support import document
from tests.docs.blocks import named
from tests.e2e.act import ROOT, Ran, Runner, runner
from tests.e2e.github import GitHubRemote
from tests.fakes.bare import Bare, git, make_bare
from tests.fakes.github_layers import Statuses

__all__ = ["runner"]

PATH = "postmortems/2026-11-20-database.md"
TEXT = document("Add a replica (due 2026-11-21)", "Alert on lag")


@dataclass(frozen=True, slots=True)
class Town:
    """A repository that lives twice: on the emulator, for the API, and as a bare repository, for git."""

    github: GitHubRemote
    bare: Bare
    statuses: Statuses
    runner: Runner

    def push(self, message: str, **changed: str) -> str:
        """Somebody pushes what stands in the clone, and these postmortems; gives the commit that was there before."""
        before = git(self.bare.clone, "rev-parse", "HEAD")
        for name, text in changed.items():
            (self.bare.clone / "postmortems").mkdir(exist_ok=True)
            (self.bare.clone / "postmortems" / f"{name}.md").write_text(text)
        git(self.bare.clone, "add", "--all")
        git(self.bare.clone, "commit", "--quiet", "--allow-empty", "--message", message)
        git(self.bare.clone, "push", "--quiet", "origin", "main")
        self.mirror()
        return before

    def mirror(self) -> None:
        """Let the emulator have what the clone has."""
        there = {e["path"]: e["sha"] for e in self.github.ask("GET", "/git/trees/main?recursive=1")["tree"]}
        for line in git(self.bare.clone, "ls-tree", "-r", "HEAD").splitlines():
            (_, _, sha), path = line.partition("\t")[0].split(), line.partition("\t")[2]
            if there.get(path) != sha:
                data = base64.b64encode((self.bare.clone / path).read_bytes()).decode()
                known = {"sha": there[path]} if path in there else {}
                body = {"message": "Mirror", "content": data, "branch": "main", **known}
                self.github.ask("PUT", f"/contents/{quote(path)}", body)

    def pull(self) -> None:
        """Take what the Action has committed, as everybody's next pull does."""
        (self.bare.clone / PATH).write_bytes(self.show())
        git(self.bare.clone, "commit", "--quiet", "--all", "--allow-empty", "--message", "Pull")
        git(self.bare.clone, "push", "--quiet", "origin", "main")

    def show(self, branch: str = "main") -> bytes:
        """The postmortem as it is on GitHub."""
        found = self.github.ask("GET", f"/contents/{PATH}?ref={quote(branch, safe='')}")
        return base64.b64decode(found["content"])

    def head(self) -> str:
        """Where ``main`` ends on GitHub."""
        return str(self.github.ask("GET", "/git/ref/heads/main")["object"]["sha"])

    def issues(self) -> dict[str, str]:
        """The state of each issue by its title, pull requests not among them."""
        listed = self.github.ask("GET", "/issues?state=all")
        return {issue["title"]: issue["state"] for issue in listed if "pull_request" not in issue}

    def run(self, event: str, **members: Any) -> Ran:
        """Let a workflow run."""
        repository = {"full_name": self.github.repository, "default_branch": "main", "fork": False, "private": False}
        payload = {"ref": "refs/heads/main", "repository": repository, **members}
        api = self.github.front.url
        variables = {"GITHUB_API_URL": api, "GITHUB_GRAPHQL_URL": f"{api}/graphql"}
        return self.runner.run(self.bare.clone, event, payload, token=self.github.token, **variables)


@pytest.fixture
def town(github: GitHubRemote, runner: Runner, tmp_path: Path) -> Town:
    """An empty repository, but for a README."""
    bare = make_bare(tmp_path, {"README.md": b"# Infra\n"})
    address = f"https://github.com/{github.repository}.git"
    git(bare.clone, "remote", "set-url", "origin", address)
    git(bare.clone, "config", f"url.{bare.path}.pushInsteadOf", address)
    git(bare.clone, "config", "user.email", "maria@example.com")
    git(bare.clone, "config", "user.name", "Maria")
    statuses = Statuses()
    github.front.layers.insert(0, statuses)
    return Town(github, bare, statuses, runner)


@pytest.fixture
def started(town: Town) -> Town:
    """The same after the first postmortem and the README's commands, and after the run that their push starts."""
    town.push("A postmortem", **{Path(PATH).stem: TEXT})
    (commands,) = named((ROOT / "README.md").read_text(encoding="utf-8"), "sh action")
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    subprocess.run(["bash", "-euo", "pipefail", "-c", commands], cwd=town.bare.clone, env=environment, check=True)
    town.mirror()
    return town


def pull_request(number: int, town: Town, base: str, source: str | None = None) -> dict[str, Any]:
    """The event of a pull request whose head is checked out."""
    head = git(town.bare.clone, "rev-parse", "HEAD")
    repository = {"full_name": source or town.github.repository}
    parts = {"base": {"sha": base, "ref": "main"}, "head": {"sha": head, "ref": "topic", "repo": repository}}
    return {"action": "synchronize", "number": number, "pull_request": {"number": number, **parts}}


def test_first_day(started: Town) -> None:
    """Push, somebody's work, the night's run: what the README promises, from an empty repository."""
    ran = started.run("push", before="0" * 40)
    assert ran.ok, ran.log
    assert started.issues() == {"Add a replica": "open", "Alert on lag": "open"}
    assert b"- [ ] Alert on lag ([#2](https://github.com/" in started.show()
    assert ran.outputs["created"] == "0", "of the last step, which is status"
    assert "**Done: 2 created; files changed:" in ran.summary
    assert [said["context"] for said in started.statuses.made[started.head()]] == [CONTEXT]

    started.pull()
    head = started.head()
    ran = started.run("push", before=git(started.bare.clone, "rev-parse", "HEAD^"))
    assert ran.ok, ran.log
    assert (started.head(), len(started.issues())) == (head, 2), "our own commit starts nothing"

    started.github.ask("PATCH", "/issues/2", {"state": "closed"})
    ran = started.run("issues", action="closed", issue={"number": 2})
    assert ran.ok, ran.log
    assert b"- [x] Alert on lag ([#2](" in started.show()
    assert started.statuses.made[started.head()][-1]["description"].startswith("1 open, 1 overdue")


@pytest.mark.parametrize("event", ["schedule", "repository_dispatch", "workflow_dispatch"])
def test_nothing_new_makes_no_commit(started: Town, event: str) -> None:
    """One commit for what a night brought, and none where it brought nothing."""
    assert started.run("push", before="0" * 40).ok
    started.pull()
    started.github.ask("PATCH", "/issues/1", {"state": "closed"})
    before = started.head()
    ran = started.run(event)
    assert ran.ok, ran.log
    after = started.head()
    assert after != before
    assert b"- [x] Add a replica" in started.show()
    started.pull()
    assert started.run(event).ok
    assert started.head() == after


def test_pull_request_gets_one_comment(started: Town, real_sleep: Callable[[float], None]) -> None:
    """It says what merging does, and the next push to the pull request changes it in place."""
    base = git(started.bare.clone, "rev-parse", "HEAD")
    number = int(started.github.add("Stands for the pull request").id)
    started.push("Another postmortem", api=document("Add a limit"))
    ran = started.run("pull_request", **pull_request(number, started, base))
    assert ran.ok, ran.log
    assert "Merging this opens 1 issue in acme/infra-" in ran.summary
    started.push("More of it", api=document("Add a limit", "Shed load"))
    ran = started.run("pull_request", **pull_request(number, started, base))
    assert ran.ok, ran.log
    (comment,) = started.github.ask("GET", f"/issues/{number}/comments")
    assert "Merging this opens 2 issues in acme/infra-" in comment["body"]
    assert list(started.issues()) == ["Stands for the pull request"], "nothing is created before the merge"


def test_fork_is_planned_without_a_token(started: Town) -> None:
    """Nothing is asked of GitHub, nothing is written; the summary has the plan."""
    base = git(started.bare.clone, "rev-parse", "HEAD")
    (started.bare.clone / "pm-sync.yaml").write_text("version: 1\ntrusted_authors: [mallory]\nlabls: [x]\n")
    started.push("Take over", api=document("Add a limit"))
    started.github.front.exchanges.clear()
    ran = started.run("pull_request", **pull_request(7, started, base, source="mallory/infra"))
    assert ran.ok, ran.log
    assert "No tracker was asked" in ran.summary
    assert started.github.front.calls == []
