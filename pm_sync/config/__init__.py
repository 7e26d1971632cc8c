"""The configuration, ``pm-sync.yaml``: its keys, their meaning, and reading it with the place of every mistake."""

from pm_sync.config.load import find_config, load_config, parse_config
from pm_sync.config.models import (
    Config,
    Guards,
    Lint,
    Ownership,
    Person,
    Route,
    Sections,
    Sla,
    StateWords,
    When,
    WriteBack,
)
from pm_sync.config.trackers import GitHubSettings, JiraSettings, Limits, LocalSettings, TrackerSettings

__all__ = [
    "Config",
    "GitHubSettings",
    "Guards",
    "JiraSettings",
    "Limits",
    "Lint",
    "LocalSettings",
    "Ownership",
    "Person",
    "Route",
    "Sections",
    "Sla",
    "StateWords",
    "TrackerSettings",
    "When",
    "WriteBack",
    "find_config",
    "load_config",
    "parse_config",
]
