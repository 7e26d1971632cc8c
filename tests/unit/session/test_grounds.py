"""What a run stands on in the repository."""

from __future__ import annotations

from pathlib import Path

import pytest
from filelock import FileLock
from msgspec.structs import replace

from pm_sync.findings import Finding, Level
from pm_sync.session.grounds import Grounds, judge, look
from pm_sync.session.lock import hold_lock
from tests.factories import Clock

SOUND = Grounds(Path("/repo"), "git version 2.39", True, "github.com/acme/pm", "", False, None, True, 0)


def bad(findings: list[Finding]) -> dict[str, Level]:
    """What isn't as it should be."""
    return {finding.about: finding.level for finding in findings if finding.level is not Level.OK}


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        ({}, {}),
        ({"git": None}, {"git": Level.WARNING}),
        ({"in_git": False}, {"git": Level.WARNING}),
        ({"origin": None}, {"origin": Level.WARNING}),
        ({"origin": None, "shared": False}, {}),
        ({"trouble": "it can't be written"}, {"state": Level.FAILURE}),
        ({"committed": True}, {"state": Level.FAILURE}),
        ({"holder": "process 7 on ci"}, {"lock": Level.WARNING}),
        ({"unsettled": 2}, {"journal": Level.WARNING}),
    ],
    ids=str,
)
def test_each_thing_is_judged_by_itself(seen: dict[str, object], told: dict[str, Level]) -> None:
    """And each that isn't as it should be says what to do; what can't be looked at isn't called fine."""
    findings = list(judge(replace(SOUND, **seen)))
    assert bad(findings) == told
    assert all(finding.hint for finding in findings if finding.level is not Level.OK)
    looked_at = ["git", "origin", "state"] + ([] if "trouble" in seen else ["lock", "journal"])
    assert [finding.about for finding in findings] == looked_at


def test_looking_leaves_no_trace(tmp_path: Path) -> None:
    """No folder, no lock, no file is made."""
    (tmp_path / ".git").mkdir()
    findings = look(tmp_path)
    assert bad(findings) == {}
    assert [path.name for path in tmp_path.rglob("*")] == [".git"]


def test_who_holds_the_lock_is_told(tmp_path: Path, clock: Clock) -> None:
    """With its process, and without waiting for it; afterwards it is free."""
    (tmp_path / ".pm-sync").mkdir()
    with hold_lock(tmp_path / ".pm-sync", clock()):
        [lock] = [finding for finding in look(tmp_path) if finding.about == "lock"]
    assert lock.level is Level.WARNING
    assert lock.what.startswith("process ")
    assert bad(look(tmp_path)).get("lock") is None
    with FileLock(tmp_path / ".pm-sync" / "lock", timeout=0):
        assert bad(look(tmp_path))["lock"] is Level.WARNING


@pytest.mark.parametrize("name", ["lock", "journal", "lock.json", "tracker.db"])
def test_state_that_leads_elsewhere_is_told_and_not_touched(tmp_path: Path, name: str) -> None:
    """A repository may bring links; a lock taken through one would empty the file behind it."""
    precious = tmp_path / "precious"
    precious.write_text("kept")
    (tmp_path / "repo/.pm-sync").mkdir(parents=True)
    (tmp_path / "repo/.pm-sync" / name).symlink_to(precious)
    findings = look(tmp_path / "repo")
    [state] = [finding for finding in findings if finding.about == "state"]
    assert (state.level, state.what.endswith("is a symbolic link, which is never followed")) == (Level.FAILURE, True)
    assert precious.read_text() == "kept"


def test_calls_of_a_run_that_was_cut_off_are_counted(tmp_path: Path) -> None:
    """The next sync settles them."""
    journal = tmp_path / ".pm-sync" / "journal"
    journal.mkdir(parents=True)
    intent = '{"intent":"k","kind":"create","tracker":"infra","at":"2026-11-22T09:30:00+00:00"}\n'
    (journal / "1.jsonl").write_text(intent + intent.replace('"k"', '"l"'))
    [left] = [finding for finding in look(tmp_path) if finding.about == "journal"]
    assert (left.level, left.what) == (Level.WARNING, "a run was cut off; 2 of its calls are to be settled")
