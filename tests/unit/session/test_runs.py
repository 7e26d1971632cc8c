"""Runs: what a run keeps for the next one, and what it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from pm_sync.errors import Refused
from pm_sync.model import State
from pm_sync.session import runs
from pm_sync.sync.changes import ChangeKind
from tests.house import DATABASE, House

HEAD = "# Outage\n\n## Action items\n\n"
ONE, TWO = "postmortems/one.md", "postmortems/two.md"


class KilledError(BaseException):
    """The process is gone; nothing catches this."""


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Two postmortems."""
    house = House(tmp_path)
    house.write(ONE, HEAD + "- Add a replica\n")
    house.write(TWO, HEAD + "- Write a runbook\n")
    return house


def crash_before_write_back(house: House) -> None:
    """Sync, and die when the trackers are done and no file is written."""

    def die(*_: object) -> None:
        raise KilledError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "record", die)
        with pytest.raises(KilledError):
            house.sync()


def kinds(house: House, *paths: str) -> list[str]:
    """What a plan would do."""
    return [change.kind.value for change in house.plan(*paths).plan.changes]


def test_a_run_that_was_cut_off_is_finished_by_the_next(house: House) -> None:
    """By its journal: the issues get their links, and no others are made."""
    crash_before_write_back(house)
    assert kinds(house) == ["write_back", "write_back"]
    result = house.sync()
    assert result.files_changed == (ONE, TWO)
    assert (len(house.issues()), house.strays(), kinds(house)) == (2, [], ["unchanged", "unchanged"])


def test_an_issue_that_somebody_deleted_before_the_file_knew_of_it(house: House) -> None:
    """Regression: it was told as lost once, and then made anew by the next run, though nobody had asked for another."""
    crash_before_write_back(house)
    house.delete(1)
    for _ in range(2):
        result = house.sync()
        [lost] = result.plan.of(ChangeKind.LOST)
        assert lost.reason.endswith(f"before the file knew of it; if another is wanted: pm-sync sync --new {ONE}:5")
        assert house.read(ONE) == HEAD + "- Add a replica\n"
        assert house.read(TWO) == HEAD + "- Write a runbook (local#2, open)\n"
    house.sync(new=(f"{ONE}:5",))
    assert house.read(ONE) == HEAD + "- Add a replica (local#3, open)\n"
    assert (house.strays(), kinds(house)) == ([], ["unchanged", "unchanged"])


def test_a_deleted_issue_is_waited_for_no_longer_once_its_item_has_another(house: House) -> None:
    """As somebody linked one by hand."""
    crash_before_write_back(house)
    house.delete(1)
    house.sync()
    house.open("The same")
    house.link(f"{ONE}:5", "local#3")
    assert len(house.strays()) == 1
    house.sync()
    assert house.strays() == []


def test_a_run_over_one_file_keeps_what_the_others_wait_for(house: House) -> None:
    """Regression: it took the journal of a crashed run with it, other files' creates included."""
    crash_before_write_back(house)
    house.sync(ONE)
    assert len(house.strays()) == 1
    house.sync()
    assert house.read(TWO) == HEAD + "- Write a runbook (local#2, open)\n"
    assert house.strays() == []


def test_a_run_over_one_file_leaves_the_others_alone(house: House) -> None:
    """They are neither written nor given issues."""
    house.sync(ONE)
    assert house.read(TWO) == HEAD + "- Write a runbook\n"
    assert len(house.issues()) == 1


def test_a_second_run_writes_nothing(house: House) -> None:
    """No file, no row, no journal."""
    house.sync()
    before = {path: path.stat().st_mtime_ns for path in house.root.rglob("*") if path.name != "lock"}
    database = (house.root / DATABASE).read_bytes()
    result = house.sync()
    assert (result.outcomes, result.files_changed) == ((), ())
    assert (house.root / DATABASE).read_bytes() == database
    files = {path: path.stat().st_mtime_ns for path in house.root.rglob("*") if path.name != "lock"}
    assert {path for path in files if before.get(path) != files[path] and path.is_file()} == set()


def test_a_plan_writes_nothing_at_all(house: House) -> None:
    """Not even a folder of its own."""
    house.plan()
    assert not (house.root / ".pm-sync").exists()


def test_a_file_that_cannot_be_written_stops_no_other(house: House) -> None:
    """Its issue stays known, and it is written by the next run that can."""
    (house.root / ONE).chmod(0o444)
    result = house.sync()
    assert result.files_changed == (TWO,)
    assert [error.split(";")[0] for error in result.file_errors] == [f"{ONE}: is read-only"]
    assert len(house.strays()) == 1
    (house.root / ONE).chmod(0o644)
    house.sync()
    assert house.read(ONE) == HEAD + "- Add a replica (local#1, open)\n"
    assert (len(house.issues()), house.strays()) == (2, [])


def test_a_missing_database_is_never_made_anew(house: House) -> None:
    """While postmortems hold links to it, nothing is created, lost, or written."""
    house.sync()
    (house.root / DATABASE).unlink()
    house.write(TWO, house.read(TWO) + "- New work\n")
    files = house.files()
    planned = house.plan()
    assert {change.kind for change in planned.plan.changes} == {ChangeKind.UNREACHABLE}
    assert "missing or empty" in planned.facts.failures["local"]
    house.sync()
    assert house.files() == files
    assert not (house.root / DATABASE).exists()


def test_a_database_that_is_none(house: House) -> None:
    """Is told with its place, and left as it is."""
    house.sync()
    (house.root / DATABASE).write_bytes(b"not a database" * 100)
    house.sync()
    assert (house.root / DATABASE).read_bytes() == b"not a database" * 100
    assert "is not an SQLite database" in house.plan().facts.failures["local"]


def test_too_many_creates(house: House) -> None:
    """The run is refused as a whole, with the flag that allows it."""
    with pytest.raises(Refused, match=r"2 creates are more than the 1 .*--max-creates 2"):
        house.sync(max_creates=1)
    assert not (house.root / DATABASE).exists()
    house.sync(max_creates=2)
    assert len(house.issues()) == 2


def test_a_file_that_reads_as_empty(house: House) -> None:
    """A broken heading must not make items look gone."""
    house.sync()
    house.replace(ONE, "## Action items", "## Background")
    with pytest.raises(Refused, match=f"{ONE}: had linked items and now reads as having none.*--allow-empty {ONE}"):
        house.sync()
    house.sync(allow_empty=(ONE,))


def test_offline_asks_nobody(house: House) -> None:
    """The file's own words are all there is."""
    house.sync()
    house.move(1, State.DONE)
    house.write(TWO, house.read(TWO) + "- New work\n")
    (house.root / DATABASE).write_bytes(b"")
    changes = house.plan(offline=True).plan.changes
    assert [(c.kind.value, c.reason) for c in changes] == [
        ("unchanged", "not asked"),
        ("unchanged", "not asked"),
        ("create", "not looked up"),
    ]
