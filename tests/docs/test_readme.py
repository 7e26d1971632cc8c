"""The README says what the program does."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from pm_sync.config import parse_config
from pm_sync.trackers.registry import KINDS
from tests.docs.blocks import commands, main, named
from tests.tools.generate import ROOT
from tests.tools.program_docs import commands as all_commands

README = (ROOT / "README.md").read_text(encoding="utf-8")
LINKS = re.compile(r"\]\((?!https?:)([^)#]+)")


def _timeless(text: str) -> str:
    """Take out what depends on the day: today's date, and ages."""
    return re.sub(r" {2}\d+ days old", "  N days old", re.sub(r"(done|On) \d{4}-\d\d-\d\d", r"\1 DAY", text))


def test_console_blocks_are_what_the_program_prints(tmp_path: Path) -> None:
    """Whoever types the README's commands in its order sees its output."""
    shutil.copytree(ROOT / "config/examples/postmortems", tmp_path / "postmortems")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "COLUMNS": "120"}
    told = [command for block in named(README, "console") for command in commands(block)]
    assert len(told) > 4
    for command in told:
        done = subprocess.run(
            ["bash", "-c", command.line], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert _timeless(done.stdout) == _timeless(command.output), f"{command.line}\n{done.stderr}"
        assert (done.returncode, done.stderr) == (0, ""), command.line


def test_trackers_listed_are_those_there_are() -> None:
    """A tracker that works is called one that works, and no other is."""
    rows = re.findall(r"^\| `(\w+)` \| .* \| (yes|not yet) \|$", README, re.MULTILINE)
    assert {kind for kind, there in rows if there == "yes"} == set(KINDS)


def test_commands_are_all_listed() -> None:
    """No command is left out."""
    listed = set(re.findall(r"^\| `(pm-sync [a-z ]+)` \|", README, re.MULTILINE))
    assert listed == {context.command_path for context in all_commands() if context.parent}


def test_configuration_example_is_valid() -> None:
    """The configuration shown is accepted as it stands."""
    (example,) = named(README, "yaml")
    assert set(parse_config(example, "pm-sync.yaml").trackers) == set(yaml.safe_load(example)["trackers"])


@pytest.mark.parametrize("path", ["README.md", "config/README.md", ".github/CONTRIBUTING.md"])
def test_links_lead_somewhere(path: str) -> None:
    """No link to another file of the repository is broken."""
    targets = LINKS.findall((ROOT / path).read_text(encoding="utf-8"))
    assert targets
    assert [target for target in targets if not ((ROOT / path).parent / target).exists()] == []


def test_readme_is_short() -> None:
    """It can be read in one go."""
    assert len(README.splitlines()) <= 250


@pytest.mark.parametrize("name", ["sh try", "sh test"])
def test_setup_commands_can_be_asked_for(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """CI finds each of the two commands that set everything up."""
    assert main([str(ROOT / "README.md"), name]) == 0
    assert capsys.readouterr().out.startswith("python3 -m venv .venv &&")


def test_unknown_block_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """CI doesn't pass by running nothing."""
    assert main([str(ROOT / "README.md"), "sh nothing"]) == 1
    assert "0 blocks" in capsys.readouterr().err
