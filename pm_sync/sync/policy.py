"""Policy: what a run may do and wants done, as plain values made from configuration and command line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec import Struct, field

from pm_sync.postmortem.writeback import WriteBackOptions
from pm_sync.sync.identity import Places
from pm_sync.trackers.base import FIELDS, Capabilities


class Route(Struct, frozen=True):
    """Sends the items that fit it to a tracker. Empty conditions fit everything; several must all fit.

    Words are case-folded.
    """

    to: str
    paths: tuple[str, ...] = ()
    """Globs over the postmortem's path."""
    types: frozenset[str] = frozenset()
    priorities: frozenset[str] = frozenset()
    severities: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    sections: frozenset[str] = frozenset()
    """Headings, one of which the item must stand under."""
    labels: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    """Names from ``people``, or accounts."""


class TrackerPolicy(Struct, frozen=True):
    """What a plan has to know about one tracker."""

    kind: str
    capabilities: Capabilities
    src: str = ""
    """The source its marks name. The embedded tracker lives in the repository, so there it is only what is configured."""
    labels: tuple[str, ...] = ()
    public: bool = False
    """Postmortems of a private repository may become issues there, for everyone to read."""


class Policy(Struct, frozen=True):
    """Who owns what, where items go, and what this run is limited to."""

    places: Places
    trackers: Mapping[str, TrackerPolicy]
    routes: tuple[Route, ...]
    labels: tuple[str, ...] = ()
    people: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Name as written, case-folded → kind of tracker → account."""
    teams: Mapping[str, str] = field(default_factory=dict)
    """Owner as written, case-folded → label: owners that are teams are never assigned."""
    owned: frozenset[str] = frozenset(FIELDS)
    """The fields that the postmortem owns."""
    state_owner: str = "tracker"
    """Which side wins, ``file`` or ``tracker``, where both changed the state differently."""
    adopted: str = "follow"
    create_done: bool = False
    removed: str = "report"
    since: date | None = None
    only: frozenset[str] | None = None
    """The postmortems in which new issues may be created; None: all."""
    new: frozenset[tuple[str, int]] = frozenset()
    """Path and line of items that are new although they resemble an issue."""
    write_back: WriteBackOptions = field(default_factory=WriteBackOptions)
    permalink: str | None = None
    """The address of the repository's files at the commit checked out, with a closing slash."""
