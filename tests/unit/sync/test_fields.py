"""Fields, three-way: what the postmortem says now, what it said last, and what the issue says."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from pm_sync.mark import value_hash
from pm_sync.model import Issue, IssueDraft
from pm_sync.sync.fields import FieldConflict, FieldMoves, new_base, reconcile_fields
from pm_sync.trackers.base import FIELDS
from tests.factories import draft, issue, mark

HOLDS = frozenset(FIELDS)


def based(on: IssueDraft, **fields: Any) -> Issue:
    """An issue whose mark says that it was last synced with this draft, and which says so itself but for ``fields``."""
    said: dict[str, Any] = {"title": on.title, "details": on.details, "due": on.due, "priority": on.priority}
    said["labels"] = frozenset(on.labels)
    return issue(mark=replace(mark(), base=new_base(on)), **said | fields)


def moves(wish: IssueDraft, has: Issue, holds: frozenset[str] = HOLDS, owned: frozenset[str] = HOLDS) -> FieldMoves:
    """Reconcile."""
    return reconcile_fields(wish, has, holds, owned)


WAS = draft(details="It lagged.", due=date(2026, 12, 24), priority="P1", labels=("db",))

CHANGED = [
    pytest.param("title", {"title": "Add two replicas"}, id="title"),
    pytest.param("details", {"details": "It lagged badly."}, id="details"),
    pytest.param("due", {"due": date(2027, 1, 1)}, id="due"),
    pytest.param("due", {"due": None}, id="due taken away"),
    pytest.param("priority", {"priority": "P0"}, id="priority"),
    pytest.param("labels", {"labels": ("db", "urgent")}, id="labels"),
]


def test_nothing_changed() -> None:
    """An issue in step needs nothing."""
    assert moves(WAS, based(WAS)).changed == frozenset()


@pytest.mark.parametrize(("name", "fields"), CHANGED)
def test_the_file_changed(name: str, fields: dict[str, Any]) -> None:
    """Only the changed field is written, and the new base says so."""
    now = replace(WAS, **fields)
    found = moves(now, based(WAS))
    assert (found.changed, found.conflicts) == (frozenset({name}), ())
    assert found.base == new_base(now)


@pytest.mark.parametrize(
    "fields",
    [{"title": "Ours"}, {"details": "Rewritten"}, {"due": None}, {"priority": "P3"}, {"labels": frozenset()}],
    ids=lambda fields: next(iter(fields)),
)
def test_the_issue_changed(fields: dict[str, Any]) -> None:
    """What people changed in the issue stays."""
    found = moves(WAS, based(WAS, **fields))
    assert (found.changed, found.conflicts) == (frozenset(), ())


def test_both_changed_differently() -> None:
    """Nobody is overwritten, and both values are shown."""
    found = moves(replace(WAS, title="Mine"), based(WAS, title="Theirs"))
    assert found.conflicts == (FieldConflict("title", "Mine", "Theirs"),)
    assert found.changed == frozenset()
    assert found.base["title"] == value_hash(WAS.title)


def test_both_changed_alike() -> None:
    """The issue is brought to know it, which settles the matter."""
    found = moves(replace(WAS, title="Agreed"), based(WAS, title="Agreed"))
    assert (found.changed, found.conflicts) == (frozenset({"title"}), ())


def test_a_conflict_keeps_other_fields_apart() -> None:
    """Each field is looked at by itself."""
    found = moves(replace(WAS, title="Mine", priority="P0"), based(WAS, title="Theirs"))
    assert (found.changed, [conflict.name for conflict in found.conflicts]) == (frozenset({"priority"}), ["title"])


def test_labels_never_conflict() -> None:
    """Labels are only added, so those that people took away or added are no reason to stop."""
    found = moves(replace(WAS, labels=("db", "urgent")), based(WAS, labels=frozenset({"theirs"})))
    assert (found.changed, found.conflicts) == (frozenset({"labels"}), ())


def test_a_field_without_a_place_of_its_own_is_written_blindly() -> None:
    """Nobody can have edited what the tracker has no field for."""
    found = moves(replace(WAS, details="New"), based(WAS, details=None), holds=HOLDS - {"details"})
    assert (found.changed, found.conflicts) == (frozenset({"details"}), ())


def test_a_field_that_the_tracker_owns_is_never_written() -> None:
    """``ownership`` takes a field out of the comparison."""
    found = moves(replace(WAS, title="Mine"), based(WAS, title="Theirs"), owned=HOLDS - {"title"})
    assert (found.changed, found.conflicts) == (frozenset(), ())


class TestLostBase:
    """A mark without a base takes what the issue says as the last word that both agreed on."""

    def test_in_step(self) -> None:
        """Nothing is written."""
        assert moves(WAS, replace(based(WAS), mark=mark())).changed == frozenset()

    def test_the_file_differs(self) -> None:
        """The file's word is written."""
        found = moves(replace(WAS, title="Add two replicas"), replace(based(WAS), mark=mark()))
        assert (found.changed, found.conflicts) == (frozenset({"title"}), ())

    def test_what_people_added_meanwhile_stays(self) -> None:
        """Where the postmortem says nothing, it never did."""
        said = replace(WAS, due=None, priority=None)
        found = moves(said, replace(based(said, due=date(2027, 1, 31), priority="P0"), mark=mark()))
        assert (found.changed, found.conflicts, found.base) == (frozenset(), (), new_base(said))

    def test_a_field_without_a_place_is_taken_as_it_stands(self) -> None:
        """What can't be read back is not written for nothing."""
        bare = replace(based(WAS, details=None), mark=mark())
        assert moves(WAS, bare, holds=HOLDS - {"details"}).changed == frozenset()
