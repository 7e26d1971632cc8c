"""The folder at the root that holds our own state: the embedded tracker, the lock, the journal, and no one else's files."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Final

from pm_sync.errors import WriteError, reason_of

NAME: Final = ".pm-sync"


def make(root: Path) -> Path:
    """Make sure of the folder, which git ignores.

    Raises:
        WriteError: it can't be made, or isn't ours.

    """
    check(root)
    folder = root / NAME
    try:
        folder.mkdir(exist_ok=True)
        ignore = folder / ".gitignore"
        # An empty one is what a run left that was killed right then.
        if not ignore.exists() or not ignore.stat().st_size:
            ignore.write_text("*\n", encoding="utf-8")
    except OSError as error:
        what, hint = f"can't be made: {reason_of(error)}", "sync keeps its state there: let it be written"
        raise WriteError(what, place=str(folder), hint=hint) from error
    return folder


def check(root: Path) -> None:
    """Make sure that our state is in its folder: a repository may bring one whose links lead anywhere.

    Raises:
        WriteError: there is a symbolic link.

    """
    folder = root / NAME
    for path in (folder, *(folder.rglob("*") if folder.is_dir() and not folder.is_symlink() else ())):
        if path.is_symlink():
            raise WriteError("is a symbolic link, which is never followed", place=str(path), hint="take it away")


def sweep(root: Path) -> None:
    """Remove what a killed run prepared but never put in place."""
    for stray in (root / NAME).glob("write-*.tmp"):
        with contextlib.suppress(OSError):
            stray.unlink()
