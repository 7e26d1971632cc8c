"""Killed at any moment and run again, pm-sync ends as one run that nothing disturbed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pm_sync.model import State
from tests.house import House

ROOT = Path(__file__).parents[2]
ONE, TWO = "postmortems/one.md", "postmortems/two.md"
FIRST = """# Database outage

## Action items

- [ ] Add a replica in Oslo
- [ ] Write a runbook for failover
- [ ] Test the backups every week
"""
SECOND = "# Network outage\n\n## Action items\n\n- [ ] Replace the switch\n"


def build(folder: Path) -> House:
    """A repository in which a sync has everything to do: create, with sub-tasks, update, close, reopen, write back."""
    folder.mkdir()
    house = House(folder)
    house.write(ONE, FIRST)
    house.write(TWO, SECOND)
    house.sync()
    house.replace(ONE, "Add a replica in Oslo", "Add two replicas in Oslo")
    house.replace(ONE, "[ ] Write", "[x] Write")
    house.move(3, State.IN_PROGRESS)
    house.write(ONE, house.read(ONE) + "- [ ] Buy disks\n  - [ ] Compare prices\n  - [ ] Rent a rack\n")
    house.write(TWO, house.read(TWO) + "- [ ] Label the cables\n")
    return house


def state_of(folder: Path) -> object:
    """All that a run leaves behind but times: files, issues, and what should not be there."""
    house = House(folder)
    files = {path: data for path, data in house.files().items() if path != "code"}
    issues = [
        (e.issue.ref, e.issue.title, e.issue.state, e.issue.mark, e.issue.mark and e.issue.mark.base, e.parent, e.line)
        for e in house.issues()
    ]
    return files, issues, house.strays()


@pytest.fixture(scope="module")
def crashes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """The folder with what became of each kill, and what each process was about to do when it was killed."""
    base = tmp_path_factory.mktemp("crash")
    build(base / "template")
    (base / "work").mkdir()
    script = [sys.executable, "-m", "tests.e2e.dying", str(base / "template"), str(base / "work")]
    subprocess.run(script, cwd=ROOT, check=True, capture_output=True)
    return base / "work", [path.read_text() for path in sorted((base / "work").glob("*-event"))]


def test_it_was_killed_everywhere(crashes: tuple[Path, list[str]]) -> None:
    """In the journal, the database, the files and the clean-up."""
    _, told = crashes
    kinds = {line.partition(" ")[0] for line in told}
    assert {"open", "flush", "commit", "os.rename", "os.remove"} <= kinds
    assert len(told) > 25


def test_the_next_run_ends_as_a_clean_one(crashes: tuple[Path, list[str]]) -> None:
    """With the journal of the killed run, and without it."""
    work, told = crashes
    clean = state_of(work / "clean")
    left = sorted([*work.glob("*-journal"), *work.glob("*-lost")])
    assert len(left) == 2 * len(told)
    wrong = {
        f"{path.name}: killed before {told[int(path.name[:3]) - 1]}": path
        for path in left
        if (path / "code").read_text() != "0" or state_of(path) != clean
    }
    assert wrong == {}


def test_the_clean_one_did_its_work(crashes: tuple[Path, list[str]]) -> None:
    """Else all of them might have done nothing."""
    house = House(crashes[0] / "clean")
    assert house.read(ONE) == (
        "# Database outage\n\n## Action items\n\n"
        "- [ ] Add two replicas in Oslo (local#1, open)\n"
        f"- [x] Write a runbook for failover (local#2, done {house.issues()[1].issue.settled})\n"
        "- [ ] Test the backups every week (local#3, in progress)\n"
        "- [ ] Buy disks (local#5, open)\n"
        "  - [ ] Compare prices (local#6, open)\n"
        "  - [ ] Rent a rack (local#7, open)\n"
    )
    assert house.strays() == []


def test_two_at_once(tmp_path: Path, real_sleep: Callable[[float], None]) -> None:
    """The second waits for the first, finds nothing to do, and both end well."""
    house = build(tmp_path / "repository")
    command = [sys.executable, "-c", "from pm_sync.cli import main; main()", "sync", "--yes"]
    runs = [subprocess.Popen(command, cwd=house.root, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [run.communicate(timeout=60)[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    assert sum("created" in words for words in said) == 1
    assert sum("nothing to do" in words for words in said) == 1
    assert (len(house.issues()), house.strays()) == (8, [])
