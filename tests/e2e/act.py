"""Workflows run for real: by act on this machine, with the Action from this checkout in place of the released one."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pm_sync.session.starting import ACTION
from tests.e2e.counterparts import require
from tests.e2e.install import HOME
from tests.fakes.bare import git

ROOT = Path(__file__).parents[2]
TOKEN = "a-long-token-that-is-none"  # noqa: S105  act hides it wherever it stands, so it must not be a word
_ACT = HOME / "act" / "bin" / "act"
_NEEDED = ("action.yml", ".github/action.bash", "pyproject.toml", "README.md", "LICENSE", "tests/constraints.txt")
_OUTPUT = re.compile(r"::set-output:: ([a-z-]+)=(.*)")


@dataclass(frozen=True, slots=True)
class Ran:
    """What a workflow's run came to."""

    ok: bool
    log: str

    @property
    def outputs(self) -> dict[str, str]:
        """The outputs of the last step that had any of the name."""
        return dict(_OUTPUT.findall(self.log))

    @property
    def summary(self) -> str:
        """The summaries of all steps."""
        parts = re.findall(r"Summary - (.*?)(?=^\[)", self.log, re.MULTILINE | re.DOTALL)
        return "\n".join(parts)


@dataclass(frozen=True, slots=True)
class Runner:
    """A machine that runs workflows; what the Action has installed stays there from run to run."""

    home: Path
    action: Path
    """A copy of what a release holds."""

    def run(
        self, repository: Path, event: str, payload: dict[str, Any], *, token: str = TOKEN, **variables: str
    ) -> Ran:
        """Run the repository's workflows for one event.

        Args:
            repository: The clone that is checked out.
            event: Its name.
            payload: What GitHub would tell of it.
            token: The job's own token.
            **variables: Where GitHub is.

        """
        file = self.home / "event.json"
        file.write_text(json.dumps(payload))
        words = [
            event,
            "--workflows",
            ".github/workflows",
            "--eventpath",
            str(file),
            "--secret",
            f"GITHUB_TOKEN={token}",
        ]
        words += ["--platform", "ubuntu-latest=-self-hosted", "--pull=false"]
        for name in {ACTION, "pm-sync/pm-sync@v1"}:
            words += ["--local-repository", f"{name}={self.action}"]
        for name, value in variables.items():
            words += ["--env", f"{name}={value}"]
        kept = {name: value for name, value in os.environ.items() if name == "PATH" or name.startswith("PIP_")}
        environment = {**kept, "HOME": str(self.home), "XDG_CACHE_HOME": str(self.home / "cache"), "TERM": "xterm"}
        done = subprocess.run(
            [_ACT, *words],
            cwd=repository,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            timeout=600,
            check=False,
        )
        return Ran(done.returncode == 0, done.stdout)


@pytest.fixture(scope="session")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """The machine."""
    require(_ACT)
    folder = tmp_path_factory.mktemp("runner")
    action = folder / "action"
    for name in _NEEDED:
        (action / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, action / name)
    shutil.copytree(ROOT / "pm_sync", action / "pm_sync", ignore=shutil.ignore_patterns("__pycache__"))
    git(action, "init", "--quiet")
    git(action, "add", "--all")
    git(action, "commit", "--quiet", "--message", "A release")
    (folder / "home").mkdir()
    return Runner(folder / "home", action)
