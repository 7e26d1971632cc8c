"""Drafting where the server answers what nobody expects."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pm_sync.trackers.github.client import Client
from pm_sync.trackers.github.connection import Body
from pm_sync.trackers.github.drafting import Drafting
from pm_sync.trackers.github.options import GitHubOptions
from pm_sync.trackers.github.reading import Repository


class Odd(Client):
    """A server behind a proxy that answers writes with something else."""

    def __init__(self, answer: object) -> None:
        self._answer = answer

    def write(self, verb: str, path: str, body: Body | None = None) -> Any:
        """Answer."""
        return self._answer


@pytest.mark.parametrize("answer", [None, {}, [], {"number": "x"}])
def test_an_answer_that_is_no_milestone_is_noted(answer: object) -> None:
    """It costs the milestone, and nothing else."""
    notes: list[str] = []
    repository = Repository("https://github.com", "acme/infra")
    drafting = Drafting(Odd(answer), repository, GitHubOptions("acme/infra"))
    assert drafting.milestone(date(2026, 12, 24), notes) is None
    assert notes == ["left out milestone 2026-12-24: the server's answer is no milestone"]
