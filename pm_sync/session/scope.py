"""Scope: what a command line limits a run to."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from pm_sync import io
from pm_sync.errors import UsageError


@dataclass(frozen=True, slots=True)
class Scope:
    """The words of a command line that change what a plan says; a saved plan keeps them."""

    paths: tuple[str, ...] = ()
    tracker: str | None = None
    changed_since: str | None = None
    new: tuple[str, ...] = ()
    """``PATH:LINE`` of items that are new although they resemble an issue."""
    allow_empty: tuple[str, ...] = ()
    max_creates: int | None = None
    max_updates: int | None = None
    max_closes: int | None = None

    def as_json(self) -> dict[str, object]:
        """For a saved plan."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, object]) -> Scope:
        """From a saved plan.

        Raises:
            TypeError: it holds something else.

        """
        return cls(**{name: tuple(value) if isinstance(value, list) else value for name, value in data.items()})  # type: ignore[arg-type]  # checked by the digest


def parse_place(text: str, root: Path, folder: Path) -> tuple[str, int]:
    """Read ``PATH:LINE``, the path seen from ``folder``, into a path relative to the root and a line.

    Raises:
        UsageError: it is no such thing, or there is no such file.

    """
    path, _, line = text.rpartition(":")
    if not path or not line.isdecimal() or int(line) < 1:
        raise UsageError(f"{text!r} is no place", hint="give PATH:LINE, such as postmortems/db.md:34")
    return parse_path(path, root, folder), int(line)


def parse_path(text: str, root: Path, folder: Path) -> str:
    """Read a path seen from ``folder``, or as reports show it from the root, into one relative to the root.

    Raises:
        UsageError: there is no such file.

    """
    for base in (folder, root):
        if (base / text).is_file():
            return io.inside(root, base / text)
    raise UsageError("no such file", place=text, hint="give the path of a postmortem")
