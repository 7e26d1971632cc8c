"""Jira Cloud keeps the trackers' contract: on our own fake, every word held to Jira's own contract."""

from __future__ import annotations

import pytest

from tests.contract.support import Remote
from tests.contract.tracker_contract import TrackerContract
from tests.e2e.jira_cloud import JiraCloud, jira_cloud

__all__ = ["jira_cloud"]


class TestCloud(TrackerContract):
    """With an address and an API token."""

    @pytest.fixture
    def remote(self, jira_cloud: JiraCloud) -> Remote:
        """An empty project."""
        return jira_cloud


class TestCloudThroughTheGateway(TrackerContract):
    """With a scoped token, which is good at the gateway only."""

    @pytest.fixture
    def remote(self, jira_cloud: JiraCloud) -> Remote:
        """An empty project."""
        jira_cloud.cloud.prefix = "/ex/jira/11223344-a1b2-3c4d-5e6f-778899aabbcc"
        jira_cloud.url = jira_cloud.front.url + jira_cloud.cloud.prefix
        return jira_cloud
