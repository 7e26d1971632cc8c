"""Words for states, times, people and kinds that a sentence only speaks of stay in it, and say nothing of the item."""

from __future__ import annotations

import pytest

from pm_sync.postmortem.read import read_postmortem

HEAD = "# Outage\n\n## Action items\n\n- Split the cache\n"


@pytest.mark.parametrize(
    "text",
    [
        "Rename sprint board - early adopters",
        "Add tests - end of file",
        "Fix report - late",
        "Reorder lists - Monday deploys",
        "Redesign the board - today view",
        "Fix timeouts - due to load",
        "Fix timeouts (due to load)",
        "Add column owner, due and priority",
        "Map status: done to closed in the importer",
        "Set state: closed",
        "Set status: blocked when waiting",
        "Change type: text to keyword",
        "Late data: alert",
        "Closed source driver: replace",
        "Incident lead: rotate",
        "Close: flush the buffers before",
        "Fix axes (x, y)",
        "Swap axes x, y",
        "Set the default (true)",
        "Raise the default answer - no",
        "Roll out in steps (1%, 10%, 100%)",
        "Add counters for jobs started, done, dropped",
        "Emit event order created",
        "Fixed-size pool: replace",
        "Owner: make it mandatory",
    ],
)
def test_what_a_sentence_speaks_of_is_no_field(text: str) -> None:
    """Nothing is taken from a sentence in which such a word is what the work is about."""
    first, item = read_postmortem(f"{HEAD}- {text}\n".encode(), "x.md").items
    assert (item.text, item.done or False, item.owners, item.due_text, item.type) == (text, False, (), None, None)
    assert (first.owners, first.due_text, first.done) == ((), None, None)


@pytest.mark.parametrize(
    "when",
    [
        "end of Q2",
        "late June",
        "early next week",
        "sprint 14",
        "Monday morning",
        "mid-2027",
        "Ende des Monats",
        "fin de mes",
    ],
)
def test_points_in_time_are_taken_behind_a_dash(when: str) -> None:
    """What names a period, however it is cut, says by when the item is due."""
    _, item = read_postmortem(f"{HEAD}- Add an alert - {when}\n".encode(), "x.md").items
    assert (item.text, item.due_text) == ("Add an alert", when)
