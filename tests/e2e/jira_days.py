"""One run against our own Cloud on a bad day: what stands in front of it, and time that waiting moves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pm_sync.trackers.base import ReadRequest, Tracker
from tests.e2e.jira_cloud import JiraCloud
from tests.factories import SRC, mark
from tests.fakes.jira_trouble import Trouble
from tests.fakes.ticker import Ticker

LOOK_UP = ReadRequest(wanted=(mark(),), src=SRC)
BULK = "POST .*/issue/bulk$"
SEARCH = "POST .*/search/jql$"


@pytest.fixture
def ticker() -> Ticker:
    """Time that waiting moves."""
    return Ticker()


@pytest.fixture
def tracker(jira_cloud: JiraCloud, ticker: Ticker) -> Iterator[Tracker]:
    """One run's tracker, which may wait."""
    tracker = jira_cloud.open(patience=ticker.patience())
    yield tracker
    tracker.close()


@pytest.fixture
def trouble(jira_cloud: JiraCloud) -> Trouble:
    """Trouble in front of the Cloud."""
    layer = Trouble()
    jira_cloud.front.layers.insert(0, layer)
    return layer
