"""Guards that ask a server: a private postmortem and a public tracker, fields that a project demands, a plan gone stale."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.actions import actions, payload
from tests.e2e.github import GitHubRemote
from tests.e2e.jira_cloud import JiraCloud, jira_cloud
from tests.e2e.jira_program import CLOUD, CONFIG
from tests.e2e.jira_program import program as jira_program
from tests.e2e.jira_program import write as write_items
from tests.e2e.test_github_cli import repository
from tests.fakes.github_layers import Amended
from tests.fakes.jira_cloud_store import rule

__all__ = ["jira_cloud", "repository"]

PM_SYNC = Path(sys.executable).with_name("pm-sync")


def start(folder: Path, github: GitHubRemote, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Start the program, its issues in the emulator."""
    names = {"PATH": os.environ["PATH"], "HOME": str(folder), "GITHUB_TOKEN": github.token}
    names |= {"GITHUB_API_URL": github.front.url, **more}
    command = [str(PM_SYNC), *words]
    return subprocess.run(command, cwd=folder, env=names, capture_output=True, text=True, timeout=60, check=False)


def configure(folder: Path, github: GitHubRemote, more: str = "") -> None:
    """Send everything to the emulator's repository."""
    settings = f"{{kind: github, repository: {github.repository}{more}}}"
    (folder / "pm-sync.yaml").write_text(f"version: 1\ntrackers:\n  gh: {settings}\n")


@pytest.mark.parametrize("visible", [True, False], ids=["public", "private"])
def test_private_postmortems_stay_private_on_our_own_layer(
    repository: Path, github: GitHubRemote, *, visible: bool
) -> None:
    """The event tells that the source is private: nothing is written for everybody to see, until that is wanted."""
    github.front.layers.append(Amended(repository={"private": not visible}))
    configure(repository, github)
    path = write_items(repository, "Rotate the leaked key")
    text = path.read_text()
    push = actions(repository, "push", payload())
    done = start(repository, github, "sync", "--yes", **push)
    if not visible:
        assert done.returncode == 0, done.stderr
        return
    assert done.returncode == 12, done.stderr
    assert path.read_text() == text
    assert github.ask("GET", "/issues?state=all") == []
    found = re.search(r"the postmortems are private, but tracker gh is public; .*: trackers\.gh\.(.+)$", done.stderr)
    assert found, done.stderr
    configure(repository, github, f", {found[1]}")
    assert start(repository, github, "sync", "--yes", **push).returncode == 0
    assert len(github.ask("GET", "/issues?state=all")) == 1


def test_an_unknown_visibility_is_said_and_refuses_nothing_on_our_own_layer(
    repository: Path, github: GitHubRemote
) -> None:
    """Nobody tells whether the source is private."""
    github.front.layers.append(Amended(repository={"private": False}))
    configure(repository, github)
    write_items(repository, "Add a replica")
    done = start(repository, github, "plan")
    assert (done.returncode, "everyone will read these issues" in done.stderr) == (0, True)


def test_a_plan_is_stale_when_an_issue_moved_on(repository: Path, github: GitHubRemote) -> None:
    """Not only when a file did: nothing is written, and a new plan goes on."""
    configure(repository, github)
    path = write_items(repository, "Add a replica")
    assert start(repository, github, "sync", "--yes").returncode == 0
    path.write_text(path.read_text() + "- [ ] Add alerts\n")
    assert start(repository, github, "plan", "--out", "plan.json").returncode == 0
    github.ask("PATCH", "/issues/1", {"state": "closed"})
    stale = start(repository, github, "sync", "--plan", "plan.json")
    assert stale.returncode == 12
    assert "stale" in stale.stderr
    assert len(github.ask("GET", "/issues?state=all")) == 1
    found = re.search(r"look at a new one: pm-sync (.+)$", stale.stderr)
    assert found, stale.stderr
    assert start(repository, github, *found[1].split()).returncode == 0
    assert start(repository, github, "sync", "--plan", "plan.json").returncode == 0
    assert len(github.ask("GET", "/issues?state=all")) == 2


def test_fields_that_a_project_demands(tmp_path: Path, jira_cloud: JiraCloud) -> None:
    """They are named before any write; given in the configuration, the run goes on."""
    (tmp_path / "postmortems").mkdir()
    (tmp_path / "pm-sync.yaml").write_text(CONFIG)
    jira_cloud.environment = CLOUD
    jira_cloud.project.more = {"customfield_1": rule("Cost centre", "string", required=True)}
    path = write_items(tmp_path, "Add a replica")
    run = jira_program(tmp_path, jira_cloud)
    refused = run("sync", "--yes")
    assert refused.returncode == 12
    assert "Cost centre; give them in the configuration of ops" in refused.stderr
    assert (jira_cloud.project.issues, "OPS-" in path.read_text()) == ({}, False)
    given = CONFIG.replace("index_lag: 0s", "index_lag: 0s, fields: {Cost centre: '7'}")
    (tmp_path / "pm-sync.yaml").write_text(given)
    done = run("sync", "--yes")
    assert done.returncode == 0, done.stderr
    assert "OPS-1" in path.read_text()
