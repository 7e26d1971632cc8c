"""The counterparts as fixtures."""

from tests.e2e.github import emulator, github

__all__ = ["emulator", "github"]
