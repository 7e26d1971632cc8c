"""``pm-sync schema``."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from pm_sync.cli.terminal import emit


class Name(StrEnum):
    """What there is a schema of."""

    CONFIG = "config"
    ITEMS = "items"
    PLAN = "plan"
    SYNC = "sync"
    STATUS = "status"
    LINT = "lint"
    LOCAL = "local"
    DOCTOR = "doctor"


def schema(
    name: Annotated[Name, typer.Argument(help="The configuration, or a command's --format json.")] = Name.CONFIG,
) -> None:
    """Print a JSON schema: of the configuration, or of what a command gives with --format json.

    \b
    Examples:
      pm-sync schema > pm-sync.schema.json
      pm-sync schema plan
    """
    import json  # noqa: PLC0415 - help doesn't need it

    if name is Name.CONFIG:
        from pm_sync.config.schema import json_schema as of_config  # noqa: PLC0415

        found = of_config()
    else:
        from pm_sync.report.schemas import json_schema  # noqa: PLC0415

        found = json_schema(name)
    emit(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
