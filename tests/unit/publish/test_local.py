"""Commits in somebody's clone: never with their own changes in them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from pm_sync.publish import local
from pm_sync.publish.command import Done, Git, hide_credentials
from pm_sync.publish.deliver import Mode
from pm_sync.publish.remote import PublishFailed
from tests.fakes.bare import Bare, git, make_bare


@pytest.fixture
def bare(tmp_path: Path) -> Bare:
    """A remote and a clone with two postmortems."""
    return make_bare(tmp_path, {"db.md": b"# DB\n", "a [1].md": b"# API\n"})


def test_commit_holds_the_files_and_nothing_else(bare: Bare) -> None:
    """What somebody has staged or edited stays as it is; names are no patterns."""
    (bare.clone / "notes.md").write_text("mine\n")
    git(bare.clone, "add", "notes.md")
    (bare.clone / "db.md").write_text("# DB, edited\n")
    (bare.clone / "a [1].md").write_text("# API, recorded\n")
    done = local.commit(Git(bare.clone, os.environ), ["a [1].md"], frozenset())
    assert (done.mode, done.branch, done.files) == (Mode.COMMIT, "main", ("a [1].md",))
    assert git(bare.clone, "show", "--name-only", "--format=%s") == (
        "Record the progress of action items in a [1].md\n\na [1].md"
    )
    assert git(bare.clone, "status", "--porcelain").splitlines() == ["M db.md", "A  notes.md"]


def test_changes_of_your_own_are_not_committed_for_you(bare: Bare) -> None:
    """A file that held some before the run is left out, and named."""
    work = Git(bare.clone, os.environ)
    (bare.clone / "db.md").write_text("# DB, edited\n")
    (bare.clone / "new.md").write_text("# New\n")
    mixed = local.dirty(work)
    assert mixed == {"db.md", "new.md"}
    done = local.commit(work, ["db.md", "new.md"], mixed)
    assert done.commit is None
    assert done.notes == tuple(
        f"{name} holds changes of your own and was not committed" for name in ("db.md", "new.md")
    )
    assert git(bare.clone, "rev-parse", "HEAD") == bare.head()


def test_detached_checkout_can_be_committed_on(bare: Bare) -> None:
    """The commit is made, and where is told."""
    git(bare.clone, "checkout", "--quiet", "--detach")
    (bare.clone / "db.md").write_text("# DB, recorded\n")
    done = local.commit(Git(bare.clone, os.environ), ["db.md"], frozenset())
    assert done.branch == "a detached HEAD"
    assert done.commit == git(bare.clone, "rev-parse", "HEAD")


def test_hook_that_refuses_is_heard(bare: Bare) -> None:
    """The repository's own hooks decide about commits in it."""
    hook = bare.clone / ".git" / "hooks" / "pre-commit"
    hook.write_text("#!/bin/sh\necho 'error: tests fail' >&2\nexit 1\n")
    hook.chmod(0o755)
    (bare.clone / "db.md").write_text("# DB, recorded\n")
    with pytest.raises(PublishFailed, match="tests fail"):
        local.commit(Git(bare.clone, os.environ), ["db.md"], frozenset())


def test_no_repository_is_said(tmp_path: Path) -> None:
    """Not a traceback."""
    with pytest.raises(PublishFailed, match="not a git repository"):
        local.dirty(Git(tmp_path, os.environ))


def test_clone_follows_what_was_pushed_from_it(bare: Bare) -> None:
    """After the push its files don't count as changed, and what is staged stays staged."""
    (bare.clone / "notes.md").write_text("mine\n")
    git(bare.clone, "add", "notes.md")
    (bare.clone / "db.md").write_text("# DB, recorded\n")
    pushed = bare.edit("main", "db.md", b"# DB, recorded\n")
    assert local.follow(Git(bare.clone, os.environ), "main", pushed, ["db.md"], fetch=True)
    assert git(bare.clone, "rev-parse", "HEAD") == pushed
    assert git(bare.clone, "status", "--porcelain") == "A  notes.md"


def test_clone_with_commits_of_its_own_stays_where_it_is(bare: Bare) -> None:
    """Nothing is merged for anybody."""
    git(bare.clone, "commit", "--quiet", "--allow-empty", "--message", "Mine")
    mine = git(bare.clone, "rev-parse", "HEAD")
    pushed = bare.edit("main", "db.md", b"# DB, recorded\n")
    assert not local.follow(Git(bare.clone, os.environ), "main", pushed, ["db.md"], fetch=True)
    assert git(bare.clone, "rev-parse", "HEAD") == mine


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("fatal: https://bot:hunter2@example.com/x.git", "fatal: https://example.com/x.git"),
        ("at https://example.com/x.git", "at https://example.com/x.git"),
    ],
)
def test_credentials_are_taken_out_of_addresses(said: str, shown: str) -> None:
    """Git repeats addresses as they were configured."""
    assert hide_credentials(said) == shown


@pytest.mark.parametrize("last", ["reset", "update-ref"])
def test_following_that_was_cut_off_stages_nothing_against_what_was_pushed(
    bare: Bare, monkeypatch: pytest.MonkeyPatch, last: str
) -> None:
    """Regression: whoever committed next, committed the reversal. The next run goes on from there."""
    (bare.clone / "db.md").write_text("# DB, recorded\n")
    pushed = bare.edit("main", "db.md", b"# DB, recorded\n")
    work = Git(bare.clone, os.environ)
    really = Git.run

    def run(self: Git, *words: str, **named: Any) -> Done:
        done = really(self, *words, **named)
        if last in words:
            raise KeyboardInterrupt
        return done

    with monkeypatch.context() as patch:
        patch.setattr(Git, "run", run)
        with pytest.raises(KeyboardInterrupt):
            local.follow(work, "main", pushed, ["db.md"], fetch=True)
    staged = git(bare.clone, "diff", "--cached", "--name-only", "HEAD").splitlines()
    assert staged == (["db.md"] if last == "reset" else [])
    assert git(bare.clone, "show", ":db.md") == "# DB, recorded"
    assert local.follow(work, "main", pushed, ["db.md"], fetch=True) is (last == "reset")
    assert git(bare.clone, "status", "--porcelain") == ""
