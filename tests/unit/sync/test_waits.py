"""A plan says beforehand how long a tracker's pace will make it wait."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pm_sync.sync.claims import Facts
from pm_sync.sync.plan import make_plan
from tests.factories import ANY_STATE, document, entries, item, policy


@pytest.mark.parametrize(
    ("items", "limits", "notices"),
    [
        (80, (80, 500), ()),
        (81, (80, 500), ("local: 81 new issues take at least 1 min, at 80 a minute and 500 an hour",)),
        (200, (80, 500), ("local: 200 new issues take at least 2 min, at 80 a minute and 500 an hour",)),
        (200, (0, 100), ("local: 200 new issues take at least 60 min, at 100 an hour",)),
        (200, (0, 0), ()),
    ],
)
def test_the_wait_is_told(items: int, limits: tuple[int, int], notices: tuple[str, ...]) -> None:
    """Bursts within the limits wait for nothing, and no limit says nothing."""
    rules = policy(replace(ANY_STATE, create_limits=limits))
    documents = (document(*(item(f"Do thing {n}", line=n + 1) for n in range(items))),)
    assert make_plan(Facts(documents, entries(*documents)), rules).notices == notices
