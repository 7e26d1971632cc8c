"""The configuration's JSON schema, and what it says of one place in a file."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from msgspec import structs
from pydantic.json_schema import GenerateJsonSchema

from pm_sync.config.base import Part
from pm_sync.config.models import Config
from pm_sync.config.validation import adapter
from pm_sync.config.values import format_duration

Schema = dict[str, Any]


class _Generator(GenerateJsonSchema):
    """Writes durations as the configuration does; pydantic alone would write ISO 8601."""

    def encode_default(self, dft: Any) -> Any:  # noqa: ANN401  # as in the base class
        """Make JSON of a default."""
        match dft:
            case timedelta():
                return format_duration(dft)
            case Part():
                return {
                    key: self.encode_default(value) for key, value in structs.asdict(dft).items() if key != dft.further
                }
            case _:
                return super().encode_default(dft)

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401, ARG002  # as in the base class
        """Leave out titles: they would repeat the keys."""
        return False


def json_schema() -> Schema:
    """The JSON schema (draft 2020-12) of ``pm-sync.yaml``."""
    schema = adapter(Config).json_schema(schema_generator=_Generator)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | schema | {"title": "pm-sync.yaml"}


def keys_at(schema: Schema, loc: tuple[int | str, ...]) -> Collection[str]:
    """The keys that may stand in the mapping at ``loc``, which is given as pydantic gives it."""
    return list(_at(schema, loc).get("properties", {}))


def words_at(schema: Schema, loc: tuple[int | str, ...]) -> Collection[str]:
    """The words of which the value at ``loc`` must be one: those of an enumeration, or the kinds of a union."""
    part = _at(schema, loc)
    if "discriminator" in part:
        return list(part["discriminator"]["mapping"])
    words: list[str] = part["enum"]
    return words


def _at(root: Schema, loc: tuple[int | str, ...]) -> Schema:
    part = _resolve(root, root)
    for element in loc:
        part = _resolve(root, _step(part, element))
    return part


def _step(part: Schema, element: int | str) -> Schema:
    below: Schema
    if element in part.get("properties", {}):
        below = part["properties"][element]
    elif "discriminator" in part:  # pydantic puts a union's kind behind the union's own place
        below = {"$ref": part["discriminator"]["mapping"][element]}
    elif isinstance(element, int):
        below = part["items"]
    else:
        below = next(iter(part.get("patternProperties", {}).values()), part.get("additionalProperties", {}))
    return below


def _resolve(root: Schema, part: Schema) -> Schema:
    """Follow references, and take what may be null for what it is otherwise."""
    options = [option for option in part.get("anyOf", ()) if option.get("type") != "null"]
    if len(options) == 1:
        return _resolve(root, options[0])
    if "$ref" in part:
        return _resolve(root, root["$defs"][part["$ref"].rpartition("/")[2]])
    return part
