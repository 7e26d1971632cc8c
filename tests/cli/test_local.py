"""`pm-sync local`: a person at work on the embedded tracker."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pm_sync.cli.local import StateWord
from pm_sync.cli.main import run
from pm_sync.model import State
from pm_sync.trackers.local.tracker import LocalTracker
from tests.factories import Clock, draft, local_ref

Local = Callable[..., tuple[int, str, str]]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, as the current one."""
    (tmp_path / ".pm-sync").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def local(root: Path, capsys: pytest.CaptureFixture[str]) -> Local:
    """Run a command; gives its exit code, stdout and stderr."""

    def run_local(*words: str) -> tuple[int, str, str]:
        code = run(["local", *words])
        return code, *capsys.readouterr()

    return run_local


@pytest.fixture
def issues(root: Path) -> Path:
    """Three issues in the usual place."""
    path = root / ".pm-sync" / "tracker.db"
    with closing(LocalTracker.open(path, clock=Clock())) as tracker:
        tracker.create(
            [
                draft("Add a replica", owners=("Ada", "Bob"), due=date(2026, 12, 1), priority="P1"),
                draft("Alert on lag \x1b[31m", details="It was\nnot seen.", parent=local_ref(1)),
                draft("Write a runbook", state=State.IN_PROGRESS),
            ]
        )
    return path


def test_lists_what_there_is(local: Local, issues: Path) -> None:
    """One line for each issue, in which no terminal escape is left."""
    code, out, _ = local("list")
    assert (code, out.splitlines()) == (
        0,
        [
            "1  open         Add a replica       due 2026-12-01  Ada, Bob  postmortems/db.md:12",
            "2  open         Alert on lag \N{REPLACEMENT CHARACTER}[31m                            postmortems/db.md:12",
            "3  in progress  Write a runbook                               postmortems/db.md:12",
        ],
    )


def test_lists_the_states_asked_for(local: Local, issues: Path) -> None:
    """Only issues in one of the states are listed."""
    local("close", "1")
    _, out, _ = local("list", "--state", "done", "--state", "in_progress", "--format", "json")
    assert [issue["number"] for issue in json.loads(out)["issues"]] == [1, 3]


def test_the_states_to_choose_from_are_those_there_are() -> None:
    """The command line's own words for states stay in step with the model."""
    assert {word.name: word.value for word in StateWord} == {state.name: state.value for state in State}


def test_an_empty_tracker_is_listed_as_such(local: Local, root: Path) -> None:
    """Looking makes no database."""
    assert local("list") == (0, "No issues.\n", "")
    assert list((root / ".pm-sync").iterdir()) == []


def test_the_json_of_an_issue_tells_all(local: Local, issues: Path) -> None:
    """Scripts get every member, and null for what is unknown."""
    local("drop", "local#2", "--reason", "Too dear.")
    code, out, _ = local("show", "2", "--format", "json")
    shown = json.loads(out)
    today = datetime.now(UTC).date().isoformat()
    assert (code, shown["schema"]) == (0, "pm-sync/local/1")
    assert shown["issues"] == [
        {
            "number": 2,
            "ref": "local#2",
            "title": "Alert on lag \x1b[31m",
            "details": "It was\nnot seen.",
            "state": "dropped",
            "created": "2026-11-22T09:30:00+00:00",
            "settled": today,
            "due": None,
            "priority": None,
            "type": None,
            "labels": [],
            "owners": [],
            "assignees": [],
            "parent": "local#1",
            "duplicate_of": None,
            "incident": "Database outage",
            "path": "postmortems/db.md",
            "line": 12,
            "comments": ["Too dear."],
        }
    ]


def test_shows_all_of_one_issue(local: Local, issues: Path) -> None:
    """A page for people has the facts that are known, the details and the comments."""
    local("drop", "#2", "--reason", "Too dear.")
    code, out, _ = local("show", "2")
    assert (code, out.splitlines()) == (
        0,
        [
            "local#2  Alert on lag \N{REPLACEMENT CHARACTER}[31m",
            "",
            f"State       dropped {datetime.now(UTC).date()}",
            "Part of     local#1",
            "Incident    Database outage",
            "Postmortem  postmortems/db.md:12",
            "Created     2026-11-22 09:30 UTC",
            "",
            "It was",
            "not seen.",
            "",
            "Comment: Too dear.",
        ],
    )


