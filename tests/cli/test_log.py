"""Listening to a run: -v, -vv and --log-file."""

from __future__ import annotations

import json
import logging
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pm_sync import trace
from pm_sync.cli.log import start_log
from pm_sync.cli.main import guarded
from tests.cli.support import DB, Repo

LOG = "run.log"


def lines(path: Path) -> list[dict[str, Any]]:
    """The events of a log, each a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_quiet_by_default(repo: Repo) -> None:
    """Nobody hears of a run who didn't ask, and its name stands nowhere."""
    done = repo.run("plan")
    assert (done.code, done.err) == (0, "")
    assert trace.RUN not in done.out
    assert logging.getLogger("pm_sync").handlers == []


def test_verbose_names_the_run(repo: Repo) -> None:
    """-v tells on stderr what a report needs: the run's name, versions and how it ended; requests and git only with -vv."""
    told = repo.run("plan", "-v").told
    assert told[0].startswith(f"run {trace.RUN}: pm-sync ")
    assert told[1] == f"run {trace.RUN}: planned: 3 create"
    assert told[-1].startswith(f"run {trace.RUN}: ended with 0 after ")
    assert not any(" git " in line for line in told)


def test_twice_verbose_tells_of_git(repo: Repo) -> None:
    """Each command of git is a line, with its code and time."""
    told = repo.run("plan", "-vv").told
    assert any(line.startswith(f"run {trace.RUN}: git config --get remote.origin.url 1 ") for line in told), told


def test_quiet_wins(repo: Repo) -> None:
    """-q leaves errors only, whatever else is said."""
    assert repo.run("plan", "-vv", "-q").err == ""


def test_verbose_changes_no_data(repo: Repo) -> None:
    """What goes to stdout as JSON is the same with and without."""
    assert repo.run("plan", "--format", "json", "-vv").out == repo.run("plan", "--format", "json").out


def test_verbose_ends_with_its_run(repo: Repo) -> None:
    """The next run in the same process is quiet again."""
    repo.run("plan", "-vv", "--log-file", LOG)
    before = repo.read(LOG)
    assert repo.run("plan").err == ""
    assert repo.read(LOG) == before


def test_log_has_one_line_of_json_for_each_event(repo: Repo) -> None:
    """From beginning to end, each with time, level, the run's name and its own facts; only its owner can read it."""
    assert repo.run("sync", "--yes", "--log-file", LOG).err == ""
    told = lines(repo.root / LOG)
    assert [told[0]["event"], told[-1]["event"]] == ["start", "end"]
    assert {line["run"] for line in told} == {trace.RUN}
    assert all({"time", "level", "message"} <= line.keys() for line in told)
    assert [line["ref"] for line in told if line["event"] == "outcome"] == ["local#1", "local#2", "local#3"]
    assert told[-1]["code"] == 0
    assert stat.S_IMODE((repo.root / LOG).stat().st_mode) == 0o600


def test_log_is_appended_to(repo: Repo) -> None:
    """What an earlier run told stays, and so does the file's mode."""
    (repo.root / LOG).write_text('{"time": "", "event": "earlier"}\n')
    (repo.root / LOG).chmod(0o640)
    repo.run("plan", "--log-file", LOG)
    assert lines(repo.root / LOG)[0]["event"] == "earlier"
    assert stat.S_IMODE((repo.root / LOG).stat().st_mode) == 0o640


def test_log_has_what_was_said(repo: Repo) -> None:
    """The messages on stderr stand in it, too, and once each."""
    repo.write("postmortems/bad.md", b"\xff\n")
    done = repo.run("plan", "--log-file", LOG, "-vv")
    said = [line["message"] for line in lines(repo.root / LOG) if line["event"] == "said"]
    assert said == [line for line in done.told if line.startswith("error: ")]
    assert len(said) == 1


@pytest.mark.parametrize(
    "words", [("local", "list"), ("items",), ("init", "--yes"), ("unlink", f"{DB}:5")], ids=" ".join
)
def test_environment_turns_the_log_on(repo: Repo, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]) -> None:
    """For commands without the option, and for workflows."""
    monkeypatch.setenv("PM_SYNC_LOG_FILE", LOG)
    done = repo.run(*words)
    assert lines(repo.root / LOG)[-1]["code"] == done.code


