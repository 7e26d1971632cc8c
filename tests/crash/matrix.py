"""The matrix: every moment at which a sync may be killed, times every way in which the next run may find things."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path

from msgspec import Struct, field

from tests.crash import scene
from tests.crash.dying import Dying, Order
from tests.crash.world import Held, World, duplicates, facts, files, scrub

CONFIG = """\
version: 1
postmortems: ["postmortems/*.md"]
trackers: {{place: {settings}}}
routes: [{{to: place}}]
removed: comment
"""
_KILLED = -9
_CREATES = re.compile(r" POST .*(/issues|/issue/bulk|/sub_issues|/issueLink)$")
_MOST_RUNS = 3
"""Until all is settled where an index lags."""


class Left(StrEnum):
    """What the next run finds."""

    ALL = "the same machine"
    NO_STATE = "without .pm-sync"
    CLONE = "a fresh clone"
    """Without ``.pm-sync``, and without what the killed run wrote into files."""


class Point(Struct, frozen=True):
    """One death, and what is left of it."""

    last: int
    """The moment, counted from 1."""
    moment: str
    left: Left


class Tally(Struct):
    """What came of them."""

    world: str
    moments: int = 0
    """At which a run may be killed."""
    points: int = 0
    """Moments tried, each in one of the ways in which the next run may find things."""
    runs: int = 0
    duplicates: int = 0
    losses: int = 0
    """Facts that aren't as a clean run leaves them, and runs that didn't end well."""
    torn: int = 0
    """Files that are neither as they were nor as they should be."""
    leftovers: int = 0
    """What a run should not leave behind."""
    seconds: float = 0.0
    complaints: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Whether there was something to try, and all went well."""
        return bool(self.points) and not (self.duplicates or self.losses or self.torn or self.leftovers)


def every(moments: Sequence[str]) -> list[Point]:
    """All of them."""
    return [Point(last, moment, left) for last, moment in enumerate(moments, 1) for left in Left]


def sample(moments: Sequence[str], step: int) -> list[Point]:
    """Each ``step``-th of them, and besides all around what creates issues; what is left changes from point to point."""
    lefts = list(Left)
    chosen = [last for last, moment in enumerate(moments, 1) if last % step == 0 or _CREATES.search(moment)]
    return [Point(last, moments[last - 1], lefts[at % len(lefts)]) for at, last in enumerate(chosen)]


