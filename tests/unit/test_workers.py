"""Work spread over processes gives what a loop gives, whatever becomes of the processes.

Each case runs in an interpreter of its own: the test runner has threads, beside which nothing is forked.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pm_sync.workers import FEWEST, spread

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks")

_BEGINNING = """
import os, signal, sys, time
from pm_sync.workers import spread
PARENT = os.getpid()

def here(_):
    return os.getpid()

def twice(number):
    return 2 * number
"""


def run(program: str) -> str:
    """What a program prints, which has ended well, said nothing else, and left no process behind."""
    end = "\ntry:\n    os.wait()\nexcept ChildProcessError:\n    pass\nelse:\n    sys.exit('a child is left')\n"
    command = [sys.executable, "-W", "error", "-c", _BEGINNING + program + end]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip()


@pytest.mark.parametrize("count", [0, 1, 2, 5, 6, 9, 50, 301])
@pytest.mark.parametrize("children", [2, 3])
def test_order(count: int, children: int) -> None:
    """The results stand in the order of the pieces, however many there are of both."""
    assert run(f"print(list(spread(twice, range({count}), {children})) == [2 * n for n in range({count})])") == "True"


def test_several_processes() -> None:
    """The work is done by as many children as asked for; the first piece at home."""
    assert run("found = list(spread(here, range(40), 3)); print(len(set(found)), found[0] == PARENT)") == "4 True"


@pytest.mark.parametrize("count", [FEWEST - 1, FEWEST])
def test_few_pieces(count: int) -> None:
    """Nobody is forked for a few pieces, nor with one processor."""
    program = f"""
print(len(set(spread(here, range({count})))))
os.sched_setaffinity(0, {{min(os.sched_getaffinity(0))}})
print(len(set(spread(here, range({count})))))
"""
    processors = int(run("print(len(os.sched_getaffinity(0)))"))
    many = count >= FEWEST and processors > 1
    assert run(program).split() == [str(1 + min(processors, 8) if many else 1), "1"]


def test_beside_threads() -> None:
    """A process with threads is not forked: one of them may hold a lock that nobody would give back."""
    program = """
import threading
done = threading.Event()
thread = threading.Thread(target=done.wait)
thread.start()
print(len(set(spread(here, range(1000)))))
done.set()
thread.join()
"""
    assert run(program) == "1"


def test_an_error_comes_at_its_piece() -> None:
    """What the work raises is raised to whoever takes the results, behind those before it."""
    program = """
def work(number):
    if number == 30:
        raise ValueError('no thirty')
    return number

taken = []
try:
    for result in spread(work, range(60), 2):
        taken.append(result)
except ValueError as error:
    print(error, taken == list(range(30)))
"""
    assert run(program) == "no thirty True"


@pytest.mark.parametrize("fate", ["os._exit(0)", "os.kill(os.getpid(), signal.SIGKILL)", "return lambda: number"])
def test_a_child_that_fails(fate: str) -> None:
    """What a child doesn't deliver, as it was killed or can't, is done at home."""
    program = f"""
def work(number):
    if os.getpid() != PARENT and number > 20:
        {fate}
    return number

print(list(spread(work, range(200), 2)) == list(range(200)))
"""
    assert run(program) == "True"


@pytest.mark.parametrize("call", ["fork", "pipe"])
def test_no_more_processes(call: str) -> None:
    """Where the system allows no further process or open file, all is done at home."""
    program = f"""
def refuse():
    raise BlockingIOError('no more')

os.{call} = refuse
print(list(spread(twice, range(50), 2)) == [2 * n for n in range(50)])
"""
    assert run(program) == "True"


def test_taken_in_part() -> None:
    """Who stops taking results ends the children."""
    program = """
results = spread(twice, range(1_000_000), 2)
print([next(results) for _ in range(20)][-1])
results.close()
"""
    assert run(program) == "38"


_AHEAD = """
import mmap
done = mmap.mmap(-1, 200)

def work(number):
    done[number] = os.getpid() != PARENT
    return bytes(2000)

results = spread(work, range(200), 2)
"""


def test_children_go_ahead() -> None:
    """All is done although nobody takes it yet: no child waits for its turn, or for one that is slower."""
    program = f"""{_AHEAD}
for _ in range(9):
    next(results)
while sum(done[:]) < 192:
    time.sleep(0.001)
print(sum(map(len, results)))
"""
    assert run(program) == str(191 * 2000)


def test_narrow_pipes() -> None:
    """Where the system allows no wide ones the results are the same."""
    program = f"""{_AHEAD}
import fcntl
def refuse(*_):
    raise PermissionError('no more')

fcntl.fcntl = refuse
print(sum(map(len, results)))
"""
    assert run(program) == str(200 * 2000)


def test_a_killed_parent(tmp_path: Path) -> None:
    """Children whose parent was killed end by themselves: they can't write any more."""
    program = f"""
def work(number):
    if os.getpid() != PARENT:
        open(f'{tmp_path}/{{os.getpid()}}', 'w').close()
    return 'x' * 10_000

results = spread(work, range(1_000_000), 2)
for _ in range(40):
    next(results)
os.kill(PARENT, signal.SIGKILL)
"""
    # Its output ends with the last process that could write there.
    command = [sys.executable, "-c", _BEGINNING + program]
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, timeout=60)
    assert done.returncode == -signal.SIGKILL
    assert len(list(tmp_path.iterdir())) == 2


def test_interrupted() -> None:
    """Ctrl-C, which all processes of a terminal get, is heard of once."""
    program = """
def work(number):
    time.sleep(0.01)
    return number

os.setpgid(0, 0)
signal.signal(signal.SIGINT, signal.default_int_handler)  # it is ignored where this was started in the background
try:
    for result in spread(work, range(1000), 2):
        if result == 20:
            os.killpg(0, signal.SIGINT)
except KeyboardInterrupt:
    print('interrupted')
"""
    assert run(program) == "interrupted"


def test_without_children() -> None:
    """A loop is what it is compared with."""
    assert list(spread(str, range(3))) == ["0", "1", "2"]
