"""Issues of a Jira project, on Cloud or Data Center. Importing this costs nothing; opening a tracker loads jira.

``access`` and ``options`` know environment and configuration, ``connection`` the jira library, ``client``,
``failures`` and ``answers`` what answers mean, ``searching`` and ``reading`` how to ask; ``meta``, ``values``,
``people`` and ``drafting`` what a new issue takes, ``creating`` and ``writing`` how it is sent, ``wiki``, ``adf`` and ``body`` its
description, ``workflow`` and ``moving`` its way through the statuses.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from pm_sync.trackers.jira.access import Site, access_from, site_from
from pm_sync.trackers.jira.options import JiraOptions, capabilities_of
from pm_sync.trackers.lazy import put_off
from pm_sync.trackers.pace import Patience, Seconds

if TYPE_CHECKING:
    from pm_sync.trackers.jira.tracker import JiraTracker

__all__ = ["JiraOptions", "Site", "capabilities_of", "open_tracker", "site_from"]


def open_tracker(
    name: str,
    options: JiraOptions,
    environment: Mapping[str, str],
    *,
    clock: Callable[[], datetime],
    patience: Patience | None = None,
    seconds: Seconds = time.monotonic,
) -> JiraTracker:
    """Open a project's issues; the first request is sent when something is asked.

    Args:
        name: The tracker's configured name.
        options: The project, and how to write issues there.
        environment: Addresses and credentials.
        clock: Tells the time, with its zone.
        patience: The run's waiting, shared with its other trackers.
        seconds: Seconds that only go forward.

    Raises:
        AccessDenied: the environment has no address or no credential.
        ConfigError: an address can't be used.

    """
    put_off("idna")  # requests imports it, for hosts with letters beyond ASCII alone
    # First, and not from deep within the client: Python 3.11 takes a piece of memory for its stack and gives it back
    # whenever a call crosses the piece's end, which urllib3's expressions, compiled down there, did thousands of times.
    import requests  # noqa: F401, PLC0415

    from pm_sync.trackers.jira.client import Client  # noqa: PLC0415  jira is heavy
    from pm_sync.trackers.jira.connection import Connection  # noqa: PLC0415
    from pm_sync.trackers.jira.tracker import JiraTracker, Run  # noqa: PLC0415

    access = access_from(environment, options.connection)
    client = Client(Connection(access), patience or Patience())
    return JiraTracker(name, options, client, Run(access.site.web, clock, seconds, access.mark_key))