class Matrix:
    """The matrix of one tracker."""

    def __init__(self, world: World, base: Path, dying: Dying) -> None:
        """Build the scene, and look at what a clean run makes of it."""
        self._world, self._base, self._dying = world, base, dying
        self.tally = Tally(world.name)
        self._template = base / "template"
        self._build()
        self._before = files(self._template)
        folder = self._start("clean")
        assert self._run(folder, fated=True) == 0, self._said(folder)
        self.moments = (folder.with_suffix(".note")).read_text().split("\n")
        self.tally.moments = len(self.moments)
        issues = list(world.issues(folder))
        self.clean = self._facts(issues, folder)
        self._after = {name: scrub(text, issues) for name, text in files(folder).items()}
        assert self._run(folder) == 0, self._said(folder)
        assert self._facts(list(world.issues(folder)), folder) == self.clean, "a further run changes something"

    def try_out(self, points: Sequence[Point], told: Callable[[Tally], object] = lambda _: None) -> Tally:
        """Die at each point, go on, and see."""
        start = time.perf_counter()
        for point in points:
            self._try(point)
            self.tally.points += 1
            self.tally.seconds = time.perf_counter() - start
            told(self.tally)
        return self.tally

    def _build(self) -> None:
        root = self._template
        root.mkdir(parents=True)
        (root / "pm-sync.yaml").write_text(CONFIG.format(settings=self._world.settings))
        scene.first(root)
        self._world.begin(root)
        if self._world.first_day:
            scene.only(root)
            elsewhere = self._base / "warm"
            shutil.copytree(root, elsewhere)
            self._settle(elsewhere, warm=True)
        else:
            self._settle(root, warm=True)
            people = self._world.people(root)
            scene.second(people)
            self._settle(root)
            scene.third(root, people)
            self._world.save(root)
            self._world.forget(root)
        self._world.keep()

    def _settle(self, root: Path, *, warm: bool = False) -> None:
        """Sync until nothing is left to do."""
        for _ in range(_MOST_RUNS):
            before = files(root)
            assert self._run(root, warm=warm) in (0, 11), self._said(root)
            if files(root) == before:
                return

    def _try(self, point: Point) -> None:
        folder = self._start("killed")
        code = self._run(folder, fated=True, last=point.last)
        met = folder.with_suffix(".note").read_text()
        if code != _KILLED or met != point.moment:
            self._complain(point, f"was not killed {point.moment}, but {met}: {code}")
            self.tally.losses += 1
            return
        self._look_for_torn(point, folder)
        if point.left is not Left.ALL:
            self._world.forget(folder)
        if point.left is Left.CLONE:
            self._world.renew(folder, self._template)
        self._go_on(point, folder)
        self._compare(point, folder)

    def _start(self, name: str) -> Path:
        folder = self._base / name
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self._template, folder)
        self._world.rewind()
        return folder

    def _go_on(self, point: Point, folder: Path) -> None:
        """Run again, where an index lags until it has caught up and nothing is left to do."""
        codes = [self._run(folder)]
        for _ in range(_MOST_RUNS if self._world.lag else 0):
            self._world.wait()
            codes.append(self._run(folder))
        if codes[-1] != 0:
            self.tally.losses += 1
            self._complain(point, f"ended with {codes}: {self._said(folder)}")

    def _compare(self, point: Point, folder: Path) -> None:
        issues = list(self._world.issues(folder))
        found = self._facts(issues, folder)
        wrong = [name for name in sorted(found.keys() | self.clean.keys()) if found.get(name) != self.clean.get(name)]
        for name in wrong:
            self._complain(point, f"{name}: {found.get(name)!r} instead of {self.clean.get(name)!r}")
        again = duplicates(issues)
        strays = sorted(strays_of(folder))
        if again or strays:
            self._complain(point, f"{again} duplicates, left behind: {strays}")
        self.tally.losses += len(wrong)
        self.tally.duplicates += again
        self.tally.leftovers += len(strays)

    def _facts(self, issues: Sequence[Held], folder: Path) -> dict[str, str]:
        return facts(issues, {**files(folder), **self._world.elsewhere(folder)})

    def _look_for_torn(self, point: Point, folder: Path) -> None:
        changed = {name: text for name, text in files(folder).items() if text != self._before.get(name)}
        issues = list(self._world.issues(folder)) if changed else []
        for name, text in changed.items():
            if scrub(text, issues) != self._after.get(name):
                self.tally.torn += 1
                self._complain(point, f"{name} is torn: {text!r}")

    def _run(self, folder: Path, *, fated: bool = False, last: int = 0, warm: bool = False) -> int:
        self.tally.runs += 1
        return self._dying.run(
            Order(
                folder=str(folder),
                words=tuple(self._world.words),
                environment={"PATH": "/usr/bin:/bin", "HOME": str(self._base), **self._world.environment()},
                said=str(folder.with_suffix(".said")),
                note=str(folder.with_suffix(".note")) if fated else "",
                last=last,
                ahead=self._world.ahead,
                clock=self._world.clock,
                warm=warm,
            )
        )

    def _said(self, folder: Path) -> str:
        return folder.with_suffix(".said").read_text(errors="replace")

    def _complain(self, point: Point, what: str) -> None:
        self.tally.complaints.append(f"{self._world.name}, killed {point.moment} ({point.last}), {point.left}: {what}")


def strays_of(root: Path) -> Iterator[str]:
    """What a run that ended well leaves behind, though it shouldn't."""
    state = root / ".pm-sync"
    for pattern in ("*.tmp", "journal/*", "lock.json"):
        yield from (path.name for path in state.glob(pattern))
    if (state / ".gitignore").read_text() != "*\n":
        yield ".gitignore, torn"
