"""Print calls and time on Jira beside todo-jira-sync's: ``python -m tests.bench.jira [ITEMS…]``.

Both work on the same fake of Jira Cloud in the same run, without and with 50 ms of latency.
First: ``python tests/e2e/install.py peers``.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.github import Latency
from tests.e2e.install import HOME
from tests.fakes.front import Front, front_of
from tests.fakes.jira_cloud import EMAIL, TOKEN, Cloud

_PM_SYNC = str(Path(sys.executable).with_name("pm-sync"))
_PEER = HOME / "todo-jira-sync" / "bin" / "todo-jira-sync"
_LATENCIES = (0.0, 0.05)
_READS = ("/search/jql", "/issue/bulkfetch")
_CONFIG = "version: 1\ntrackers: {ops: {kind: jira, project: OPS}}\nroutes: [{to: ops}]\n"


@dataclass(frozen=True, slots=True)
class Bench:
    """One tool's project, and its folder here."""

    front: Front
    folder: Path

    def measure(self, what: str, command: Sequence[str]) -> None:
        """Run a command, and print its calls, writes and seconds."""
        self.front.exchanges.clear()
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "JIRA_EMAIL": EMAIL}
        environment |= {"JIRA_API_TOKEN": TOKEN, "JIRA_BASE_URL": self.front.url, "JIRA_URL": self.front.url}
        start = time.perf_counter()
        subprocess.run(command, cwd=self.folder, env=environment, check=True, stdout=subprocess.DEVNULL)
        seconds = time.perf_counter() - start
        calls = self.front.calls
        writes = [call for call in calls if not call.startswith("GET ") and not call.endswith(_READS)]
        print(f"  {what:<24}{len(calls):>6} calls, {len(writes):>5} of them writes{seconds:>9.2f} s", flush=True)


def main(sizes: Sequence[int] = (100, 1000)) -> int:
    """Measure each size with each latency."""
    for latency in _LATENCIES:
        for items in sizes:
            print(f"{items} items, {latency * 1000:.0f} ms of latency")
            for tool in (_ours, _peer):
                with tempfile.TemporaryDirectory() as folder, front_of("", Latency(latency), Cloud()) as front:
                    tool(Bench(front, Path(folder)), items)
    return 0


def _ours(bench: Bench, items: int) -> None:
    """Ten items in each postmortem."""
    (bench.folder / "pm-sync.yaml").write_text(_CONFIG, encoding="utf-8")
    (bench.folder / "postmortems").mkdir()
    for start in range(0, items, 10):
        lines = "".join(f"- [ ] Harden part {n}\n" for n in range(start, min(start + 10, items)))
        path = bench.folder / "postmortems" / f"{start:05}.md"
        path.write_text(f"# Outage {start}\n\n## Action items\n\n{lines}", encoding="utf-8")
    first = [_PM_SYNC, "sync", "--yes", "--max-creates", str(items)]
    for what, command in (("first", first), ("second", [_PM_SYNC, "sync", "--yes"]), ("status", [_PM_SYNC, "status"])):
        bench.measure(f"pm-sync {what}", command)


def _peer(bench: Bench, items: int) -> None:
    """One file, a line for each issue."""
    if not _PEER.exists():
        return
    (bench.folder / "todo.todo").write_text("".join(f"☐ Harden part {n}\n" for n in range(items)), encoding="utf-8")
    for name, command in (("first", "sync"), ("second", "sync"), ("status", "status")):
        bench.measure(f"todo-jira-sync {name}", [str(_PEER), command, "--project", "OPS"])


if __name__ == "__main__":
    sys.exit(main([int(word) for word in sys.argv[1:]] or (100, 1000)))
