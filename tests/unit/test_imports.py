"""What is slow to import is imported only by what needs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"github", "jira", "yaml", "rich", "requests", "pyromark", "msgspec", "pydantic", "sqlite3", "pm_sync.model"}
CLIENTS = {"github", "jira", "yaml", "rich", "requests", "pydantic"}
POSTMORTEM = "# Outage\n\n## Action items\n\n- [ ] Add a replica\n"


def _loaded(folder: Path, *words: str) -> set[str]:
    """The modules that are loaded once a command has run, in a process of its own."""
    code = f"""
import json, sys
from pm_sync.cli.main import run
code = run({words!r})
print(json.dumps([code, *sys.modules]), file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True)
    ended, *modules = json.loads(done.stderr.splitlines()[-1])
    assert ended == 0, done.stderr
    return set(modules)


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_version_and_help_load_nothing_heavy(tmp_path: Path, option: str) -> None:
    """Whoever only asks for the version waits for none of it."""
    assert _loaded(tmp_path, option) & HEAVY == set()


@pytest.mark.parametrize("words", [["items"], ["plan"], ["sync", "--yes"], ["status"], ["local", "list"]], ids=" ".join)
def test_local_commands_load_no_client(tmp_path: Path, words: list[str]) -> None:
    """Without a configuration there is no YAML and nothing that checks it, without a server no client; a bar is for terminals only."""
    (tmp_path / "postmortems").mkdir()
    (tmp_path / "postmortems/db.md").write_text(POSTMORTEM, encoding="utf-8")
    assert _loaded(tmp_path, *words) & CLIENTS == set()


def test_who_only_reads_loads_no_database(tmp_path: Path) -> None:
    """Nor what plans, guards and writes."""
    (tmp_path / "postmortem.md").write_text(POSTMORTEM, encoding="utf-8")
    assert _loaded(tmp_path, "items") & {"sqlite3", "tempfile", "pm_sync.sync.guards", "pm_sync.sync.plan"} == set()


def test_starting_looks_for_no_garbage(tmp_path: Path) -> None:
    """There is none yet, and there are many objects to look through; when all is over nobody needs what it would free."""
    code = """
import gc
from pm_sync.cli import main
before = gc.get_stats()
try:
    main(["items"])
except SystemExit:
    print(gc.get_stats() == before, gc.get_freeze_count() > 10_000)
"""
    (tmp_path / "postmortem.md").write_text(POSTMORTEM, encoding="utf-8")
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.endswith("1 item in 1 postmortem.\nTrue True\n")


@pytest.mark.parametrize("words", [["items"], ["plan"], ["status"]], ids=" ".join)
def test_a_right_configuration_needs_nothing_but_yaml(tmp_path: Path, words: list[str]) -> None:
    """What explains mistakes is loaded where there is one."""
    (tmp_path / "pm-sync.yaml").write_text("sla: {P0: 14d}\nroutes: [{to: local}]\n", encoding="utf-8")
    (tmp_path / "postmortems").mkdir()
    (tmp_path / "postmortems/db.md").write_text(POSTMORTEM, encoding="utf-8")
    assert _loaded(tmp_path, *words) & CLIENTS == {"yaml"}
