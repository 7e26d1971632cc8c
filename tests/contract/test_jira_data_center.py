"""Jira Data Center keeps the trackers' contract: on jira820, through the jira library."""

from __future__ import annotations

import pytest

from tests.contract.support import Remote
from tests.contract.tracker_contract import TrackerContract
from tests.e2e.jira import DataCenter, data_center, jira_process

__all__ = ["data_center", "jira_process"]


class TestDataCenter(TrackerContract):
    """Properties, bulk creates and assignable people are our own layer's, which keeps properties of creates."""

    @pytest.fixture
    def remote(self, data_center: DataCenter) -> Remote:
        """An empty project."""
        return data_center


class TestDataCenterThatDropsProperties(TrackerContract):
    """The same on a server that ignores properties in creates and edits."""

    @pytest.fixture
    def remote(self, data_center: DataCenter) -> Remote:
        """An empty project."""
        data_center.properties.in_creates = False
        return data_center
