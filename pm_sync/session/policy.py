"""From configuration and command line to the policy that plans are made by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import asdict

from pm_sync import git
from pm_sync.config import GitHubSettings, JiraSettings, LocalSettings, TrackerSettings
from pm_sync.config import Route as RouteSettings
from pm_sync.config.shapes import PROJECT_KEY, REPOSITORY
from pm_sync.errors import ConfigError, UsageError
from pm_sync.model import State
from pm_sync.postmortem.writeback import WriteBackOptions
from pm_sync.sync.identity import Place, Places
from pm_sync.sync.policy import Policy, Route, TrackerPolicy
from pm_sync.trackers.base import FIELDS
from pm_sync.trackers.registry import KINDS

if TYPE_CHECKING:
    from pm_sync.config import Config, Person

_GITHUB = "https://github.com"


class Surroundings(Struct, frozen=True):
    """What a run finds around it."""

    root: Path
    environment: Mapping[str, str]
    origin: git.Remote | None
    commit: Callable[[], str | None]
    """Asks git for it."""


def choose_trackers(
    config: Config, override: str | None, around: Surroundings
) -> tuple[Mapping[str, TrackerSettings], tuple[RouteSettings, ...]]:
    """The trackers of this run by name, and its routes.

    Args:
        config: The configuration.
        override: ``local``, ``github:OWNER/REPO`` or ``jira:PROJECT``, which goes before all routes.
        around: Tells the running repository in GitHub Actions, the default there.

    Raises:
        UsageError: the override names no tracker.
        ConfigError: several trackers are configured, and no route.

    """
    trackers = dict(config.trackers)
    if override is not None:
        name, settings = _overriding(override, trackers)
        return {**trackers, name: settings}, (RouteSettings(to=name),)
    routes = config.routes
    if not trackers and not routes:
        running = (
            around.environment.get("GITHUB_REPOSITORY") if around.environment.get("GITHUB_ACTIONS") == "true" else None
        )
        name, settings = _overriding(f"github:{running}" if running else "local", {})
        return {name: settings}, (RouteSettings(to=name),)
    if not routes:
        if len(trackers) > 1:
            raise ConfigError("several trackers are configured, but no route", hint="add routes: [{to: NAME}]")
        routes = (RouteSettings(to=next(iter(trackers))),)
    if any(route.to == "local" for route in routes) and "local" not in trackers:
        trackers["local"] = _overriding("local", {})[1]
    return trackers, routes


def _overriding(text: str, configured: Mapping[str, TrackerSettings]) -> tuple[str, TrackerSettings]:
    """The tracker that ``--tracker`` names: the configured one of that address, else one with default settings."""
    kind, colon, where = text.partition(":")
    member = {"github": "repository", "jira": "project"}.get(kind)
    if (kind != "local" or colon) and member is None:
        raise _no_tracker(text)
    for name, settings in configured.items():
        if settings.kind == kind and (member is None or str(getattr(settings, member)).lower() == where.lower()):
            return name, settings
    # What is configured under the kind's name goes on being asked about its links.
    name = text if kind in configured else kind
    if member is None:
        return name, LocalSettings(kind="local")
    return name, _named(text, kind, where)


def _no_tracker(text: str) -> UsageError:
    hint = "give local, github:OWNER/REPO or jira:PROJECT"
    return UsageError(f"{text!r} names no tracker", place="--tracker", hint=hint)


def _named(text: str, kind: str, where: str) -> TrackerSettings:
    try:
        if kind == "github":
            return GitHubSettings(kind="github", repository=REPOSITORY.check(where))
        return JiraSettings(kind="jira", project=PROJECT_KEY.check(where))
    except ValueError as error:
        raise _no_tracker(text) from error


def make_policy(
    config: Config, trackers: Mapping[str, TrackerSettings], routes: tuple[RouteSettings, ...], around: Surroundings
) -> Policy:
    """Translate a configuration into plain values."""
    places = _places(config, trackers, around)
    source = config.source or (around.origin.source if around.origin else "")
    ownership = config.ownership
    return Policy(
        places=places,
        trackers={name: _tracker(settings, config, source) for name, settings in trackers.items()},
        routes=tuple(_route(route) for route in routes),
        labels=config.labels,
        people={name.casefold(): _accounts(person) for name, person in config.people.items()},
        teams={name.casefold(): label for name, label in config.teams.items()},
        owned=frozenset(name for name in FIELDS if getattr(ownership, name) == "file"),
        state_owner=ownership.state,
        adopted=config.adopted,
        create_done=config.create_done,
        removed=config.removed,
        since=config.since,
        write_back=_write_back(config),
        permalink=_permalink(places.home, around),
    )


def _places(config: Config, trackers: Mapping[str, TrackerSettings], around: Surroundings) -> Places:
    places = []
    for name, settings in trackers.items():
        address = KINDS[settings.kind].address(settings, around.environment)
        places.append(Place(name, settings.kind, address.site, address.project))
    keys = {place.project for place in places if place.kind == "jira"}
    return Places(tuple(places), _home(around), frozenset(config.jira_keys) | keys)


def _home(around: Surroundings) -> Place | None:
    """The repository that holds the postmortems: the one Actions runs in, else the origin, if it can be on GitHub."""
    running = around.environment.get("GITHUB_REPOSITORY")
    if running:
        site = around.environment.get("GITHUB_SERVER_URL", _GITHUB).rstrip("/").lower()
        return Place("", "github", site, running.lower())
    if around.origin is not None and around.origin.path.count("/") == 1:
        return Place("", "github", f"https://{around.origin.host}", around.origin.path)
    return None


def _permalink(home: Place | None, around: Surroundings) -> str | None:
    commit = around.commit() if home else None
    return f"{home.site}/{home.project}/blob/{commit}/" if home and commit else None


def _tracker(settings: TrackerSettings, config: Config, source: str) -> TrackerPolicy:
    kind = KINDS[settings.kind]
    # The embedded tracker lives in the repository: nobody else's marks are in it, and an origin added later,
    # or moved, must not make it forget whose they are.
    src = (config.source or "") if settings.kind == "local" else source
    public = bool(getattr(settings, "public", False))
    return TrackerPolicy(settings.kind, kind.capabilities(settings), src, public=public)


def _route(route: RouteSettings) -> Route:
    when = route.when
    return Route(
        to=route.to,
        paths=when.path,
        types=_folded(when.type),
        priorities=_folded(when.priority),
        severities=_folded(when.severity),
        teams=_folded(when.team),
        sections=_folded(when.section),
        labels=route.labels,
        assignees=route.assignees,
    )


def _accounts(person: Person) -> dict[str, str]:
    return {kind: account for kind, account in asdict(person).items() if account is not None}


def _folded(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word.casefold() for word in words)


def _write_back(config: Config) -> WriteBackOptions:
    chosen = config.write_back
    return WriteBackOptions(
        annotation=chosen.annotation,
        checkbox=chosen.checkbox,
        table=chosen.table,
        headings=chosen.headings,
        state_words={state: getattr(chosen.state_words, state.value) for state in State},
    )
