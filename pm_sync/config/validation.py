"""From the parts of a configuration to the pydantic models that check a file."""

from __future__ import annotations

import typing
from collections.abc import Iterator, Mapping
from functools import cache, partial
from typing import Any, Final, Self, TypeVar

from msgspec import NODEFAULT
from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, TypeAdapter, create_model, model_validator
from pydantic_core import CoreSchema
from pydantic_core.core_schema import no_info_after_validator_function

from pm_sync.config import models, trackers, values
from pm_sync.config.base import Part

_P = TypeVar("_P", bound=Part)
_WORDS: Final = {**vars(typing), **vars(values), **vars(trackers), **vars(models), "Field": Field}
"""What the annotations of parts are made of."""


class _Keys(BaseModel):
    """The keys of one part, as a file gives them: unknown ones are errors."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    @model_validator(mode="before")
    @classmethod
    def _drop_empty(cls, data: object) -> object:
        """A known key that stands there without a value (``trackers:``) counts as not given."""
        if not isinstance(data, Mapping):
            return data
        return {key: value for key, value in data.items() if value is not None or key not in cls.model_fields}


class _AnyKeys(_Keys):
    """The keys of a part that takes further ones."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, values.Days]

    @model_validator(mode="after")
    def _no_mistyped_key(self) -> Self:
        """Any key may name a rule, but one that is nearly a known key is hardly meant to."""
        values.one_of_each(values.not_mistyped(self.__pydantic_extra__, type(self).model_fields))
        return self


@cache
def adapter(part: Any) -> TypeAdapter[Any]:  # noqa: ANN401 - a type, or a union of types
    """What checks values against a part, or a union of parts, and makes it of them."""
    return TypeAdapter(part)


def check(data: object, context: Mapping[str, object]) -> models.Config:
    """Make a configuration of what a file holds.

    Raises:
        ValidationError: something in it can't be used.

    """
    # What isn't given is as by default: to put together all that could be would take longer than all else.
    given = frozenset(data) if isinstance(data, Mapping) else frozenset()
    return _make(models.Config, _model(models.Config, given).model_validate(data, context=context))


def schema_of(part: type[Part], handler: GetCoreSchemaHandler) -> CoreSchema:
    """The schema that reads ``part``."""
    return no_info_after_validator_function(
        partial(_make, part), handler(_model(part, frozenset(part.__struct_fields__)))
    )


def _make(part: type[_P], keys: _Keys) -> _P:
    members = {name: getattr(keys, name) for name in type(keys).model_fields}
    return part(**members, **({part.further: keys.__pydantic_extra__} if part.further else {}))


@cache
def _model(part: type[Part], given: frozenset[str]) -> type[_Keys]:
    hints = typing.get_type_hints(part, _WORDS, include_extras=True)
    keys: dict[str, Any] = {
        name: (hints[name], default) for name, default in _defaults(part) if name in given and name != part.further
    }
    base = _AnyKeys if part.further else _Keys
    return create_model(part.__name__, __base__=base, __doc__=part.__doc__, **keys)


def _defaults(part: type[Part]) -> Iterator[tuple[str, object]]:
    # Not by `msgspec.structs.fields`, which would look at the annotations, and where they can't be told.
    required = len(part.__struct_fields__) - len(part.__struct_defaults__)
    for name, default in zip(part.__struct_fields__, (NODEFAULT,) * required + part.__struct_defaults__, strict=True):
        made = default.factory() if hasattr(default, "factory") else default
        yield name, ... if made is NODEFAULT else made
