"""The verbs of a golden case: what people and pm-sync do, one after the other, in a house of its own."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from pm_sync.errors import PmSyncError
from pm_sync.model import State
from pm_sync.session import runs
from pm_sync.session.runs import Planned
from pm_sync.sync.changes import Change, Plan
from pm_sync.trackers.local import people
from tests.house import DATABASE, JOURNAL, House

FILE = "postmortems/outage.md"
_ANNOTATION = re.compile(r" ?\(local#\d+, (?:open|in progress|done|dropped)(?: [\d-]{10})?\)")


class KilledError(BaseException):
    """The process is gone; nothing catches this."""


@dataclass(slots=True)
class Story:
    """A case while it runs."""

    house: House
    file: str = FILE
    """The postmortem that steps are about which name no other."""
    told: list[str] = field(default_factory=list)
    """What each sync had planned, and what it could not do."""

    def run(self, steps: list[Any]) -> None:
        """Do each step: a verb, or a verb with its object."""
        for step in steps:
            verb, thing = next(iter(step.items())) if isinstance(step, dict) else (step, None)
            getattr(self, f"do_{verb}")(thing)

    # pm-sync

    def do_sync(self, scope: Mapping[str, Any] | None) -> None:
        """Sync; ``new`` names lines by a text in them."""
        words: dict[str, Any] = {name: value for name, value in (scope or {}).items() if name != "paths"}
        if "new" in words:
            words["new"] = tuple(self._place(text) for text in words["new"])
        paths = (scope or {}).get("paths", ())
        self.told.append("$ sync" + "".join(f" {name}={value}" for name, value in (scope or {}).items()))
        try:
            result = self.house.sync(*paths, look=self._look, **words)
        except PmSyncError as error:
            self.told.append(f"! {error}")
            return
        self.told += [f"! {outcome.ref}: {outcome.error}" for outcome in result.outcomes if not outcome.ok]
        self.told += [f"! {error}" for error in result.file_errors]

    def _look(self, planned: Planned) -> None:
        self.told += planned_lines(planned.plan)
        self.told += [f"! {error}" for error in planned.reading.errors]
        self.told += [f"! {name}: {reason}" for name, reason in sorted(planned.facts.failures.items())]

    def do_crash(self, _: None) -> None:
        """Sync, and die when all issues are made and no file is written."""

        def die(*_: object) -> None:
            raise KilledError

        self.told.append("$ sync, killed before the first file is written")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(runs, "record", die)
            with pytest.raises(KilledError):
                self.house.sync()

    def do_link(self, thing: Mapping[str, str]) -> None:
        """``pm-sync link``: by a text in the line, the issue."""
        [(text, ref)] = thing.items()
        self.told.append(f"$ link {self._place(text)} {ref}")
        self._try(lambda: self.house.link(self._place(text), ref))

    def do_unlink(self, text: str) -> None:
        """``pm-sync unlink``."""
        self.told.append(f"$ unlink {self._place(text)}")
        self._try(lambda: self.house.unlink(self._place(text)))

    def _try(self, command: Callable[[], object]) -> None:
        try:
            command()
        except PmSyncError as error:
            self.told.append(f"! {error}")

    # People in the tracker

    def do_start(self, number: int) -> None:
        """Begin to work on an issue."""
        self.house.move(number, State.IN_PROGRESS)

    def do_close(self, number: int) -> None:
        """Close an issue as done."""
        self.house.move(number, State.DONE)

    def do_drop(self, number: int) -> None:
        """Decide against it."""
        self.house.move(number, State.DROPPED)

    def do_reopen(self, number: int) -> None:
        """Open it again."""
        self.house.move(number, State.OPEN)

    def do_open(self, title: str) -> None:
        """Open an issue by hand."""
        self.house.open(title)

    def do_retitle(self, thing: Mapping[int, str]) -> None:
        """Give an issue another title."""
        for number, title in thing.items():
            self.house.retitle(number, title)

    # People in the file

    def do_edit(self, thing: Mapping[str, str]) -> None:
        """Replace texts, by what is to stand in their place."""
        for old, new in thing.items():
            self.house.replace(self.file, old, new)

    def do_append(self, text: str) -> None:
        """Add lines at the end."""
        self.house.write(self.file, self.house.read(self.file) + text)

    def do_garble(self, _: None) -> None:
        """Save the file in another encoding."""
        self.house.write(self.file, self.house.read(self.file).encode("latin-1"))

    def do_cut(self, text: str) -> None:
        """Cut out the line that holds a text."""
        self._rewrite(line for line in self._lines() if text not in line)

    def do_copy(self, text: str) -> None:
        """Copy the line that holds a text, below it."""
        self._rewrite(again for line in self._lines() for again in ([line, line] if text in line else [line]))

    def do_up(self, text: str) -> None:
        """Move the line that holds a text above all others that look like it."""
        lines = self._lines()
        moved = next(line for line in lines if text in line)
        lines.remove(moved)
        first = next(at for at, line in enumerate(lines) if line[:2] == moved[:2])
        self._rewrite([*lines[:first], moved, *lines[first:]])

    def do_delete_links(self, _: None) -> None:
        """Delete every annotation by hand."""
        self.house.write(self.file, _ANNOTATION.sub("", self.house.read(self.file)))

    def do_rename(self, path: str) -> None:
        """Rename the file."""
        target = self.house.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        (self.house.root / self.file).rename(target)
        self.file = path

    def do_remove(self, path: str) -> None:
        """Delete a file."""
        (self.house.root / path).unlink()

    def do_turn_to(self, path: str) -> None:
        """Go on with another file."""
        self.file = path

    # The world

    def do_later(self, days: float) -> None:
        """Let days pass."""
        self.house.clock.advance(days=days)

    def do_forget(self, thing: str) -> None:
        """Lose the ``journal`` or the ``database``."""
        if thing == "journal":
            shutil.rmtree(self.house.root / JOURNAL)
        else:
            for path in (self.house.root / DATABASE).parent.glob("tracker.db*"):
                path.unlink()

    def _lines(self) -> list[str]:
        return self.house.read(self.file).splitlines(keepends=True)

    def _rewrite(self, lines: Iterator[str] | list[str]) -> None:
        self.house.write(self.file, "".join(lines))

    def _place(self, text: str) -> str:
        line = next(number for number, line in enumerate(self._lines(), 1) if text in line)
        return f"{self.file}:{line}"


def planned_lines(plan: Plan) -> list[str]:
    """A plan as a person reads it."""
    lines = [_line(change) for change in plan.changes]
    lines += [f"  (baseline: {plan.baseline})"] if plan.baseline else []
    lines += [f"  (removed: {gone.ref} {gone.title!r})" for gone in plan.removed]
    return lines or ["  (nothing)"]


def _line(change: Change) -> str:
    ref = f" {change.ref}" if change.ref else ""
    return f"  {change.kind.value}{ref} at {change.path}:{change.line} {change.text!r}: {change.reason}"


def issue_lines(entry: people.Entry) -> Iterator[str]:
    """An issue as a person reads it."""
    issue = entry.issue
    day = f" {issue.settled}" if issue.settled else ""
    yield f"{issue.ref} {issue.title!r}, {issue.state.word}{day}"
    facts = {
        "details": issue.details,
        "due": issue.due,
        "priority": issue.priority,
        "labels": ", ".join(sorted(issue.labels)),
        "assignees": ", ".join(issue.assignees),
        "parent": entry.parent,
        "duplicate of": entry.duplicate_of,
    }
    yield from (f"  {name}: {value}" for name, value in facts.items() if value)
    yield from (f"  comment: {comment}" for comment in entry.comments)


def load(case: Path) -> Mapping[str, Any]:
    """A case's description."""
    described: Mapping[str, Any] = yaml.safe_load((case / "case.yaml").read_text(encoding="utf-8"))
    assert set(described) <= {"says", "config", "steps"}, case
    return described
