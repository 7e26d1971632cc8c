"""Issues of a GitHub repository. Importing this costs nothing; opening a tracker loads PyGithub."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pm_sync.trackers.github.access import Site, access_from, site_from
from pm_sync.trackers.github.options import TRACKING_LABEL, GitHubOptions, capabilities_of
from pm_sync.trackers.lazy import put_off
from pm_sync.trackers.pace import Pacer, Patience, Seconds

if TYPE_CHECKING:
    from pm_sync.trackers.github.tracker import GitHubTracker

__all__ = ["TRACKING_LABEL", "GitHubOptions", "Site", "capabilities_of", "open_tracker", "site_from"]


def open_tracker(
    name: str,
    options: GitHubOptions,
    environment: Mapping[str, str],
    *,
    patience: Patience | None = None,
    clock: Seconds = time.monotonic,
) -> GitHubTracker:
    """Open a repository's issues; the first request is sent when something is asked.

    Args:
        name: The tracker's configured name.
        options: The repository, and how to write issues there.
        environment: Addresses and credentials.
        patience: The run's waiting, shared with its other trackers.
        clock: Seconds that only go forward.

    Raises:
        AccessDenied: the environment has no credential.
        ConfigError: an address or the template can't be used.

    """
    put_off("idna")  # requests imports it, for hosts with letters beyond ASCII alone
    put_off("jwt")  # PyGithub imports it, and with it all of cryptography, for apps alone
    from pm_sync.trackers.github.client import Client  # noqa: PLC0415  PyGithub is heavy
    from pm_sync.trackers.github.connection import Connection  # noqa: PLC0415
    from pm_sync.trackers.github.tracker import GitHubTracker, Timing  # noqa: PLC0415

    access = access_from(environment, options.connection)
    if options.template is not None:
        from pm_sync.trackers.github.template import load_template  # noqa: PLC0415

        load_template(options.template)
    patience = patience or Patience()
    client = Client(Connection(access, options.repository), patience)
    pacer = Pacer(options.creates_per_minute, options.creates_per_hour, clock=clock)
    return GitHubTracker(name, options, access, client, Timing(patience, pacer, clock))