def test_option_goes_before_the_environment(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    """As everywhere."""
    monkeypatch.setenv("PM_SYNC_LOG_FILE", "other.log")
    repo.run("items", "--log-file", LOG)
    assert (repo.root / LOG).exists()
    assert not (repo.root / "other.log").exists()


def test_log_that_cannot_be_written_is_said(repo: Repo) -> None:
    """Before anything is done: a folder that isn't there, a folder itself, a link, a pipe."""
    (repo.root / "link").symlink_to(repo.write("target", ""))
    os.mkfifo(repo.root / "pipe")
    for path, why in {
        "none/run.log": "no such file or directory",
        "postmortems": "is a directory",
        "link": "is a symbolic link, which is not followed",
        "pipe": "is no regular file",
        "/dev/null": "is no regular file",
    }.items():
        done = repo.run("sync", "--yes", "--log-file", path)
        hint = "name a file in a folder that is there and may be written"
        assert (done.code, done.err) == (2, f"error: --log-file: {path} can't be written: {why}; {hint}\n")
    assert not (repo.root / ".pm-sync").exists()


@pytest.mark.parametrize("path", [DB, "data.json"])
def test_log_is_appended_to_nothing_else(repo: Repo, path: str) -> None:
    """Whoever forgets the option's value names a postmortem with it, which stays as it is."""
    repo.write("data.json", "{}\n")
    before = repo.read(path)
    done = repo.run("plan", "--log-file", path)
    assert done.code == 2
    assert done.err.startswith(f"error: --log-file: {path} can't be written: holds something else than a log; ")
    assert repo.read(path) == before


def test_log_is_led_nowhere_by_the_repository(repo: Repo, tmp_path: Path) -> None:
    """A folder of it may be a link to another place, and git's own folder is nobody's."""
    (tmp_path / "outside").mkdir()
    (repo.root / "logs").symlink_to(tmp_path / "outside")
    for path, why in {
        "logs/run.log": "lies outside of the repository",
        ".git/run.log": "lies in git's own folder",
    }.items():
        done = repo.run("plan", "--log-file", path)
        assert (done.code, done.err) == (2, f"error: {path}: {why}; name another file\n")
    assert not list((tmp_path / "outside").iterdir())


def test_disk_that_fills_up_ends_the_log_and_not_the_run(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said once."""
    real = os.write

    def full(file: int, data: bytes) -> int:
        if b'"plan"' in data:
            raise OSError(28, "No space left on device")
        return real(file, data)

    monkeypatch.setattr(os, "write", full)
    done = repo.run("sync", "--yes", "--log-file", LOG)
    assert (done.code, done.err) == (0, f"{LOG}: the log ends here: no space left on device\n")
    assert lines(repo.root / LOG)[-1]["event"] != "end"


def test_bug_is_named_by_its_run(empty: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    """The message that asks for a report names the run, and the log has the traceback."""

    def broken() -> None:
        start_log(log_file=Path(LOG))
        raise ZeroDivisionError

    assert guarded(broken) == 3
    assert f"run {trace.RUN})" in capsys.readouterr().err
    [crash] = [line for line in lines(empty.root / LOG) if line["event"] == "crash"]
    assert crash["level"] == "error"
    assert crash["traceback"].startswith("Traceback ")


def test_no_secret_is_told(empty: Repo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Wherever it stands: in what is said, in facts, in a traceback; in the log and on the terminal."""
    monkeypatch.setenv("JIRA_PAT", "hunter2-hunter2")
    monkeypatch.setenv("PM_SYNC_TRACEBACK", "1")

    def broken() -> None:
        start_log(verbose=2, log_file=Path(LOG))
        trace.tell("call", "GET /hunter2-hunter2", path=["hunter2-hunter2"], headers={"x": "Bearer ghp_" + "a" * 36})
        raise ValueError("Authorization: Bearer hunter2-hunter2")

    assert guarded(broken) == 3
    told = capsys.readouterr().err + empty.read(LOG)
    assert "GET /***" in told
    assert "hunter2" not in told
    assert "ghp_a" not in told


def test_nothing_said_is_a_command_to_the_runner(empty: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither escapes nor workflow commands reach the terminal through an event."""

    def tell() -> None:
        start_log(verbose=2, log_file=Path(LOG))
        trace.tell("call", "GET /x\n::set-env name=A::b\x1b[31m ##[error]")

    guarded(tell)
    shown = capsys.readouterr().err
    assert not any(line.startswith("::") for line in shown.splitlines())
    assert "\x1b" not in shown + empty.read(LOG)
    assert "##[" not in shown


def test_logging_is_loaded_only_for_those_who_listen(repo: Repo) -> None:
    """A run that nobody listens to doesn't pay for it."""
    code = (
        "import sys; from pm_sync.cli.main import run; run(['status', *sys.argv[1:]]); print('logging' in sys.modules)"
    )
    shown = [
        subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True).stdout
        for words in ([], ["-v"])
    ]
    assert [text.splitlines()[-1] for text in shown] == ["False", "True"]
