"""What people do to postmortems between syncs."""

from __future__ import annotations

from copy import copy

from pm_sync.mark import text_hash
from tests.property.machine.lines import Line
from tests.property.machine.scenery import Scenery


class WithFiles(Scenery):
    """Works on files."""

    def add(self, text: str, at: int) -> None:
        """A new item."""
        self.files.of(at).append(Line(text))

    def reword(self, text: str, at: int) -> None:
        """An item gets other words."""
        line = self.files.pick(at)
        if line is not None:
            line.text = text
            if not line.note:
                self._lose_sight(line)

    def touch_up(self, at: int) -> None:
        """An item gets one word more."""
        line = self.files.pick(at)
        if line is not None:
            line.text += " soon"
            if not line.note and line.issue in self.people.titles:  # resemblance is all that is left, and there is none
                self._lose_sight(line)

    def tick(self, at: int) -> None:
        """A box is ticked or unticked."""
        line = self.files.pick(at)
        if line is not None:
            line.tick()

    def cut(self, at: int) -> None:
        """A line is cut out."""
        line = self.files.pick(at)
        if line is not None:
            self._lose_sight(line)
            self.files.lines[self.files.path_of(line)].remove(line)
            self.cuttings.append(line)

    def paste(self, at: int) -> None:
        """A line that was cut out is put in again, as it was then."""
        if not self.cuttings:
            return
        line = self.cuttings.pop(at % len(self.cuttings))
        address = self.people.now(line.link)
        others = [other for other in self.files if other.link and self.people.now(other.link) == address]
        for other in (*others, line) if others else ():
            other.shared = True
        if line.link and not line.shared:
            line.issue = address
            self.people.left.discard(address)
        self.files.of(at).append(line)

    def schedule(self, at: int, due: str) -> None:
        """An item gets a due date, or has none any more."""
        line = self.files.pick(at)
        if line is not None:
            line.due = due

    def copy(self, at: int, to: int) -> None:
        """A line is copied, its link included."""
        line = self.files.pick(at)
        if line is not None:
            line.shared = True
            self.files.of(to).append(copy(line))

    def turn_round(self, at: int) -> None:
        """Lines change places."""
        self.files.of(at).reverse()

    def move_over(self, at: int) -> None:
        """A line goes to the other file."""
        self.world.rest()
        line = self.files.pick(at)
        if line is None:
            return
        for lines in self.files.lines.values():
            if line in lines:
                lines.remove(line)
            else:
                lines.append(line)

    def unlink(self, at: int) -> None:
        """Somebody deletes an annotation."""
        line = self.files.pick(at)
        if line is not None and line.note:
            line.note = ""
            if line.text != line.synced or line.issue in self.people.gone or not self._is_here(line.issue):
                self._lose_sight(line)

    def rename(self, at: int, *, keep_links: bool) -> None:
        """A file gets another name, and perhaps all its links are lost on the way."""
        self.world.rest()
        old = sorted(self.files.lines)[at % 2]
        self._save()
        (self.house.root / old).unlink()
        lines = self.files.rename(old, next(self.paths))
        issues = self.world.issues()
        for line in [] if keep_links else lines:
            issue = issues.get(line.issue or "")
            # Only a mark in step with the item says whose issue it is: after a reword or move the link alone does.
            mark = issue.mark if issue is not None and issue.here else None
            if mark and mark.text == text_hash(line.text) and not (self.house.root / mark.path).exists():
                line.note = ""
