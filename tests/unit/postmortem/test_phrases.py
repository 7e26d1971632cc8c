"""Whether a phrase stands among other words, which is asked before a title is cut into its parts."""

from __future__ import annotations

import pytest

from pm_sync.postmortem import vocabulary
from pm_sync.postmortem.phrases import DENSE, phrases, raw, stands_at

_KINDS = ("heading", "group", "lesson")
_PHRASES = [
    (kind, phrase)
    for kind in _KINDS
    for name in raw()
    if name.startswith(f"{kind}.")
    for phrase in phrases(kind, name.partition(".")[2])
    if phrase[0] < DENSE
]


@pytest.mark.parametrize("kind", _KINDS)
def test_every_phrase_is_found_among_other_words(kind: str) -> None:
    """Whole ones, open ones, and those of what is never an item."""
    for of, phrase in _PHRASES:
        words = ["nightly", *phrase.replace("*", "s").split(), "backups"]
        assert of != kind or stands_at(kind, "", words, 1), phrase


@pytest.mark.parametrize("kind", _KINDS)
def test_nothing_is_found_among_words_of_one_s_own(kind: str) -> None:
    """As most titles are."""
    words = ["nightly", "backups", "of", "zebra"]
    assert not any(stands_at(kind, "", words, at) for at in range(len(words)))


@pytest.mark.parametrize(
    "title", ["Our plan: nightly backups & action items", "Nightly backups, next steps", "3. (Lessons)"]
)
def test_a_title_is_named_by_any_of_its_parts(title: str) -> None:
    """Whatever stands around it."""
    assert vocabulary.names("heading", title)
