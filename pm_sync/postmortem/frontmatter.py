"""Front matter: YAML or TOML above the text, read for facts and never written."""

from __future__ import annotations

from pm_sync.markdown.blocks import Document, Kind

_LARGEST = 64 * 1024


def read_front_matter(document: Document) -> dict[str, object]:
    """The front matter as a mapping with keys in lower case; empty where there is none, or none that can be read."""
    block = document.blocks[0] if document.blocks else None
    if block is None or block.kind is not Kind.META or block.end - block.start > _LARGEST:
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
    return {str(key).casefold(): value for key, value in data.items()} if isinstance(data, dict) else {}


def _toml(text: str) -> object:
    # Lazily, as few postmortems have front matter.
    import tomllib  # noqa: PLC0415

    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, ValueError, RecursionError):
        return {}


def _yaml(text: str) -> object:
    import yaml  # noqa: PLC0415

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        # A few bytes of nested aliases can stand for gigabytes; no front matter needs any.
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text, Loader=loader)):
            return {}
        return yaml.load(text, Loader=loader)  # noqa: S506 -- both are safe loaders
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError):
        return {}
