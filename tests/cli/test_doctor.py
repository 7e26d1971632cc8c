"""``pm-sync doctor`` where no server is needed: what it says, in which format, and its exit codes."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from pm_sync.cli.main import run
from pm_sync.report.schemas import json_schema
from tests.actions import actions, pull_payload
from tests.cli.support import DB, Done, Repo, document
from tests.fakes.bare import git, make_bare
from tests.unit.report.test_schemas import closed

GITHUB = "version: 1\ntrackers:\n  infra: {kind: github, repository: acme/infra}\n"
JIRA = "version: 1\ntrackers:\n  ops: {kind: jira, project: OPS}\n"


def bad(done: Done) -> dict[str, str]:
    """What isn't as it should be, with its level, by section and subject."""
    found = [finding for finding in done.json["findings"] if finding["level"] != "ok"]
    return {f"{finding['section']}: {finding['about']}": finding["level"] for finding in found}


def finding(done: Done, about: str) -> Any:
    """The finding about something."""
    [found] = [finding for finding in done.json["findings"] if finding["about"] == about]
    return found


def test_all_is_well(synced: Repo) -> None:
    """A repository that works: nothing to do, and nothing was changed by looking."""
    before = {path: path.read_bytes() for path in synced.root.rglob("*") if path.is_file()}
    done = synced.run("doctor")
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith("\nAll is well.\n")
    assert "tracker local\n  ok  database" in done.out
    assert "is whole and holds 3 issues, 3 of them open" in done.out
    assert {path: path.read_bytes() for path in synced.root.rglob("*") if path.is_file()} == before


def test_json_fits_its_schema(repo: Repo) -> None:
    """Every member is described, and every described member is there."""
    done = repo.run("doctor", "--format", "json")
    Draft202012Validator(closed(json_schema("doctor"))).validate(done.json)
    assert done.json["summary"] == {"ok": len(done.json["findings"]), "warning": 0, "failure": 0}
    assert {found["section"] for found in done.json["findings"]} == {
        "pm-sync",
        "configuration",
        "repository",
        "tracker local",
    }


def test_nothing_is_there_yet(empty: Repo) -> None:
    """An empty repository is told where postmortems are looked for; that isn't a failure."""
    done = empty.run("doctor", "--format", "json")
    assert (done.code, bad(done)) == (0, {"configuration: postmortems": "warning"})
    assert "the first create makes it" in finding(done, "database")["what"]
    assert not (empty.root / ".pm-sync").exists()


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("pm-sync.yaml", "version: 1\nnonsense: 1\nroutes: 3\n", "pm-sync.yaml:2:1: "),
        ("pm-sync.yaml", "a: [\n", "pm-sync.yaml:2:1"),
        ("pm-sync.yaml", "\xff", "pm-sync.yaml"),
        ("pm-sync.yaml", GITHUB.replace("acme/infra", "acme"), "pm-sync.yaml:3:"),
    ],
)
def test_configuration_that_cannot_be_used(repo: Repo, name: str, text: str, told: str) -> None:
    """Is a finding with its place, the code is 2, and what doesn't depend on it is looked at all the same."""
    repo.write(name, text.encode("latin-1"))
    done = repo.run("doctor", "--format", "json")
    assert (done.code, bad(done)) == (2, {"configuration: configuration": "failure"})
    assert told in finding(done, "configuration")["what"]
    assert finding(done, "lock")["level"] == "ok"
    assert repo.run("doctor").code == 2


def test_configuration_with_several_mistakes_shows_each_on_its_line(repo: Repo) -> None:
    """As a sync does."""
    repo.write("pm-sync.yaml", "version: 1\nnonsense: 1\nroutes: 3\n")
    lines = repo.run("doctor").out.splitlines()
    assert sum("pm-sync.yaml:" in line for line in lines) == 2


def test_two_configurations(repo: Repo) -> None:
    """Nobody knows which one is meant."""
    repo.write("pm-sync.yaml", "version: 1\n")
    repo.write(".github/pm-sync.yaml", "version: 1\n")
    done = repo.run("doctor", "--format", "json")
    assert done.code == 2
    assert finding(done, "configuration")["hint"] == "keep one of them"


def test_configuration_that_is_found_is_named(repo: Repo) -> None:
    """Which of the places it is."""
    repo.write(".github/pm-sync.yaml", "version: 1\n")
    assert finding(repo.run("doctor", "--format", "json"), "configuration")["what"].endswith(
        ".github/pm-sync.yaml is valid"
    )


@pytest.mark.parametrize(
    ("config", "tracker", "variable"), [(GITHUB, "infra", "GITHUB_TOKEN"), (JIRA, "ops", "JIRA_BASE_URL")]
)
def test_credential_that_is_not_there(repo: Repo, config: str, tracker: str, variable: str) -> None:
    """Is named by its variable; no server is asked."""
    repo.write("pm-sync.yaml", config)
    done = repo.run("doctor", "--format", "json")
    assert done.code == 1
    assert bad(done) == {"repository: origin": "warning", f"tracker {tracker}: credential": "failure"}
    assert variable in finding(done, "credential")["hint"]


