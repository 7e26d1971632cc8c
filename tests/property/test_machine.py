"""The machine of all days, over each kind of tracker; ``--machine N`` lets it try N long ones of each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.e2e.github import emulator
from tests.property.machine.everyday import Everyday
from tests.property.machine.servers import GitHubWorld, JiraWorld
from tests.property.machine.worlds import LocalWorld, World

__all__ = ["emulator"]

Live = Callable[[Callable[[Path], World]], None]


@pytest.fixture
def live(request: pytest.FixtureRequest) -> Live:
    """Let the machine run in a world."""
    days = request.config.getoption("--machine")
    examples, steps = (8, 5) if days is None else (days, 12)
    effort = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        # What everybody's tests try is the same each time; finding more is for those who ask for it.
        derandomize=days is None,
        print_blob=days is not None,
        suppress_health_check=list(HealthCheck),
    )

    def run(make_world: Callable[[Path], World]) -> None:
        machine = lambda: Everyday(make_world)  # noqa: E731
        run_state_machine_as_test(machine, settings=effort)  # type: ignore[arg-type]  # it is only called

    return run


@pytest.mark.parametrize("removed", ["report", "comment", "close"])
def test_local(live: Live, removed: str) -> None:
    """The embedded tracker, whatever is to become of issues whose items are gone."""
    live(lambda root: LocalWorld(root, removed))


def test_local_with_a_table(live: Live) -> None:
    """Lines go from a list into a table, and back."""
    live(lambda root: LocalWorld(root, tables=True))


def test_github(live: Live, emulator: str) -> None:
    """GitHub, on the emulator."""
    live(lambda root: GitHubWorld(root, emulator))


def test_jira_cloud(live: Live) -> None:
    """Jira Cloud, on our own fake."""
    live(JiraWorld)


def test_jira_cloud_whose_search_lags(live: Live) -> None:
    """The same, half a minute behind."""
    live(lambda root: JiraWorld(root, timedelta(seconds=30)))
