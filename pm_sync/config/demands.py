"""What an annotation may demand of a value: known to pydantic, and able to read a value without it.

Pydantic words what is wrong with a file, and makes its schema; to load it takes longer than to sync a repository.
So a file is first read without it (``quick.py``), by the very same demands.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

Reader = Callable[[object], Any]
"""Makes a value of what a file holds; raises ValueError where it can't."""


class Where(Protocol):
    """Where a value stands; pydantic's ``ValidationInfo`` is one."""

    @property
    def context(self) -> Any:  # noqa: ANN401 - as pydantic has it
        """What all checks of one file may know."""

    @property
    def field_name(self) -> str | None:
        """The key in whose value it stands."""


class Demand(Struct, frozen=True):
    """Metadata of an annotated type."""

    def read(self, value: object, inner: Reader, where: Where) -> Any:  # noqa: ANN401, ARG002 - any value; for those below
        """Read ``value`` by ``inner``, which knows the type and what is demanded before this."""
        return inner(value)

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Let pydantic demand the same."""
        return handler(source)


class After(Demand, frozen=True):
    """A function that checks what was read, and may make something else of it."""

    check: Callable[[Any], Any]

    def read(self, value: object, inner: Reader, where: Where) -> Any:  # noqa: ANN401, ARG002 - as above
        """Check what ``inner`` reads."""
        return self.check(inner(value))

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Let pydantic demand the same."""
        from pydantic_core.core_schema import no_info_after_validator_function  # noqa: PLC0415 - pydantic has loaded it

        return no_info_after_validator_function(self.check, handler(source))


class AfterThere(Demand, frozen=True):
    """A function that checks what was read, knowing where it stands."""

    check: Callable[[Any, Where], Any]

    def read(self, value: object, inner: Reader, where: Where) -> Any:  # noqa: ANN401 - as above
        """Check what ``inner`` reads."""
        return self.check(inner(value), where)

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Let pydantic demand the same."""
        from pydantic_core.core_schema import with_info_after_validator_function  # noqa: PLC0415 - as above

        return with_info_after_validator_function(self.check, handler(source))


class Before(Demand, frozen=True):
    """A function that makes what the type takes of what a file holds."""

    parse: Callable[[object], object]
    takes: Any = None
    """The type of what a file holds, for the schema; None: as the annotated one."""

    def read(self, value: object, inner: Reader, where: Where) -> Any:  # noqa: ANN401, ARG002 - as above
        """Let ``inner`` read what is made of ``value``."""
        return inner(self.parse(value))

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Let pydantic demand the same."""
        from pydantic_core.core_schema import no_info_before_validator_function  # noqa: PLC0415 - as above

        taken = None if self.takes is None else handler.generate_schema(self.takes)
        return no_info_before_validator_function(self.parse, handler(source), json_schema_input_schema=taken)


class Around(Demand, frozen=True):
    """A function that is given the value and its reader."""

    wrap: Callable[[object, Reader], Any]

    def read(self, value: object, inner: Reader, where: Where) -> Any:  # noqa: ANN401, ARG002 - as above
        """Let the function use ``inner``."""
        return self.wrap(value, inner)

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Let pydantic demand the same."""
        from pydantic_core.core_schema import no_info_wrap_validator_function  # noqa: PLC0415 - as above

        return no_info_wrap_validator_function(self.wrap, handler(source))


class Written(Demand, frozen=True):
    """The text by which a value is given in a file, for the schema."""

    pattern: str = ""
    """A regular expression; any, if empty."""
    among: tuple[str, ...] = ()

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Let editors know."""
        form = {"pattern": self.pattern} if self.pattern else {"enum": list(self.among)}
        return {"type": "string"} | form


class Sized(Demand, frozen=True):
    """A text that isn't empty."""

    most: int | None = None
    """How many characters it may have."""
    trimmed: bool = True
    """Whether blanks around it are no part of it."""

    def read(self, value: object, inner: Reader, where: Where) -> str:  # noqa: ARG002 - as above
        """Take what needs no trimming: what is a blank to pydantic, only pydantic knows."""
        text: str = inner(value)
        if (self.trimmed and text != text.strip()) or not 0 < len(text) <= (self.most or len(text)):
            raise ValueError(f"must have 1 to {self.most} characters, and no blanks around them")
        return text

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Let pydantic demand the same."""
        from pydantic_core.core_schema import str_schema  # noqa: PLC0415 - as above

        return str_schema(strip_whitespace=self.trimmed, min_length=1, max_length=self.most)


class UpTo(Demand, frozen=True):
    """A whole number that isn't negative."""

    most: int

    def read(self, value: object, inner: Reader, where: Where) -> int:  # noqa: ARG002 - as above
        """Take what lies between."""
        number: int = inner(value)
        if not 0 <= number <= self.most:
            raise ValueError(f"must be 0 to {self.most}")
        return number

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Let pydantic demand the same."""
        from pydantic_core.core_schema import int_schema  # noqa: PLC0415 - as above

        return int_schema(strict=True, ge=0, le=self.most)
