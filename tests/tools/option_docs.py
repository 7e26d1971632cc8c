"""What people read about the options, made from the configuration's JSON schema: default.yaml and the reference."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from pm_sync.config.schema import json_schema

Schema = dict[str, Any]

_HEAD = """\
# yaml-language-server: $schema=pm-sync.schema.json
# Every key of pm-sync.yaml with its default. Set only those you want otherwise: no file at all works as well.
# A line that starts with # and goes on without a blank, or with two, is an example: take the # away to use it.
"""


class Docs:
    """The schema, read part by part."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    def default_yaml(self) -> str:
        """Every key with its default and a line that explains it."""
        lines = "".join(f"{line}\n" for line in self._keys(self._schema, ""))
        return _HEAD + re.sub(r"^(?=# )", "\n", lines, flags=re.MULTILINE)

    def reference(self) -> str:
        """A table for each part of the configuration."""
        return "\n".join(self._part("", self._schema, "The whole file."))

    def _keys(self, part: Schema, indent: str) -> Iterator[str]:
        for key, value in part["properties"].items():
            yield f"{indent}# {self._meaning(value)}"
            if sample := self._sample(key, value):
                yield from (f"#{line}" for line in sample)
            elif (below := self._below(value)) is not None:
                yield f"{indent}{key}:"
                yield from self._keys(below, indent + "  ")
            else:
                yield f"{indent}{key}: {_written(_value(value))}"

    def _sample(self, key: str, value: Schema) -> list[str]:
        """An example for a key whose default is empty but which holds parts with keys of their own."""
        entries = [(name, part) for name, part in self._entries(value) if part is not None]
        if not entries:
            return []
        lines = [f"{key}:"]
        for name, part in entries:
            item = value.get("type") == "array"
            lines += ["  -"] if item else [f"  {name}:"]
            lines += self._keys(part, "    ")
        return lines

    def _entries(self, value: Schema) -> Iterator[tuple[str, Schema | None]]:
        """The parts that may stand in a list or below names of one's own, each by a name for it."""
        inner = value.get("items") or next(iter(value.get("patternProperties", {}).values()), None)
        inner = inner or value.get("additionalProperties") or {}
        for kind, ref in inner.get("discriminator", {}).get("mapping", {}).items():
            yield kind, self._below({"$ref": ref})
        yield "NAME", self._below(inner)

    def _below(self, value: Schema) -> Schema | None:
        if "$ref" not in value:
            return None
        part: Schema = self._schema["$defs"][value["$ref"].rpartition("/")[2]]
        return part

    def _meaning(self, value: Schema) -> str:
        meaning: str = value.get("description") or (self._below(value) or {})["description"]
        return meaning

    def _part(self, name: str, part: Schema, meaning: str) -> Iterator[str]:
        if name:
            yield f"### `{name}`\n"
        yield f"{meaning}\n"
        yield "| Key | Value | Default | Meaning |"
        yield "|---|---|---|---|"
        for key, value in part["properties"].items():
            yield f"| `{key}` | {self._kind(value)} | {self._default(key, value, part)} | {_cell(self._meaning(value))} |"
        yield ""
        for key, value in part["properties"].items():
            yield from self._parts_below(f"{name}.{key}".lstrip("."), value)

    def _parts_below(self, name: str, value: Schema) -> Iterator[str]:
        if (below := self._below(value)) is not None:
            yield from self._part(name, below, below["description"])
        array = value.get("type") == "array"
        for kind, part in self._entries(value):
            if part is not None:
                place = f"{name}[]" if array else f"{name}.NAME"
                suffix = "" if kind == "NAME" else f" (kind: {kind})"
                yield from self._part(place + suffix, part, part["description"])

    def _default(self, key: str, value: Schema, part: Schema) -> str:
        if key in part.get("required", ()):
            return "required"
        return "see below" if self._below(value) else f"`{_written(value['default'])}`"

    def _kind(self, value: Schema) -> str:
        if "$ref" in value or any(part for _, part in self._entries(value)):
            return "see below"
        if "const" in value:
            return f"`{value['const']}`"
        if "enum" in value:
            return " or ".join(f"`{word}`" for word in value["enum"])
        if "anyOf" in value:
            kinds = dict.fromkeys(self._kind(option) for option in value["anyOf"] if option.get("type") != "null")
            return " or ".join(kinds)
        return self._simple_kind(value)

    def _simple_kind(self, value: Schema) -> str:
        match value:
            case {"type": "array", "items": items}:
                return f"list of {self._kind(items)}"
            case {"type": "object", "additionalProperties": inner}:
                return f"{self._kind(inner)} by name"
            case {"type": "string", "pattern": str(pattern)} if "[smhdw]" in pattern:
                return "duration"
            case {"type": "string", "pattern": str(pattern)} if "[dw]" in pattern:
                return "days or weeks"
            case {"type": "string", "pattern": str(pattern)} if "{4}-" in pattern:
                return "day"
            case {"type": str(kind)}:
                return {"string": "text", "integer": "number", "boolean": "`true` or `false`"}.get(kind, kind)
        raise ValueError(f"no words for {value}")


def _value(value: Schema) -> Any:  # any value of YAML
    """The default, or for a required key or one in an example something that could stand there."""
    return value["examples"][0] if "examples" in value else value.get("default", value.get("const"))


def _written(value: Any) -> str:  # any value of YAML
    return yaml.safe_dump(value, default_flow_style=True, width=1000).removesuffix("\n").removesuffix("\n...")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def default_yaml() -> str:
    """``config/default.yaml``."""
    return Docs(json_schema()).default_yaml()


def option_reference() -> str:
    """The tables of ``config/README.md``."""
    return Docs(json_schema()).reference() + "\n"
