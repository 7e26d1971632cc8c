"""Golden cases: each folder below ``cases`` tells a story; ``--regen`` writes anew what came of it.

``case.yaml`` says what is shown and lists the steps. ``before.md`` is the postmortem at the start (or ``before/`` a
tree of files), ``plan.txt`` what each sync had planned, ``issues.txt`` the issues, and ``after.md`` the postmortem
(or ``after/`` the tree) at the end.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from pm_sync.sync.changes import Plan
from tests.golden.steps import FILE, Story, issue_lines, load, planned_lines
from tests.house import House

CASES = sorted(path for path in (Path(__file__).parent / "cases").iterdir() if path.is_dir())


def test_an_empty_plan_is_told() -> None:
    """A story in which nothing happens says so."""
    assert planned_lines(Plan()) == ["  (nothing)"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path, tmp_path: Path, *, regen: bool) -> None:
    """The story ends as it is told."""
    described = load(case)
    house = House(tmp_path / "repository")
    _move_in(house, case)
    if "config" in described:
        house.write("pm-sync.yaml", yaml.safe_dump(described["config"]))
    story = Story(house)
    story.run(described["steps"])
    came = _came_of(story)
    if regen:
        _keep(case, came)
    assert came == _kept(case)


def _move_in(house: House, case: Path) -> None:
    if (case / "before.md").exists():
        house.write(FILE, (case / "before.md").read_bytes())
    else:
        shutil.copytree(case / "before", house.root)


def _came_of(story: Story) -> dict[str, bytes]:
    issues = [line for entry in story.house.issues() for line in issue_lines(entry)]
    # No path of this machine gets into a file that is kept.
    told = [line.replace(f"{story.house.root}/", "") for line in story.told]
    came = {"plan.txt": _text(told), "issues.txt": _text(issues)}
    files = {path: data for path, data in story.house.files().items() if path != "pm-sync.yaml"}
    if len(files) == 1:
        return came | {"after.md": next(iter(files.values()))}
    return came | {f"after/{path}": data for path, data in files.items()}


def _text(lines: list[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _kept(case: Path) -> dict[str, bytes]:
    files = (path for path in case.rglob("*") if path.is_file())
    kept = {path.relative_to(case).as_posix(): path.read_bytes() for path in files}
    return {name: data for name, data in kept.items() if name != "case.yaml" and not name.startswith("before")}


def _keep(case: Path, came: dict[str, bytes]) -> None:
    for name in _kept(case):
        (case / name).unlink()
    for name, data in came.items():
        (case / name).parent.mkdir(parents=True, exist_ok=True)
        (case / name).write_bytes(data)
