"""`pm-sync sync --publish`: what was recorded reaches the branch, a commit, or the pull request's branch."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pm_sync.cli.main import run
from pm_sync.publish import ROLLING
from tests.fakes.bare import Bare, git, make_bare

Sync = Callable[..., tuple[int, str, str]]

PATH = "postmortems/db.md"
TEXT = b"# Outage\n\n## Action items\n\n- [ ] Add a replica\n- [ ] Alert on lag\n"


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bare:
    """A remote, and a clone of it as the current folder."""
    made = make_bare(tmp_path, {PATH: TEXT})
    monkeypatch.chdir(made.clone)
    return made


@pytest.fixture
def sync(bare: Bare, capsys: pytest.CaptureFixture[str]) -> Sync:
    """Run sync; gives its exit code, stdout and stderr."""

    def run_sync(*words: str) -> tuple[int, str, str]:
        code = run(["sync", "--yes", *words])
        return code, *capsys.readouterr()

    return run_sync


def reset(bare: Bare) -> None:
    """Begin again from what origin has, as each run in CI does; only the tracker's database stays."""
    git(bare.clone, "fetch", "--quiet", "origin", "main")
    git(bare.clone, "reset", "--quiet", "--hard", "origin/main")


def test_none_is_the_default(sync: Sync, bare: Bare) -> None:
    """Nobody's repository is written to unasked."""
    assert sync()[0] == 0
    assert bare.log() == ["First"]
    assert git(bare.clone, "log", "--format=%s") == "First"


def test_push_leaves_a_clean_clone(sync: Sync, bare: Bare) -> None:
    """Origin and the clone end with the same commit; the second run makes none."""
    code, _, err = sync("--publish", "push")
    assert (code, err) == (0, f"pushed: 1 file, {bare.head()[:10]} on main\n")
    assert b"- [ ] Add a replica (local#1, open)\n" in bare.show("main", PATH)
    assert git(bare.clone, "status", "--porcelain") == ""
    assert git(bare.clone, "rev-parse", "HEAD") == bare.head()
    assert sync("--publish", "push")[2] == ""
    assert len(bare.log()) == 2


def test_push_records_upon_what_others_pushed(sync: Sync, bare: Bare) -> None:
    """The clone is behind, its postmortem older than origin's: both changes are there afterwards."""
    bare.edit("main", PATH, TEXT.replace(b"# Outage\n", b"# Outage of the database\n"))
    code, _, err = sync("--publish", "push")
    assert code == 0
    assert "your clone is behind origin/main now" in err
    text = bare.show("main", PATH)
    assert b"# Outage of the database\n" in text
    assert b"Add a replica (local#1, open)" in text


def test_protected_branch_gets_the_rolling_branch(sync: Sync, bare: Bare) -> None:
    """The push that GitHub's hook refuses goes to the branch for review, and says so."""
    bare.protect("main")
    code, _, err = sync("--publish", "push")
    assert code == 0
    assert "main is protected against pushes, so a pull request was made instead of a push" in err
    assert bare.log() == ["First"]
    assert b"(local#1, open)" in bare.show(ROLLING, PATH)


def test_rolling_branch_is_replaced_not_stacked(sync: Sync, bare: Bare) -> None:
    """Run after run, it is one commit upon main with all that waits."""
    sync("--publish", "pull-request")
    reset(bare)
    run(["local", "close", "1"])
    sync("--publish", "pull-request")
    assert bare.log(ROLLING) == [f"Record the progress of action items in {PATH}", "First"]
    text = bare.show(ROLLING, PATH)
    assert b"- [x] Add a replica (local#1, done" in text
    assert b"- [ ] Alert on lag (local#2, open)" in text


