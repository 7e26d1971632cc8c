"""What goes to stdout, what to stderr, and in which colours."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.support import DB, Repo

PM_SYNC = Path(sys.executable).with_name("pm-sync")
ESCAPE = "\x1b["


def _on_a_terminal(words: list[str], cwd: Path, **environment: str) -> str:
    """What a command shows on a terminal, stdout and stderr together."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [PM_SYNC, *words],
        cwd=cwd,
        env={**os.environ, "TERM": "xterm-256color", **environment},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    # On Linux, reading after the other side has closed is an error.
    try:
        while chunk := os.read(ours, 65536):
            shown += chunk
    except OSError:
        pass
    os.close(ours)
    assert process.wait() == 0
    return shown.decode()


@pytest.mark.parametrize("command", ["items", "plan", "sync", "status"])
def test_json_is_all_that_stdout_holds(repo: Repo, command: str) -> None:
    """Whatever else is to be said goes to stderr, even where there is much to say."""
    repo.write(DB, repo.read() + "- [ ] TBD\n")
    repo.write("postmortems/latin.md", b"# Outage\n\nCaf\xe9\n")
    done = repo.run(command, *(["--yes"] if command == "sync" else []), "--format", "json")
    assert done.json["schema"] == f"pm-sync/{command}/1"
    assert done.code == 11
    assert "postmortems/latin.md" in done.err


def test_question_and_plan_go_to_stderr(repo: Repo) -> None:
    """With ``--format json`` the plan that is asked about is no part of the data."""
    done = repo.run("sync", "--yes", "--format", "json")
    assert len(done.json["outcomes"]) == 3
    assert "+ create" in done.err
    assert repo.run("sync", "--yes", "--format", "json", "--quiet").err == ""


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_stdout_may_lack_letters(repo: Repo, encoding: str) -> None:
    """What stdout's encoding doesn't have is escaped; nothing fails for it, least of all behind a sync's writes."""
    repo.write(DB, repo.read().replace("Add a replica", "Add a replica → Łódź"))
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    done = subprocess.run([PM_SYNC, "sync", "--yes"], cwd=repo.root, env=environment, capture_output=True, check=True)
    assert "local#1  Add a replica \\u2192 \\u0141" in done.stdout.decode(encoding)


def test_csv_is_a_table(synced: Repo) -> None:
    """``status --format csv`` has a header and a row for each item."""
    rows = list(csv.DictReader(io.StringIO(synced.run("status", "--format", "csv").out)))
    assert [row["ref"] for row in rows] == ["local#1", "local#2", "local#3"]


@pytest.mark.parametrize("name", ["config", "items", "plan", "sync", "status"])
def test_schema_is_json(empty: Repo, name: str) -> None:
    """Each schema can be printed, and says what it is about."""
    done = empty.run("schema", name)
    assert (done.code, done.err) == (0, "")
    assert done.json["type"] == "object"


def test_quiet_says_nothing(repo: Repo, empty: Repo) -> None:
    """``--quiet`` leaves errors only; data stays."""
    assert repo.run("sync", "--yes", "--quiet").err == ""
    done = empty.run("items", "--quiet", ".git")
    assert (done.code, done.err) == (0, "")


def test_verbose_shows_what_stays(synced: Repo) -> None:
    """What is in step is left out, unless it is asked for."""
    assert "local#2" not in synced.run("plan").out
    assert "local#2" in synced.run("plan", "--verbose").out


def test_colours_are_for_terminals(repo: Repo) -> None:
    """A terminal gets colours; a pipe doesn't, nor whoever declines."""
    assert ESCAPE in _on_a_terminal(["items"], repo.root)
    assert ESCAPE not in _on_a_terminal(["items", "--no-color"], repo.root)
    assert ESCAPE not in _on_a_terminal(["items"], repo.root, NO_COLOR="1")
    assert ESCAPE not in _on_a_terminal(["items"], repo.root, TERM="dumb")
    assert ESCAPE not in repo.run("items").out


def test_colours_can_be_forced(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    """A CI's log shows colours without being a terminal; whoever declines still gets none."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert ESCAPE in repo.run("items").out
    assert ESCAPE not in repo.run("items", "--no-color").out


def test_long_work_shows_a_bar_on_a_terminal_only(empty: Repo) -> None:
    """The bar stands on stderr while issues are made, and is gone afterwards."""
    tasks = "".join(f"- [ ] Harden service {number}\n" for number in range(12))
    empty.write(DB, f"# Outage\n\n## Action items\n\n{tasks}")
    shown = _on_a_terminal(["sync", "--yes"], empty.root)
    assert "12/12" in shown
    assert "12 created" in shown


def test_closed_pipe_is_no_error(repo: Repo) -> None:
    """``pm-sync items | head -0`` shows no traceback."""
    done = subprocess.run(
        ["bash", "-c", f"'{PM_SYNC}' items | true"], cwd=repo.root, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("stream", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_streams_may_be_closed(repo: Repo, stream: str) -> None:
    """What is started without one of the standard streams does its work, and has nothing to say there."""
    done = subprocess.run(
        ["bash", "-c", f"'{PM_SYNC}' sync --yes -vv {stream}"], cwd=repo.root, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr.count(b"bug")) == (0, 0)
    assert "local#3" in repo.read()


def test_terminal_escapes_in_postmortems_are_not_obeyed(repo: Repo) -> None:
    """What a postmortem says can't move the cursor or clear the screen."""
    repo.write(DB, "# Outage\n\n## Action items\n\n- [ ] Clear \x1b[2J everything\n")
    for command in ("items", "plan", "status"):
        done = repo.run(command)
        assert "\x1b" not in done.out + done.err
    assert "everything" in json.dumps(repo.run("items", "--format", "json").json)
