"""A postmortem as somebody really wrote it, from the first sync through all that people do to it.

The document is not part of this repository; where it is absent, the tests say so and are skipped.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pm_sync.model import State
from pm_sync.postmortem.read import read_postmortem
from pm_sync.sync.changes import ChangeKind
from tests.house import DATABASE, House

SEED = Path(__file__).parents[3] / "shared" / "seed" / "database-outage.md"
PATH = "database-outage-postmortem.md"
OPEN = tuple(f" (local#{number}, open)" for number in (1, 2, 3))

pytestmark = pytest.mark.skipif(not SEED.is_file(), reason=f"there is no {SEED.name} beside this repository")


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A repository with that document alone, and no configuration."""
    house = House(tmp_path)
    house.write(PATH, SEED.read_bytes())
    return house


@pytest.fixture
def synced(house: House) -> House:
    """The same after the first sync."""
    house.sync()
    return house


def tasks() -> list[str]:
    """The bold lines below the label that announces the tasks."""
    return re.findall(r"^\*\*(.+)\*\*$", SEED.read_text(encoding="utf-8").partition("**Tasks:**")[2], re.MULTILINE)


def fact(label: str) -> str:
    """What stands behind a label in the summary."""
    found = re.search(rf"^- \*\*{label}:\*\* (.+)$", SEED.read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None
    return found[1]


def annotated(*notes: str) -> bytes:
    """The document with these annotations behind its tasks, every other byte as it is."""
    data = SEED.read_bytes()
    for task, note in zip(tasks(), notes, strict=True):
        line = f"**{task}**".encode()
        assert data.count(line) == 1
        data = data.replace(line, line + note.encode())
    return data


def kinds(house: House) -> list[str]:
    """What a plan would do."""
    return [change.kind.value for change in house.plan().plan.changes]


def swapped(data: bytes) -> bytes:
    """The document with its first and last task in each other's place."""
    first, last = (re.search(rb"\*\*" + re.escape(tasks()[at].encode()) + rb"\*\*[^\n]*", data) for at in (0, 2))
    assert first is not None
    assert last is not None
    return data[: first.start()] + last[0] + data[first.end() : last.start()] + first[0] + data[last.end() :]


def test_the_document_is_what_these_tests_mean() -> None:
    """Its first line is a blank, and it ends without a newline."""
    data = SEED.read_bytes()
    assert data.startswith(b" \n")
    assert not data.endswith(b"\n")


def test_exactly_the_three_tasks() -> None:
    """Not the improvements beside them, not the causes, not the timeline."""
    assert len(tasks()) == 3
    assert [item.text for item in read_postmortem(SEED.read_bytes(), PATH).items] == tasks()


def test_incident_facts() -> None:
    """Title, duration, impact and root cause."""
    incident = read_postmortem(SEED.read_bytes(), PATH).incident
    assert incident.title.endswith("Database Outage Incident")
    assert (incident.duration, incident.impact) == (fact("Duration"), fact("Impact"))
    assert incident.root_cause == fact("Root Cause")


def test_the_first_sync(synced: House) -> None:
    """Three issues, three lines annotated, every other byte kept."""
    assert [entry.issue.title.rstrip(".") for entry in synced.issues()] == [task.rstrip(".") for task in tasks()]
    assert (synced.root / PATH).read_bytes() == annotated(*OPEN)


def test_the_second_sync(synced: House) -> None:
    """Writes nothing: not the document, not the database."""
    files = [synced.root / PATH, synced.root / DATABASE]
    before = [(file.stat().st_mtime_ns, file.read_bytes()) for file in files]
    result = synced.sync()
    assert (result.outcomes, result.files_changed) == ((), ())
    assert [(file.stat().st_mtime_ns, file.read_bytes()) for file in files] == before


def test_an_issue_is_closed(synced: House) -> None:
    """The second line says done with the date, and the others what they said."""
    synced.move(2, State.DONE)
    synced.sync()
    assert (synced.root / PATH).read_bytes() == annotated(OPEN[0], " (local#2, done 2026-11-22)", OPEN[2])


def test_a_task_is_reworded(synced: House) -> None:
    """Its issue's title follows, and there is no other issue."""
    synced.replace(PATH, tasks()[0], "Have a second uplink.")
    assert kinds(synced) == ["update", "unchanged", "unchanged"]
    synced.sync()
    titles = [entry.issue.title for entry in synced.issues()]
    assert len(titles) == 3
    assert titles[0].startswith("Have a second uplink")


@pytest.mark.parametrize("moved", [False, True], ids=["", "moved"])
@pytest.mark.parametrize("renamed", [False, True], ids=["", "renamed"])
@pytest.mark.parametrize("stripped", [False, True], ids=["", "links deleted"])
def test_no_duplicates(synced: House, *, moved: bool, renamed: bool, stripped: bool) -> None:
    """Whatever of it is done at once."""
    data = (synced.root / PATH).read_bytes()
    data = swapped(data) if moved else data
    data = re.sub(rb" \(local#\d, open\)", b"", data) if stripped else data
    path = "incidents/2023/network.md" if renamed else PATH
    (synced.root / PATH).unlink()
    synced.write(path, data)
    synced.sync()
    assert len(synced.issues()) == 3
    final = annotated(*OPEN)
    assert (synced.root / path).read_bytes() == (swapped(final) if moved else final)
    assert synced.plan().plan.pending == ()


def test_a_copied_line(synced: House) -> None:
    """It follows the same issue; over other words it is a conflict."""
    line = f"**{tasks()[0]}**{OPEN[0]}"
    synced.replace(PATH, line, f"{line}\n\n{line}")
    assert kinds(synced) == ["unchanged"] * 4
    synced.replace(PATH, f"{line}\n\n{line}", f"{line}\n\n**Something else altogether.**{OPEN[0]}")
    assert kinds(synced) == ["unchanged", "conflict", "unchanged", "unchanged"]
    synced.sync()
    assert len(synced.issues()) == 3


def test_a_task_is_cut_out(synced: House) -> None:
    """Its issue is reported, and stays open."""
    synced.replace(PATH, f"**{tasks()[1]}**{OPEN[1]}\n\n", "")
    planned = synced.plan()
    assert [str(gone.ref) for gone in planned.plan.removed] == ["local#2"]
    assert planned.plan.of(ChangeKind.CLOSE) == ()
    synced.sync()
    assert [entry.issue.state for entry in synced.issues()] == [State.OPEN] * 3
