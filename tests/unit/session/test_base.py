"""On a pull request the base commit's configuration holds, whatever the pull request says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pm_sync.errors import ConfigError, ReadError, Refused
from pm_sync.session.actions import PullRequest
from pm_sync.session.base import load_base_config
from tests.fakes.bare import Bare, git, make_bare


@pytest.fixture
def bare(tmp_path: Path) -> Bare:
    """A repository whose base trusts nobody, and a checked-out change that trusts mallory."""
    made = make_bare(tmp_path, {"pm-sync.yaml": b"\xef\xbb\xbfversion: 1\nlabels: [base]\n"})
    (made.clone / "pm-sync.yaml").write_text("version: 1\nlabels: [changed]\ntrusted_authors: [mallory]\n")
    git(made.clone, "commit", "--quiet", "--all", "--message", "Trust mallory")
    return made


def pull(base: str) -> PullRequest:
    """A pull request against this commit."""
    return PullRequest(7, base, "", from_fork=False)


def test_base_decides(bare: Bare) -> None:
    """Neither labels nor trusted authors of the change are taken."""
    config = load_base_config(bare.clone, None, pull(bare.head()), os.environ)
    assert (config.labels, config.trusted_authors) == (("base",), ())


def test_named_file_is_taken_from_the_base_too(bare: Bare) -> None:
    """``--config`` names a path, not a version."""
    config = load_base_config(bare.clone, bare.clone / "pm-sync.yaml", pull(bare.head()), os.environ)
    assert config.labels == ("base",)


def test_named_file_outside_of_the_repository_is_refused(bare: Bare) -> None:
    """It would be nobody's base."""
    with pytest.raises(ReadError, match="lies outside"):
        load_base_config(bare.clone, bare.path / "config", pull(bare.head()), os.environ)


def test_configuration_that_the_change_brings_is_not_yet_one(bare: Bare, tmp_path: Path) -> None:
    """A base without any has the defaults."""
    (tmp_path / "empty").mkdir()
    other = make_bare(tmp_path / "empty", {"README.md": b"#\n"})
    (other.clone / "pm-sync.yaml").write_text("version: 1\nlabels: [changed]\n")
    assert load_base_config(other.clone, None, pull(other.head()), os.environ).labels == ()


def test_merge_that_github_made_tells_its_base(bare: Bare, tmp_path: Path) -> None:
    """A clone of two commits is enough, where the base has moved on since the event."""
    head = git(bare.clone, "rev-parse", "HEAD")
    git(bare.clone, "checkout", "--quiet", "--detach", bare.head())
    git(bare.clone, "merge", "--quiet", "--no-ff", "--strategy=ours", "--message", "Merge", head)
    merge = {**os.environ, "GITHUB_SHA": git(bare.clone, "rev-parse", "HEAD")}
    assert load_base_config(bare.clone, None, pull("3" * 40), merge).labels == ("base",)


def test_any_other_merge_tells_nothing(bare: Bare) -> None:
    """Where somebody checks out the pull request's own commit, its parents are of its writer's choice."""
    with pytest.raises(Refused, match="fetch-depth: 0"):
        load_base_config(bare.clone, None, pull("3" * 40), {**os.environ, "GITHUB_SHA": "4" * 40})


def test_no_repository_tells_nothing(tmp_path: Path) -> None:
    """Without git nothing is believed."""
    with pytest.raises(Refused, match="fetch-depth: 0"):
        load_base_config(tmp_path, None, pull("3" * 40), os.environ)


def test_mistakes_are_told_with_their_place(bare: Bare) -> None:
    """As they are everywhere else."""
    bare.edit("main", "pm-sync.yaml", b"version: 1\nlabls: []\n")
    git(bare.clone, "fetch", "--quiet", "origin")
    with pytest.raises(ConfigError, match=r"pm-sync.yaml:2:1: unknown key 'labls'"):
        load_base_config(bare.clone, None, pull(bare.head()), os.environ)


def test_two_configurations_are_one_too_many(bare: Bare) -> None:
    """The base has to be as clear as any work tree."""
    bare.edit("main", ".pm-sync.yaml", b"version: 1\n")
    git(bare.clone, "fetch", "--quiet", "origin")
    with pytest.raises(ConfigError, match="more than one configuration"):
        load_base_config(bare.clone, None, pull(bare.head()), os.environ)
