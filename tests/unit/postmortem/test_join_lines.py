"""Text that is broken into lines, as one."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from pm_sync.postmortem.titles import join_lines


@given(
    st.lists(st.sampled_from(["a", "é", "重", " ", "  ", "\t", "\u00a0", "\u3000", "\u2028", "\x1f", "\x85"])).map(
        "".join
    )
)
@example(" a b ")
def test_any_blanks_are_one(text: str) -> None:
    """However wide they are, and none at either end."""
    assert join_lines(text) == " ".join(text.split())


def test_east_asian_lines_are_joined_without_a_blank() -> None:
    """Others with one."""
    assert join_lines("再試行\nする Kafka\nを") == "再試行する Kafka を"
