"""Print how long large runs take on the embedded tracker: ``python -m tests.bench.local [FILES] [ITEMS_IN_EACH]``."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_PM_SYNC = str(Path(sys.executable).with_name("pm-sync"))
BUDGETS = {
    ("sync", "--yes", "--max-creates", "100000"): 3.0,
    ("sync", "--yes"): 1.0,
    ("status",): None,
    ("items",): None,
}
"""Seconds that each run in turn may take for 1,000 items in 100 files; None where nothing is promised."""


def main(files: int = 100, items: int = 10) -> int:
    """Make a repository, and measure one command after the other in it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _make(folder / "postmortems", files, items)
        print(f"{files * items} items in {files} files")
        for words, budget in BUDGETS.items():
            seconds, last = _run(words, folder)
            promise = f"  (at most {budget:.0f} s for 1000)" if budget else ""
            print(f"pm-sync {' '.join(words):<34}{seconds:6.2f} s{promise}  {last}")
    return 0


def _make(folder: Path, files: int, items: int) -> None:
    folder.mkdir()
    for number in range(files):
        lines = [f"- [ ] Harden part {item} of service {number} (@team{item}, P{item % 4})" for item in range(items)]
        text = f"# Outage {number}\n\n**Date:** 2026-03-{number % 28 + 1:02}\n\n## Action items\n\n" + "\n".join(lines)
        (folder / f"{number:04}.md").write_text(f"{text}\n", encoding="utf-8")


def _run(words: tuple[str, ...], folder: Path) -> tuple[float, str]:
    """Seconds, and the last line of what was printed."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    start = time.perf_counter()
    done = subprocess.run(
        [_PM_SYNC, *words], cwd=folder, env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    return time.perf_counter() - start, done.stdout.splitlines()[-1][:60]


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
