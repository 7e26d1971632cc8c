"""The environment's variables of one connection: the usual ones, or those of a named connection."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct


class Variables(Struct, frozen=True):
    """The names of the variables that tell where a server is and who we are there."""

    connection: str = ""

    def name(self, usual: str) -> str:
        """``GITHUB_TOKEN``, or ``PM_SYNC_CORP_GITHUB_TOKEN`` for the connection ``corp``."""
        if not self.connection:
            return usual
        infix = re.sub(r"\W", "_", self.connection).upper()
        return f"PM_SYNC_{infix}_{usual.removeprefix('PM_SYNC_')}"

    def get(self, environment: Mapping[str, str], *usual: str) -> str:
        """The first of these that is set to something, or an empty string."""
        return next((value for name in usual if (value := environment.get(self.name(name), "").strip())), "")
