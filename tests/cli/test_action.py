"""The Action's step in this process: inputs, annotations, summary and outputs, under each kind of event."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pm_sync.cli.action import main
from pm_sync.cli.main import run as command
from tests.actions import COMMIT, actions, payload, pull_payload
from tests.cli.support import DB, document
from tests.fakes.bare import Bare, git, make_bare
from tests.unit.publish.test_runner import read_outputs


@dataclass(frozen=True, slots=True)
class Step:
    """What a step came to."""

    code: int
    log: str
    err: str
    summary: str
    outputs: dict[str, str]

    @property
    def json(self) -> Any:
        """The output ``json``."""
        return json.loads(self.outputs["json"])


Run = Callable[..., Step]


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bare:
    """A repository with a postmortem, its clone as the current folder."""
    made = make_bare(tmp_path, {DB: document("Add a replica (due 2026-01-31)", "Alert on lag").encode()})
    monkeypatch.chdir(made.clone)
    return made


@pytest.fixture
def run(bare: Bare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a step under an event, with inputs by their names; issues go to the embedded tracker."""

    def step(event: str, told: dict[str, Any] | None = None, **inputs: str) -> Step:
        files = {name: tmp_path / name for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT")}
        for file in files.values():
            file.write_text("")
        given = {f"PM_SYNC_INPUT_{name.upper()}": value for name, value in {"tracker": "local", **inputs}.items()}
        environment = actions(tmp_path, event, told, **{name: str(file) for name, file in files.items()}, **given)
        with monkeypatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            with pytest.raises(SystemExit) as end:
                main()
        log, err = capsys.readouterr()
        assert "Traceback" not in err
        code = end.value.code
        assert isinstance(code, int)
        summary = files["GITHUB_STEP_SUMMARY"].read_text()
        return Step(code, log, err, summary, read_outputs(files["GITHUB_OUTPUT"].read_text()))

    return step


def test_sync_creates_and_pushes(run: Run, bare: Bare) -> None:
    """Annotations stand at the lines, the summary has a table, and later steps get numbers."""
    step = run("push", mode="sync")
    assert step.code == 0
    assert f"::notice file={DB},line=5,title=Created local#1::Add a replica\n" in step.log
    assert step.summary.startswith("### pm-sync sync\n\n**Done: 2 created; files changed: postmortems/db.md.**\n")
    assert f"- pushed: 1 file, {bare.head()[:10]} on main\n" in step.summary
    numbers = {name: value for name, value in step.outputs.items() if name != "json"}
    assert numbers == {
        "created": "2",
        "updated": "0",
        "closed": "0",
        "open": "2",
        "overdue": "1",
        "files-changed": "1",
        "pull-request": "",
    }
    assert step.json["schema"] == "pm-sync/sync/1"
    assert b"(local#1, open)" in bare.show("main", DB)


def test_own_push_starts_nothing_more(run: Run, bare: Bare) -> None:
    """The run that our commit starts, whatever token made it, changes nothing and makes no commit."""
    before = bare.head()
    run("push", mode="sync")
    ours = bare.head()
    step = run("push", payload(before=before), mode="sync")
    assert (step.code, bare.head()) == (0, ours)
    assert "nothing to do" in step.summary
    assert step.outputs["files-changed"] == "0"


def test_push_creates_for_what_it_changed(run: Run, bare: Bare) -> None:
    """Postmortems from before pm-sync came stay as they are."""
    before = bare.head()
    bare.edit("main", "postmortems/api.md", document("Add a limit").encode())
    git(bare.clone, "pull", "--quiet")
    step = run("push", payload(before=before), mode="sync")
    assert step.outputs["created"] == "1"
    assert step.json["summary"]["baseline"] == 2


def test_renamed_postmortem_is_changed_too(run: Run, bare: Bare) -> None:
    """Its links go with it; nothing is made twice."""
    run("push", mode="sync")
    before = bare.head()
    git(bare.clone, "mv", DB, "postmortems/database.md")
    git(bare.clone, "commit", "--quiet", "--message", "Rename")
    git(bare.clone, "push", "--quiet", "origin", "main")
    step = run("push", payload(before=before), mode="sync")
    assert (step.code, step.outputs["created"], step.outputs["open"]) == (0, "0", "2")


def test_unknown_base_of_a_push_is_told(run: Run) -> None:
    """A shallow clone doesn't hold it: everything is looked at, under the guards."""
    step = run("push", payload(before=COMMIT), mode="sync", max_creates="1")
    assert "fetch-depth: 0" in step.log
    assert step.code == 12
    assert "--max-creates" in step.summary


@pytest.mark.parametrize("event", ["schedule", "issues", "repository_dispatch"])
def test_other_events_refresh_only(run: Run, bare: Bare, event: str) -> None:
    """States are taken over, while nobody's old postmortems are turned into issues at night."""
    assert run(event, mode="sync").outputs["created"] == "0"
    run("workflow_dispatch", mode="sync")
    command(["local", "close", "2"])
    step = run(event, mode="sync")
    assert (step.outputs["files-changed"], step.outputs["open"]) == ("1", "1")
    assert b"- [x] Alert on lag (local#2, done" in bare.show("main", DB)


@pytest.mark.parametrize("event", ["pull_request", "pull_request_target", "issue_comment", "workflow_run"])
def test_sync_is_refused_where_strangers_can_start_it(run: Run, bare: Bare, event: str) -> None:
    """By the program, whatever the workflow says."""
    head = bare.head()
    step = run(event, pull_payload(base=head), mode="sync")
    assert step.code == 12
    assert "must not write" in step.summary
    assert "::error title=pm-sync::" in step.log
    assert bare.head() == head
    assert not (bare.clone / ".pm-sync" / "tracker.db").exists()


def test_protected_branch_is_said_in_the_summary(run: Run, bare: Bare) -> None:
    """The push became a branch for review."""
    bare.protect("main")
    step = run("push", mode="sync")
    assert step.code == 0
    assert "protected against pushes" in step.summary


def test_refused_publishing_fails_the_step(run: Run, bare: Bare) -> None:
    """The issues are there; the log tells that their links aren't."""
    git(bare.clone, "remote", "set-url", "--push", "origin", str(bare.path.with_name("gone.git")))
    step = run("push", mode="sync")
    assert (step.code, step.outputs["created"]) == (11, "2")
    assert "::error title=pm-sync::not published" in step.log
    assert "not published" in step.summary


def test_plan_tells_what_merging_does(run: Run, bare: Bare) -> None:
    """On a pull request: what the base lacks, and nothing is written."""
    base = bare.head()
    bare.edit("main", "postmortems/api.md", document("Add a limit").encode())
    git(bare.clone, "pull", "--quiet")
    step = run("pull_request", pull_payload(base=base), mode="plan")
    assert step.code == 0
    assert "Merging this opens 1 issue in local." in step.summary
    assert (step.outputs["created"], step.json["summary"]["create"]) == ("1", 1)
    assert git(bare.clone, "status", "--porcelain") == ""


def test_fork_gets_a_plan_from_the_files_alone(run: Run, bare: Bare) -> None:
    """No credential is needed or used; the summary says so."""
    told = pull_payload(base=bare.head(), source="mallory/infra")
    step = run("pull_request", told, mode="plan", tracker="")
    assert step.code == 0
    assert "No tracker was asked" in step.summary


def test_fork_cannot_bring_its_own_configuration(run: Run, bare: Bare) -> None:
    """The base has none, so the labels of the change don't count, nor its mistakes."""
    (bare.clone / "pm-sync.yaml").write_text("version: 1\nlabls: [x]\n")
    told = pull_payload(base=bare.head(), source="mallory/infra")
    assert run("pull_request", told, mode="plan").code == 0


def test_base_that_is_not_in_the_clone_is_refused(run: Run) -> None:
    """Rather than believing the change."""
    step = run("pull_request", pull_payload(base=COMMIT), mode="plan")
    assert step.code == 12
    assert "fetch-depth: 0" in step.summary


def test_status_applies_the_gate(run: Run) -> None:
    """Each failing item is an annotation, and the step fails."""
    step = run("schedule", mode="status", fail_on="overdue")
    assert step.code == 13
    assert f"::error file={DB},line=5,title=pm-sync::" in step.log
    assert (step.outputs["open"], step.outputs["overdue"]) == ("2", "1")
    assert run("schedule", mode="status").code == 0


def test_lint_annotates_lines(run: Run) -> None:
    """Down to the severity asked for."""
    step = run("push", mode="lint", fail_on="error")
    assert step.code == 0
    assert f"file={DB},line=" in step.log
    assert step.json["schema"] == "pm-sync/lint/1"
    assert run("push", mode="lint", fail_on="note").code == 13


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({"mode": "sink"}, "mode: 'sink' is none of lint, plan, sync, status"),
        ({"mode": "sync", "publish": "merge"}, "publish: 'merge' is none of none, commit, push, pull-request"),
        ({"mode": "sync", "max_creates": "many"}, "max-creates: 'many' is no number"),
        ({"mode": "lint", "fail_on": "overdue"}, "fail-on: 'overdue' is none of never, note, warning, error"),
        ({"mode": "status", "fail_on": "late"}, "“late” in --fail-on is no condition"),
        ({"mode": "plan", "config": "missing.yaml"}, "missing.yaml: no such file"),
    ],
)
def test_wrong_inputs_are_told_in_one_line(run: Run, inputs: dict[str, str], said: str) -> None:
    """As an annotation, and in the summary."""
    step = run("push", **inputs)
    assert step.code == 2
    assert said in step.log
    assert step.summary


