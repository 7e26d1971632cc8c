"""Guards around every test: no real home, no credentials, no waiting; only loopback sockets (see pyproject.toml)."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator

import pytest
from hypothesis import settings

from tests.factories import Clock

_CLEANED = ("GITHUB_", "GH_", "JIRA_", "PM_SYNC_", "GIT_", "XDG_", "CI", "RUNNER_", "NO_COLOR", "FORCE_COLOR")
_KEPT = frozenset({"PM_SYNC_REQUIRE_E2E"})
_SLEEP = time.sleep


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add our own options."""
    parser.addoption("--regen", action="store_true", help="write the golden cases' results anew")
    parser.addoption("--machine", type=int, metavar="DAYS", help="let the machine of all days try so many long ones")


@pytest.fixture
def regen(request: pytest.FixtureRequest) -> bool:
    """Whether golden results are to be written anew."""
    return bool(request.config.getoption("--regen"))


# A test's time says more of the machine than of the code.
settings.register_profile("pm-sync", deadline=None)
settings.load_profile("pm-sync")


class YouForgotToPassASleepError(AssertionError):
    """Code under test waited for real: hand it a sleep of the test's own."""


@pytest.fixture(autouse=True, scope="session")
def clean_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Give the tests, and the processes they start, an empty home and no environment of this machine."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in set(os.environ) - _KEPT:
            if name.startswith(_CLEANED):
                patch.delenv(name)
        patch.setenv("HOME", str(home))
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        yield


@pytest.fixture(autouse=True)
def no_sleeping(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every wait fail, so that no test is slow without saying so."""

    def forgotten(seconds: float) -> None:
        if sys._getframe(1).f_globals["__name__"] == "subprocess":
            return _SLEEP(seconds)  # that is how it waits for a process that has a time limit
        raise YouForgotToPassASleepError(f"a test slept {seconds} s")

    monkeypatch.setattr(time, "sleep", forgotten)


@pytest.fixture
def real_sleep(no_sleeping: None, monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Allow waiting, for tests about other processes."""
    monkeypatch.setattr(time, "sleep", _SLEEP)
    return _SLEEP


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still until it is moved."""
    return Clock()
