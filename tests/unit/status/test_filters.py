"""Which items a filter keeps."""

from datetime import date

import pytest

from pm_sync.errors import UsageError
from pm_sync.status import StatusReport
from pm_sync.status.filters import StatusFilter
from tests.factories import status_item

ITEM = status_item(
    owners=("@Alice", "bob"),
    team="Storage",
    severity="Sev-1",
    priority="high",
    state="in_progress",
    path="postmortems/payments/db.md",
)


@pytest.mark.parametrize(
    ("wanted", "kept"),
    [
        (StatusFilter(), True),
        (StatusFilter(owners=("alice",)), True),
        (StatusFilter(owners=("carol", "@bob")), True),
        (StatusFilter(owners=("carol",)), False),
        (StatusFilter(teams=("storage",)), True),
        (StatusFilter(teams=("bob",)), True),
        (StatusFilter(teams=("network",)), False),
        (StatusFilter(severities=("SEV1",)), True),
        (StatusFilter(severities=("SEV2",)), False),
        (StatusFilter(priorities=("P1",)), True),
        (StatusFilter(priorities=("P0",)), False),
        (StatusFilter(paths=("postmortems/**/*.md",)), True),
        (StatusFilter(paths=("postmortems/payments/**",)), True),
        (StatusFilter(paths=("postmortems/*.md",)), False),
        (StatusFilter(states=("in progress",)), True),
        (StatusFilter(states=("open", "done")), False),
        (StatusFilter(owners=("bob",), priorities=("P3",)), False),
    ],
)
def test_every_kind_that_is_given_must_fit(wanted: StatusFilter, kept: bool) -> None:
    """Within a kind one value is enough, and each may be written in any way."""
    assert wanted.keeps(ITEM) is kept


def test_a_filtered_report_counts_what_is_left() -> None:
    """The summary is about the kept items, and the day stays."""
    report = StatusReport(date(2026, 6, 1), (ITEM, status_item()))
    kept = StatusFilter(owners=("bob",)).apply(report)
    assert kept.items == (ITEM,)
    assert (kept.summary["in_progress"], kept.summary["open"], kept.today) == (1, 0, date(2026, 6, 1))


def test_state_that_is_none_is_told() -> None:
    """A mistyped state would keep nothing, and look as if all were well."""
    with pytest.raises(UsageError, match="'opne' is no state; there is open, in_progress, done"):
        StatusFilter(states=("open", "opne"))
