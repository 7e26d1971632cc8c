"""Plain git keeps the remotes' contract, on a bare repository that refuses pushes by a hook."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from pm_sync.publish.command import Git
from pm_sync.publish.plain import PlainRemote
from pm_sync.publish.remote import HeadMoved, PublishFailed, Remote
from tests.contract.remote_contract import FILES, RemoteContract, Shared
from tests.fakes.bare import Bare, git, make_bare


@dataclass(frozen=True, slots=True)
class SharedByGit:
    """A bare repository seen from a clone."""

    bare: Bare
    remote: Remote

    def edit(self, branch: str, path: str, data: bytes) -> None:
        """Somebody pushes."""
        self.bare.edit(branch, path, data)

    def protect(self, branch: str) -> None:
        """By a hook."""
        self.bare.protect(branch)

    def merge(self, branch: str) -> None:
        """By a fast forward."""
        git(self.bare.path, "update-ref", "refs/heads/main", f"refs/heads/{branch}")

    def mode(self, branch: str, path: str) -> str:
        """As git lists it."""
        return self.bare.mode(branch, path)


@pytest.fixture
def bare(tmp_path: Path) -> Bare:
    """The repository."""
    return make_bare(tmp_path, FILES)


@pytest.fixture
def remote(bare: Bare) -> PlainRemote:
    """The remote of its clone, under an environment without any identity."""
    return PlainRemote(Git(bare.clone, os.environ))


class TestPlainRemote(RemoteContract):
    """From a whole clone."""

    @pytest.fixture
    def shared(self, bare: Bare, remote: PlainRemote) -> Shared:
        """The bare repository."""
        return SharedByGit(bare, remote)


class TestPlainRemoteFromShallowClone(RemoteContract):
    """From a clone of one commit, as CI makes it: detached, too."""

    @pytest.fixture
    def shared(self, bare: Bare, tmp_path: Path) -> Shared:
        """The bare repository."""
        shallow = tmp_path / "shallow"
        git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{bare.path}", str(shallow))
        git(shallow, "checkout", "--quiet", "--detach")
        return SharedByGit(bare, PlainRemote(Git(shallow, os.environ)))


def test_work_tree_and_index_take_no_part(bare: Bare, remote: PlainRemote) -> None:
    """What is staged and what is edited in the clone is neither committed nor touched."""
    (bare.clone / "README.md").write_text("staged\n")
    git(bare.clone, "add", "README.md")
    (bare.clone / "README.md").write_text("edited\n")
    before = git(bare.clone, "status", "--porcelain")
    made = remote.commit(bare.head(), {"postmortems/db.md": b"x\n"}, "Try")
    remote.move("main", made, bare.head())
    assert git(bare.clone, "status", "--porcelain") == before == "MM README.md"
    assert bare.show("main", "README.md") == FILES["README.md"]


def test_mode_of_a_file_is_kept(bare: Bare, remote: PlainRemote) -> None:
    """A file that may be executed still may."""
    (bare.clone / "README.md").chmod(0o755)
    git(bare.clone, "commit", "--quiet", "--all", "--message", "Executable")
    git(bare.clone, "push", "--quiet", "origin", "main")
    remote.move("main", remote.commit(bare.head(), {"README.md": b"#\n"}, "Try"), bare.head())
    assert bare.mode("main", "README.md") == "100755"


def test_force_pushed_head_is_seen(bare: Bare, remote: PlainRemote) -> None:
    """A branch that was rewritten is as much another one as one that went on."""
    old = bare.head()
    made = remote.commit(old, {"README.md": b"#\n"}, "Try")
    git(bare.clone, "commit", "--quiet", "--amend", "--message", "Rewritten")
    git(bare.clone, "push", "--quiet", "--force", "origin", "main")
    with pytest.raises(HeadMoved):
        remote.move("main", made, old)
    assert bare.log() == ["Rewritten"]


def test_committer_is_named_where_git_knows_none(bare: Bare, remote: PlainRemote) -> None:
    """A runner without any identity can commit all the same."""
    made = remote.commit(bare.head(), {"README.md": b"#\n"}, "Try")
    assert git(bare.clone, "show", "--no-patch", "--format=%cn", made) == "github-actions[bot]"


def test_remote_that_is_gone_is_said(bare: Bare, remote: PlainRemote) -> None:
    """Git's own words, without its credentials."""
    git(bare.clone, "remote", "set-url", "origin", "https://bot:hunter2@127.0.0.1:1/x.git")
    with pytest.raises(PublishFailed, match="origin can't be read") as failed:
        remote.head("main")
    assert "hunter2" not in str(failed.value)


def test_missing_git_is_said(bare: Bare, tmp_path: Path) -> None:
    """No traceback, but what to do."""
    with pytest.raises(PublishFailed, match="git is not installed"):
        PlainRemote(Git(bare.clone, {"PATH": str(tmp_path)})).head("main")


def test_no_pull_requests(remote: PlainRemote) -> None:
    """Plain git has none; it isn't pretended."""
    assert remote.propose("pm-sync/progress", "main") is None
