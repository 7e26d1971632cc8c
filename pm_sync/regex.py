"""Regular expressions that are compiled when they are first used: most runs use a few of them, and compiling is slow."""

from __future__ import annotations

import re
from typing import AnyStr, Final, cast

_METHODS: Final = ("search", "match", "fullmatch", "sub", "split", "findall", "finditer")


def regex(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What ``re.compile`` would give, as far as its methods go."""
    return cast("re.Pattern[AnyStr]", _Uncompiled(source, flags))


class _Pattern:
    """An expression with its methods as they came out of compiling."""

    __slots__ = (*_METHODS, "flags", "pattern")

    def __init__(self, source: str | bytes, flags: int) -> None:
        self.pattern = source
        self.flags = flags


class _Uncompiled(_Pattern):
    """The same before its first use: an attribute that is not found makes every later look-up of any slower."""

    __slots__ = ()

    def __getattr__(self, name: str) -> object:
        if name not in _METHODS:
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self.flags)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        self.__class__ = _Pattern  # type: ignore[assignment]  # the methods are found without coming here
        return getattr(self, name)
