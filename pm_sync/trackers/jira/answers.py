"""Taking answers apart: another system's JSON need not be what its documentation says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pm_sync.errors import TrackerError


@contextmanager
def understood(what: str) -> Iterator[None]:
    """Take an answer apart within, which is to be ``what``.

    Raises:
        TrackerError: it is something else.

    """
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise TrackerError(
            f"the server's answer is no {what}: {type(error).__name__}", hint="a proxy may stand in between"
        ) from error


def total_of(page: Any) -> int:  # noqa: ANN401  as JSON is
    """How many entries a list has, of which this is a page; 0 where the page doesn't tell.

    Raises:
        TrackerError: it tells of no number.

    """
    with understood("page of a list"):
        return int(page.get("total", 0))