def test_links_that_wait_count_as_links(sync: Sync, bare: Bare) -> None:
    """A run limited to new changes leaves waiting links in the pull request, and makes nothing twice."""
    sync("--publish", "pull-request")
    reset(bare)
    bare.edit("main", "postmortems/api.md", b"# API\n\n## Action items\n\n- Add a limit\n")
    before = bare.head()
    reset(bare)
    code, out, _ = sync("--publish", "pull-request", "--changed-since", f"{before}^")
    assert code == 0
    assert "Done: 1 created, 2 written back" in out
    assert b"(local#1, open)" in bare.show(ROLLING, PATH)
    assert b"(local#3, open)" in bare.show(ROLLING, "postmortems/api.md")


def test_plan_knows_what_waits(sync: Sync, bare: Bare, capsys: pytest.CaptureFixture[str]) -> None:
    """A clone that has fetched the rolling branch plans with its links, though the tracker has forgotten them."""
    sync("--publish", "pull-request")
    reset(bare)
    git(bare.clone, "fetch", "--quiet", "origin", f"{ROLLING}:refs/remotes/origin/{ROLLING}")
    assert run(["plan", "--offline"]) == 0
    assert "2 unchanged" in capsys.readouterr().out


def test_item_reworded_while_its_link_waits_is_asked_about(sync: Sync, bare: Bare) -> None:
    """The waiting link names the old words, and its issue no other item: nothing is made until somebody tells."""
    sync("--publish", "pull-request")
    bare.edit("main", PATH, TEXT.replace(b"Add a replica", b"Add two replicas"))
    reset(bare)
    code, out, err = sync("--publish", "pull-request")
    assert (code, "created" in out) == (11, False)
    assert f'{PATH}:5: local#1 conflict, perhaps reworded: local#1 "Add a replica"' in err
    text = bare.show(ROLLING, PATH)
    assert b"- [ ] Add two replicas\n- [ ] Alert on lag (local#2, open)\n" in text
    assert run(["link", f"{PATH}:5", "local#1"]) == 0
    code, out, _ = sync("--publish", "pull-request")
    assert (code, "1 updated" in out) == (0, True)
    assert b"- [ ] Add two replicas (local#1, open)\n" in (bare.clone / PATH).read_bytes()


def test_push_that_lands_while_we_write_is_built_upon(sync: Sync, bare: Bare) -> None:
    """Ours is turned away, reads the branch anew, and goes upon theirs."""
    git(bare.path, "branch", "elsewhere", "main")
    bare.edit("elsewhere", PATH, TEXT.replace(b"# Outage\n", b"# Outage of the database\n"))
    hook = bare.clone / ".git" / "hooks" / "pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f'#!/bin/sh\nrm "$0"\ngit -C "{bare.path}" update-ref refs/heads/main refs/heads/elsewhere\n')
    hook.chmod(0o755)
    assert sync("--publish", "push")[0] == 0
    assert not hook.exists()
    assert bare.log() == [f"Record the progress of action items in {PATH}", "By hand", "First"]
    text = bare.show("main", PATH)
    assert text.startswith(b"# Outage of the database\n")
    assert b"- [ ] Add a replica (local#1, open)\n- [ ] Alert on lag (local#2, open)\n" in text


def test_commit_stays_here(sync: Sync, bare: Bare) -> None:
    """It is on the clone's branch, and origin hears nothing."""
    code, _, err = sync("--publish", "commit")
    head = git(bare.clone, "rev-parse", "HEAD")
    assert (code, err) == (0, f"committed: 1 file, {head[:10]} on main\n")
    assert bare.log() == ["First"]


def test_no_branch_is_refused_before_anything_is_created(sync: Sync, bare: Bare) -> None:
    """A detached checkout has nowhere to push to."""
    git(bare.clone, "checkout", "--quiet", "--detach")
    code, out, err = sync("--publish", "push")
    assert (code, out) == (2, "")
    assert "no branch is checked out" in err


