"""Anything that people may do to files and issues, in any order, between syncs that anything may befall."""

from __future__ import annotations

import shutil
from contextlib import suppress

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from pm_sync.errors import PmSyncError
from pm_sync.sync.changes import ChangeKind
from tests.house import JOURNAL, House
from tests.property.machine.at_files import WithFiles
from tests.property.machine.at_issues import WithIssues
from tests.property.machine.fate import Blow, Fate, KilledError
from tests.property.machine.lines import TEXTS, Line
from tests.property.machine.scenery import ANY

BLOWS = [blow for blow in Blow if blow is not Blow.MEANWHILE]
MOMENTS = st.integers(1, 15)
"""Which side effect of a run it is that something befalls; a run that has fewer goes well."""


class Everyday(WithFiles, WithIssues):
    """All rules: those below are about syncs."""

    @initialize(texts=st.lists(TEXTS, min_size=1, max_size=3, unique=True))
    def begin(self, texts: list[str]) -> None:
        """The first sync."""
        self.files.of(0).extend(Line(text) for text in texts)
        self.settle()

    @rule()
    @precondition(lambda self: any(self.files))
    def sync(self) -> None:
        """One that nothing befalls."""
        self.settle()

    @rule(
        text=TEXTS,
        to=ANY,
        blows=st.lists(st.tuples(st.sampled_from(BLOWS), MOMENTS, st.booleans()), min_size=1, max_size=3),
    )
    def be_disturbed(self, text: str, to: int, blows: list[tuple[Blow, int, bool]]) -> None:
        """There is a new item, and something befalls one sync after the other, each perhaps without a journal."""
        self.add(text, to)
        self._save()
        for blow, at, fresh in blows:
            if fresh:
                shutil.rmtree(self.house.root / JOURNAL, ignore_errors=True)
            with self._fate(Fate(blow, at)), suppress(KilledError):
                self._sync(self.house)
        self._take_in()

    @rule()
    def lose_the_journal(self) -> None:
        """The next sync is on a fresh machine."""
        shutil.rmtree(self.house.root / JOURNAL, ignore_errors=True)

    @rule(at=MOMENTS, text=TEXTS, which=ANY, edit=st.sampled_from(["add", "reword", "touch_up", "tick", "cut"]))
    @precondition(lambda self: any(self.files))
    def edit_meanwhile(self, at: int, text: str, which: int, edit: str) -> None:
        """Somebody saves a file while a sync is at work."""

        def work() -> None:
            self._take_in()
            words = {"at": which} | ({"text": text} if edit in ("add", "reword") else {})
            getattr(self, edit)(**words)
            self._save()

        self._save()
        with self._fate(Fate(Blow.MEANWHILE, at, work)) as fate:
            self._sync(self.house)
        if fate.blow is not None:
            fate.run_meanwhile()
        self._take_in()

    @rule(text=TEXTS, to=ANY, at=MOMENTS, death=st.none() | MOMENTS)
    @precondition(lambda self: self.world.shared)
    def sync_on_two_machines(self, text: str, to: int, at: int, death: int | None) -> None:
        """While one machine syncs, another does so from its first call to its last, or until it dies."""
        self.add(text, to)
        self._save()
        other = self._clone()

        def work() -> None:
            with self._fate(Fate(Blow.DIE_AFTER, death) if death else Fate()), suppress(KilledError):
                self._sync(other)

        with self._fate(Fate(Blow.MEANWHILE, at, work)) as fate:
            synced = self._sync(self.house)
        if fate.blow is not None:
            fate.run_meanwhile()
        for path in self.files.lines:
            # The other one pushed first: what was recorded here is recorded upon that.
            theirs = (other.root / path).read_bytes()
            with suppress(PmSyncError):
                theirs = synced.rewrite(path, theirs)
            self.house.write(path, theirs)
        self._take_in()

    @rule(at=ANY, same=st.booleans())
    @precondition(lambda self: any(self.files))
    def decide(self, at: int, *, same: bool) -> None:
        """Somebody who was asked whether an item is an issue's tells."""
        self._save()
        asked = self.house.plan(allow_empty=tuple(self.files.lines)).plan.of(ChangeKind.CONFLICT)
        asked = tuple(change for change in asked if "perhaps" in change.reason)
        if not asked:
            return
        change = asked[at % len(asked)]
        place, ref = f"{change.path}:{change.line}", change.ref
        line = next(line for line in self.files if self.files.place(line) == place)
        assert ref is not None
        if same:
            self.house.link(place, str(ref))
            line.issue = ref.url or str(ref)
            self.people.left.discard(line.issue)
        else:
            self._sync(self.house, new=(place,))
            self.people.left.add(ref.url or str(ref))
            line.issue = None
        self._take_in()

    def _clone(self) -> House:
        other = self.world.machine(next(self.machines))
        for path, data in self.house.files().items():
            other.write(path, data)
        return other
