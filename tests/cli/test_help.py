"""Every command explains itself."""

from __future__ import annotations

import re

import pytest

from pm_sync import __version__
from pm_sync.errors import ExitCode
from tests.cli.support import Repo
from tests.tools.program_docs import commands

COMMANDS = [context.command_path.split()[1:] for context in commands()]


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words) or "pm-sync")
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_is_given(empty: Repo, words: list[str], option: str) -> None:
    """Help goes to stdout, says how the command is used, and is no failure."""
    done = empty.run(*words, option)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"Usage: {' '.join(['pm-sync', *words])} ")


@pytest.mark.parametrize("words", [words for words in COMMANDS if words], ids=" ".join)
def test_help_has_an_example(empty: Repo, words: list[str]) -> None:
    """Each command shows at least one line that can be typed, on a line of its own."""
    out = empty.run(*words, "--help").out
    assert re.search(r"^  Examples?:\n    pm-sync ", out, re.MULTILINE)


def test_help_tells_every_exit_code(empty: Repo) -> None:
    """The codes at the foot of the help are those there are."""
    out = " ".join(empty.run("--help").out.split())
    told = re.findall(r"\d+", out.partition("Exit codes:")[2])
    assert told == [str(int(code)) for code in ExitCode]


def test_version_is_told(empty: Repo) -> None:
    """One line, for scripts."""
    done = empty.run("--version")
    assert (done.code, done.out, done.err) == (0, f"pm-sync {__version__}\n", "")


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["sinc"], "sinc"),
        (["sync", "--yess"], "--yess"),
        (["plan", "--format", "yaml"], "yaml"),
        (["plan", "--max-creates", "-1"], "--max-creates"),
        (["plan", "--max-creates", "many"], "--max-creates"),
        (["link", "postmortems/db.md:5"], "REF"),
        (["local", "close", "first"], "first"),
        (["schema", "plans"], "plans"),
    ],
)
def test_wrong_words_are_named(empty: Repo, words: list[str], named: str) -> None:
    """A command line that can't be understood ends with 2 and names what is wrong with it."""
    done = empty.run(*words)
    assert (done.code, done.out) == (2, "")
    assert named in done.err
