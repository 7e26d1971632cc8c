"""Marks as properties and labels."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pm_sync.mark import Mark
from pm_sync.trackers.jira.marks import Marks, Note, Wanted, is_bookkeeping, mark_labels
from tests.factories import mark

LABEL = "pm-sync"


@pytest.mark.parametrize("key", ["", "a secret"], ids=["plain", "signed"])
def test_a_note_comes_back_as_it_was(key: str) -> None:
    """With its base and what Jira gave by itself."""
    note = Note(mark(base={"title": "0123"}), "Medium")
    marks = Marks(LABEL, key)
    found = marks.from_property(marks.to_property(note), [LABEL])
    assert found == note
    assert found is not None
    assert dict(found.mark.base) == {"title": "0123"}


def test_without_the_tracking_label_a_property_counts_for_nothing() -> None:
    """Taking the label off takes the mark back."""
    marks = Marks(LABEL)
    assert marks.from_property(marks.to_property(Note(mark())), ["other"]) is None


@pytest.mark.parametrize("value", [None, "text", 7, [], {}, {"v": 1}], ids=str)
def test_what_is_no_mark_is_none(value: object) -> None:
    """Another program may use the same key."""
    assert Marks(LABEL).from_property(value, [LABEL]) is None


@pytest.mark.parametrize("signed_with", ["", "another"], ids=["unsigned", "wrongly signed"])
def test_with_a_key_only_marks_signed_with_it_are_believed(signed_with: str) -> None:
    """Everybody who may edit an issue may set its properties."""
    value = Marks(LABEL, signed_with).to_property(Note(mark()))
    assert Marks(LABEL, "secret").from_property(value, [LABEL]) is None


def test_labels_are_frozen() -> None:
    """A later version must find the issues of this one."""
    labels = mark_labels(Mark("github.com/acme/infra", "postmortems/db.md", "0123456789abcdef0123"))
    assert labels == ("pm-sync-7f80a21e0aa85d46e118", "pm-sync-t-ea8e057a73277e320c9c")
    assert all(map(is_bookkeeping, labels))


@pytest.mark.parametrize("label", ["pm-sync", "pm-sync-team", "pm-sync-t-short", "x-pm-sync-0123456789abcdef0123"])
def test_other_labels_are_no_bookkeeping(label: str) -> None:
    """People may name theirs alike."""
    assert not is_bookkeeping(label)


def test_labels_alone_name_the_item_or_its_text() -> None:
    """The text of another path names nothing, but stands where the item is."""
    one = mark(base={"title": "0123"})
    elsewhere = replace(one, path="postmortems/other.md")
    wanted = Wanted.of([one])
    known = wanted.cut_short(mark_labels(one))
    assert known is not None
    assert (known.mark, dict(known.mark.base), known.cut_short) == (one, {}, True)
    assert wanted.cut_short(mark_labels(elsewhere)) is None
    shown = wanted.same_text(mark_labels(elsewhere))
    assert shown is not None
    assert (shown.mark.path, shown.mark.src, shown.mark.text, dict(shown.mark.base)) == (one.path, one.src, "", {})
    assert not shown.cut_short
    assert wanted.same_text(["pm-sync"]) is None


def test_of_a_linked_item_only_the_key_counts() -> None:
    """Its text stands in no other item's way."""
    one = mark()
    wanted = Wanted.of([], [one])
    assert wanted.cut_short(mark_labels(one)) == Note(one, cut_short=True)
    assert wanted.same_text(mark_labels(one)) is None