def test_no_repository_is_refused_before_anything_is_created(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without git nothing can be published."""
    (tmp_path / "postmortems").mkdir()
    (tmp_path / PATH).write_bytes(TEXT)
    monkeypatch.chdir(tmp_path)
    assert run(["sync", "--yes", "--publish", "commit"]) == 1
    assert "not a git repository" in capsys.readouterr().err
    assert (tmp_path / PATH).read_bytes() == TEXT


def test_unreachable_remote_is_refused_before_anything_is_created(sync: Sync, bare: Bare) -> None:
    """Nothing is created whose link could not be published."""
    git(bare.clone, "remote", "set-url", "origin", str(bare.path.with_name("gone.git")))
    code, out, err = sync("--publish", "push")
    assert (code, out) == (1, "")
    assert "origin can't be read" in err


def test_refused_push_is_told_and_partly_done(sync: Sync, bare: Bare) -> None:
    """Main and the rolling branch both refuse: the issues are there, the files too, and the code says 11."""
    hook = bare.path / "hooks" / "update"
    hook.write_text("#!/bin/sh\necho 'error: GH006: Protected branch update failed' >&2\nexit 1\n")
    hook.chmod(0o755)
    code, out, err = sync("--publish", "push")
    assert code == 11
    assert "2 created" in out
    assert f"error: not published: {ROLLING} is protected against pushes" in err
    assert b"(local#1, open)" in (bare.clone / PATH).read_bytes()


@pytest.mark.parametrize("mode", ["push", "commit"])
def test_what_could_not_be_published_is_by_the_next_run(sync: Sync, bare: Bare, mode: str) -> None:
    """Regression: the clone said it, nobody else ever did, as there was nothing left to sync."""
    hook = bare.clone / ".git" / "hooks" / ("pre-push" if mode == "push" else "pre-commit")
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    code, _, err = sync("--publish", mode)
    assert (code, "not published" in err) == (11, True)
    hook.unlink()
    code, _, err = sync("--publish", mode)
    assert code == 0
    assert "1 file" in err
    assert b"Add a replica (local#1, open)" in git(bare.clone, "show", f"HEAD:{PATH}").encode()
    assert git(bare.clone, "status", "--porcelain") == ""
    assert sync("--publish", mode)[2] == ""


def test_what_people_have_not_committed_is_left_to_them(sync: Sync, bare: Bare) -> None:
    """Of a file that holds their own words besides, only the progress of what the branch has is pushed."""
    sync()
    file = bare.clone / PATH
    file.write_bytes(file.read_bytes().replace(b"# Outage", b"# Outage of the database"))
    code, _, err = sync("--publish", "commit")
    assert (code, err) == (0, "")
    code, _, err = sync("--publish", "push")
    assert (code, err) == (0, f"pushed: 1 file, {bare.head()[:10]} on main\n")
    assert bare.show("main", PATH).startswith(b"# Outage\n")
    assert b"Add a replica (local#1, open)" in bare.show("main", PATH)
    assert file.read_bytes().startswith(b"# Outage of the database\n")
    assert sync("--publish", "push")[2] == ""


def test_a_box_that_somebody_ticked_on_the_branch_stays_ticked(sync: Sync, bare: Bare) -> None:
    """What is in step here is no news there: the tick is for a run that reads it."""
    sync("--publish", "push")
    there = bare.show("main", PATH)
    bare.edit("main", PATH, there.replace(b"- [ ] Add", b"- [x] Add"))
    file = bare.clone / PATH
    file.write_bytes(file.read_bytes() + b"\nMore words.\n")
    assert sync("--publish", "push")[0] == 0
    assert b"- [x] Add a replica (local#1, open)" in bare.show("main", PATH)


def test_a_clone_follows_what_an_earlier_run_pushed(sync: Sync, bare: Bare, monkeypatch: pytest.MonkeyPatch) -> None:
    """As that one was killed right then; not where others have pushed besides."""
    with monkeypatch.context() as patch:
        patch.setattr("pm_sync.publish.local.follow", lambda *_, **__: False)
        sync("--publish", "push")
    assert git(bare.clone, "status", "--porcelain") == f"M {PATH}"
    assert sync("--publish", "push")[0] == 0
    assert git(bare.clone, "rev-parse", "HEAD") == bare.head()
    assert git(bare.clone, "status", "--porcelain") == ""
