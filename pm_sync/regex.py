"""Regular expressions that are compiled when they are first used: most runs use a few of them, and compiling is slow."""

from __future__ import annotations

import re
from typing import AnyStr, Final, cast

_METHODS: Final = ("search", "match", "fullmatch", "sub", "split", "findall", "finditer")


def regex(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What ``re.compile`` would give, as far as its methods go."""
    return cast("re.Pattern[AnyStr]", _Pattern(source, flags))


class _Pattern:
    def __init__(self, source: str | bytes, flags: int) -> None:
        self.pattern = source
        self.flags = flags

    def __getattr__(self, name: str) -> object:
        """Compile; from now on the methods are found without coming here."""
        if name not in _METHODS:
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self.flags)
        self.__dict__.update({method: getattr(compiled, method) for method in _METHODS})
        return self.__dict__[name]
