"""What a configuration may say about a Jira tracker."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from pm_sync.model import State
from pm_sync.trackers.base import Capabilities

TITLE_LIMIT = 255
"""Characters of a summary that Jira accepts."""
CREATE_BATCH = 50
"""Issues that one request may create."""

FieldValue = str | int | float | bool | tuple[str, ...]


class JiraOptions(Struct, frozen=True):
    """One project's issues, and how to make them."""

    project: str
    """The project's key."""
    connection: str = ""
    """Which credentials and hosts in the environment to use: ``corp`` reads ``PM_SYNC_CORP_JIRA_PAT`` and so on."""
    issue_type: str = "Task"
    subtasks: str = "subtask"
    """``subtask`` or ``link``: what the issue of a sub-task becomes."""
    components: tuple[str, ...] = ()
    priorities: Mapping[str, str] = field(default_factory=dict)
    """Jira's name for each priority that postmortems use."""
    parent: str | None = None
    """The key of the epic, or other parent, of new issues."""
    fields: Mapping[str, FieldValue] = field(default_factory=dict)
    """Further fields of new issues, by name."""
    transition_fields: Mapping[str, FieldValue] = field(default_factory=dict)
    """Fields by name that transitions demand."""
    states: Mapping[State, tuple[str, ...]] = field(default_factory=dict)
    """Names of statuses that mean something else than their category does."""
    resolutions: Mapping[State, tuple[str, ...]] = field(default_factory=dict)
    """Names of resolutions, by the state they mean; the first one there is gets set."""
    remote_link: bool = False
    index_lag: float = 60.0
    """Seconds by which Jira's search may lag behind."""
    tracking_label: str = "pm-sync"
    """Set on every issue of ours, so that they can be searched for."""


def capabilities_of(options: JiraOptions) -> Capabilities:
    """What a project's issues can hold under these options.

    The details stand in the description, which is ours in part only. Priorities count where there are names for them.
    """
    holds = {"title", "due", "labels"} | ({"priority"} if options.priorities else set())
    return Capabilities(
        states=frozenset(State),
        holds=frozenset(holds),
        create_batch=CREATE_BATCH,
        title_limit=TITLE_LIMIT,
        by_steps=True,
        index_lag=options.index_lag,
    )
