"""What every part of the configuration has in common."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, model_validator


class Part(BaseModel):
    """Keys that may be set in the configuration: unknown ones are errors, and nothing changes after loading."""

    # Building validators takes longer than all else at start-up: only a configuration that is read pays for it,
    # which is also why defaults are made by `model_construct`.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    @model_validator(mode="before")
    @classmethod
    def _drop_empty(cls, data: object) -> object:
        """A known key that stands there without a value (``trackers:``) counts as not given."""
        if not isinstance(data, Mapping):
            return data
        return {key: value for key, value in data.items() if value is not None or key not in cls.model_fields}
