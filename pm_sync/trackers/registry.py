"""All kinds of trackers there are. A new kind is one module, and one line here.

Where issues live and what a kind can hold is known without opening anything; the modules that speak to a server are
imported when one is opened: what a run doesn't use costs it nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct, field

from pm_sync.errors import ConfigError
from pm_sync.model import State
from pm_sync.trackers.base import Capabilities, Tracker
from pm_sync.trackers.pace import Patience

if TYPE_CHECKING:
    from pm_sync.trackers.github import GitHubOptions
    from pm_sync.trackers.jira import JiraOptions


class Surroundings(Struct, frozen=True):
    """What a run gives to every tracker it opens."""

    root: Path
    """The repository's root."""
    clock: Callable[[], datetime]
    """Tells the time, with its zone."""
    read_only: bool
    """The run only looks: nothing may be written, not even a file of the tracker's own."""
    environment: Mapping[str, str]
    """Hosts and credentials come from here and from nowhere else."""
    patience: Patience = field(default_factory=Patience)
    """How long the run may wait, all its trackers together."""
    tracking_label: str = "pm-sync"
    """The label by which servers are asked for our issues."""
    trusted_authors: tuple[str, ...] = ()
    """Accounts whose marks are believed besides those of people with rights."""


class Address(Struct, frozen=True):
    """Where a tracker's issues live, as links to them tell."""

    site: str = ""
    """Scheme, host and port of the web address; empty for ``local``."""
    project: str = ""
    """``owner/name`` in lower case, or the Jira project's key."""


class Kind(Struct, frozen=True):
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
    from pm_sync.trackers.local import CAPABILITIES  # noqa: PLC0415 - only when used

    return CAPABILITIES


def _open_local(name: str, settings: LocalSettings, run: Surroundings) -> Tracker:
    from pm_sync.trackers.local.database import database_path  # noqa: PLC0415 - only when used
    from pm_sync.trackers.local.tracker import LocalTracker  # noqa: PLC0415

    file = database_path(run.root, settings.database)
    return LocalTracker.open(file, name=name, clock=run.clock, read_only=run.read_only)


def _github_options(settings: Any, **chosen: Any) -> GitHubOptions:  # noqa: ANN401  the configuration's model
    """What the configuration says of one repository."""
    from pm_sync.trackers.github import GitHubOptions  # noqa: PLC0415 - only when used

    return GitHubOptions(
        repository=settings.repository,
        connection=settings.connection or "",
        create_labels=settings.create_labels,
        in_progress_label=settings.in_progress_label,
        milestones=settings.milestones,
        issue_type=settings.issue_type,
        sub_issues=settings.sub_issues,
        fallback_assignee=settings.fallback_assignee,
        needs_owner_label=settings.needs_owner_label,
        creates_per_minute=settings.limits.creates_per_minute,
        creates_per_hour=settings.limits.creates_per_hour,
        **chosen,
    )


def _github_address(settings: Any, environment: Mapping[str, str]) -> Address:  # noqa: ANN401  as above
    from pm_sync.trackers.github import site_from  # noqa: PLC0415 - only when used

    return Address(site_from(environment, settings.connection or "").web, settings.repository.lower())


def _github_capabilities(settings: Any) -> Capabilities:  # noqa: ANN401  as above
    from pm_sync.trackers.github import capabilities_of  # noqa: PLC0415 - only when used

    return capabilities_of(_github_options(settings))


def _template(root: Path, path: str) -> str:
    from pm_sync.io import read_file  # noqa: PLC0415 - only when used

    try:
        return read_file(root, path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError("the issue template is not UTF-8", place=path, hint="save it as UTF-8") from None


def _open_github(name: str, settings: Any, run: Surroundings) -> Tracker:  # noqa: ANN401  as above
    from pm_sync.trackers.github import open_tracker  # noqa: PLC0415 - only when used

    options = _github_options(
        settings,
        tracking_label=run.tracking_label,
        trusted_authors=run.trusted_authors,
        template=_template(run.root, settings.template) if settings.template else None,
    )
    return open_tracker(name, options, run.environment, patience=run.patience)


def _jira_options(settings: Any, **chosen: Any) -> JiraOptions:  # noqa: ANN401  the configuration's model
    """What the configuration says of one project."""
    from pm_sync.trackers.jira import JiraOptions  # noqa: PLC0415 - only when used

    return JiraOptions(
        project=settings.project,
        connection=settings.connection or "",
        issue_type=settings.issue_type,
        subtasks=settings.subtasks,
        components=settings.components,
        priorities=settings.priorities,
        parent=settings.parent,
        fields=settings.fields,
        transition_fields=settings.transition_fields,
        states={state: getattr(settings.states, state.value) for state in State},
        resolutions={state: getattr(settings.resolutions, state.value) for state in (State.DONE, State.DROPPED)},
        remote_link=settings.remote_link,
        index_lag=settings.index_lag.total_seconds(),
        **chosen,
    )


def _jira_address(settings: Any, environment: Mapping[str, str]) -> Address:  # noqa: ANN401  as above
    from pm_sync.trackers.jira import site_from  # noqa: PLC0415 - only when used

    return Address(site_from(environment, settings.connection or "").web, settings.project)


def _jira_capabilities(settings: Any) -> Capabilities:  # noqa: ANN401  as above
    from pm_sync.trackers.jira import capabilities_of  # noqa: PLC0415 - only when used

    return capabilities_of(_jira_options(settings))


def _open_jira(name: str, settings: Any, run: Surroundings) -> Tracker:  # noqa: ANN401  as above
    from pm_sync.trackers.jira import open_tracker  # noqa: PLC0415 - only when used

    options = _jira_options(settings, tracking_label=run.tracking_label)
    return open_tracker(name, options, run.environment, clock=run.clock, patience=run.patience)


KINDS: Mapping[str, Kind] = {
    "local": Kind(lambda _settings, _environment: Address(), _local_capabilities, _open_local),
    "github": Kind(_github_address, _github_capabilities, _open_github),
    "jira": Kind(_jira_address, _jira_capabilities, _open_jira),
}
