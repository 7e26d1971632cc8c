"""The guards around the tests hold."""

from __future__ import annotations

import os
import pwd
import socket
import time
from pathlib import Path

import pytest

from tests.conftest import YouForgotToPassASleepError


def test_the_home_is_not_the_real_one() -> None:
    """Nothing of whoever runs the tests is read or written."""
    assert Path.home() != Path(pwd.getpwuid(os.getuid()).pw_dir)


def test_the_environment_holds_no_credentials() -> None:
    """No token, host or CI variable of this machine gets into a test."""
    assert [name for name in os.environ if name.startswith(("GITHUB_", "GH_", "JIRA_"))] == []


def test_nothing_waits() -> None:
    """A wait for real fails the test."""
    with pytest.raises(YouForgotToPassASleepError):
        time.sleep(0)


def test_waiting_can_be_asked_for(real_sleep: object) -> None:
    """Tests about other processes may wait."""
    time.sleep(0)
    assert time.sleep is real_sleep


@pytest.mark.filterwarnings("ignore:A test tried to use")
def test_only_loopback_is_reached() -> None:
    """A connection to anywhere else is refused before a packet leaves."""
    with socket.socket() as outgoing, pytest.raises(RuntimeError, match="allowed"):
        outgoing.connect(("192.0.2.1", 80))
