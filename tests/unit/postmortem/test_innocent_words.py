"""Words for states, times, people and kinds that a sentence only speaks of stay in it, and say nothing of the item."""

from __future__ import annotations

from time import perf_counter

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
        "Handle the states open, closed",
        "Use the states OPEN, CLOSED",
        "Return FAILED instead of DONE",
        "Map the state to CLOSED",
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


def test_a_second_bullet_of_a_field_is_shown() -> None:
    """What an item's own bullet repeats otherwise is rejected, not dropped, and what follows is still the item's."""
    body = "- Owner: Ann\n- Owner: Bob\n- Due: 2026-05-01\n"
    read = read_postmortem((HEAD + body).encode(), "x.md")
    (item,) = read.items
    assert (item.text, item.owners, str(item.due)) == ("Split the cache", ("Ann",), "2026-05-01")
    assert [(r.text, r.reason) for r in read.rejected] == [("Owner: Bob", "only a field")]


@pytest.mark.parametrize("text", ["Data: validar formato", "Fecha: validar formato", "Data: validare il formato"])
def test_words_that_also_name_a_day_stand_before_instructions_in_any_language(text: str) -> None:
    """A word for data or a date before an instruction is what the instruction is about."""
    _, item = read_postmortem(f"{HEAD}- {text}\n".encode(), "x.md").items
    assert (item.text, item.due_text) == (text, None)


def test_many_blanks_before_a_colon_that_never_comes_take_no_time() -> None:
    """A line of thousands of blanks is compared with a record's label once, not once for each of them."""
    begun = perf_counter()
    read = read_postmortem(f"# Outage\n\n## Action items\n\nAdd an alert {' ' * 6000}!\n".encode(), "x.md")
    assert len(read.items) == 1
    assert perf_counter() - begun < 1
