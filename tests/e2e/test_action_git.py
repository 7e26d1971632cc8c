"""The Action with nothing but git, by act: a remote without any API, and one that refuses pushes as GitHub does."""

from __future__ import annotations

from pathlib import Path

import pytest

from pm_sync.publish import ROLLING
from tests.actions import payload
from tests.cli.support import DB, document
from tests.e2e.act import ROOT, Ran, Runner, runner
from tests.fakes.bare import Bare, git, make_bare

__all__ = ["runner"]

WORKFLOW = """\
on: [push]
permissions: {}
jobs:
  sync:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683
        with:
          fetch-depth: 0
      - uses: pm-sync/pm-sync@v1
        with:
          mode: sync
          tracker: local
          github-token: ""
"""


@pytest.fixture
def bare(tmp_path: Path) -> Bare:
    """A repository with a postmortem and a workflow."""
    files = {DB: document("Add a replica", "Alert on lag"), ".github/workflows/pm-sync.yml": WORKFLOW}
    made = make_bare(tmp_path, {path: text.encode() for path, text in files.items()})
    address = "https://github.com/acme/infra.git"
    git(made.clone, "remote", "set-url", "origin", address)
    git(made.clone, "config", f"url.{made.path}.insteadOf", address)
    return made


def sync(runner: Runner, bare: Bare) -> Ran:
    """Let the push's workflow run."""
    return runner.run(bare.clone, "push", payload(ref="refs/heads/main", before="0" * 40))


def test_pushes_with_git(runner: Runner, bare: Bare) -> None:
    """One commit upon the branch."""
    ran = sync(runner, bare)
    assert ran.ok, ran.log
    assert b"(local#1, open)" in bare.show("main", DB)
    assert bare.log() == [f"Record the progress of action items in {DB}", "First"]
    assert ran.outputs["files-changed"] == "1"


def test_protected_branch_gets_the_rolling_branch(runner: Runner, bare: Bare) -> None:
    """GH006 is no failure: the work is on the branch for review, and the summary says so."""
    bare.protect("main")
    ran = sync(runner, bare)
    assert ran.ok, ran.log
    assert bare.log() == ["First"]
    assert b"(local#1, open)" in bare.show(ROLLING, DB)
    assert "main is protected against pushes" in ran.summary


def test_own_workflow_runs_on_the_example(runner: Runner, tmp_path: Path) -> None:
    """What this project shows its readers works."""
    kept = {".github/workflows/postmortems.yml", "action.yml", ".github/action.bash", "tests/constraints.txt"}
    example = "config/examples/postmortems/2026-03-02-checkout.md"
    files = {path: (ROOT / path).read_bytes() for path in (*kept, "pyproject.toml", "README.md", "LICENSE", example)}
    files |= {
        str(f.relative_to(ROOT)): f.read_bytes()
        for f in (ROOT / "pm_sync").rglob("*")
        if f.suffix != ".pyc" and f.is_file()
    }
    made = make_bare(tmp_path, files)
    git(made.clone, "remote", "set-url", "origin", "https://github.com/acme/infra.git")
    ran = runner.run(made.clone, "push", payload(ref="refs/heads/main", before="0" * 40))
    assert ran.ok, ran.log
    assert (ran.outputs["open"], ran.outputs["overdue"]) == ("3", "1")
    assert "3 items are open, 1 of them overdue" in ran.log
