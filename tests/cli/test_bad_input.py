"""Whatever is in the way is said with its place and what to do; the rest goes on, and nothing is lost."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from functools import partial, partialmethod
from pathlib import Path

import pytest
from filelock import FileLock

from pm_sync.session import runs
from pm_sync.session.lock import hold_lock
from pm_sync.trackers.local.database import Database
from tests.cli.support import DB, TASKS, Repo, document

OTHER = "postmortems/other.md"
ANNOTATED = document(*(f"{task} (local#{number}, open)" for number, task in enumerate(TASKS, 1)))


@pytest.fixture
def writable(repo: Repo) -> Iterator[None]:
    """Give folders their modes back, so that they can be cleaned away."""
    yield
    for folder, _, _ in os.walk(repo.root):
        Path(folder).chmod(0o755)


@pytest.mark.parametrize("words", [["items"], ["local", "list"], ["items", "--log-file", "x.log"]], ids=" ".join)
def test_a_current_folder_that_is_gone(repo: Repo, monkeypatch: pytest.MonkeyPatch, words: list[str]) -> None:
    """Nothing can be found from there."""
    gone = repo.root / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    done = repo.run(*words)
    assert (done.code, done.told) == (2, ["error: .: the current folder is gone; go into one that is there"])


def _unreadable(repo: Repo, kind: str) -> str:
    """Put something into the way; returns its path."""
    match kind:
        case "latin-1":
            repo.write(OTHER, "# Übergabe\n".encode("latin-1"))
        case "no name":
            Path(os.fsdecode(os.fsencode(repo.root) + b"/postmortems/\xffother.md")).write_text(document("Not ours"))
        case "too large":
            repo.write(OTHER, "x" * (5 * 1024 * 1024 + 1))
        case "link out":
            outside = repo.root.parent / "outside.md"
            outside.write_text(document("Not ours"), encoding="utf-8")
            (repo.root / OTHER).symlink_to(outside)
        case "dangling":
            (repo.root / OTHER).symlink_to("nowhere.md")
        case "folder":
            (repo.root / OTHER).mkdir()
        case "fifo":
            os.mkfifo(repo.root / OTHER)
    return OTHER


UNREADABLE = {
    "latin-1": "other.md:1:3: not UTF-8",
    "no name": "other.md: has a name that is not UTF-8",
    "too large": "other.md: is larger than 5 MB",
    "link out": "other.md: is a symbolic link out of the repository",
    "dangling": "nowhere.md: can't be read",
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_unreadable_file_is_told_and_the_rest_goes_on(repo: Repo, kind: str) -> None:
    """One bad file among good ones: a line with its name, 11, and the others are synced."""
    path = _unreadable(repo, kind)
    done = repo.run("sync", "--yes")
    assert done.code == 11
    (line,) = done.told
    assert UNREADABLE[kind] in line
    assert repo.read() == ANNOTATED
    assert repo.run("items", path).code in {1, 2}


@pytest.mark.parametrize("kind", ["latin-1", "too large"])
def test_nothing_readable_is_a_failure(empty: Repo, kind: str) -> None:
    """Where nothing else could be read, that is an ordinary failure."""
    empty.write("postmortems/x", "")
    path = _unreadable(empty, kind)
    done = empty.run("items", path)
    assert done.code == 1
    assert path in done.told[-1]


@pytest.mark.parametrize("kind", ["folder", "fifo"])
def test_what_is_no_file_does_not_hang(repo: Repo, kind: str) -> None:
    """A folder or a pipe with a postmortem's name stops nothing."""
    _unreadable(repo, kind)
    assert repo.run("sync", "--yes").code in {0, 11}
    assert repo.read() == ANNOTATED


