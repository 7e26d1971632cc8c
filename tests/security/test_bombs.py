"""Bombs: input that is small and costs much, or that breaks what reads it."""

from __future__ import annotations

import time

import pytest

from pm_sync.postmortem.read import read_postmortem
from tests.security.attacks import FRONT_MATTER_BOMBS

BELOW = "\n# Login down\n\n## Action items\n\n- [ ] Add a replica\n"


@pytest.mark.parametrize("front", FRONT_MATTER_BOMBS.values(), ids=FRONT_MATTER_BOMBS)
def test_no_front_matter_keeps_its_postmortem_from_being_read(front: str) -> None:
    """The text below is read as if the front matter said nothing."""
    found = read_postmortem((front + BELOW).encode(), "x.md")
    assert found.incident.title == "Login down"
    assert [item.text for item in found.items] == ["Add a replica"]


def test_reading_time_grows_with_the_number_of_headings_and_not_with_its_square() -> None:
    """Four times as many take about four times as long."""

    def seconds(headings: int) -> float:
        data = ("# X\n\n## Action items\n\n" + "### x\n" * headings).encode()
        started = time.process_time()
        read_postmortem(data, "x.md")
        return time.process_time() - started

    assert seconds(40_000) < 10 * seconds(10_000)
