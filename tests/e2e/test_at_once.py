"""Two processes at once in one repository."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.crash import scene
from tests.house import House


def test_two_at_once(tmp_path: Path, real_sleep: Callable[[float], None]) -> None:
    """The second waits for the first, finds nothing to do, and both end well."""
    house = House(tmp_path)
    scene.first(tmp_path)
    house.sync()
    scene.only(tmp_path)
    command = [sys.executable, "-c", "from pm_sync.cli import main; main()", "sync", "--yes"]
    runs = [subprocess.Popen(command, cwd=house.root, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [run.communicate(timeout=60)[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    assert sum("created" in words for words in said) == 1
    assert sum("nothing to do" in words for words in said) == 1
    assert (len(house.issues()), house.strays()) == (16, [])
