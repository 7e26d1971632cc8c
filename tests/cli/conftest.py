"""A small repository to run commands in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.support import DB, TASKS, Repo, document


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Repo:
    """A folder with nothing in it."""
    root = tmp_path / "repo"
    (root / ".git").mkdir(parents=True)
    monkeypatch.chdir(root)
    return Repo(root, capsys)


@pytest.fixture
def repo(empty: Repo) -> Repo:
    """A repository with one postmortem that has three tasks."""
    empty.write(DB, document(*TASKS))
    return empty


@pytest.fixture
def synced(repo: Repo) -> Repo:
    """The same after its first sync."""
    assert repo.run("sync", "--yes").code == 0
    return repo
