"""Saved plans: carried out while the world is as it was, refused as soon as it isn't."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pm_sync.errors import Refused, UsageError
from pm_sync.model import State
from pm_sync.report import Format, render
from pm_sync.session import saved
from pm_sync.session.scope import Scope, parse_place
from tests.house import House

PATH = "postmortems/db.md"
HEAD = "# Outage\n\n## Action items\n\n"


@pytest.fixture
def house(tmp_path: Path) -> House:
    """One item with an issue, and one without."""
    house = House(tmp_path)
    house.write(PATH, HEAD + "- [ ] Add a replica\n")
    house.sync()
    house.write(PATH, house.read(PATH) + "- [ ] Write a runbook\n")
    return house


def test_a_plan_is_read_as_it_was_saved(house: House, tmp_path: Path) -> None:
    """With the words of its command line."""
    scope = Scope((PATH,), new=(f"{PATH}:6",), max_creates=3)
    planned = house.plan(PATH)
    saved.save(tmp_path / "plan.json", render(planned.plan, Format.JSON), scope, planned)
    assert saved.load(tmp_path / "plan.json") == (scope, saved.digest(planned))


def test_an_unchanged_world(house: House) -> None:
    """The same plan made again has the same digest."""
    saved.verify(house.plan(), saved.digest(house.plan()), Path("plan.json"))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda house: house.replace(PATH, "# Outage", "# The outage"), id="the file"),
        pytest.param(lambda house: house.write("postmortems/net.md", HEAD + "- Label the cables\n"), id="another file"),
        pytest.param(lambda house: house.move(1, State.DONE), id="an issue's state"),
        pytest.param(lambda house: house.write("pm-sync.yaml", "version: 1\nlabels: [x]\n"), id="the configuration"),
        pytest.param(lambda house: house.sync(), id="it was carried out already"),
    ],
)
def test_a_world_that_moved_on(house: House, change: Callable[[House], object]) -> None:
    """Nothing is done that nobody has seen."""
    expected = saved.digest(house.plan())
    change(house)
    with pytest.raises(Refused, match=r"plan\.json: the saved plan is stale.*pm-sync plan --out plan\.json"):
        saved.verify(house.plan(), expected, Path("plan.json"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "null",
        '{"scope": "paths", "digest": ""}',
        '{"scope": {"paths": [1]}, "digest": ""}',
        '{"scope": {"paths": "postmortems"}, "digest": ""}',
        '{"scope": {"unheard": 1}, "digest": ""}',
        '{"scope": {"max_creates": "many"}, "digest": ""}',
        "\x00",
    ],
)
def test_what_is_no_saved_plan(tmp_path: Path, text: str) -> None:
    """It is told, with the command that makes one."""
    (tmp_path / "plan.json").write_text(text)
    with pytest.raises(UsageError, match=r"plan\.json: is not a saved plan; make one with: pm-sync plan --out"):
        saved.load(tmp_path / "plan.json")


def test_a_plan_that_is_not_there(tmp_path: Path) -> None:
    """The reason is the system's."""
    with pytest.raises(UsageError, match=r"nowhere\.json: can't be read: No such file"):
        saved.load(tmp_path / "nowhere.json")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (f"{PATH}:6", (PATH, 6)),
        ("db.md:6", (PATH, 6)),
        ("../postmortems/db.md:12", (PATH, 12)),
    ],
)
def test_places_are_seen_from_the_current_folder(house: House, text: str, place: tuple[str, int]) -> None:
    """Or from the root, as reports show them."""
    assert parse_place(text, house.root, house.root / "postmortems") == place


@pytest.mark.parametrize(
    "text", [PATH, f"{PATH}:", f"{PATH}:0", f"{PATH}:-1", f"{PATH}:x", ":6", f"{PATH}:" + "9" * 5000]
)
def test_what_is_no_place(house: House, text: str) -> None:
    """It is told what one looks like."""
    with pytest.raises(UsageError, match="is no place; give PATH:LINE"):
        parse_place(text, house.root, house.root)