def test_address_that_would_send_the_credential_in_the_clear(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake in the environment is one of configuration, and its value isn't shown."""
    monkeypatch.setenv("JIRA_BASE_URL", "http://ada:hunter2@jira.example.com")
    monkeypatch.setenv("JIRA_PAT", "s3cret-s3cret")
    repo.write("pm-sync.yaml", JIRA)
    done = repo.run("doctor", "-vv", "--log-file", "run.log")
    told = done.out + done.err + repo.read("run.log")
    assert done.code == 2
    assert "JIRA_BASE_URL must not hold a user name or password" in done.out
    assert "hunter2" not in told
    assert "s3cret" not in told


def test_unknown_tracker_is_a_word_mistyped(repo: Repo) -> None:
    """As everywhere."""
    done = repo.run("doctor", "--tracker", "gitlab:x", "--format", "json")
    assert done.code == 2
    assert "names no tracker" in finding(done, "configuration")["what"]


def test_configuration_named_but_not_there(repo: Repo) -> None:
    """The command line is wrong."""
    done = repo.run("doctor", "--config", "no.yaml", "--format", "json")
    assert done.code == 2
    assert finding(done, "configuration")["what"] == "no.yaml: no such file"


def test_postmortem_that_cannot_be_read(repo: Repo) -> None:
    """Is in the way of a sync of it."""
    repo.write("postmortems/bad.md", b"\xff\n")
    done = repo.run("doctor", "--format", "json")
    assert done.code == 1
    assert bad(done) == {"configuration: postmortems": "failure"}


def test_only_postmortem_cannot_be_read(repo: Repo) -> None:
    """It was found all the same."""
    repo.write(DB, b"\xff\n")
    assert "none found" not in repo.run("doctor").out


def test_database_that_is_damaged(synced: Repo) -> None:
    """Whatever the bytes are, it is told and not raised."""
    path = synced.root / ".pm-sync/tracker.db"
    data = bytearray(path.read_bytes())
    for at in range(4096, len(data), 7):
        data[at] ^= 0xFF
    path.write_bytes(bytes(data))
    done = synced.run("doctor", "--format", "json")
    assert (done.code, bad(done)) == (1, {"tracker local: database": "failure"})
    assert finding(done, "database")["hint"]


@pytest.mark.parametrize(
    ("statements", "told"),
    [
        (["PRAGMA user_version = 99"], "was written by a newer pm-sync"),
        (["PRAGMA application_id = 7"], "is another program's database"),
        (["PRAGMA foreign_keys = OFF", "INSERT INTO comments (issue, text) VALUES (99, 'x')"], "doesn't hold"),
    ],
)
def test_database_that_is_not_ours_to_use(synced: Repo, statements: list[str], told: str) -> None:
    """Of another version, of another program, or with entries that hang in the air."""
    with closing(sqlite3.connect(synced.root / ".pm-sync/tracker.db")) as db, db:
        for statement in statements:
            db.execute(statement)
    done = synced.run("doctor", "--format", "json")
    assert done.code == 1
    assert told in finding(done, "database")["what"]


def test_database_that_is_gone_although_issues_are_linked(synced: Repo) -> None:
    """Isn't taken for one that is still to be made."""
    for path in (synced.root / ".pm-sync").glob("tracker.db*"):
        path.unlink()
    done = synced.run("doctor", "--format", "json")
    assert (done.code, bad(done)) == (1, {"tracker local: database": "failure"})
    assert "though postmortems link to its issues" in finding(done, "database")["what"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_repository_that_may_not_be_written(repo: Repo) -> None:
    """A sync keeps its journal there."""
    repo.root.chmod(0o500)
    try:
        done = repo.run("doctor", "--format", "json")
    finally:
        repo.root.chmod(0o700)
    assert bad(done)["repository: state"] == "failure"


def test_workflow_that_may_not_write_is_told(repo: Repo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Before a sync refuses."""
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"repository": {"default_branch": "main", "fork": True}}))
    for name, value in {
        "ACTIONS": "true",
        "EVENT_NAME": "push",
        "REF": "refs/heads/main",
        "EVENT_PATH": str(event),
    }.items():
        monkeypatch.setenv(f"GITHUB_{name}", value)
    done = repo.run("doctor", "--tracker", "local", "--format", "json")
    assert (done.code, bad(done)) == (0, {"repository: workflow": "warning"})
    assert "a fork's workflow must not write" in finding(done, "workflow")["what"]


def test_fork_s_pull_request_asks_no_tracker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever credential the workflow gives it; the configuration is that of the base."""
    made = make_bare(tmp_path, {DB: document("Add a replica").encode(), "pm-sync.yaml": GITHUB.encode()})
    event = pull_payload(base=git(made.clone, "rev-parse", "HEAD"), source="mallory/infra")
    variables = {"GITHUB_TOKEN": "ghp_" + "a1" * 18, "GITHUB_API_URL": "http://127.0.0.1:1"}
    for name, value in actions(tmp_path, "pull_request_target", event, **variables).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(made.clone)
    code = run(["doctor", "--format", "json"])
    done = Done(code, *capsys.readouterr())
    assert (done.code, bad(done)["tracker infra: credential"]) == (0, "warning")
    assert "asks no tracker" in finding(done, "credential")["what"]
    assert not any(found["section"] == "publishing" for found in done.json["findings"])


def test_colours_are_for_terminals(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    """And for those who ask for them, unless others are asked for."""
    assert "\x1b" not in repo.run("doctor").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[32mok\x1b[0m" in repo.run("doctor").out
    assert "\x1b" not in repo.run("doctor", "--no-color").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in repo.run("doctor").out


def test_log_and_report_name_the_same_run(repo: Repo) -> None:
    """Who reports one can be asked for the other."""
    done = repo.run("doctor", "--format", "json", "--log-file", "run.log")
    assert json.loads(repo.read("run.log").splitlines()[0])["run"] == done.json["run"]
