"""Plans: the order of what they are made from doesn't matter, and what they do leaves nothing to do."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import TypeVar

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from pm_sync.markdown.edits import apply_edits
from pm_sync.model import State
from pm_sync.postmortem.read import read_postmortem
from pm_sync.postmortem.writeback import removal_edits
from pm_sync.sync.plan import make_plan
from tests.house import House
from tests.property.postmortems import postmortems

SLOW = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
T = TypeVar("T")
NAMES = ("postmortems/a.md", "postmortems/b.md", "postmortems/c.md")
TREES = st.lists(postmortems(), min_size=1, max_size=3).map(lambda files: dict(zip(NAMES, files, strict=False)))


@contextmanager
def moved_in(files: Mapping[str, bytes]) -> Iterator[House]:
    """A house with these files."""
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder))
        for path, data in files.items():
            house.write(path, data)
        yield house


def without_annotations(data: bytes, path: str) -> bytes:
    """The postmortem as if it had never been synced."""
    items = read_postmortem(data, path).items
    return apply_edits(data, [edit for item in items for edit in removal_edits(item)])


@SLOW
@given(TREES)
def test_a_second_sync_has_nothing_to_do(files: dict[str, bytes]) -> None:
    """Whatever the first one found."""
    with moved_in(files) as house:
        first = house.sync(max_creates=100)
        assert all(outcome.ok for outcome in first.outcomes)
        assert first.file_errors == ()
        assert house.plan().plan.pending == ()
        assert house.strays() == []


@SLOW
@given(TREES)
def test_undoing_the_annotations_gives_back_the_files(files: dict[str, bytes]) -> None:
    """Creating adds bytes and changes none."""
    with moved_in(files) as house:
        house.sync(max_creates=100)
        for path, before in files.items():
            assert without_annotations((house.root / path).read_bytes(), path) == before


@SLOW
@given(TREES, st.data(), st.randoms(use_true_random=False))
def test_the_order_of_facts_does_not_matter(files: dict[str, bytes], data: st.DataObject, random: Random) -> None:
    """Documents, entries and issues may come in any order."""
    with moved_in(files) as house:
        house.sync(max_creates=100)
        for entry in house.issues():
            house.move(int(entry.issue.ref.id), data.draw(st.sampled_from(State)))
        for path in files:
            if data.draw(st.booleans()):
                house.write(path, without_annotations((house.root / path).read_bytes(), path))
        planned = house.plan()
        with house.session() as session:
            facts, policy = planned.facts, session.policy
        shuffled = replace(
            facts,
            documents=_shuffled(facts.documents, random),
            snapshots={
                name: replace(snapshot, marked=_shuffled(snapshot.marked, random))
                for name, snapshot in facts.snapshots.items()
            },
        )
        assert make_plan(shuffled, policy).changes == make_plan(facts, policy).changes


def _shuffled(things: tuple[T, ...], random: Random) -> tuple[T, ...]:
    return tuple(random.sample(things, len(things)))
