"""Putting off what a client library imports for features that most runs don't use."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType


class _PutOff(ModuleType):
    """Stands in for a module until something of it is used."""

    def __getattr__(self, name: str) -> object:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        value: object = getattr(import_module(self.__name__), name)
        return value


def put_off(name: str) -> None:
    """Let a module be loaded when something of it is first used. One that is loaded already stays.

    The standard library's `importlib.util.LazyLoader` won't do: before Python 3.12 a second ``import`` loads the module.
    """
    sys.modules.setdefault(name, _PutOff(name))
