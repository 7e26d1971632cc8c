"""Edits: what they cover is replaced, and every other byte stays."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pm_sync.markdown.edits import Edit, apply_edits
from pm_sync.model import Span


def edit(start: int, end: int, new: bytes) -> Edit:
    """Put ``new`` in place of ``[start, end)``."""
    return Edit(Span(start, end), new)


@st.composite
def data_and_edits(draw: st.DrawFn) -> tuple[bytes, list[Edit]]:
    """Some bytes, and edits that don't overlap, in their order."""
    data = draw(st.binary(max_size=60))
    cuts = sorted(draw(st.lists(st.integers(0, len(data)), max_size=10, unique=True)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return data, [edit(start, end, draw(st.binary(max_size=6))) for start, end in pairs]


@given(st.binary())
def test_no_edit_changes_nothing(data: bytes) -> None:
    """Not a byte."""
    assert apply_edits(data, ()) == data


@given(data_and_edits(), st.randoms())
def test_the_order_does_not_matter(made: tuple[bytes, list[Edit]], random: object) -> None:
    """Edits at different places give one result, in whatever order they come."""
    data, edits = made
    shuffled = list(edits)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random
    assert apply_edits(data, shuffled) == apply_edits(data, edits)


@given(data_and_edits())
def test_bytes_outside_stay(made: tuple[bytes, list[Edit]]) -> None:
    """What no edit covers is there as it was, in its place between the new parts."""
    data, edits = made
    rest = apply_edits(data, edits)
    at = 0
    for one in edits:
        kept = data[at : one.span.start]
        assert rest.startswith(kept + one.new)
        rest, at = rest[len(kept + one.new) :], one.span.end
    assert rest == data[at:]


@given(data_and_edits())
def test_edits_can_be_undone(made: tuple[bytes, list[Edit]]) -> None:
    """Putting the old bytes back in the new places gives the old data."""
    data, edits = made
    shift, back = 0, []
    for one in edits:
        start = one.span.start + shift
        back.append(edit(start, start + len(one.new), one.span.cut(data)))
        shift += len(one.new) - (one.span.end - one.span.start)
    assert apply_edits(apply_edits(data, edits), back) == data


def test_insertions_at_one_place_keep_their_order() -> None:
    """As given, before a replacement that starts there."""
    assert apply_edits(b"ab", [edit(1, 2, b"X"), edit(1, 1, b"1"), edit(1, 1, b"2")]) == b"a12X"


@pytest.mark.parametrize(
    "edits",
    [
        pytest.param([edit(0, 3, b""), edit(2, 4, b"")], id="overlap"),
        pytest.param([edit(0, 3, b""), edit(1, 1, b"x")], id="an insertion within a replacement"),
        pytest.param([edit(3, 9, b"")], id="beyond the end"),
        pytest.param([edit(9, 9, b"x")], id="an insertion beyond the end"),
    ],
)
def test_what_makes_no_sense_is_refused(edits: Sequence[Edit]) -> None:
    """Rather than giving something that nobody meant."""
    with pytest.raises(ValueError, match="overlap or leave the data"):
        apply_edits(b"abcd", edits)


@pytest.mark.parametrize(("new", "changes"), [(b"bc", False), (b"", True), (b"xy", True)])
def test_changes(new: bytes, *, changes: bool) -> None:
    """An edit that puts back what is there is none."""
    assert edit(1, 3, new).changes(b"abcd") is changes
