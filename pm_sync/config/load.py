"""Find the configuration, read it, and say all that is wrong with it at once."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from pm_sync.config.models import Config
from pm_sync.errors import ConfigError, UsageError
from pm_sync.io import check_named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pm_sync.config.document import Document

NAMES: Final = ("pm-sync.yaml", ".pm-sync.yaml", "config/pm-sync.yaml", ".github/pm-sync.yaml")
"""Where a configuration may stand, seen from the repository's root."""
MAX_BYTES: Final = 1_000_000


def find_config(root: Path) -> Path | None:
    """The configuration of the repository at ``root``, or None where it has none.

    Raises:
        ConfigError: there are two, or one that would be overlooked: for the end of its name, or as it is no file.

    """
    for name in NAMES:
        overlooked = str(PurePosixPath(name).with_suffix(".yml"))
        if (root / overlooked).is_file():
            raise ConfigError("is not read under this name", place=overlooked, hint=f"rename it to {name}")
    # A link that leads nowhere, say into a submodule that isn't there, mustn't send all issues to where the defaults do.
    found = [name for name in NAMES if os.path.lexists(root / name)]
    if not found:
        return None
    if len(found) > 1:
        raise ConfigError(f"{' and '.join(found)}: more than one configuration", hint="keep one of them")
    if not (root / found[0]).is_file():
        raise ConfigError("is no file, or a link that leads to none", place=found[0], hint="put the file itself there")
    return root / found[0]


def load_config(root: Path, explicit: Path | None = None) -> Config:
    """Load ``explicit``, else what `find_config` finds, else the defaults.

    Raises:
        ConfigError: it can't be found, read or used; one line for each problem.

    """
    path = explicit or find_config(root)
    if path is None:
        return Config()
    shown = (path.relative_to(root) if path.is_relative_to(root) else path).as_posix()
    try:
        check_named(root, path)
    except UsageError as error:
        raise ConfigError(error.what, place=shown, hint="put the file itself there") from error
    return parse_config(_read(path, shown), shown)


def _read(path: Path, shown: str) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"can't be read: {error.strerror or error}", place=shown) from error
    if len(data) > MAX_BYTES:
        raise ConfigError(f"is larger than {MAX_BYTES} bytes", place=shown)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = len(data[data.rfind(b"\n", 0, error.start) + 1 : error.start].decode("utf-8-sig", "replace")) + 1
        place = f"{shown}:{line}:{column}"
        raise ConfigError("is not UTF-8", place=place, hint="save the file as UTF-8") from error


def parse_config(text: str, path: str = NAMES[0]) -> Config:
    """Read a configuration; ``path`` is what messages call it.

    Raises:
        ConfigError: something is wrong; its text has one line ``path:line:col: message`` for each problem.

    """
    # What reads a file is loaded only where there is one, and what explains it only where something is wrong.
    from pm_sync.config.document import read_document  # noqa: PLC0415
    from pm_sync.config.quick import read_quickly  # noqa: PLC0415

    document = read_document(text)
    data = {} if document.data is None else document.data
    context = {"trackers": _tracker_names(data)}
    quick = None if document.problems else read_quickly(data, context)
    return quick or _check(document, data, context, path)


def _check(document: Document, data: object, context: Mapping[str, object], path: str) -> Config:
    from pydantic import ValidationError  # noqa: PLC0415

    from pm_sync.config.validation import check  # noqa: PLC0415

    config, problems = Config(), list(document.problems)
    try:
        config = check(data, context)
    except ValidationError as error:
        from pm_sync.config.problems import explain  # noqa: PLC0415

        problems += explain(error, document)
    if problems:
        raise ConfigError("\n".join(f"{path}:{problem.place}: {problem.message}" for problem in sorted(problems)))
    return config


def _tracker_names(data: object) -> tuple[str, ...]:
    trackers = data.get("trackers") if isinstance(data, dict) else None
    named = trackers if isinstance(trackers, dict) else {}
    if any(isinstance(tracker, dict) and tracker.get("kind") == "local" for tracker in named.values()):
        return tuple(named)
    # The embedded tracker needs no configuration.
    return (*named, "local")