def test_moves_several_issues_at_once(local: Local, issues: Path) -> None:
    """Each issue is said with what became of it; one that is there already stays."""
    assert local("close", "3", "1", "--on", "2026-11-20")[0] == 0
    assert local("close", "1", "2") == (
        0,
        "local#1 is already done: Add a replica\nlocal#2 is now done: Alert on lag �[31m\n",
        "",
    )
    _, out, _ = local("show", "1", "--format", "json")
    assert json.loads(out)["issues"][0]["settled"] == "2026-11-20"


@pytest.mark.parametrize(
    ("command", "state"), [("start", "in_progress"), ("close", "done"), ("drop", "dropped"), ("reopen", "open")]
)
def test_every_command_leads_to_its_state(local: Local, issues: Path, command: str, state: str) -> None:
    """From whichever state, the issue gets there, and only a settled one keeps a day."""
    for before in ("drop", "start"):
        local(before, "1")
        assert local(command, "1")[0] == 0
        _, out, _ = local("show", "1", "--format", "json")
        [shown] = json.loads(out)["issues"]
        assert shown["state"] == state
        assert (shown["settled"] is not None) == State(state).settled


@pytest.mark.parametrize("words", [("close", "1", "99"), ("show", "99"), ("edit", "99", "--title", "New")])
def test_an_unknown_number_is_an_error_and_moves_nothing(local: Local, issues: Path, words: tuple[str, ...]) -> None:
    """All issues that are named are moved, or none."""
    assert local(*words) == (1, "", "error: there is no local#99; `pm-sync local list` shows what there is\n")
    assert "open         Add a replica" in local("list")[1]


@pytest.mark.parametrize("number", ["9223372036854775808", "1" * 40])
def test_a_number_beyond_all(number: str, local: Local) -> None:
    """Is none either, and is told as it was given."""
    told = f"error: there is no local#{number}; `pm-sync local list` shows what there is\n"
    assert local("show", number) == (1, "", told)


def test_a_move_in_an_empty_tracker_makes_no_database(local: Local, root: Path) -> None:
    """There is no such issue, and still no database."""
    assert local("close", "1")[0] == 1
    assert list((root / ".pm-sync").iterdir()) == []


@pytest.mark.parametrize(
    "words",
    [
        ("close",),
        ("close", "one"),
        ("close", "1", "--on", "yesterday"),
        ("list", "--state", "closed"),
        ("edit", "1"),
        ("edit", "1", "--title", "  "),
        ("edit", "1", "--due", "soon"),
        ("edit", "1", "--title", "\udcff"),
        ("--tracker", "other", "list"),
    ],
)
def test_wrong_usage_is_told(local: Local, issues: Path, words: tuple[str, ...]) -> None:
    """What can't be carried out as written has exit code 2 and a message."""
    code, out, said = local(*words)
    assert (code, out) == (2, "")
    assert said


def test_edits_what_a_person_would(local: Local, issues: Path) -> None:
    """Title, due date and priority can be changed and emptied; the rest stays."""
    assert local("edit", "1", "--title", " Add two replicas ", "--due", "") == (
        0,
        "local#1 changed: Add two replicas\n",
        "",
    )
    local("edit", "2", "--due", "2027-01-31", "--priority", "P2")
    shown = [json.loads(local("show", number, "--format", "json")[1])["issues"][0] for number in "12"]
    told = [(issue["title"], issue["due"], issue["priority"]) for issue in shown]
    assert told == [("Add two replicas", None, "P1"), ("Alert on lag \x1b[31m", "2027-01-31", "P2")]


def test_a_configured_database_is_used(local: Local, root: Path) -> None:
    """The embedded tracker that the configuration names is meant, whatever its name."""
    with closing(LocalTracker.open(root / "one.db", clock=Clock())) as tracker:
        tracker.create([draft("In one")])
    config = root / "pm-sync.yaml"
    config.write_text("version: 1\ntrackers:\n  one: {kind: local, database: one.db}\n", encoding="utf-8")
    assert "In one" in local("list")[1]
