"""Many postmortems are read by several processes, of which nobody notices anything."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pm_sync.workers import FEWEST

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks")


@pytest.mark.parametrize("command", ["items", "plan", "lint"])
def test_as_with_one_processor(tmp_path: Path, command: str) -> None:
    """Output, complaints and exit code are the same, with files among them that can't be read."""
    repository(tmp_path, FEWEST + 60)
    processors = sorted(os.sched_getaffinity(0))
    alone = answer(tmp_path, command, processors[:1])
    assert answer(tmp_path, command, processors) == alone
    assert alone[0] == 11
    assert alone[2].count("not UTF-8") == 3


def repository(root: Path, count: int) -> None:
    """A folder of postmortems, each a little different, three of them no text."""
    (root / "postmortems").mkdir()
    for number in range(count):
        text = f"# Outage {number}\n\n## Action items\n\n- [ ] Add alert {number} (owner: @ann)\n- Add it again\n"
        data = b"\xff\n" if number in {0, 99, count - 1} else text.encode()
        (root / "postmortems" / f"{number:04}.md").write_bytes(data)


def answer(root: Path, command: str, processors: list[int]) -> tuple[int, str, str]:
    """What a command says and ends with, on some of the processors."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "pm_sync", command, "--format", "json", "postmortems"],
        check=False,
        capture_output=True,
        text=True,
        cwd=root,
        timeout=60,
        preexec_fn=lambda: os.sched_setaffinity(0, processors),
    )
    return done.returncode, done.stdout, done.stderr
