"""The worlds that the machine runs in: a repository, its tracker, and the people who work in that tracker."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import pytest
from msgspec import Struct

from pm_sync.errors import AnswerLost
from pm_sync.mark import Mark
from pm_sync.model import IssueDraft, State
from pm_sync.sync import record
from pm_sync.sync.journal import Journal
from pm_sync.trackers.local.tracker import LocalTracker
from tests.factories import Clock
from tests.house import DATABASE, House
from tests.property.machine.fate import Fate

T = TypeVar("T")


class Seen(Struct, frozen=True):
    """An issue as people see it."""

    address: str
    order: int
    """Its number."""
    title: str
    state: State
    words: str
    """All that stands in it, and below it."""
    mark: Mark | None
    due: str | None = None
    """Its due date, empty for none; None where it has no place for one."""
    here: bool = True
    """Whether it is where the tracker keeps its issues, not somewhere else on that server."""


@dataclass(slots=True)
class ServerClock(Clock):
    """Tells what a server's clock says."""

    tell: Callable[[], datetime] = lambda: datetime.now(UTC)

    def __call__(self) -> datetime:
        """The time."""
        return self.tell()


class World:
    """What all worlds have in common. Every side effect of a run goes through `meet`."""

    config = ""
    tables = False
    """Whether one of the postmortems has a table."""
    removed = "report"
    """What becomes of an open issue whose item is gone."""
    environment: Mapping[str, str] = {}
    shared = True
    """Whether several machines can work on one tracker."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.fate = Fate()
        self._open = ExitStack()
        patch = self._open.enter_context(pytest.MonkeyPatch.context())
        for owner, name in ((Journal, "intend"), (Journal, "settle"), (Journal, "finish"), (record, "replace_file")):
            patch.setattr(owner, name, self._watched(getattr(owner, name)))
        self._catch(patch)
        self.house = self.machine("first")

    def machine(self, name: str) -> House:
        """A machine with a clone of its own, empty but for the configuration."""
        folder = self.root / name
        folder.mkdir()
        house = House(folder, ServerClock(tell=self.now), self.environment, self.sleep)
        if self.config:
            house.write("pm-sync.yaml", self.config)
        return house

    def meet(self, act: Callable[[], T], fail: Callable[[], T] | None = None) -> T:
        """Let a side effect happen, or what befalls it in the run under way."""
        return self.fate.meet(act, fail)

    def close(self) -> None:
        """Let go of everything."""
        self._open.close()

    def now(self) -> datetime:
        """The server's clock."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Runs wait for nothing, unless the server's clock is ours to move."""

    def rest(self) -> None:
        """Let so much time pass that searches know everything."""

    def issues(self) -> Mapping[str, Seen]:
        """All issues that there are, by address."""
        raise NotImplementedError

    def written(self) -> object:
        """What grows or changes with everything that is written into the tracker."""
        raise NotImplementedError

    # What people do to the issue at an address.

    def move(self, address: str, state: State) -> None:
        """Bring it into a state."""
        raise NotImplementedError

    def retitle(self, address: str, title: str) -> None:
        """Give it another title."""
        raise NotImplementedError

    def put_off(self, address: str, due: str) -> None:
        """Give it another due date, or none, where it has a place for one."""
        raise NotImplementedError

    def comment(self, address: str, words: str) -> None:
        """Say something below it."""
        raise NotImplementedError

    def scribble(self, address: str, words: str, *, above: bool) -> bool:
        """Write into it, above or below of what we wrote; False where there is no room for people's words."""
        return False

    def delete(self, address: str) -> None:
        """Delete it for good."""
        raise NotImplementedError

    def transfer(self, address: str, *, labelled: bool) -> str | None:
        """Move it elsewhere on the server, with or without our label; None where there is no such thing."""
        return None

    def _catch(self, patch: pytest.MonkeyPatch) -> None:
        """Let every call of the tracker go through the fate of its run."""
        raise NotImplementedError

    def _watched(self, act: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *words, **named: self.meet(lambda: act(*words, **named))


class LocalWorld(World):
    """The embedded tracker."""

    shared = False

    def __init__(self, root: Path, removed: str = "report", *, tables: bool = False) -> None:
        self.removed, self.tables = removed, tables
        self.config = f"removed: {removed}\n"
        super().__init__(root)

    def issues(self) -> Mapping[str, Seen]:
        """From the database."""
        if not (self.house.root / DATABASE).exists():
            return {}
        return {seen.address: seen for seen in self._seen()}

    def _seen(self) -> Iterator[Seen]:
        for entry in self.house.issues():
            issue = entry.issue
            words = "\n".join((issue.details or "", *entry.comments))
            due = issue.due.isoformat() if issue.due else ""
            yield Seen(str(issue.ref), int(issue.ref.id), issue.title, issue.state, words, issue.mark, due)

    def written(self) -> object:
        """Everything in it."""
        return self.house.issues()

    def move(self, address: str, state: State) -> None:
        """By the command."""
        self.house.move(_number(address), state)

    def retitle(self, address: str, title: str) -> None:
        """By hand."""
        self.house.retitle(_number(address), title)

    def put_off(self, address: str, due: str) -> None:
        """By hand."""
        self.house.put_off(_number(address), due)

    def comment(self, address: str, words: str) -> None:
        """With a word on it."""
        self._execute("INSERT INTO comments (issue, text) VALUES (?, ?)", _number(address), words)

    def delete(self, address: str) -> None:
        """By hand."""
        self._execute("DELETE FROM issues WHERE number = ?", _number(address))

    def _execute(self, statement: str, *values: object) -> None:
        db = sqlite3.connect(self.house.root / DATABASE)
        with db:
            db.execute("PRAGMA foreign_keys = ON")
            db.execute(statement, values)
        db.close()

    def _catch(self, patch: pytest.MonkeyPatch) -> None:
        for name in ("read", "target", "created_since", "update", "move", "comment"):
            patch.setattr(LocalTracker, name, self._failing(getattr(LocalTracker, name), _lose))
        patch.setattr(LocalTracker, "create", self._failing(LocalTracker.create, _lose_all))

    def _failing(self, act: Callable[..., Any], fail: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *words, **named: self.meet(lambda: act(*words, **named), lambda: fail(*words))


def _number(address: str) -> int:
    return int(address.removeprefix("local#"))


def _lose(*_: object) -> NoReturn:
    raise AnswerLost("no answer came")


def _lose_all(_: LocalTracker, drafts: list[IssueDraft]) -> list[AnswerLost]:
    return [AnswerLost("no answer came") for _ in drafts]
