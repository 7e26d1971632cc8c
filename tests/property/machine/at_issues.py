"""What people do to issues between syncs."""

from __future__ import annotations

from pm_sync.model import State
from tests.property.machine.scenery import Scenery


class WithIssues(Scenery):
    """Works on issues."""

    def move(self, at: int, state: State) -> None:
        """Somebody moves an issue."""
        address = self._taken_up(at)
        if address is not None:
            self.world.move(address, state)
            if state.settled:
                self.people.settled.add(address)

    def retitle(self, at: int, title: str) -> None:
        """Somebody gives an issue another title."""
        address = self._taken_up(at)
        if address is not None:
            self.world.retitle(address, title)
            self.people.titles[address] = title
            for line in self.files:
                if line.issue == address and not line.note and line.text != line.synced:
                    self._lose_sight(line)

    def put_off(self, at: int, due: str) -> None:
        """Somebody gives an issue another due date, where it has a place for one."""
        address = self._taken_up(at)
        if address is None or self.world.issues()[address].due in (None, due):
            return
        self.world.put_off(address, due)
        self.people.dues[address] = due

    def agree(self, at: int) -> None:
        """Somebody gives an issue the title and the due date that its item has."""
        line = self.files.pick(at)
        if line is not None and line.issue and line.issue in self.world.issues() and not line.shared:
            self.world.retitle(line.issue, line.text)
            if self.world.issues()[line.issue].due not in (None, line.due):
                self.world.put_off(line.issue, line.due)
                self.people.dues[line.issue] = line.due
            if line.due == line.synced_due:
                self.people.dues.pop(line.issue, None)
            if line.text == line.synced:
                self.people.titles.pop(line.issue, None)
            else:
                self.people.titles[line.issue] = line.text

    def write(self, at: int, words: str, place: str) -> None:
        """Somebody writes into an issue, or below it."""
        address = self._taken_up(at)
        if address is None:
            return
        if place == "comment":
            self.world.comment(address, words)
        elif not self.world.scribble(address, words, above=place == "above"):
            return
        self.people.words.setdefault(address, []).append(words)

    def delete(self, at: int) -> None:
        """Somebody deletes an issue that an item links."""
        address = self._issue(at)
        if address is None or address not in {self.people.now(line.link) for line in self.files}:
            return
        self.world.delete(address)
        self.people.gone.add(address)
        for line in self.files:
            if line.issue == address:
                line.issue = address if line.note else None

    def transfer(self, at: int, *, labelled: bool) -> None:
        """Somebody moves an issue to another project."""
        old = self._issue(at)
        new = self.world.transfer(old, labelled=labelled) if old is not None else None
        if old is None or new is None:
            return
        self.people.rename(old, new)
        if not labelled:
            self.people.followed.add(new)
        for line in self.files:
            if line.issue == old:
                line.issue = new if line.note else None

    def _taken_up(self, at: int) -> str | None:
        """An issue that somebody works on: if no item has it, it is that person's, and no duplicate to be closed."""
        address = self._issue(at)
        if address and address not in {self.people.now(line.link) for line in self.files}:
            self.people.left.add(address)
        return address
