"""All kinds of trackers there are. A new kind is one module, and one line here.

Where issues live and what a kind can hold is known without opening anything; the modules that speak to a server are
imported when one is opened: what a run doesn't use costs it nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from pm_sync.trackers.base import Capabilities, Tracker


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a run gives to every tracker it opens."""

    root: Path
    """The repository's root."""
    clock: Callable[[], datetime]
    """Tells the time, with its zone."""
    read_only: bool
    """The run only looks: nothing may be written, not even a file of the tracker's own."""
    environment: Mapping[str, str]
    """Hosts and credentials come from here and from nowhere else."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a tracker's issues live, as links to them tell."""

    site: str = ""
    """Scheme, host and port of the web address; empty for ``local``."""
    project: str = ""
    """``owner/name`` in lower case, or the Jira project's key."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of tracker. ``settings`` are its part of the configuration."""

    address: Callable[[Any, Mapping[str, str]], Address]
    """From settings and environment, which alone names hosts."""
    capabilities: Callable[[Any], Capabilities]
    open: Callable[[str, Any, Surroundings], Tracker]
    """Opens the tracker of this configured name."""


class LocalSettings(Protocol):
    """The settings of a ``local`` tracker."""

    @property
    def database(self) -> str:
        """The file, relative to the root."""
        ...


def _local_capabilities(_settings: LocalSettings) -> Capabilities:
    from pm_sync.trackers.local import LocalTracker  # noqa: PLC0415 - only when used

    return LocalTracker.capabilities


def _open_local(name: str, settings: LocalSettings, run: Surroundings) -> Tracker:
    from pm_sync.trackers.local import LocalTracker  # noqa: PLC0415 - only when used

    return LocalTracker.open(run.root / settings.database, name=name, clock=run.clock, read_only=run.read_only)


KINDS: Mapping[str, Kind] = {
    "local": Kind(lambda _settings, _environment: Address(), _local_capabilities, _open_local),
}
