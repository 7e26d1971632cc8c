"""The file system: finding the root and the postmortems, reading whole files, replacing them atomically.

Paths that leave this module are relative to the root, with ``/``; nothing outside of the root is read or written.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec import Struct

from pm_sync import statefolder, walk
from pm_sync.errors import ReadError, UsageError, WriteError, reason_of
from pm_sync.regex import regex

SIZE_LIMIT = 5 * 1024 * 1024
"""Bytes; a postmortem is prose, and what is larger is something else."""
_MARKDOWN = regex(r"[^/\\]\.(?:md|markdown|qmd|mdx)\Z", re.IGNORECASE)
_NO_NAMES = frozenset({"", ".", ".."})
_READING = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
_NOT_TEXT = regex("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class FileChangedError(WriteError):
    """The file is no longer what was read: somebody else wrote it meanwhile."""


class Found(Struct, frozen=True):
    """What a search for postmortems gave."""

    paths: tuple[str, ...]
    errors: tuple[ReadError, ...] = ()


def current_folder() -> Path:
    """The folder in which the program was started.

    Raises:
        UsageError: somebody deleted it since.

    """
    try:
        return Path.cwd()
    except FileNotFoundError as error:
        raise UsageError("the current folder is gone", place=".", hint="go into one that is there") from error


def find_root(folder: Path, config: Path | None = None, paths: Sequence[Path] = ()) -> Path:
    """Find the root: the git work tree's top level, else the configuration's folder, else ``folder``.

    Where all ``paths`` lie outside of that, the root is found from the first of them in the same way. A symbolic link
    that leads out doesn't: that is for whoever reads it to refuse.
    """
    root = _top_level(folder) or (config.resolve().parent if config else folder.resolve())
    if not paths or config or any(_lies_in(root, path) for path in paths):
        return root
    first = paths[0].resolve()
    start = first if first.is_dir() else first.parent
    return (_top_level(start) or start) if start.is_dir() else root


def _lies_in(root: Path, path: Path) -> bool:
    return Path(os.path.abspath(path)).is_relative_to(root) or path.resolve().is_relative_to(root)  # noqa: PTH100 - resolve() follows links


def _top_level(start: Path) -> Path | None:
    folder = start.resolve()
    return next((parent for parent in (folder, *folder.parents) if (parent / ".git").exists()), None)


def find_postmortems(root: Path, paths: Sequence[Path], globs: Sequence[str], *, any_case: bool = False) -> Found:
    """List the postmortems that ``paths`` name (files and folders), or without any those that ``globs`` match.

    With ``any_case`` these take capitals for small letters.

    Raises:
        UsageError: a path does not exist, or lies outside of the root.

    """
    found: set[str] = set()
    errors: list[ReadError] = []
    shut: list[OSError] = []
    for path in paths or walk.matches(root, globs, shut, any_case=any_case):
        for file, plain in _files(path, shut):
            try:
                found.add(inside(root, file, plain=plain))
            except ReadError as error:
                if Path(file) in paths:
                    raise UsageError(error.what, place=file, hint=error.hint) from error
                errors.append(error)
    told = sorted((*errors, *(_shut(root, error) for error in shut)), key=str)
    return Found(tuple(sorted(found)), tuple(told))


def _shut(root: Path, error: OSError) -> ReadError:
    """What to tell of a folder that may hold postmortems which nobody sees."""
    what, place = f"can't be listed: {error.strerror}", os.path.relpath(error.filename, root)
    return ReadError(what, place=place, hint="let it be read, or leave it out")


def _files(path: Path, shut: list[OSError]) -> Iterable[tuple[str, bool]]:
    """The files that a path means, and of each whether it is plainly where its path says: no link led there."""
    if path.is_dir():
        below = walk.files_below(path.resolve(), shut)
        return ((entry.path, not entry.is_symlink()) for entry in below if _MARKDOWN.search(entry.name))
    if not path.exists() and not path.is_symlink():
        raise UsageError("no such file or folder", place=str(path), hint="give the path of a postmortem or a folder")
    return [(str(path), False)]


def inside(root: Path, path: Path | str, *, plain: bool = False) -> str:
    """Make ``path`` relative to the root, all symbolic links resolved, so that one file has one name.

    Whoever calls it ``plain`` knows that no part of it is a link.

    Raises:
        ReadError: it leads out of the root or into git's own folder, where credentials may be, or its name is no text.

    """
    shown = str(path).removeprefix(f"{root}{os.sep}")
    try:
        name = _below(str(root), str(path), plain=plain) or Path(path).resolve().relative_to(root.resolve()).as_posix()
    except (OSError, RuntimeError) as error:  # RuntimeError is how Python before 3.13 tells a loop
        raise ReadError("is a symbolic link to itself", place=shown, hint="take it away") from error
    except ValueError:
        links = Path(path).is_symlink()
        what = "is a symbolic link out of the repository" if links else "lies outside of the repository"
        raise ReadError(what, place=shown, hint=f"only files below {root} are read") from None
    # Neither a mark nor a tracker can hold a name that is bytes without a meaning, and no message one of two lines.
    if not name.isprintable() and _NOT_TEXT.search(name):
        shown = _NOT_TEXT.sub("\N{REPLACEMENT CHARACTER}", name)
        raise ReadError("has a name that is not UTF-8, or holds control characters", place=shown, hint="rename it")
    if ".git" in name.casefold().split("/"):
        raise ReadError("lies in git's own folder", place=shown, hint="only what git tracks is read")
    return name


def _below(root: str, file: str, *, plain: bool) -> str:
    """The name of what plainly lies below the root, no link on the way, as nearly everything does; else nothing."""
    # Asked for each of thousands of files, and resolving takes ten times as long.
    name, at = file[len(root) + 1 :], root
    parts = name.split("/")
    if os.sep != "/" or not file.startswith(f"{root}/") or not _NO_NAMES.isdisjoint(parts):
        return ""
    for part in () if plain else parts:
        at = f"{at}/{part}"
        if os.path.islink(at):  # noqa: PTH114 - as in `read_file`
            return ""
    return name


def check_named(root: Path, path: Path) -> Path:
    """A file that whoever runs us names: if it is below the root, no link of the repository leads it elsewhere.

    Raises:
        UsageError: they would.

    """
    try:
        if _lies_in(root, path.parent):
            inside(root, path)
    except ReadError as error:
        raise UsageError(error.what, place=str(path), hint="name another file") from error
    return path


def may_exist(root: Path, path: str) -> bool:
    """Whether something is, or may be, at a path that somebody else named; what can't be looked at isn't gone."""
    try:
        return (root / path).exists()
    except (OSError, ValueError):
        return True


def read_file(root: Path, path: str) -> bytes:
    """Read one whole file below the root.

    Raises:
        ReadError: it can't be read, is no regular file, or is larger than `SIZE_LIMIT`.

    """
    file = os.path.join(root, inside(root, os.path.join(root, path)))  # noqa: PTH118 - to make a path takes as long as to read
    try:
        # Before it is opened, as opening a pipe waits for somebody to write into it.
        found = os.lstat(file)
        if not stat.S_ISREG(found.st_mode):
            raise ReadError("is not a regular file", place=path, hint="take it out of the postmortems")
        data = _content(file, found.st_size)
    except OSError as error:
        raise ReadError(
            f"can't be read: {reason_of(error)}", place=path, hint="check that it exists and its mode"
        ) from error
    if len(data) > SIZE_LIMIT:
        raise ReadError(f"is larger than {SIZE_LIMIT // 1024 // 1024} MB", place=path, hint="split it, or leave it out")
    return data


def _content(file: str, size: int) -> bytes:
    """All that is in a file of about this size, or more than `SIZE_LIMIT` of it."""
    # Room for the limit would be made for each small file; that beyond the size is for what is written just now.
    room = min(size, SIZE_LIMIT) + 4096
    opened = os.open(file, _READING)
    try:
        data = b""
        while len(data) <= SIZE_LIMIT and (more := os.read(opened, room)):
            data += more
        return data
    finally:
        os.close(opened)


def replace_file(root: Path, path: str, data: bytes, expected: bytes) -> None:
    """Replace a file's content in one step, keeping mode and owner; who reads it sees the old content or the new.

    Args:
        root: The repository's root; the new content is prepared in its state folder.
        path: Relative to the root.
        data: The new content.
        expected: The content that was read; anything else means that somebody wrote meanwhile.

    Raises:
        FileChangedError: the file isn't ``expected`` any more.
        WriteError: it can't be written; it is as it was.

    """
    target = root / path
    try:
        _refuse(target, path)
        temporary = _prepare(root, target, data)
        try:
            _put_in_place(temporary, target, expected, path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        hint = "its progress will be written by the next run that can"
        raise WriteError(f"can't be written: {reason_of(error)}", place=path, hint=hint) from error


def _put_in_place(temporary: Path, target: Path, expected: bytes, path: str) -> None:
    if target.read_bytes() != expected:
        raise FileChangedError("was changed by somebody else", place=path, hint="run again")
    temporary.replace(target)
    # Makes the rename last through a power cut; not every file system can.
    with contextlib.suppress(OSError):
        handle = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _refuse(target: Path, path: str) -> None:
    # A rename would replace these, although nobody may write them.
    if target.is_symlink():
        raise WriteError("is a symbolic link, which is never replaced", place=path)
    hint = "give it its write permission back and run again"
    if _is_read_only(target):
        raise WriteError("is read-only", place=path, hint=hint)
    if _is_read_only(target.parent):
        raise WriteError("is in a read-only folder", place=path, hint=hint)


def _is_read_only(path: Path) -> bool:
    # Also where nobody has the permission, which doesn't stop root.
    return not path.stat().st_mode & _WRITABLE or not os.access(path, os.W_OK)


def _prepare(root: Path, target: Path, data: bytes) -> Path:
    import tempfile  # noqa: PLC0415 - most runs write nothing

    folder = statefolder.make(root)
    # A rename is atomic within one file system only.
    if folder.stat().st_dev != target.parent.stat().st_dev:
        folder = target.parent
    handle, name = tempfile.mkstemp(dir=folder, prefix="write-", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _copy_permissions(target, Path(name))
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
    return Path(name)


def _copy_permissions(source: Path, target: Path) -> None:
    info = source.stat()
    # Only root may give files away, and only root would otherwise take one that isn't root's.
    with contextlib.suppress(PermissionError):
        os.chown(target, info.st_uid, info.st_gid)
    target.chmod(stat.S_IMODE(info.st_mode))
