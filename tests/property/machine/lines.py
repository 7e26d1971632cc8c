"""The postmortems as people have them in their editors: lines, and what is known of the issue of each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from hypothesis import strategies as st

from pm_sync.model import State

HEAD = "# Outage\n\n## Action items\n\n"
_NOTE = r" \((?:\[[^]]+\]\((?P<url>[^)]+)\)|(?P<local>local#\d+)), (?P<state>[a-z ]+?)(?: \d{4}-\d\d-\d\d)?\)"
_LINE = re.compile(rf"- \[(?P<box>[ x])\] (?P<text>.*?)(?P<note>{_NOTE})?")

TEXTS = st.uuids().map(
    lambda made: " ".join(re.findall(".{8}", made.hex.translate(str.maketrans("0123456789", "ghijklmnop"))))
)
"""Long and unlike each other, so that nothing is taken for a reworded other."""


@dataclass(slots=True, eq=False)
class Line:
    """One item as its file has it, and what is known of it."""

    text: str
    box: str = " "
    note: str = ""
    issue: str | None = None
    """The address of the issue it was given, which must stay its own."""
    synced: str = ""
    """Its text as its issue last heard of it."""
    shared: bool = False
    """It was copied, or is a copy: which of them the issue belongs to is not told by the file."""

    def __str__(self) -> str:
        return f"- [{self.box}] {self.text}{self.note}\n"

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
        """The state that its box asks for, against that of its annotation."""
        base, ticked = self.state, self.box == "x"
        if base in (None, State.DROPPED) or ticked == (base is State.DONE):
            return None
        return State.DONE if ticked else State.OPEN


class Files:
    """All postmortems, by path."""

    def __init__(self, *paths: str) -> None:
        self.lines: dict[str, list[Line]] = {path: [] for path in paths}

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
        return f"{path}:{HEAD.count(chr(10)) + 1 + self.lines[path].index(line)}"

    def text(self, path: str) -> str:
        """A whole file."""
        return HEAD + "".join(map(str, self.lines[path]))

    def take_in(self, read: Callable[[str], str]) -> None:
        """Read what became of each line: nothing but boxes and annotations may have changed."""
        for path, lines in self.lines.items():
            head, _, shown = read(path).partition(HEAD)
            assert head == ""
            for line, now in zip(lines, shown.splitlines(), strict=True):
                found = _LINE.fullmatch(now)
                assert found is not None, now
                assert found["text"] == line.text, (now, line)
                line.box, line.note = found["box"], found["note"] or ""
