"""The tally of done items below a heading or in the front matter."""

from __future__ import annotations

import pytest

from pm_sync.markdown.edits import apply_edits
from pm_sync.postmortem.read import read_postmortem
from pm_sync.postmortem.tally import Tally, front_matter_edits, section_edits, section_of

PLAIN = b"# Outage\n\n## Action items\n\n- Add a replica\n- Rotate the key\n\n## Timeline\n\n- 10:00 down\n"


def with_tally(data: bytes, tally: Tally) -> bytes:
    """Keep the tally below the one section that there is."""
    postmortem = read_postmortem(data, "pm.md")
    return apply_edits(data, section_edits(data, {postmortem.sections[0]: tally}))


@pytest.mark.parametrize(
    ("tally", "words"),
    [(Tally(3, 1, 0), "1 of 3 done"), (Tally(3, 1, 2), "1 of 3 done, 2 overdue"), (Tally(0, 0, 0), "0 of 0 done")],
)
def test_words(tally: Tally, words: str) -> None:
    """Overdue items are named only where there are some."""
    assert str(tally) == words


def test_line_below_heading() -> None:
    """The tally stands alone below the heading, and everything else stays."""
    after = with_tally(PLAIN, Tally(2, 1, 0))
    assert after == PLAIN.replace(b"## Action items\n", b"## Action items\n\n1 of 2 done\n")


def test_line_is_replaced() -> None:
    """A tally that is there is replaced, not joined by another."""
    once = with_tally(PLAIN, Tally(2, 1, 1))
    assert with_tally(once, Tally(2, 2, 0)) == with_tally(PLAIN, Tally(2, 2, 0))


def test_list_right_below_heading() -> None:
    """A list without a blank line before it goes on being a list, and CRLF goes on being CRLF."""
    data = b"## Action items\r\n1. Add a replica\r\n2. Rotate the key\r\n"
    after = with_tally(data, Tally(2, 0, 0))
    assert after == b"## Action items\r\n\r\n0 of 2 done\r\n\r\n1. Add a replica\r\n2. Rotate the key\r\n"


@pytest.mark.parametrize(
    "data", [PLAIN, PLAIN.replace(b"\n\n", b"\n"), PLAIN.replace(b"## Action items", b"Action items\n---")]
)
def test_items_read_the_same(data: bytes) -> None:
    """The line is no action item, nor does it change one."""
    texts = [item.text for item in read_postmortem(data, "pm.md").items]
    assert texts == ["Add a replica", "Rotate the key"]
    assert [item.text for item in read_postmortem(with_tally(data, Tally(2, 1, 1)), "pm.md").items] == texts


@pytest.mark.parametrize(
    ("front", "entry"),
    [
        (b"---\ntitle: Outage\n---\n", b"action_items: 1 of 2 done\n---"),
        (b'+++\ntitle = "Outage"\n+++\n', b'action_items = "1 of 2 done"\n+++'),
    ],
)
def test_front_matter(front: bytes, entry: bytes) -> None:
    """The tally is the last entry of the front matter, and is replaced in place."""
    data = front + PLAIN
    postmortem = read_postmortem(data, "pm.md")
    after = apply_edits(data, front_matter_edits(data, postmortem, Tally(2, 1, 0)))
    assert after == front.removesuffix(front[:3] + b"\n") + entry + b"\n" + PLAIN
    again = read_postmortem(after, "pm.md")
    assert again.items == read_postmortem(after, "pm.md").items
    replaced = apply_edits(after, front_matter_edits(after, again, Tally(2, 2, 0)))
    assert replaced == after.replace(b"1 of 2", b"2 of 2")


def test_without_front_matter() -> None:
    """No front matter is made for the tally's sake."""
    postmortem = read_postmortem(PLAIN, "pm.md")
    assert list(front_matter_edits(PLAIN, postmortem, Tally(2, 1, 0))) == []


def test_section_of() -> None:
    """An item belongs to the last section that begins before it."""
    postmortem = read_postmortem(PLAIN + b"\n## Follow-ups\n\n- Write it down\n", "pm.md")
    titles = [section.title for item in postmortem.items if (section := section_of(postmortem, item.span.start))]
    assert titles == ["Action items", "Action items", "Follow-ups"]
