"""Shell completion, as the shells ask for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PM_SYNC = Path(sys.executable).with_name("pm-sync")
SHELLS = ("bash", "zsh", "fish")


def _ask(**environment: str) -> str:
    """What pm-sync answers when a shell asks it."""
    done = subprocess.run(
        [PM_SYNC], env={**os.environ, **environment}, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize("shell", SHELLS)
def test_script_for_the_shell_is_given(shell: str) -> None:
    """Each shell gets a script that names the program and the variable it asks by."""
    script = _ask(_PM_SYNC_COMPLETE=f"source_{shell}")
    assert "pm-sync" in script
    assert f"_PM_SYNC_COMPLETE=complete_{shell}" in script


def test_commands_are_completed() -> None:
    """Half a command gets the commands that begin so."""
    answer = _ask(_PM_SYNC_COMPLETE="complete_bash", COMP_WORDS="pm-sync st", COMP_CWORD="1")
    assert answer.split() == ["status"]


def test_options_and_their_values_are_completed() -> None:
    """So do options, and words that an option takes."""
    options = _ask(_PM_SYNC_COMPLETE="complete_bash", COMP_WORDS="pm-sync sync --max", COMP_CWORD="2")
    assert {"--max-creates", "--max-updates", "--max-closes"} <= set(options.split())
    assert all(option.startswith("--max") for option in options.split())
    values = _ask(_PM_SYNC_COMPLETE="complete_bash", COMP_WORDS="pm-sync plan --format m", COMP_CWORD="3")
    assert values.split() == ["markdown"]


def test_version_is_no_completion() -> None:
    """What stands before the word is not carried out."""
    answer = _ask(_PM_SYNC_COMPLETE="complete_bash", COMP_WORDS="pm-sync --version st", COMP_CWORD="2")
    assert answer.split() == ["status"]


def test_bash_completes() -> None:
    """A real bash that reads the script completes a command with it."""
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("bash is not installed")
    script = """
        source <(_PM_SYNC_COMPLETE=source_bash pm-sync)
        COMP_WORDS=(pm-sync exp) COMP_CWORD=1
        "$(complete -p pm-sync | sed 's/.*-F \\([^ ]*\\).*/\\1/')" pm-sync exp pm-sync
        printf '%s\\n' "${COMPREPLY[@]}"
    """
    path = f"{PM_SYNC.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [bash, "--norc", "-c", script],
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.stdout.split(), done.stderr) == (["explain"], "")
