"""The Data Center counterpart, run by its own Python, with one thing more: its state can be kept, and had again."""

from __future__ import annotations

import pickle
from importlib import import_module
from typing import Any

KEEP, REWIND = "/__keep", "/__rewind"
_NOT_STATE = frozenset({"config", "workflow", "serializer"})


def make_app() -> Any:
    """The counterpart."""
    app: Any = import_module("jira820").make_app()
    store = app.state.store
    kept = [_state(store)]

    def keep() -> None:
        kept[0] = _state(store)

    def rewind() -> None:
        vars(store).update(pickle.loads(kept[0]))  # noqa: S301  our own

    app.put(KEEP)(keep)
    app.put(REWIND)(rewind)
    return app


def _state(store: Any) -> bytes:
    return pickle.dumps({name: value for name, value in vars(store).items() if name not in _NOT_STATE})
