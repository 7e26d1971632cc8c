"""Kill a sync at every moment there is, run it again, and print what came of it: ``python -m tests.bench.crashes``.

Options: names of trackers (else all of them); ``--every N`` tries only each N-th moment and all around creates, each in
one of three ways; ``--jobs N`` tries so many trackers at once. The exit code is 0 if nothing was made twice, lost, torn or
left behind, and 1 otherwise; each point at which something was is told.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from msgspec import convert, to_builtins

from tests.crash.dying import Dying
from tests.crash.matrix import Matrix, Tally, every, sample
from tests.crash.worlds import WORLDS

_COLUMNS = ("moments", "points", "runs", "duplicates", "losses", "torn", "leftovers")
_MEMORY = Path("/dev/shm")  # noqa: S108  where flushing costs nothing
_SHOWN = 20
_TOLD = 50
"""Points between two words on stderr."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Try all, and print a line for each tracker and one for all."""
    parser = argparse.ArgumentParser(description="Kill a sync at every moment, and run it again.")
    parser.add_argument("worlds", nargs="*", metavar="TRACKER", help=", ".join(WORLDS))
    parser.add_argument("--every", type=int, default=0, help="try each N-th moment only, and all around creates")
    parser.add_argument("--jobs", type=int, default=2, help="trackers at once")
    parser.add_argument("--as-json", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    names = chosen.worlds or list(WORLDS)
    if chosen.as_json:
        print(json.dumps(to_builtins(try_world(names[0], chosen.every))))
        return 0
    start = time.perf_counter()
    with ThreadPoolExecutor(chosen.jobs) as pool:
        tallies = [*_shown(pool.map(lambda name: _in_process(name, chosen.every), names))]
    _show(_total(tallies, time.perf_counter() - start))
    return 0 if all(tally.good for tally in tallies) else 1


def try_world(name: str, step: int) -> Tally:
    """Try one tracker: everything, or a sample."""
    memory = _MEMORY if _MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(dir=memory) as folder, WORLDS[name](Path(folder)) as world, Dying() as dying:
        matrix = Matrix(world, Path(folder) / "matrix", dying)
        points = sample(matrix.moments, step) if step else every(matrix.moments)
        return matrix.try_out(points, lambda tally: _tell_progress(tally, len(points)))


def _tell_progress(tally: Tally, points: int) -> None:
    if tally.points % _TOLD == 0:
        print(f"{tally.world}: {tally.points} of {points} points, {len(tally.complaints)} complaints", file=sys.stderr)


def _in_process(name: str, step: int) -> Tally:
    """In a process of its own, as servers and what is forked from them must not get into each other's way."""
    command = [sys.executable, "-m", "tests.bench.crashes", name, "--every", str(step), "--as-json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False, cwd=Path(__file__).parents[2])
    if done.returncode:
        return Tally(name, complaints=[f"{name} could not be tried"])
    return convert(json.loads(done.stdout), Tally)


def _shown(tallies: Iterator[Tally]) -> Iterator[Tally]:
    print(f"{'':<46}" + "".join(f"{column:>12}" for column in _COLUMNS) + f"{'seconds':>10}")
    for tally in tallies:
        _show(tally)
        for complaint in tally.complaints[:_SHOWN]:
            print(f"  {complaint[:2000]}")
        yield tally


def _show(tally: Tally) -> None:
    numbers = "".join(f"{getattr(tally, column):>12}" for column in _COLUMNS)
    print(f"{tally.world:<46}{numbers}{tally.seconds:>10.1f}", flush=True)


def _total(tallies: Sequence[Tally], seconds: float) -> Tally:
    return Tally("all", seconds=seconds, **{name: sum(getattr(t, name) for t in tallies) for name in _COLUMNS})


if __name__ == "__main__":
    sys.exit(main())
