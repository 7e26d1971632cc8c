"""Scope: what a command line limits a run to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from pm_sync import io
from pm_sync.errors import UsageError
from pm_sync.regex import regex

_LINE = regex(r"[1-9][0-9]{0,8}")
_KINDS = {
    **dict.fromkeys(("paths", "new", "allow_empty"), tuple),
    **dict.fromkeys(("tracker", "changed_since", "max_wait"), str | None),
    **dict.fromkeys(("max_creates", "max_updates", "max_closes"), int | None),
}
"""What a saved plan may hold."""


class Scope(Struct, frozen=True):
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
    max_wait: str | None = None
    """A duration such as ``30s`` or ``10m``."""

    def as_json(self) -> dict[str, object]:
        """For a saved plan."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Any) -> Scope:  # noqa: ANN401 - whatever the file holds
        """From a saved plan.

        Raises:
            TypeError, ValueError, KeyError: it holds something else.

        """
        values: dict[str, Any] = {}
        for name, value in dict(data).items():
            texts = isinstance(value, list) and all(isinstance(text, str) for text in value)
            values[name] = tuple(value) if texts else value
            if not isinstance(values[name], _KINDS[name]):
                raise TypeError(name)
        return cls(**values)


def parse_place(text: str, root: Path, folder: Path) -> tuple[str, int]:
    """Read ``PATH:LINE``, the path seen from ``folder``, into a path relative to the root and a line.

    Raises:
        UsageError: it is no such thing, or there is no such file.

    """
    path, _, line = text.rpartition(":")
    if not path or not _LINE.fullmatch(line):
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
