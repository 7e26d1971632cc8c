"""What every part of the configuration has in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema


class Part(Struct, frozen=True, kw_only=True):
    """Keys that may be set in the configuration.

    The annotations of its members say what a file may hold. They are looked at only when a file is read, or its schema
    made.
    """

    further: ClassVar[str] = ""
    """The member that holds keys of any name, if such may stand besides the known ones."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Let pydantic read this part."""
        from pm_sync.config.validation import schema_of  # noqa: PLC0415 - only where a file is read

        return schema_of(cls, handler)
