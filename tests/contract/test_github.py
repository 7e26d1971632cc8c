"""GitHub keeps the trackers' contract: on the emulator, through PyGithub, every word held to GitHub's own contract."""

from __future__ import annotations

import pytest

from tests.contract.support import Remote
from tests.contract.tracker_contract import TrackerContract
from tests.e2e.github import GitHubRemote, emulator, github

__all__ = ["emulator", "github"]


class TestGitHub(TrackerContract):
    """On the emulator; deletion and closing as a duplicate are our own layer's."""

    @pytest.fixture
    def remote(self, github: GitHubRemote) -> Remote:
        """An empty repository."""
        return github


class TestGitHubInProgress(TrackerContract):
    """The same, with a label that means in progress."""

    @pytest.fixture
    def remote(self, github: GitHubRemote) -> Remote:
        """An empty repository."""
        github.options["in_progress_label"] = "in progress"
        return github
