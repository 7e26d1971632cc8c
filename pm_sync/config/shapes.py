"""The forms of names, which need no more than a regular expression to check."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pm_sync.config.demands import Demand, Reader, Where

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema


class Shape(Demand, frozen=True):
    """Metadata of an annotated ``str``: its form as a regular expression, and in words that end "must be …"."""

    pattern: str
    words: str

    def check(self, value: str) -> str:
        """Return ``value`` if it has the form, else raise ValueError."""
        if not re.fullmatch(self.pattern, value):
            raise ValueError(f"must be {self.words}, not {value[:60]!r}")
        return value

    def read(self, value: object, inner: Reader, where: Where) -> str:  # noqa: ARG002 - as in the base class
        """Check what ``inner`` reads."""
        return self.check(inner(value))

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Check after pydantic has seen to it that the value is text."""
        from pydantic_core.core_schema import no_info_after_validator_function  # noqa: PLC0415 - pydantic has loaded it

        return no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Let editors check the form as well."""
        return handler(schema) | {"pattern": self.pattern}


PLAIN_LABEL: Final = Shape(r"^[^\s,\"\\]{1,50}$", "a label without blanks, commas, quotes and backslashes")
TRACKER_NAME: Final = Shape(r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", "a name of letters, digits, dots and dashes")
REPOSITORY: Final = Shape(r"^[A-Za-z0-9_-]+/(?!\.{1,2}$)[A-Za-z0-9._-]+$", "a repository written OWNER/NAME")
PROJECT_KEY: Final = Shape(r"^[A-Z][A-Z0-9_]*$", "a Jira project's key such as OPS")
ISSUE_KEY: Final = Shape(r"^[A-Z][A-Z0-9_]*-[1-9][0-9]*$", "a Jira issue's key such as OPS-12")
LOGIN: Final = Shape(r"^[A-Za-z0-9][A-Za-z0-9_-]*(\[bot\])?$", "a GitHub login without the @")
CONNECTION: Final = Shape(r"^[A-Za-z][A-Za-z0-9_]*$", "a word of letters, digits and underscores")
