"""Walking through folders: never into hidden or vendored ones, nor through links that could lead in circles."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from pm_sync.regex import regex

_PASSED_OVER = frozenset({"node_modules", "vendor", "__pycache__"})
_MAGIC = regex(r"[*?\[{]")
_HERE = regex(r"(?<![^/])\./+")
_UNSURE = regex(r"[]*?/}]")
"""Behind the last of these a pattern says how what fits it ends."""


def files_below(folder: Path, shut: list[OSError]) -> Iterator[os.DirEntry[str]]:
    """All files in a folder, at any depth and in no order; ``shut`` gets what is wrong with those that can't be listed.

    Links to files are among them, and links to folders are not followed.
    """
    folders = [str(folder)]
    while folders:
        try:
            with os.scandir(folders.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        folders += [] if _is_passed_over(entry.name) else [entry.path]
                    elif not (entry.is_symlink() and os.path.isdir(entry)):  # noqa: PTH112 - which answers for loops, too
                        yield entry
        except OSError as error:
            shut.append(error)


def matches(root: Path, globs: Sequence[str], shut: list[OSError], *, any_case: bool = False) -> list[Path]:
    """The files and folders below ``root`` that fit globs.

    Args:
        root: Where to look.
        globs: As wcmatch reads them, seen from the root.
        shut: Gets what is wrong with folders that can't be listed below one that a glob names; others may be anybody's.
        any_case: Take capitals for small letters, from the first magic sign of a glob on.

    """
    wanted = [_HERE.sub("", pattern) for pattern in globs]
    fits = _matcher(wanted, any_case=any_case)
    depths: dict[str, int] = {}
    for pattern in wanted:
        start, depth = _reach(pattern)
        depths[start] = max(depth, depths.get(start, 0))
    found = {path: None for start, depth in depths.items() for path in _below(root, start, depth, shut) if fits(path)}
    return [root / path for path in found]


def _reach(pattern: str) -> tuple[str, int]:
    """The folder that a pattern names in full, and how many folders below it can hold what fits."""
    magic = _MAGIC.search(pattern)
    pattern = pattern.rstrip("/")
    start = pattern[: magic.start() if magic else None].rpartition("/")[0]
    return start, sys.maxsize if "**" in pattern else pattern.count("/", len(start) + 1)


def _matcher(globs: Sequence[str], *, any_case: bool) -> Callable[[str], bool]:
    from wcmatch import glob  # noqa: PLC0415 - only a run without paths needs it

    flags = glob.GLOBSTAR | glob.BRACE | glob.DOTGLOB | (glob.IGNORECASE if any_case else 0)
    whole = re.compile("|".join(glob.translate(list(globs), flags=flags)[0]) or "(?!)")
    # Looked at first: most files of a repository are no Markdown, and a pattern takes its time.
    tails = tuple({_UNSURE.split(pattern)[-1].casefold() for pattern in globs})
    return lambda path: path.rstrip("/").casefold().endswith(tails) and whole.match(path) is not None


def _below(root: Path, start: str, depth: int, shut: list[OSError]) -> Iterator[str]:
    """A folder and what is in it, seen from the root; a folder's name ends with ``/``."""
    if any(map(_is_passed_over, start.split("/"))):
        return
    if start and (root / start).is_dir():
        yield f"{start}/"
    skipped = len(os.path.join(root, ""))  # noqa: PTH118 - as above
    for at, folders, names in _walk(root / start, depth, shut if start and (root / start).is_dir() else None):
        here = os.path.join(at, "")[skipped:]  # noqa: PTH118
        yield from (f"{here}{name}/" for name in folders)
        yield from (here + name for name in names)


def _walk(folder: Path, depth: int, shut: list[OSError] | None) -> Iterator[tuple[str, list[str], list[str]]]:
    """Each folder with the folders and files in it; ``depth`` is that of the deepest."""
    top = len(folder.parts)
    # Only where the depth has no end, links could lead in circles.
    for at, folders, names in os.walk(
        folder, onerror=None if shut is None else shut.append, followlinks=depth < sys.maxsize
    ):
        folders[:] = [name for name in folders if not _is_passed_over(name)]
        yield at, folders, names
        if depth < sys.maxsize and len(Path(at).parts) - top >= depth:
            folders.clear()


def _is_passed_over(name: str) -> bool:
    return name in _PASSED_OVER or (name.startswith(".") and name != ".github")
