"""The log of several processes, and of one that is killed: lines stay whole."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

WRITE = """
import sys
from pathlib import Path
from pm_sync import trace
from pm_sync.cli.log import start_log
start_log(log_file=Path("run.log"))
for number in range(int(sys.argv[1])):
    trace.tell("call", "GET /x" + "y" * 500, number=number)
print("written", flush=True)
sys.stdin.read()
"""


def write(folder: Path, count: int) -> subprocess.Popen[str]:
    """A process that writes so many events, and then waits."""
    command = [sys.executable, "-c", WRITE, str(count)]
    return subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_lines_of_processes_at_once_stay_whole(tmp_path: Path) -> None:
    """Two syncs of one machine may share a log; each line says whose it is."""
    processes = [write(tmp_path, 500) for _ in range(3)]
    for process in processes:
        process.communicate()
    told = [json.loads(line) for line in (tmp_path / "run.log").read_text().splitlines()]
    calls = [line for line in told if line["event"] == "call"]
    assert len({line["run"] for line in calls}) == 3
    assert len(calls) == 1500


def test_what_a_killed_process_told_is_there(tmp_path: Path) -> None:
    """Nothing waits in a buffer."""
    with write(tmp_path, 20) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "written\n"
        process.send_signal(signal.SIGKILL)
    told = [json.loads(line) for line in (tmp_path / "run.log").read_text().splitlines()]
    assert [line["number"] for line in told if line["event"] == "call"] == list(range(20))