def test_paths_are_one_a_line(run: Run, bare: Bare) -> None:
    """With blanks in their names, and empty lines between."""
    bare.edit("main", "other reports/api 1.md", document("Add a limit").encode())
    git(bare.clone, "pull", "--quiet")
    step = run("push", mode="plan", paths="other reports\n\n  postmortems/db.md  \n")
    assert step.outputs["created"] == "3"


def test_hostile_title_does_nothing(run: Run, bare: Bare) -> None:
    """Neither a workflow command, nor an output, nor a row of the summary can be forged by an item's text."""
    title = "Do ::error::x %0A::set-output name=created::9 | a | <script> created<<end @everyone"
    bare.edit("main", DB, document(title).encode())
    git(bare.clone, "pull", "--quiet")
    step = run("push", mode="sync")
    assert step.outputs["created"] == "1"
    assert not [line for line in step.log.splitlines() if line.startswith("::set-output")]
    assert "<script>" not in step.summary
    assert "@everyone" not in step.summary


def test_debug_logging_of_the_runner_tells_each_step(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reruns a job with it sees what -vv shows; annotations go on saying nothing of it."""
    quiet = run("push", mode="plan")
    monkeypatch.setenv("RUNNER_DEBUG", "1")
    loud = run("push", mode="plan")
    assert quiet.err == ""
    assert any(" git rev-parse " in line for line in loud.err.splitlines())
    assert loud.log == quiet.log


def test_log_has_what_was_annotated(run: Run, bare: Bare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A workflow that keeps a log finds its errors in it."""
    (bare.clone / "postmortems/bad.md").write_bytes(b"\xff\n")
    monkeypatch.setenv("PM_SYNC_LOG_FILE", str(tmp_path / "run.log"))
    run("push", mode="plan")
    told = [json.loads(line) for line in (tmp_path / "run.log").read_text().splitlines()]
    [said] = [line for line in told if line["event"] == "said"]
    assert said["message"].startswith("error: postmortems/bad.md")
    assert said["path"] == "postmortems/bad.md"
