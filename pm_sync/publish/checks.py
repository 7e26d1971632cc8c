"""The commit status: what a commit's green or red dot says of the open tasks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from pm_sync.errors import TrackerError
from pm_sync.publish.remote import PublishFailed
from pm_sync.publish.text import one_line

if TYPE_CHECKING:
    from pm_sync.trackers.github.client import Client

CONTEXT = "pm-sync/open-tasks"
_LIMIT = 140
"""Characters that GitHub takes."""


class Standing(Struct, frozen=True):
    """What the status says."""

    state: str
    """``success``, ``failure``, or ``error`` where nobody can tell."""
    description: str
    url: str | None = None
    """Where a person reads more."""


def set_status(client: Client, repository: str, commit: str, standing: Standing) -> None:
    """Set a commit's status.

    Raises:
        PublishFailed: it can't be set.

    """
    body = {
        "state": standing.state,
        "context": CONTEXT,
        "description": one_line(standing.description, _LIMIT),
        **({"target_url": standing.url} if standing.url else {}),
    }
    try:
        client.write("POST", f"/repos/{repository}/statuses/{commit}", body)
    except TrackerError as error:
        hint = "give the job the permission `statuses: write`, and name a commit that is pushed"
        raise PublishFailed(f"the commit status can't be set: {error.what}", hint=hint) from error


def run_url(environment: Mapping[str, str]) -> str | None:
    """The address of the workflow's run, in GitHub Actions."""
    names = ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID")
    server, repository, run = (environment.get(name, "") for name in names)
    return f"{server}/{repository}/actions/runs/{run}" if server and repository and run else None
