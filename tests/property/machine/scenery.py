"""What all rules stand on: the repository, its world, the syncs, and what is known of the people at work."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from itertools import count
from pathlib import Path
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine

from pm_sync.mark import value_hash
from pm_sync.session.runs import Synced
from tests.house import House
from tests.property.machine.fate import Fate
from tests.property.machine.lines import Files, Line
from tests.property.machine.promises import Before, People, Scene, twins
from tests.property.machine.worlds import World


class Scenery(RuleBasedStateMachine):
    """A repository with two postmortems, and everybody at work on it."""

    def __init__(self, make_world: Callable[[Path], World]) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="everyday-"))
        self.world = make_world(self.root)
        self.house = self.world.house
        self.paths = (f"postmortems/{number}.md" for number in count(1))
        self.machines = (f"machine-{number}" for number in count(2))
        first, second = next(self.paths), next(self.paths)
        self.files = Files(first, second, tables=[second] if self.world.tables else [])
        self.people = People()
        self.cuttings: list[Line] = []
        """Lines that were cut out."""

    def teardown(self) -> None:
        """Leave nothing behind."""
        self.world.close()
        shutil.rmtree(self.root)

    def settle(self) -> None:
        """Sync, undisturbed, and look whether every promise was kept."""
        self.world.rest()
        self._save()
        before = Before({id(line): copy(line) for line in self.files}, self.world.issues())
        result = self._sync(self.house).result
        self.people.twins |= twins(before.issues) | twins(self.world.issues())
        assert [outcome.error for outcome in result.outcomes if not outcome.ok] == []
        assert (result.file_errors, result.left, self.house.strays()) == ((), 0, [])
        self.files.take_in(self.house.read)
        Scene(self.files, self.people, before, self.world.issues(), result, self.world.removed).check()
        self._learn()
        self._check_rest()

    def _check_rest(self) -> None:
        """A further sync writes nothing, anywhere."""
        self.world.rest()
        before = (self.house.files(), self.world.written())
        result = self._sync(self.house).result
        assert result.plan.pending == ()
        assert (self.house.files(), self.world.written()) == before

    @contextmanager
    def _fate(self, fate: Fate) -> Iterator[Fate]:
        before, self.world.fate = self.world.fate, fate
        try:
            yield fate
        finally:
            self.world.fate = before

    def _sync(self, house: House, **scope: Any) -> Synced:
        """Sync, whatever guards would say of so many changes."""
        scope |= {"max_creates": 1000, "max_updates": 1000, "max_closes": 1000}
        return house.carry_out(allow_empty=tuple(self.files.lines), **scope)

    def _save(self) -> None:
        self.people.settled |= {self.people.now(line.link) for line in self.files if line.box == "x"}
        for path in self.files.lines:
            self.house.write(path, self.files.text(path))

    def _take_in(self) -> None:
        """Read the files after anything but a settled sync."""
        self.files.take_in(self.house.read)
        self._learn()

    def _learn(self) -> None:
        """Note which issues lines were given, and what those have heard of them."""
        issues = self.world.issues()
        self.people.twins |= twins(issues)
        if self.world.removed == "close":
            linked = {self.people.now(line.link) for line in self.files}
            self.people.settled |= {i.address for i in issues.values() if i.state.settled and i.address not in linked}
        for line in self.files:
            line.issue = line.issue if line.link is None or line.shared else self.people.now(line.link)
            issue = issues.get(line.issue or "")
            if issue is not None and issue.mark and issue.mark.base.get("title") == value_hash(line.text):
                line.synced = line.text
                if issue.title == line.text:  # whoever wrote it, now both sides agree
                    self.people.titles.pop(issue.address, None)
            if issue is not None and issue.mark and issue.mark.base.get("due") == value_hash(line.due):
                line.synced_due = line.due
                if issue.due == line.due:
                    self.people.dues.pop(issue.address, None)

    def _lose_sight(self, line: Line) -> None:
        """Nothing tells any more that an issue is this line's."""
        issues = {line.issue or "", line.link or ""}
        self.people.left |= issues
        # A sync under way may close it before the line is put in again.
        self.people.settled |= issues if self.world.removed == "close" else set()
        line.issue = None

    def _is_here(self, address: str | None) -> bool:
        issue = self.world.issues().get(address or "")
        return issue is not None and issue.here

    def _issue(self, at: int) -> str | None:
        """One of the issues: an item's, most often, so that both sides are worked on."""
        line = self.files.pick(at)
        alive = sorted(self.world.issues().keys() - self.people.gone)
        if line is not None and line.issue in alive:
            return line.issue
        return alive[at % len(alive)] if alive else None
