"""Anything that people may do to files and issues, in any order, between syncs that may be killed."""

from __future__ import annotations

import re
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from pm_sync.mark import text_hash
from pm_sync.model import State
from pm_sync.session import runs
from tests.house import JOURNAL, House

HEAD = "# Outage\n\n## Action items\n\n"
_LINE = re.compile(r"- \[(?P<box>[ x])\] (?P<text>.*?)(?P<note> \(local#(?P<number>\d+), [^()]*\))?")
# Long and unlike each other, so that nothing is taken for a reworded other.
TEXTS = st.uuids().map(
    lambda made: " ".join(re.findall(".{8}", made.hex.translate(str.maketrans("0123456789", "ghijklmnop"))))
)


class KilledError(BaseException):
    """The process is gone; nothing catches this."""


@dataclass(slots=True, eq=False)
class Line:
    """One item as its file has it, and what is known of it."""

    text: str
    box: str = " "
    note: str = ""
    issue: int | None = None
    """The issue it was given, which must stay its own."""
    shared: bool = False
    """It was copied, or is a copy: which of them the issue belongs to is not told by the file."""

    def __str__(self) -> str:
        return f"- [{self.box}] {self.text}{self.note}\n"


@dataclass(slots=True)
class People:
    """What people did to issues, which must not be undone."""

    titles: dict[int, str] = field(default_factory=dict)
    settled: set[int] = field(default_factory=set)
    """Issues that were closed, dropped, or ticked in a file at some time."""


