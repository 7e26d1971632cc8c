"""What git knows: a remote's address without anybody's credentials, and the work tree's facts."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pm_sync import git
from pm_sync.errors import UsageError
from pm_sync.git import Remote, parse_remote

INFRA = Remote("github.com", "acme/infra")


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com/acme/infra",
        "https://github.com/acme/infra.git",
        "https://github.com/Acme/Infra.GIT",
        "https://github.com/acme/infra/",
        "https://GitHub.com:443/acme/infra.git",
        "https://ann@github.com/acme/infra.git",
        "https://ann:s3cret@github.com/acme/infra.git",
        "https://x-access-token:s3cret@github.com/acme/infra?token=s3cret#s3cret",
        "https://ann:p@ss:w/o:rd@github.com/acme/infra",
        "ssh://git@github.com/acme/infra.git",
        "ssh://git@github.com:22/acme/infra.git",
        "git://github.com/acme/infra.git",
        "git+ssh://git@github.com/acme/infra.git",
        "git@github.com:acme/infra.git",
        "git@github.com:/acme/infra.git",
        "github.com:acme/infra",
        "ann:s3cr@t@github.com:acme/infra.git",
    ],
)
def test_one_repository_has_one_name(address: str) -> None:
    """However it was cloned, and with whatever credentials."""
    assert parse_remote(address) == INFRA


@pytest.mark.parametrize(
    "address",
    [
        "",
        "/srv/git/infra.git",
        "../infra",
        "./infra:old",
        "file:///srv/git/infra.git",
        "FILE://host/srv/git/infra.git",
        "https://github.com",
        "https://github.com/",
        "https://github.com/.git",
        "https://github.com:port/acme/infra",
        "not an address",
    ],
)
def test_paths_and_scraps_name_none(address: str) -> None:
    """A repository on this machine, or what can't be read, has no address."""
    assert parse_remote(address) is None


def test_an_address_in_brackets() -> None:
    """An IPv6 host is a host."""
    assert parse_remote("ssh://git@[::1]:2222/acme/infra.git") == Remote("[::1]", "acme/infra")


def test_the_source_that_marks_name() -> None:
    """Host and path, so that two hosts never mix."""
    assert INFRA.source == "github.com/acme/infra"


SECRET = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), min_size=1, max_size=12).map(
    lambda text: f"s3cret{text}s3cret"
)


@given(SECRET, st.sampled_from(["https://ann:{}@", "https://{}@", "ssh://{}:x@", "{}@", "ann:{}@", "https://a:{}@b@"]))
def test_no_credential_ever_gets_into_a_source(secret: str, form: str) -> None:
    """Whatever characters it holds: it is left out, or the whole address is."""
    separator = "/" if "://" in form else ":"
    remote = parse_remote(f"{form.format(secret)}github.com{separator}acme/infra.git")
    assert remote is None or remote == INFRA


@given(st.text())
def test_any_text_is_read(address: str) -> None:
    """It is an address or it isn't; nothing raises."""
    assert isinstance(parse_remote(address), Remote | None)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with one commit on ``main``."""
    run(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / "a.md").write_text("one\n")
    (tmp_path / "b.md").write_text("one\n")
    run(tmp_path, "add", ".")
    run(tmp_path, "-c", "user.name=A", "-c", "user.email=a@example.com", "commit", "-q", "-m", "First")
    return tmp_path


def run(folder: Path, *words: str) -> None:
    """Run git."""
    subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True)


def test_facts_of_a_work_tree(repository: Path) -> None:
    """Commit, branch, origin and the default branch that the clone knows."""
    run(repository, "remote", "add", "origin", "git@github.com:acme/infra.git")
    run(repository, "update-ref", "refs/remotes/origin/trunk", "HEAD")
    run(repository, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk")
    assert len(git.head(repository) or "") == 40
    assert (git.branch(repository), git.default_branch(repository)) == ("main", "trunk")
    assert git.origin(repository) == INFRA


def test_a_detached_head_has_no_branch(repository: Path) -> None:
    """As CI checks out."""
    run(repository, "checkout", "-q", "--detach")
    assert git.branch(repository) is None


def test_without_a_repository_nothing_is_known(tmp_path: Path) -> None:
    """And nothing fails."""
    assert (git.head(tmp_path), git.branch(tmp_path), git.origin(tmp_path)) == (None, None, None)


def test_without_git_nothing_is_known(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program may not be installed."""
    monkeypatch.setenv("PATH", "")
    assert git.head(repository) is None


def test_changed_since(repository: Path) -> None:
    """What was changed, added or deleted, committed or not, by its name as it is."""
    (repository / "a.md").write_text("two\n")
    (repository / "b.md").unlink()
    (repository / "größer wählen.md").write_text("new\n")
    assert git.changed_since(repository, "HEAD") == {"a.md", "b.md", "größer wählen.md"}


@pytest.mark.parametrize("revision", ["no-such-branch", "--output=x", ""])
def test_changed_since_an_unknown_revision(repository: Path, revision: str) -> None:
    """It is told, and never taken for an option of git."""
    with pytest.raises(UsageError, match="git knows no revision"):
        git.changed_since(repository, revision)
