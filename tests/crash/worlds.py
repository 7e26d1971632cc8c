"""The trackers that the matrix is tried with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from tests.crash.github import github
from tests.crash.jira import jira_cloud, jira_data_center
from tests.crash.local import Local
from tests.crash.published import Published
from tests.crash.world import World

LAG = 60.0
"""Seconds; what pm-sync reckons with."""

Opened = Callable[[Path], AbstractContextManager[World]]
"""Opens a world, given a folder for its server's files."""

WORLDS: Mapping[str, Opened] = {
    "local": lambda _: nullcontext(Local()),
    "local-published": lambda folder: nullcontext(Published(folder)),
    "local-first": lambda _: nullcontext(Local(first_day=True)),
    "github": github,
    "jira-cloud": lambda _: jira_cloud(),
    "jira-cloud-lagging": lambda _: jira_cloud(LAG),
    "jira-data-center": lambda _: jira_data_center(),
    "jira-data-center-plain": lambda _: jira_data_center(keeps_properties=False),
}