class Everyday(RuleBasedStateMachine):
    """A repository with two postmortems, and everybody at work on it."""

    def __init__(self) -> None:
        super().__init__()
        self.house = House(Path(tempfile.mkdtemp(prefix="everyday-")))
        self.names = (f"postmortems/{number}.md" for number in count(1))
        self.files: dict[str, list[Line]] = {next(self.names): [], next(self.names): []}
        self.people = People()

    def teardown(self) -> None:
        """Leave nothing behind."""
        shutil.rmtree(self.house.root)

    @initialize(texts=st.lists(TEXTS, min_size=1, max_size=3, unique=True))
    def begin(self, texts: list[str]) -> None:
        """The first sync."""
        path = next(iter(self.files))
        self.files[path] += [Line(text) for text in texts]
        self.sync()

    # The files

    @rule(text=TEXTS, at=st.integers(0, 9))
    def add(self, text: str, at: int) -> None:
        """A new item."""
        self._file(at).append(Line(text))

    @rule(text=TEXTS, at=st.integers(0, 99))
    def reword(self, text: str, at: int) -> None:
        """An item with a link gets other words."""
        line = self._line(at)
        if line is not None and line.note:
            line.text = text

    @rule(at=st.integers(0, 99))
    def tick(self, at: int) -> None:
        """A box is ticked or unticked."""
        line = self._line(at)
        if line is not None:
            line.box = " " if line.box == "x" else "x"
            if line.issue is not None:
                self.people.settled.add(line.issue)

    @rule(at=st.integers(0, 99))
    def cut(self, at: int) -> None:
        """A line is cut out."""
        for lines in self.files.values():
            if lines:
                del lines[at % len(lines)]
                return

    @rule(at=st.integers(0, 99))
    def copy(self, at: int) -> None:
        """A line is copied, its link included."""
        line = self._line(at)
        if line is not None:
            line.shared = True
            self._file(at).append(Line(line.text, line.box, line.note, line.issue, shared=True))

    @rule(at=st.integers(0, 9), random=st.randoms(use_true_random=False))
    def reorder(self, at: int, random: object) -> None:
        """Lines change places."""
        random.shuffle(self._file(at))  # type: ignore[attr-defined]  # a random.Random

    @rule(at=st.integers(0, 99))
    def move_over(self, at: int) -> None:
        """A line with a link goes to the other file."""
        line = self._line(at)
        if line is None or not line.note:
            return
        for lines in self.files.values():
            if line in lines:
                lines.remove(line)
            else:
                lines.append(line)

    @rule(at=st.integers(0, 9))
    def rename(self, at: int) -> None:
        """A file gets another name, and all its links are lost on the way."""
        old = sorted(self.files)[at % 2]
        self._save()
        marks = {int(entry.issue.ref.id): entry.issue.mark for entry in self.house.issues()}
        (self.house.root / old).unlink()
        lines = self.files[next(self.names)] = self.files.pop(old)
        for line in lines:
            mark = marks.get(line.issue or 0)
            # Only a mark in step with the item says whose issue it is: after a reword or move the link alone does.
            if mark is not None and mark.text == text_hash(line.text) and not (self.house.root / mark.path).exists():
                line.note = ""

    # The tracker

    @rule(at=st.integers(0, 99), state=st.sampled_from(State))
    def move(self, at: int, state: State) -> None:
        """Somebody moves an issue."""
        number = self._issue(at)
        if number is not None:
            self.house.move(number, state)
            if state.settled:
                self.people.settled.add(number)

    @rule(at=st.integers(0, 99), title=TEXTS)
    def retitle(self, at: int, title: str) -> None:
        """Somebody gives an issue another title."""
        number = self._issue(at)
        if number is not None:
            self.house.retitle(number, title)
            self.people.titles[number] = title

    # pm-sync

    @rule()
    @precondition(lambda self: any(self.files.values()))
    def sync(self) -> None:
        """Sync, and look whether every promise was kept."""
        self._save()
        self._sync({int(entry.issue.ref.id) for entry in self.house.issues()})

    def _sync(self, before: set[int]) -> None:
        result = self.house.sync(allow_empty=tuple(self.files))
        assert all(outcome.ok for outcome in result.outcomes)
        self._take_in(before)
        self._check_issues()
        assert self.house.plan(allow_empty=tuple(self.files)).plan.pending == ()
        assert self.house.strays() == []

    @rule(journal_lost=st.booleans())
    @precondition(lambda self: any(self.files.values()))
    def be_killed(self, *, journal_lost: bool) -> None:
        """A sync makes its issues and dies before it writes a file; the next one goes on."""

        def die(*_: object) -> None:
            raise KilledError

        self._save()
        before = {int(entry.issue.ref.id) for entry in self.house.issues()}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(runs, "record", die)
            with suppress(KilledError):
                self.house.sync(allow_empty=tuple(self.files))
        if journal_lost:
            shutil.rmtree(self.house.root / JOURNAL, ignore_errors=True)
        self._sync(before)

    def _save(self) -> None:
        for path, lines in self.files.items():
            self.house.write(path, HEAD + "".join(map(str, lines)))

    def _take_in(self, before: set[int]) -> None:
        """Read what became of each line: words stay, and what has an issue keeps it."""
        for path, lines in self.files.items():
            shown = self.house.read(path).removeprefix(HEAD).splitlines()
            for line, now in zip(lines, shown, strict=True):
                found = _LINE.fullmatch(now)
                assert found is not None, now
                assert found["text"] == line.text
                line.box, line.note = found["box"], found["note"] or ""
                number = int(found["number"]) if found["number"] else None
                if not line.shared:
                    self._check_identity(line, number, before)
                line.issue = number or line.issue

    @staticmethod
    def _check_identity(line: Line, number: int | None, before: set[int]) -> None:
        if line.issue is not None:
            assert number in (line.issue, None), "an item lost its issue to another one"
            assert number is not None or line.box == "x", "an item lost its link"
        elif number is not None:
            assert number not in before, "an item got another one's issue"

    def _check_issues(self) -> None:
        """Each issue has one item, nobody's words are lost, and nothing was closed that nobody closed."""
        owners = [line.issue for lines in self.files.values() for line in lines if line.issue and not line.shared]
        assert len(owners) == len(set(owners)), "two items share an issue"
        for entry in self.house.issues():
            number = int(entry.issue.ref.id)
            if number in self.people.titles:
                assert entry.issue.title == self.people.titles[number]
            assert not entry.issue.state.settled or number in self.people.settled

    def _issue(self, at: int) -> int | None:
        numbers = [int(entry.issue.ref.id) for entry in self.house.issues()]
        return numbers[at % len(numbers)] if numbers else None

    def _file(self, at: int) -> list[Line]:
        return self.files[sorted(self.files)[at % 2]]

    def _line(self, at: int) -> Line | None:
        lines = [line for lines in self.files.values() for line in lines]
        return lines[at % len(lines)] if lines else None


TestEveryday = Everyday.TestCase
TestEveryday.settings = settings(
    max_examples=20, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
)
