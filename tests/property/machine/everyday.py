"""Anything that people may do to files and issues, in any order, around syncs that anything may befall."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from pm_sync.errors import PmSyncError
from pm_sync.model import State
from pm_sync.sync.changes import ChangeKind
from tests.house import JOURNAL, House
from tests.property.machine.at_files import WithFiles
from tests.property.machine.at_issues import WithIssues
from tests.property.machine.fate import Blow, Fate, KilledError
from tests.property.machine.lines import DUES, TEXTS, Line

Work = tuple[str, dict[str, Any]]
"""A method of the machine, and its words."""

AT = st.integers(0, 5)
"""Which line, file or issue it is, counted round and round; few, so that works meet."""
BLOWS = [blow for blow in Blow if blow is not Blow.MEANWHILE]
MOMENTS = st.integers(1, 15)
"""Which side effect of a run it is that something befalls; a run that has fewer goes well."""


def _works(name: str, **words: st.SearchStrategy[Any]) -> st.SearchStrategy[Work]:
    return st.tuples(st.just(name), st.fixed_dictionaries({"at": AT, **words}))


IN_FILES = (
    _works("add", text=TEXTS),
    _works("reword", text=TEXTS),
    _works("touch_up"),
    _works("tick"),
    _works("schedule", due=DUES),
    _works("cut"),
    _works("paste"),
    _works("copy", to=AT),
    _works("turn_round"),
    _works("move_over"),
    _works("unlink"),
)
ANYWHERE = st.one_of(
    *IN_FILES,
    _works("rename", keep_links=st.booleans()),
    _works("move", state=st.sampled_from(State)),
    _works("retitle", title=TEXTS),
    _works("put_off", due=DUES),
    _works("agree"),
    _works("write", words=TEXTS, place=st.sampled_from(["above", "below", "comment"])),
    _works("delete"),
    _works("transfer", labelled=st.booleans()),
    _works("decide", same=st.booleans()),
)
WORKS = st.lists(ANYWHERE, max_size=5)


class Everyday(WithFiles, WithIssues):
    """Each rule is a day: people work, syncs go well or badly, and in the end one goes well and is looked at."""

    @initialize(texts=st.lists(TEXTS, min_size=1, max_size=3, unique=True))
    def begin(self, texts: list[str]) -> None:
        """The first sync."""
        self.files.of(0).extend(Line(text) for text in texts)
        self.settle()

    @rule(works=WORKS)
    def good_day(self, works: Sequence[Work]) -> None:
        """Nothing befalls the sync."""
        self._do(works)
        self.settle()

    @rule(
        text=TEXTS,
        works=WORKS,
        blows=st.lists(st.tuples(st.sampled_from(BLOWS), MOMENTS, st.booleans()), min_size=1, max_size=3),
        later=WORKS,
    )
    def bad_day(
        self, text: str, works: Sequence[Work], blows: list[tuple[Blow, int, bool]], later: Sequence[Work]
    ) -> None:
        """Something befalls one sync after the other, each perhaps on a fresh machine, without a journal."""
        self._do([*works, ("add", {"text": text, "at": 0})])
        self._save()
        for blow, at, fresh in blows:
            if fresh:
                shutil.rmtree(self.house.root / JOURNAL, ignore_errors=True)
            with self._fate(Fate(blow, at)), suppress(KilledError):
                self._sync(self.house)
        self._take_in()
        self._do(later)
        self.settle()

    @rule(text=TEXTS, works=WORKS, moment=MOMENTS, meanwhile=st.lists(st.one_of(*IN_FILES), min_size=1, max_size=3))
    def busy_day(self, text: str, works: Sequence[Work], moment: int, meanwhile: Sequence[Work]) -> None:
        """Somebody saves the files while a sync is at work."""

        def work() -> None:
            self._take_in()
            self._do(meanwhile)
            self._save()

        self._do([*works, ("add", {"text": text, "at": 0})])
        self._save()
        with self._fate(Fate(Blow.MEANWHILE, moment, work)) as fate:
            self._sync(self.house)
        if fate.blow is not None:
            fate.run_meanwhile()
        self._take_in()
        self.settle()

    @rule(text=TEXTS, works=WORKS, moment=MOMENTS, death=st.none() | MOMENTS, later=WORKS)
    @precondition(lambda self: self.world.shared)
    def day_of_two_machines(
        self, text: str, works: Sequence[Work], moment: int, death: int | None, later: Sequence[Work]
    ) -> None:
        """While one machine syncs, another does so from its first call to its last, or until it dies."""
        self._do([*works, ("add", {"text": text, "at": 0})])
        self._save()
        other = self._clone()

        def work() -> None:
            with self._fate(Fate(Blow.DIE_AFTER, death) if death else Fate()), suppress(KilledError):
                self._sync(other)

        with self._fate(Fate(Blow.MEANWHILE, moment, work)) as fate:
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
        self._do(later)
        self.settle()

    def _do(self, works: Sequence[Work]) -> None:
        for name, words in works:
            getattr(self, name)(**words)

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
