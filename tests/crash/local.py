"""The embedded tracker in the matrix: its past is the folder's own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from pm_sync.model import State
from pm_sync.trackers.local import people
from pm_sync.trackers.local.database import Database
from tests.crash.scene import HUMAN
from tests.crash.world import Held, World
from tests.house import DATABASE, House


class Local(World):
    """The tracker in each folder."""

    settings = "{kind: local}"

    def __init__(self, *, first_day: bool = False) -> None:
        """Begin with a day on which there is everything to do, or with the very first one."""
        self.name = "local, first sync" if first_day else "local"
        self.first_day = first_day

    def environment(self) -> Mapping[str, str]:
        """Nothing."""
        return {}

    def people(self, root: Path) -> _People:
        """Those of one folder."""
        return _People(root)

    def forget(self, root: Path) -> None:
        """All but the tracker itself, which is no state of a run."""
        state = root / ".pm-sync"
        for path in state.iterdir() if state.exists() else ():
            if path.is_dir():
                shutil.rmtree(path)
            elif not path.name.startswith("tracker.db"):
                path.unlink()

    def issues(self, root: Path) -> Iterator[Held]:
        """All rows."""
        entries = people.entries(Database(root / DATABASE, read_only=True))
        titles = {entry.issue.ref: entry.issue.title for entry in entries}
        for entry in entries:
            issue = entry.issue
            yield Held(
                number=int(issue.ref.id),
                names=(f"local#{issue.ref.id}",),
                title=issue.title,
                state=f"{issue.state} {entry.duplicate_of or ''}",
                is_open=not issue.state.settled,
                body=issue.details or "",
                labels=tuple(sorted(issue.labels)),
                comments=entry.comments,
                parents=(titles[entry.parent],) if entry.parent else (),
                more=f"{issue.due} {issue.priority} {issue.mark and issue.mark.to_json()} {entry.path} {entry.line}",
            )


class _People:
    def __init__(self, root: Path) -> None:
        self._house = House(root)

    def _number(self, title: str) -> int:
        return next(int(e.issue.ref.id) for e in self._house.issues() if e.issue.title == title)

    def finish(self, title: str) -> None:
        """Close it."""
        self._house.move(self._number(title), State.DONE)

    def annotate(self, title: str) -> None:
        """Its details are the postmortem's: what people have to say is said in comments, which a move bears."""
        number = self._number(title)
        self._house.comment(number, HUMAN)

    def add(self, title: str) -> str:
        """Open one."""
        self._house.open(title)
        return f"local#{self._number(title)}"

    def double(self, title: str) -> None:
        """A key is there only once."""

    def transfer(self, title: str) -> None:
        """There is nowhere to go."""
