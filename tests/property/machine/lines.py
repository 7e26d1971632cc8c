"""The postmortems as people have them in their editors: lines, and what is known of the issue of each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from hypothesis import strategies as st

from pm_sync.model import State

HEAD = "# Outage\n\n## Action items\n\n"
_TABLE = "| Action | Due | Issue | Status |\n|---|---|---|---|\n"
_WORDS = {"Open": State.OPEN, "In progress": State.IN_PROGRESS, "Done": State.DONE, "Dropped": State.DROPPED}
_NOTE = r" \((?:\[[^]]+\]\((?P<url>[^)]+)\)|(?P<local>local#\d+)), (?P<state>[a-z ]+?)(?: \d{4}-\d\d-\d\d)?\)"
_LINE = re.compile(rf"- \[(?P<box>[ x])\] (?P<text>.*?)(?: \(due (?P<due>[\d-]+)\))?(?P<note>{_NOTE})?")

TEXTS = st.uuids().map(
    lambda made: " ".join(re.findall(".{8}", made.hex.translate(str.maketrans("0123456789", "ghijklmnop"))))
)
"""Long and unlike each other, so that nothing is taken for a reworded other."""
DUES = st.sampled_from(["", "2027-01-01", "2027-02-02"])
"""Few, so that both sides may come to the same."""


@dataclass(slots=True, eq=False)
class Line:
    """One item as its file has it, and what is known of it."""

    text: str
    box: str = " "
    """Ticked or not; in a table, whether the state's cell says that it is done."""
    cell: str = ""
    """The state's cell, in a table."""
    in_table: bool = False
    note: str = ""
    issue: str | None = None
    """The address of the issue it was given, which must stay its own."""
    due: str = ""
    """Its due date; empty for none."""
    synced: str = ""
    """Its text as its issue last heard of it."""
    synced_due: str = ""
    """Its due date as its issue last heard of it."""
    shared: bool = False
    """It was copied, or is a copy: which of them the issue belongs to is not told by the file."""

    def __str__(self) -> str:
        if self.in_table:
            return f"| {self.text} | {self.due} | {self.note.strip()} | {self.cell} |\n"
        due = f" (due {self.due})" if self.due else ""
        return f"- [{self.box}] {self.text}{due}{self.note}\n"

    @property
    def link(self) -> str | None:
        """The address in its annotation."""
        found = re.fullmatch(_NOTE, self.note)
        return None if found is None else found["url"] or found["local"]

    @property
    def state(self) -> State | None:
        """The state in its annotation."""
        found = re.fullmatch(_NOTE, self.note)
        return None if found is None else State(found["state"].replace(" ", "_"))

    @property
    def asks(self) -> State | None:
        """The state that its box or cell asks for, against that of its annotation."""
        base, ticked = self.state, self.box == "x"
        if self.in_table:
            return None if base in (None, self.told) else self.told
        if base in (None, State.DROPPED) or ticked == (base is State.DONE):
            return None
        return State.DONE if ticked else State.OPEN

    @property
    def told(self) -> State | None:
        """The state that its cell tells."""
        return _WORDS.get(self.cell)

    @property
    def is_settled(self) -> bool:
        """Whether nothing is to be made of it any more, by what it says itself."""
        return self.box == "x" or (self.in_table and self.told is State.DROPPED)

    def tick(self) -> None:
        """Tick or untick its box, or write that into its cell."""
        self.box = " " if self.box == "x" else "x"
        self.cell = "Done" if self.box == "x" else "Open"

    def lie(self, *, in_table: bool) -> None:
        """It stands in a table now, or in a list."""
        if in_table and not self.in_table:
            self.cell = "Done" if self.box == "x" else ""
        self.in_table = in_table


class Files:
    """All postmortems, by path."""

    def __init__(self, *paths: str, tables: Iterable[str] = ()) -> None:
        self.lines: dict[str, list[Line]] = {path: [] for path in paths}
        self.tables = set(tables)
        """Those of them that have a table in place of a list."""

    def __iter__(self) -> Iterator[Line]:
        return (line for lines in self.lines.values() for line in lines)

    def of(self, at: int) -> list[Line]:
        """One of the files."""
        return self.lines[sorted(self.lines)[at % len(self.lines)]]

    def pick(self, at: int) -> Line | None:
        """One of the lines."""
        lines = list(self)
        return lines[at % len(lines)] if lines else None

    def path_of(self, line: Line) -> str:
        """Where a line stands."""
        return next(path for path, lines in self.lines.items() if line in lines)

    def place(self, line: Line) -> str:
        """Where a line stands, as the command line has it."""
        path = self.path_of(line)
        return f"{path}:{self._head(path).count(chr(10)) + 1 + self.lines[path].index(line)}"

    def text(self, path: str) -> str:
        """A whole file."""
        for line in self.lines[path]:
            line.lie(in_table=path in self.tables)
        return self._head(path) + "".join(map(str, self.lines[path]))

    def rename(self, old: str, new: str) -> list[Line]:
        """A file gets another name."""
        self.tables |= {new} if old in self.tables else set()
        self.lines[new] = self.lines.pop(old)
        return self.lines[new]

    def _head(self, path: str) -> str:
        return HEAD + (_TABLE if path in self.tables else "")

    def take_in(self, read: Callable[[str], str]) -> None:
        """Read what became of each line: nothing but boxes and annotations may have changed."""
        for path, lines in self.lines.items():
            head, _, shown = read(path).partition(self._head(path))
            assert head == ""
            for line, now in zip(lines, shown.splitlines(), strict=True):
                (_take_in_row if path in self.tables else _take_in_item)(line, now)


def _take_in_item(line: Line, now: str) -> None:
    found = _LINE.fullmatch(now)
    assert found is not None, now
    assert (found["text"], found["due"] or "") == (line.text, line.due), (now, line)
    line.box, line.note = found["box"], found["note"] or ""


def _take_in_row(line: Line, now: str) -> None:
    _, text, due, note, cell, _ = (part.strip() for part in now.split("|"))
    assert (text, due) == (line.text, line.due), (now, line)
    line.box, line.cell, line.note = "x" if cell == "Done" else " ", cell, f" {note}" if note else ""