def test_read_only_file_keeps_its_content(repo: Repo) -> None:
    """Its issues are made and known, it is named, and the next run that may write it does."""
    (repo.root / DB).chmod(0o444)
    done = repo.run("sync", "--yes")
    assert done.code == 11
    assert [line for line in done.told if DB in line and "read-only" in line]
    assert repo.read() == document(*TASKS)
    (repo.root / DB).chmod(0o644)
    again = repo.run("sync", "--yes")
    assert (again.code, repo.read()) == (0, ANNOTATED)
    assert "created" not in again.out


def test_read_only_repository_is_told(repo: Repo, writable: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no state can be kept, nothing is created, and reading works all the same."""

    def refused(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    repo.root.chmod(0o555)
    monkeypatch.setattr(Path, "mkdir", refused)  # root may write anywhere
    assert repo.run("plan").code == 0
    done = repo.run("sync", "--yes")
    assert done.code == 1
    assert ".pm-sync" in done.told[-1]
    assert repo.read() == document(*TASKS)


def test_full_disk_leaves_the_file_as_it_was(synced: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    """The new content is never half there, nothing stays behind, and the next run records what was done."""
    synced.run("local", "close", "2")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        done = synced.run("sync", "--yes")
    assert done.code in {1, 11}
    assert "no space left on device" in done.err
    assert synced.read() == ANNOTATED
    assert list((synced.root / ".pm-sync").glob("*.tmp")) == []
    assert synced.run("sync", "--yes").code == 0
    assert "- [x] Alert on lag (local#2, done " in synced.read()


def test_file_size_limit_leaves_the_file_as_it_was(synced: Repo) -> None:
    """A process that may write no more bytes says so, and the postmortem stays whole."""
    synced.run("local", "close", "2")
    command = f"ulimit -f 0; trap '' XFSZ; exec '{Path(sys.executable).with_name('pm-sync')}' sync --yes"
    done = subprocess.run(["bash", "-c", command], cwd=synced.root, capture_output=True, text=True, check=False)
    assert done.returncode in {1, 11}, done
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("error: ")
    assert synced.read() == ANNOTATED


def test_corrupt_database_is_told(synced: Repo) -> None:
    """Its path is named, in one line that says so; no file is touched and no issue made anew."""
    (synced.root / ".pm-sync/tracker.db").write_bytes(b"no database at all" * 1000)
    for command in (["status"], ["plan"], ["sync", "--yes"], ["local", "list"]):
        done = synced.run(*command)
        assert done.code == 1
        said = [line for line in done.told if line.startswith(("error: ", "note: "))]
        assert [".pm-sync/tracker.db" in line for line in said] == [True]
    assert synced.read() == ANNOTATED


def test_empty_path_is_not_everything(repo: Repo) -> None:
    """A variable that is empty must not sync the whole repository."""
    done = repo.run("sync", "--yes", "")
    assert done.code == 2
    assert done.told[-1].startswith("Error: Invalid value for 'PATH...': a path is empty; ")
    assert not (repo.root / ".pm-sync").exists()


def test_missing_database_is_told(synced: Repo) -> None:
    """Files that hold local links without their database: an error, nothing lost and nothing created."""
    (synced.root / ".pm-sync/tracker.db").unlink()
    done = synced.run("sync", "--yes")
    assert done.code in {1, 11}
    assert ".pm-sync/tracker.db" in done.err
    assert synced.read() == ANNOTATED
    assert not (synced.root / ".pm-sync/tracker.db").exists()


def test_locked_database_is_told(synced: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program that doesn't let go of the database is waited for, but not forever."""
    opened = Database.__init__
    monkeypatch.setattr(Database, "__init__", partialmethod(opened, patience=0.0))
    other = sqlite3.connect(synced.root / ".pm-sync/tracker.db", isolation_level=None)
    try:
        other.execute("BEGIN EXCLUSIVE")
        done = synced.run("local", "close", "1")
    finally:
        other.close()
    assert done.code == 1
    assert "tracker.db" in done.told[-1]


def test_two_processes_take_turns(repo: Repo, real_sleep: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second sync says who holds the lock, and changes nothing."""
    (repo.root / ".pm-sync").mkdir()
    monkeypatch.setattr(runs, "hold_lock", partial(hold_lock, patience=0.0))
    with FileLock(repo.root / ".pm-sync/lock"):
        (repo.root / ".pm-sync/lock.json").write_text('{"pid": 4711, "host": "here", "since": "today"}')
        done = repo.run("sync", "--yes")
    assert done.code == 1
    assert "process 4711 on here (since today) is syncing this repository" in done.told[-1]
    assert repo.read() == document(*TASKS)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("labls: [x]\n", "pm-sync.yaml:1:1: unknown key 'labls'; did you mean 'labels'?"),
        ("routes:\n  - {to: infr}\n", "pm-sync.yaml:2:10: routes[0].to: no tracker is named 'infr'"),
        ("version: [1\n", "pm-sync.yaml:"),
        ("since: tomorrow\n", "pm-sync.yaml:1:8: since"),
    ],
)
@pytest.mark.parametrize("command", [["items"], ["plan"], ["sync", "--yes"], ["status"], ["local", "list"]])
def test_broken_configuration_is_told_with_its_place(repo: Repo, text: str, told: str, command: list[str]) -> None:
    """Every command says where the mistake is, and does nothing."""
    repo.write("pm-sync.yaml", text)
    done = repo.run(*command)
    assert (done.code, done.out) == (2, "")
    assert f"error: {told}" in done.err
    assert repo.read() == document(*TASKS)


def test_two_configurations_are_one_too_many(repo: Repo) -> None:
    """Both are named."""
    repo.write("pm-sync.yaml", "version: 1\n")
    repo.write(".github/pm-sync.yaml", "version: 1\n")
    done = repo.run("plan")
    assert done.code == 2
    assert "pm-sync.yaml and .github/pm-sync.yaml" in done.told[-1]


def test_links_out_of_the_repository_are_refused(repo: Repo) -> None:
    """Named or not, a file outside is neither read nor written by way of a link inside."""
    outside = repo.root.parent / "elsewhere"
    outside.mkdir()
    (outside / "db.md").write_text(document("Not ours"), encoding="utf-8")
    (repo.root / "postmortems/link").symlink_to(outside)
    (repo.root / "postmortems/link.md").symlink_to(outside / "db.md")
    for path in ("postmortems/link/db.md", "postmortems/link.md"):
        done = repo.run("sync", "--yes", path)
        assert done.code == 2
        assert "repository" in done.told[-1]
    assert repo.run("sync", "--yes").code == 11
    assert (outside / "db.md").read_text(encoding="utf-8") == document("Not ours")


def test_changed_meanwhile_is_written_all_the_same(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    """An editor that saves between reading and writing loses nothing: the edits go onto its text."""
    opened = Database.__init__

    def edited(database: Database, path: Path, *words: object, **named: object) -> None:
        opened(database, path, *words, **named)  # type: ignore[arg-type]  # passed through
        repo.write(DB, document(*TASKS).replace("# Database", "Preface.\n\n# Database"))

    monkeypatch.setattr(Database, "__init__", edited)
    assert repo.run("sync", "--yes").code == 0
    assert repo.read() == ANNOTATED.replace("# Database", "Preface.\n\n# Database")


def test_a_template_that_is_not_utf_8(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is asked."""
    config = "version: 1\ntrackers: {gh: {kind: github, repository: acme/infra, template: issue.md}}\n"
    repo.write("pm-sync.yaml", config)
    repo.write("issue.md", b"{{ details }} \xff")
    repo.write(DB, document(*TASKS))
    monkeypatch.setenv("GITHUB_TOKEN", "not-a-token")
    monkeypatch.setenv("GITHUB_API_URL", "http://127.0.0.1:9")
    done = repo.run("plan")
    assert (done.code, done.told) == (2, ["error: issue.md: the issue template is not UTF-8; save it as UTF-8"])
