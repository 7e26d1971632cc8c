"""The small repository of the commands' tests."""

from tests.cli.conftest import empty, repo, synced

__all__ = ["empty", "repo", "synced"]
