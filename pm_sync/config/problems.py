"""What pydantic finds wrong, in words for the person who wrote the file, with its place and what may have been meant."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from pm_sync.config.document import Document, Loc, Problem
from pm_sync.config.schema import Schema, json_schema, keys_at, words_at
from pm_sync.config.values import shown

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_KEY: Final = "[key]"
"""What pydantic puts behind a key that is wrong itself."""

_WORDS: Final = {
    "string_type": "must be text",
    "int_type": "must be a whole number",
    "tuple_type": "must be a list",
    "dict_type": "must hold keys and values",
    "model_type": "must hold keys and values",
    "model_attributes_type": "must hold keys and values",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
    "string_too_short": "must not be empty",
    "string_too_long": "must have {max_length} characters or less",
}


def explain(error: ValidationError, document: Document) -> Iterator[Problem]:
    """Say each thing that is wrong at its place in ``document``."""
    schema = _schema()
    for detail in error.errors(include_url=False):
        found = document.nearest(detail["loc"])
        # What is wrong with a key is said at the key, all else at the value.
        of_key = detail["type"] == "extra_forbidden" or detail["loc"][-1:] == (_KEY,)
        # A key behind an alias has no place of its own in `found`, where the alias may be an item of a list.
        place = document.keys.get(found, document.values[found]) if of_key else document.values[found]
        name = "" if detail["type"] == "extra_forbidden" else _name(found)
        yield Problem(place, name + _message(detail, schema))


@cache
def _schema() -> Schema:
    """The schema, which takes longer to make than a file takes to read."""
    return json_schema()


def _message(detail: ErrorDetails, schema: Schema) -> str:
    loc, given = detail["loc"], detail["input"]
    context: dict[str, Any] = detail.get("ctx", {})
    match detail["type"]:
        case "extra_forbidden":
            return f"unknown key {loc[-1]!r}" + meant(str(loc[-1]), keys_at(schema, loc[:-1]))
        case "missing":
            return f"the key {loc[-1]!r} is missing"
        case "union_tag_not_found":
            return f"the key {context['discriminator']} is missing"
        case "union_tag_invalid":
            return f"{context['discriminator']} " + _not_among(
                given[context["discriminator"].strip("'")], words_at(schema, loc)
            )
        case "literal_error":
            return _not_among(given, words_at(schema, loc))
        case "unknown_tracker":
            return detail["msg"] + meant(context["name"], context["names"])
        case "value_error":
            return str(context["error"])
        case kind:
            return _WORDS[kind].format(**context) + shown(given) + _quote(kind, given)


def _name(loc: Loc) -> str:
    """``routes[0].to: ``, or nothing for the file as a whole."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step:.60}" for step in loc)
    return f"{''.join(steps).lstrip('.')}: " if loc else ""


def _not_among(given: object, words: Collection[str]) -> str:
    *first, last = (repr(word) for word in words)
    return f"must be {', '.join(first)} or {last}{shown(given)}{meant(str(given), words)}"


def _quote(kind: str, given: object) -> str:
    return "; write it in quotes" if kind == "string_type" and isinstance(given, int | float) else ""


def meant(given: str, words: Collection[str]) -> str:
    """The question whether the nearest of ``words`` was meant, or nothing if none is near."""
    by_lower = {word.lower(): word for word in words}
    near = difflib.get_close_matches(given[:60].lower(), by_lower, n=1)
    return f"; did you mean {by_lower[near[0]]!r}?" if near else ""
