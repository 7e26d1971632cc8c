"""Modules that load at their first use."""

from __future__ import annotations

import subprocess
import sys

import pytest


def printed(program: str) -> list[str]:
    """The words that a program of its own prints."""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return done.stdout.split()


@pytest.mark.parametrize(
    "use", ["import wave; wave.Error", "from wave import Error", "import wave; getattr(wave, '__file__')"]
)
def test_a_module_put_off_loads_at_its_first_use(use: str) -> None:
    """Its importer notices nothing."""
    begin = "import sys; from pm_sync.trackers.lazy import put_off; put_off('wave'); import wave as w; "
    tell = (
        "print(type(w).__name__); "
        + use
        + "; print(type(sys.modules['wave']).__name__, sys.modules['wave'].Error.__name__)"
    )
    assert printed(begin + tell) == ["_PutOff", "module", "Error"]


def test_a_module_that_is_loaded_stays() -> None:
    """Nothing stands in for it."""
    assert printed(
        "import json; from pm_sync.trackers.lazy import put_off; put_off('json'); import json as j; print(j is json)"
    ) == ["True"]


def test_a_module_that_is_not_there_fails_at_its_first_use() -> None:
    """With the usual error."""
    program = (
        "from pm_sync.trackers.lazy import put_off; put_off('no_such_module'); import no_such_module\n"
        "try: no_such_module.thing\nexcept ModuleNotFoundError as error: print(error.name)"
    )
    assert printed(program) == ["no_such_module"]


def test_opening_a_repository_by_token_loads_no_cryptography() -> None:
    """Only an app signs anything."""
    program = (
        "import sys; from pm_sync.trackers.github import GitHubOptions, open_tracker; "
        "open_tracker('gh', GitHubOptions('a/b'), {'GITHUB_TOKEN': 't'}).close(); "
        "print('github' in sys.modules, 'cryptography' in sys.modules)"
    )
    assert printed(program) == ["True", "False"]


def test_opening_a_jira_loads_no_tables_of_letters() -> None:
    """Hosts are mostly written in ASCII; one that isn't is reached all the same."""
    program = (
        "import sys; from datetime import datetime; from pm_sync.trackers.jira import JiraOptions, open_tracker; "
        "given = {'JIRA_BASE_URL': 'https://jira.example.com', 'JIRA_PAT': 't'}; "
        "open_tracker('jira', JiraOptions('OPS'), given, clock=datetime.now).close(); "
        "import requests; print('jira' in sys.modules, 'idna.core' in sys.modules, "
        "requests.Request('GET', 'https://jürgen.example.com').prepare().url)"
    )
    assert printed(program) == ["True", "False", "https://xn--jrgen-kva.example.com/"]
