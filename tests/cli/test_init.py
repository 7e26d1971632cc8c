"""`pm-sync init`: what it finds, what it writes, and what it leaves alone."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import yaml

from pm_sync import __version__
from pm_sync.config import load_config
from pm_sync.session.starting import CONFIG, WORKFLOW
from tests.cli.support import Repo, document
from tests.fakes.bare import git


@pytest.fixture
def fresh(empty: Repo) -> Repo:
    """A repository with a postmortem, cloned from GitHub."""
    (empty.root / ".git").rmdir()
    git(empty.root, "init", "--quiet", "--initial-branch=trunk")
    git(empty.root, "remote", "add", "origin", "git@github.com:acme/Infra.git")
    empty.write("docs/postmortems/2026/db.md", document("Add a replica", "Alert on lag"))
    empty.write("docs/postmortems/api.md", document("Add a limit"))
    return empty


class Terminal(io.StringIO):
    """Somebody who types answers."""

    def isatty(self) -> bool:
        """There is one."""
        return True


def test_writes_what_fits_and_shows_the_plan(fresh: Repo) -> None:
    """Postmortems where they are, issues in the repository, the branch that is there."""
    done = fresh.run("init", "--yes")
    assert done.code == 0
    config = load_config(fresh.root)
    assert config.postmortems == ("docs/postmortems/**/*.md",)
    assert [getattr(tracker, "repository", None) for tracker in config.trackers.values()] == ["acme/infra"]
    assert config.since is None
    assert yaml.safe_load(fresh.read(WORKFLOW))[True]["push"] == {"branches": ["trunk"]}
    assert "Plan: 3 to create." in done.out
    assert f"wrote {CONFIG}\n" in done.err


def test_everything_in_the_workflow_is_pinned(fresh: Repo) -> None:
    """Other people's Actions by their commit, ours by its version; and no token stays in the checkout."""
    fresh.run("init", "--yes")
    jobs = yaml.safe_load(fresh.read(WORKFLOW))["jobs"].values()
    steps = [step for job in jobs for step in job["steps"]]
    refs = {step["uses"].partition("@")[::2] for step in steps}
    assert {ref for name, ref in refs if name == "pm-sync/pm-sync"} == {f"v{__version__}"}
    assert all(len(ref) == 40 for name, ref in refs if name != "pm-sync/pm-sync")
    checkouts = [step for step in steps if "checkout" in step["uses"]]
    assert [step["with"]["persist-credentials"] for step in checkouts] == [False, False]


def test_without_a_terminal_it_wants_a_word(fresh: Repo) -> None:
    """Nothing is written on a guess."""
    done = fresh.run("init")
    assert done.code == 2
    assert "--yes" in done.err
    assert not (fresh.root / CONFIG).exists()


def test_asks_for_each_file(fresh: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Yes to one and no to the other."""
    monkeypatch.setattr("sys.stdin", Terminal("y\nn\n"))
    done = fresh.run("init")
    assert done.code == 0
    assert (fresh.root / CONFIG).exists()
    assert not (fresh.root / WORKFLOW).exists()
    assert f"{WORKFLOW} is not written" in done.err


def test_what_is_there_stays(fresh: Repo) -> None:
    """``--yes`` answers no question about somebody's own file; the plan follows that file."""
    fresh.write(CONFIG, "version: 1\npostmortems: [docs/postmortems/api.md]\n")
    done = fresh.run("init", "--yes")
    assert fresh.read(CONFIG) == "version: 1\npostmortems: [docs/postmortems/api.md]\n"
    assert f"{CONFIG} is left as it is" in done.err
    assert "Plan: 1 to create." in done.out


def test_overwrites_when_told_to(fresh: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a question that says so."""
    fresh.write(CONFIG, "version: 1\n")
    monkeypatch.setattr("sys.stdin", Terminal("y\ny\n"))
    done = fresh.run("init")
    assert f"Overwrite {CONFIG}? [y/N]" in done.err
    assert "acme/infra" in fresh.read(CONFIG)


def test_second_run_changes_nothing(fresh: Repo) -> None:
    """It says so, too."""
    fresh.run("init", "--yes")
    before = fresh.read(CONFIG)
    assert f"{CONFIG} says this already" in fresh.run("init", "--yes").err
    assert fresh.read(CONFIG) == before


def test_many_old_items_stay_as_they_are(fresh: Repo) -> None:
    """A history of postmortems isn't turned into hundreds of issues on the first day."""
    fresh.write("docs/postmortems/old.md", document(*(f"Item {n}" for n in range(30))))
    fresh.run("init", "--yes")
    assert load_config(fresh.root).since is not None
    assert " items have no issue yet" in fresh.read(CONFIG)


def test_elsewhere_issues_are_embedded(empty: Repo) -> None:
    """Without GitHub and without postmortems there is still a way to begin."""
    done = empty.run("init", "--yes")
    assert done.code == 0
    assert "kind: local" in empty.read(CONFIG)
    assert "postmortems: none yet; postmortems/ is taken" in done.err


def test_link_in_the_way_is_not_followed(fresh: Repo, tmp_path: Path) -> None:
    """A name that leads elsewhere counts as somebody's file."""
    (fresh.root / CONFIG).symlink_to(tmp_path / "elsewhere")
    fresh.run("init", "--yes")
    assert not (tmp_path / "elsewhere").exists()
