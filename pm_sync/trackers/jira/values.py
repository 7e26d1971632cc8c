"""Field values: from the words of a configuration to what each type of field wants to be sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from pm_sync.errors import TrackerError
from pm_sync.trackers.jira.meta import Field, called, nearest
from pm_sync.trackers.jira.options import FieldValue

FindUser = Callable[[str], Mapping[str, str] | None]
"""From an account as configured to what Jira wants in a user's place."""

_NAMED = frozenset({"priority", "resolution", "component", "version", "issuetype", "securitylevel", "group"})
"""Types whose values go by ``name``; options go by ``value``."""


def field_value(field: Field, value: FieldValue, find_user: FindUser) -> Any:  # noqa: ANN401  as JSON is
    """What to send for a field.

    Raises:
        TrackerError: the value doesn't fit the field.

    """
    texts = [str(part) for part in value] if isinstance(value, tuple) else [_text(value)]
    match field.type:
        case "array":
            return [_single(field, field.items, text, find_user) for text in texts]
        case "option-with-child":
            return _cascade(field, texts)
        case "number":
            return _number(field, value)
        case "date" if len(texts) == 1:
            return _date(field, texts[0])
        case kind if len(texts) == 1:
            return _single(field, kind, texts[0], find_user)
        case _:
            raise TrackerError(f"the field {field.name!r} takes one value", hint="give it no list in `fields`")


def _text(value: str | float | bool) -> str:  # noqa: FBT001  one of a union
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return str(value)


def _single(field: Field, kind: str, text: str, find_user: FindUser) -> Any:  # noqa: ANN401  as JSON is
    if kind == "user":
        user = find_user(text)
        if user is None:
            raise TrackerError(f"the field {field.name!r}: Jira knows no user {text!r} here")
        return user
    if field.allowed:
        return _choose(field, field.allowed, text)
    if kind == "option":
        return {"value": text}
    return {"name": text} if kind in _NAMED else text


def _choose(field: Field, allowed: Sequence[Mapping[str, Any]], text: str) -> Mapping[str, str]:
    """One of the values there are, as Jira spells it; options have no name, but an id."""
    for value in allowed:
        if called(value).casefold() == text.casefold():
            return {"name": str(value["name"])} if "name" in value else {"id": str(value["id"])}
    raise TrackerError(f"the field {field.name!r} has no value {text!r}", hint=nearest(text, map(called, allowed)))


def _cascade(field: Field, texts: Sequence[str]) -> Mapping[str, Any]:
    first, *rest = texts
    chosen: dict[str, Any] = dict(_choose(field, field.allowed, first)) if field.allowed else {"value": first}
    if rest:
        parent = next((value for value in field.allowed if called(value).casefold() == first.casefold()), {})
        children = parent.get("children") or ()
        chosen["child"] = dict(_choose(field, children, rest[0])) if children else {"value": rest[0]}
    return chosen


def _date(field: Field, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise TrackerError(f"the field {field.name!r} takes a date like 2027-01-31, not {text!r}") from None


def _number(field: Field, value: FieldValue) -> float:
    try:
        number = float(",".join(value) if isinstance(value, tuple) else value)
    except ValueError:
        raise TrackerError(f"the field {field.name!r} takes a number, not {value!r}") from None
    return int(number) if number.is_integer() else number
