"""Front matter: YAML or TOML above the text, read for facts and never written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time

from pm_sync.markdown.blocks import META, Document

_LARGEST = 64 * 1024
_DEEPEST = 32
_MOST_DOTS = 200
"""In a line of TOML: the time that a key takes grows with the square of its parts."""
_WIDEST = 1000
"""Bits of a number; more is no fact, and writing it out takes long or fails."""


def read_front_matter(document: Document) -> dict[str, str]:
    """The front matter's facts by keys in lower case, a list's as one text; empty where nothing can be read."""
    block = document.blocks[0] if document.blocks else None
    if block is None or block.kind is not META or block.end - block.start > _LARGEST:
        return {}
    lines = (
        document.source.data[block.start : block.end]
        .decode("utf-8")
        .replace("\r\n", "\n")
        .replace("\r", "\n")
        .strip()
        .split("\n")
    )
    inside = "\n".join(lines[1:-1])
    data = _toml(inside) if block.meta == "toml" else _yaml(inside)
    return {_scalar(key).casefold(): _text(value) for key, value in data.items()} if isinstance(data, dict) else {}


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(filter(None, map(_scalar, value)))
    return _scalar(value)


def _scalar(value: object) -> str:
    """What one value says; nothing where it is a structure of its own, however deep."""
    too_wide = isinstance(value, int) and value.bit_length() > _WIDEST
    return str(value) if isinstance(value, str | int | float | date | time) and not too_wide else ""


def _toml(text: str) -> object:
    # Lazily, as few postmortems have front matter.
    import tomllib  # noqa: PLC0415

    if any(line.count(".") > _MOST_DOTS for line in text.split("\n")):
        return {}
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, ValueError, RecursionError):
        return {}


def _yaml(text: str) -> object:
    import yaml  # noqa: PLC0415

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        if not _is_plain(yaml.scan(text, Loader=loader)):
            return {}
        return yaml.load(text, Loader=loader)  # noqa: S506 -- both are safe loaders
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError):
        return {}


def _is_plain(tokens: Iterable[object]) -> bool:
    """Whether loading costs no more than the text's own size, and can fail in known ways only.

    A few bytes of nested aliases can stand for gigabytes, the loader follows nesting until the process dies of it, and
    a tag claims of a value what it isn't. No front matter needs any of these.
    """
    import yaml  # noqa: PLC0415

    opening = (
        yaml.BlockMappingStartToken,
        yaml.BlockSequenceStartToken,
        yaml.FlowMappingStartToken,
        yaml.FlowSequenceStartToken,
    )
    closing = (yaml.BlockEndToken, yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)
    depth = 0
    for token in tokens:
        if isinstance(token, yaml.AliasToken | yaml.TagToken):
            return False
        depth += isinstance(token, opening) - isinstance(token, closing)
        if depth > _DEEPEST:
            return False
    return True
