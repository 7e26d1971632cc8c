"""Words and signs that say how an item stands."""

from __future__ import annotations

from functools import lru_cache

from pm_sync.model import State
from pm_sync.postmortem import vocabulary
from pm_sync.regex import regex

_PERCENT = regex(r"(\d{1,3})\s?%")
_WORDS = 3
_REMEMBERED = 512
"""States recur, in one file and from file to file."""
_MARKS: dict[str, State] = {
    **dict.fromkeys("✅☑✔🎉", State.DONE),
    # A cross beside ticks says "not yet" as often as "no": what is not done must never be said to be.
    **dict.fromkeys("⬜☐□🔲⭕🔴🆕❌✖", State.OPEN),
    **dict.fromkeys("🚧⏳🔄🟡🟠🔨", State.IN_PROGRESS),
    **dict.fromkeys("🚫⛔", State.DROPPED),
}
_SHORTCODES: dict[str, State] = {
    **dict.fromkeys((":white_check_mark:", ":heavy_check_mark:", ":ballot_box_with_check:", ":tada:"), State.DONE),
    **dict.fromkeys((":x:", ":white_large_square:", ":red_circle:", ":new:"), State.OPEN),
    **dict.fromkeys(
        (":construction:", ":hourglass:", ":hourglass_flowing_sand:", ":yellow_circle:"), State.IN_PROGRESS
    ),
    **dict.fromkeys((":no_entry:", ":no_entry_sign:"), State.DROPPED),
}
"""Signs as GitHub writes them in words."""
_STATES = (
    ("done", State.DONE),
    ("progress", State.IN_PROGRESS),
    ("dropped", State.DROPPED),
    ("open", State.OPEN),
)


@lru_cache(_REMEMBERED)
def state_of(text: str) -> State | None:
    """Read a word of a state column, a suffix or a mark; None for a word that is no state."""
    bare = text.strip()
    for mark in bare[:2]:
        if mark in _MARKS:
            return _MARKS[mark]
    if bare[:1] == ":" and (code := bare.partition(" ")[0]) in _SHORTCODES:
        return _SHORTCODES[code]
    groups = vocabulary.concepts("group", bare)
    for name, state in _STATES:
        if name in groups:
            return state
    percent = _PERCENT.fullmatch(bare) if bare.endswith("%") else None
    if percent:
        return State.DONE if int(percent[1]) >= 100 else State.IN_PROGRESS if int(percent[1]) else State.OPEN  # noqa: PLR2004
    if bare.casefold() in {"x", "[x]", "yes", "y", "true"}:
        return State.DONE
    return State.OPEN if bare.casefold() in {"[ ]", "[]", "false"} else None


@lru_cache(_REMEMBERED)
def leading_state(text: str) -> State | None:
    """The state that a longer text begins with: ``Done in #12``, ``Completed 2024-05-01``, ``In progress (Jane)``."""
    words = text.split()
    for length in range(min(_WORDS, len(words)), 0, -1):
        state = state_of(" ".join(words[:length]))
        if state is not None:
            return state
    return None
