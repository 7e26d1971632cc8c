"""The program as a process in a small repository, its issues in a Jira: how to start it, and what came of it."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.jira import DataCenter
from tests.e2e.jira_cloud import JiraCloud
from tests.fakes.jira_cloud import EMAIL, TOKEN

PM_SYNC = Path(sys.executable).with_name("pm-sync")
CLOUD = {"JIRA_EMAIL": EMAIL, "JIRA_API_TOKEN": TOKEN}
CONFIG = "version: 1\ntrackers: {ops: {kind: jira, project: OPS, index_lag: 0s}}\nroutes: [{to: ops}]\n"
Jira = JiraCloud | DataCenter
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A folder with a configuration."""
    (tmp_path / "postmortems").mkdir()
    (tmp_path / "pm-sync.yaml").write_text(CONFIG)
    return tmp_path


def program(repository: Path, jira: Jira) -> Run:
    """A way to start the program in a repository, its issues in this Jira."""

    def start(*arguments: str, url: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": os.environ["PATH"], "HOME": str(repository), **jira.environment, **more}
        environment |= {"JIRA_BASE_URL": url or jira.front.url, "JIRA_SITE_URL": jira.front.url}
        command = [str(PM_SYNC), *arguments]
        return subprocess.run(
            command, cwd=repository, env=environment, capture_output=True, text=True, timeout=300, check=False
        )

    return start


def write(repository: Path, *items: str, name: str = "db.md") -> Path:
    """Write a postmortem with these items."""
    path = repository / "postmortems" / name
    path.write_text("# Database outage\n\n## Action items\n\n" + "".join(f"- [ ] {item}\n" for item in items))
    return path


def result(done: subprocess.CompletedProcess[str], *codes: int) -> Any:
    """What a command printed as JSON."""
    assert done.returncode in (codes or (0,)), (done.returncode, done.stdout, done.stderr)
    return json.loads(done.stdout)


def writes(jira: Jira) -> list[str]:
    """What was written."""
    reads = ("/search/jql", "/issue/bulkfetch")
    return [call for call in jira.front.calls if not call.startswith("GET ") and not call.endswith(reads)]


def keys(path: Path) -> list[str]:
    """The issues that a file links, in order."""
    return re.findall(r"\[(OPS-\d+)\]\(\S+/browse/\1\)", path.read_text())


def on_a_terminal(repository: Path, jira: Jira, answer: str, *arguments: str) -> int:
    """Start the program on a terminal and type an answer; the code that it ends with."""
    ours, theirs = pty.openpty()
    environment = {"PATH": os.environ["PATH"], "HOME": str(repository), "JIRA_BASE_URL": jira.front.url}
    os.write(ours, f"{answer}\n".encode())
    with subprocess.Popen(
        [str(PM_SYNC), *arguments],
        cwd=repository,
        env=environment | jira.environment,
        stdin=theirs,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        code = process.wait(60)
    os.close(theirs)
    os.close(ours)
    return code
