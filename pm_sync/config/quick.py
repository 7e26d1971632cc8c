"""Reading a right configuration without pydantic, whose loading takes longer than all else that a command does.

The parts' annotations are read as pydantic reads them, only that whatever isn't plainly right is left to it: so this
takes no file that pydantic refuses, and makes the same of those that it takes.
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from types import SimpleNamespace, UnionType
from typing import Any, Final, TypeVar

from msgspec import Struct

from pm_sync.config import models, trackers, values
from pm_sync.config.base import Part
from pm_sync.config.demands import Demand
from pm_sync.config.values import Bare, not_mistyped, one_of_each

_T = TypeVar("_T")
_P = TypeVar("_P", bound=Part)


class _There(Struct, frozen=True):
    """Where a value stands."""

    context: Mapping[str, object]
    field_name: str | None = None


def _field(discriminator: str | None = None, **_: object) -> str | None:
    """Stands for pydantic's ``Field``, whose other words are for people."""
    return discriminator


_WORDS: Final = {**vars(typing), **vars(values), **vars(trackers), **vars(models), "Field": _field}
"""What the annotations of parts are made of."""


def read_quickly(data: object, context: Mapping[str, object]) -> models.Config | None:
    """Make a configuration of what a file holds, or None where that needs a closer look."""
    try:
        return _part(models.Config, data, _There(context))
    except ValueError:
        return None


def _part(part: type[_P], data: object, there: _There) -> _P:
    data = _plain(dict, data)
    keys = [key for key in part.__struct_fields__ if key != part.further]
    # A known key without a value counts as not given.
    given = {key: value for key, value in data.items() if value is not None or key not in keys}
    members = {key: _read(_hint(part, key), given.pop(key), _There(there.context, key)) for key in keys if key in given}
    if part.further:
        members[part.further] = one_of_each(not_mistyped(_read(_hint(part, part.further), given, there), keys))
    elif given:
        raise ValueError("unknown keys")
    try:
        return part(**members)
    except TypeError as error:
        raise ValueError("a key is missing") from error


@cache
def _hint(part: type[Part], key: str) -> Any:  # noqa: ANN401 - whatever annotates it
    # One by one, as a file gives few of the keys that there are.
    written = next(words[key] for words in map(inspect.get_annotations, part.__mro__) if key in words)
    return typing.get_type_hints(SimpleNamespace(__annotations__={key: written}), _WORDS, include_extras=True)[key]


def _read(hint: Any, value: object, there: _There) -> Any:  # noqa: ANN401 - a type, and a value of it
    origin, words = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        return _annotated(hint.__origin__, hint.__metadata__, value, there)
    if origin is typing.Literal:
        return _among(words, value)
    if origin in {typing.Union, UnionType}:
        return _either(words, value, there)
    if origin is tuple:
        return tuple(_read(words[0], item, there) for item in _plain(list, value))
    if origin is not None:
        key, item = words
        return {_read(key, k, there): _read(item, v, there) for k, v in _plain(dict, value).items()}
    return _part(hint, value, there) if issubclass(hint, Part) else _plain(hint, value)


def _annotated(base: Any, extras: tuple[object, ...], value: object, there: _There) -> Any:  # noqa: ANN401 - as above
    """The last demand is the first to see the value, and the last to see what is read."""
    if not extras:
        return _read(base, value, there)
    *before, last = extras
    if isinstance(last, Demand):
        return last.read(value, lambda v: _annotated(base, tuple(before), v, there), there)
    if isinstance(last, str):
        base = _told_apart(base, last, value)
    return _annotated(base, tuple(before), value, there)


def _told_apart(union: Any, discriminator: str, value: object) -> Any:  # noqa: ANN401 - parts
    kind = value.get(discriminator) if isinstance(value, dict) else None
    for part in typing.get_args(union):
        if kind in typing.get_args(_hint(part, discriminator).__origin__):
            return part
    raise ValueError("of no kind")


def _among(words: tuple[object, ...], value: object) -> object:
    for word in words:
        if word == value and isinstance(value, type(word)):
            return word
    raise ValueError("not among those words")


def _either(types: tuple[Any, ...], value: object, there: _There) -> Any:  # noqa: ANN401 - as above
    for option in types:
        with suppress(ValueError):
            return _read(option, value, there)
    raise ValueError("none of them")


def _plain(of: type[_T], value: object) -> _T:
    if of is str and isinstance(value, Bare):
        value = str(value)
    # Exactly: a truth is a number as well, and pydantic may make one of the other.
    if type(value) is not of:
        raise ValueError(f"must be {of.__name__}")
    return value
