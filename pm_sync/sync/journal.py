"""The journal: what a run is about to do and what came of it, on disk before and after each call.

A run that ends whole leaves none. One that was cut off leaves its file, from which the next run learns which issues
it made; the marks in the issues say the same where the file is lost, only later where a search index lags.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from pm_sync.errors import WriteError, reason_of
from pm_sync.model import IssueRef
from pm_sync.sync.changes import Change, ChangeKind


class Attempt(Struct, frozen=True):
    """One call, as far as the journal tells."""

    kind: ChangeKind
    key: str
    """Of the item that the call was made for."""
    tracker: str
    at: datetime
    ref: IssueRef | None = None
    """The issue, where the answer came."""


class Journal:
    """The file of one run, and what earlier ones left behind.

    Each line is a JSON object: an intent ``{"intent": key, …}`` or a result ``{"result": key, "ref": […], …}``.
    """

    def __init__(self, folder: Path, run: str, now: datetime) -> None:
        """Read what was left in ``folder``; the new run's file is made with its first intent."""
        self._folder = folder
        self._file = folder / f"{run}.jsonl"
        self._now = now
        self.left = tuple(read_journal(folder))

    @property
    def created(self) -> Mapping[str, IssueRef]:
        """Issues that earlier runs made and may not have written back, by their items' keys."""
        return {a.key: a.ref for a in self.left if a.kind is ChangeKind.CREATE and a.ref is not None}

    @property
    def unsettled(self) -> Mapping[str, datetime]:
        """Creates of which nobody knows whether they acted: by their items' keys, when they were sent."""
        return {a.key: a.at for a in self.left if a.kind is ChangeKind.CREATE and a.ref is None}

    def intend(self, changes: Sequence[Change]) -> None:
        """Record that these calls are about to be made.

        Raises:
            WriteError: it can't be recorded, so the calls must not be made.

        """
        at = self._now.isoformat()
        self._append({"intent": c.key, "kind": c.kind.value, "tracker": c.tracker or "", "at": at} for c in changes)

    def settle(self, results: Iterable[tuple[Change, IssueRef | None]]) -> None:
        """Record what came of calls: the issue, or None where the tracker refused and nothing was made."""
        self._append({"result": c.key, "kind": c.kind.value, "ref": _dump(ref)} for c, ref in results)

    def finish(self, *, whole: bool) -> None:
        """End the run: nothing is kept of a whole one, everything of one that something was left of."""
        for path in self._folder.glob("*.jsonl") if whole else ():
            path.unlink(missing_ok=True)

    def _append(self, lines: Iterable[Mapping[str, object]]) -> None:
        text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with self._file.open("a", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            what = f"the journal can't be written: {reason_of(error)}"
            hint = "nothing is sent without it: free some space, or give its folder its write permission back"
            raise WriteError(what, place=str(self._file), hint=hint) from error


def read_journal(folder: Path) -> Iterator[Attempt]:
    """What runs that were cut off left behind: the last word on each call; a torn last line says nothing."""
    attempts: dict[tuple[str, str], Attempt] = {}
    # A repository may bring a folder of this name, whose links lead anywhere.
    ours = not (folder.is_symlink() or folder.parent.is_symlink())
    for path in sorted(folder.glob("*.jsonl")) if ours else ():
        if path.is_symlink() or not path.is_file():
            continue
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            _read_line(line, attempts)
    yield from attempts.values()


def _read_line(line: str, attempts: dict[tuple[str, str], Attempt]) -> None:
    try:
        match json.loads(line):
            case {"intent": str(key), "kind": str(kind), "tracker": str(tracker), "at": str(at)}:
                attempts[kind, key] = Attempt(ChangeKind(kind), key, tracker, datetime.fromisoformat(at))
            case {"result": str(key), "kind": str(kind), "ref": None}:
                attempts.pop((kind, key), None)
            case {"result": str(key), "kind": str(kind), "ref": [str(of), str(site), str(project), str(number)]}:
                attempts[kind, key] = replace(attempts[kind, key], ref=IssueRef(of, site, project, number))
            case _:
                return
    except (ValueError, KeyError, RecursionError):
        return


def _dump(ref: IssueRef | None) -> list[str] | None:
    return None if ref is None else [ref.kind, ref.site, ref.project, ref.id]
