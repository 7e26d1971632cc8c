"""Print calls and time on GitHub beside planhub's: ``python -m tests.bench.github [ITEMS…]``.

Both work on the same emulator in the same run, without and with 50 ms of latency, and neither pauses between writes.
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

from tests.e2e.counterparts import emulate
from tests.e2e.github import ask
from tests.e2e.install import HOME
from tests.fakes.front import Answer, Asked, Front, Layer, front_of

_PM_SYNC = str(Path(sys.executable).with_name("pm-sync"))
_PLANHUB = HOME / "planhub" / "bin" / "python"
_REDIRECTED = (
    "import sys; from planhub.github import GitHubClient; GitHubClient.__init__.__defaults__ = (sys.argv.pop(1), None); "
    "from planhub.cli import app; app()"
)
"""planhub has no option for another server than GitHub's own."""
_LATENCIES = (0.0, 0.05)


@dataclass(slots=True)
class Latency(Layer):
    """Every answer takes so long."""

    seconds: float

    def amend(self, asked: Asked, answer: Answer) -> Answer:
        """Wait."""
        time.sleep(self.seconds)
        return answer


@dataclass(frozen=True, slots=True)
class Bench:
    """One tool's repository on the emulator, and its folder here."""

    front: Front
    name: str
    token: str
    folder: Path

    def measure(self, what: str, command: Sequence[str]) -> None:
        """Run a command, and print its calls, writes and seconds."""
        self.front.exchanges.clear()
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder)}
        environment |= {"GITHUB_TOKEN": self.token, "GITHUB_API_URL": self.front.url}
        start = time.perf_counter()
        subprocess.run(command, cwd=self.folder, env=environment, check=True, stdout=subprocess.DEVNULL)
        seconds = time.perf_counter() - start
        calls = [exchange.method for exchange in self.front.exchanges]
        writes = len(calls) - calls.count("GET")
        print(f"  {what:<24}{len(calls):>6} calls, {writes:>5} of them writes{seconds:>9.2f} s", flush=True)


def main(sizes: Sequence[int] = (100, 1000)) -> int:
    """Measure each size with each latency."""
    runs = [(items, latency) for latency in _LATENCIES for items in sizes]
    tokens = {
        f"{tool}-{n}": {"login": "acme", "scopes": ["repo"]} for tool in ("ours", "peer") for n in range(len(runs))
    }
    seed = {"tokens": tokens, "github": {"users": [{"login": "acme"}]}}
    with tempfile.TemporaryDirectory() as folder, emulate(seed, Path(folder)) as url:
        for n, (items, latency) in enumerate(runs):
            print(f"{items} items, {latency * 1000:.0f} ms of latency")
            with front_of(url, Latency(latency)) as front:
                _ours(_prepare(front, f"ours-{n}", Path(folder)), items)
                if _PLANHUB.exists():
                    _peer(_prepare(front, f"peer-{n}", Path(folder)), items)
    return 0


def _prepare(front: Front, name: str, parent: Path) -> Bench:
    """A repository of this name on the emulator, with a token of its own, and its clone."""
    folder = parent / name
    folder.mkdir()
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True)
    origin = ["remote", "add", "origin", f"https://github.com/acme/{name}.git"]
    subprocess.run(["git", "-C", str(folder), *origin], check=True)
    ask(front.url, name, "POST", "/user/repos", {"name": name, "auto_init": True})
    return Bench(front, name, name, folder)


def _ours(bench: Bench, items: int) -> None:
    """Ten items in each postmortem."""
    limits = "limits: {creates_per_minute: 0, creates_per_hour: 0}"
    tracker = f"trackers: {{gh: {{kind: github, repository: acme/{bench.name}, {limits}}}}}"
    (bench.folder / "pm-sync.yaml").write_text(f"version: 1\n{tracker}\n", encoding="utf-8")
    (bench.folder / "postmortems").mkdir()
    for start in range(0, items, 10):
        lines = "".join(f"- [ ] Harden part {n}\n" for n in range(start, min(start + 10, items)))
        path = bench.folder / "postmortems" / f"{start:05}.md"
        path.write_text(f"# Outage {start}\n\n## Action items\n\n{lines}", encoding="utf-8")
    first = [_PM_SYNC, "sync", "--yes", "--max-creates", str(items)]
    for what, command in (("first", first), ("second", [_PM_SYNC, "sync", "--yes"]), ("status", [_PM_SYNC, "status"])):
        bench.measure(f"pm-sync {what}", command)


def _peer(bench: Bench, items: int) -> None:
    """One file for each issue, as planhub has it."""
    plan = bench.folder / ".plan"
    (plan / "milestones").mkdir(parents=True)
    (plan / "issues").mkdir()
    for n in range(items):
        text = f"---\ntitle: Harden part {n}\n---\n\nOf an outage.\n"
        (plan / "issues" / f"{n:05}.md").write_text(text, encoding="utf-8")
    for what in ("first", "second"):
        bench.measure(f"planhub {what}", [str(_PLANHUB), "-c", _REDIRECTED, bench.front.url, "sync"])


if __name__ == "__main__":
    sys.exit(main([int(word) for word in sys.argv[1:]] or (100, 1000)))
