"""Print what commands take, as multiples of Python's own start: ``python -m tests.bench.startup``.

The processor's time is measured, which is nearly all that a start takes, and which other programs hardly change.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median

from tests.e2e.counterparts import emulate
from tests.e2e.github import SEED, ask
from tests.fakes.front import front_of
from tests.fakes.github_layers import RepositoryCounts
from tests.fakes.jira_cloud import EMAIL, TOKEN, Cloud
from tests.tools.generate import ROOT

_PM_SYNC = str(Path(sys.executable).with_name("pm-sync"))
_ROUNDS = 15
_CONFIGURATION = """\
version: 1
postmortems: ["postmortems/**/*.md"]
people: {Ada: {github: ada-acme}, Grace: {github: grace-acme, jira: grace@example.com}}
labels: [postmortem]
sla: {preset: atlassian, P0: 14d}
routes:
  - {when: {priority: [P0, P1]}, to: local, labels: [urgent]}
  - {to: local}
"""
BUDGETS = {
    ("--version",): 8,
    ("--help",): None,
    ("items",): 18,
    ("plan",): 18,
    ("status",): 18,
    ("items", "--config", "team.yaml"): 18,
    ("plan", "--config", "team.yaml"): 18,
    ("status", "--config", "team.yaml"): 18,
    ("sync", "--yes"): None,
    ("plan", "--tracker", "jira:OPS"): 26,
    ("status", "--tracker", "jira:OPS"): 26,
    ("plan", "--tracker", "github:acme/infra"): 34,
    ("status", "--tracker", "github:acme/infra"): 34,
}
"""What a command may take, in starts of Python; None where nothing is promised."""


def main() -> int:
    """Measure all of them in turn, so that whatever else the machine does slows them all."""
    with tempfile.TemporaryDirectory() as name, front_of("", Cloud()) as jira, _github(Path(name)) as github:
        folder = Path(name)
        environment = {"PATH": os.environ["PATH"], "HOME": name, "JIRA_BASE_URL": jira.url}
        environment |= {"JIRA_EMAIL": EMAIL, "JIRA_API_TOKEN": TOKEN}
        environment |= {"GITHUB_API_URL": github, "GITHUB_TOKEN": "acme-0"}
        shutil.copytree(ROOT / "config/examples/postmortems", folder / "postmortems")
        (folder / "team.yaml").write_text(_CONFIGURATION, encoding="utf-8")
        nothing = [sys.executable, "-c", "pass"]
        commands = [nothing, *([_PM_SYNC, *words] for words in reversed(BUDGETS))]
        times = [[_seconds(command, environment) for command in commands] for _ in range(_ROUNDS + 1)][1:]
    base, *rest = (median(column) for column in zip(*times, strict=True))
    print(f"python -c pass{base * 1000:40.0f} ms")
    for words, seconds in zip(BUDGETS, reversed(rest), strict=True):
        budget = BUDGETS[words]
        promise = f"  (at most {budget})" if budget else ""
        print(f"pm-sync {' '.join(words):<34}{seconds * 1000:12.0f} ms  {seconds / base:5.1f} times{promise}")
    return 0


@contextmanager
def _github(folder: Path) -> Iterator[str]:
    with emulate(SEED, folder) as emulator:
        ask(emulator, "acme-0", "POST", "/user/repos", {"name": "infra", "auto_init": True})
        with front_of(emulator, RepositoryCounts()) as front:
            yield front.url


def _seconds(command: Sequence[str], environment: Mapping[str, str]) -> float:
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run(command, cwd=environment["HOME"], env=environment, check=True, capture_output=True)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    sys.exit(main())
