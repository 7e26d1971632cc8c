"""What a configuration may say about a GitHub tracker."""

from __future__ import annotations

from msgspec import Struct

from pm_sync.model import State
from pm_sync.trackers.base import Capabilities

TRACKING_LABEL = "pm-sync"
TITLE_LIMIT = 256
"""Characters of a title that GitHub accepts."""


class GitHubOptions(Struct, frozen=True):
    """One repository's issues, and how to make them."""

    repository: str
    """``OWNER/NAME``."""
    connection: str = ""
    """Which credentials and hosts in the environment to use: ``corp`` reads ``PM_SYNC_CORP_GITHUB_TOKEN`` and so on."""
    tracking_label: str = TRACKING_LABEL
    """Set on every issue of ours, so that they can be listed."""
    create_labels: bool = True
    """False: labels that the repository lacks are left out instead of made."""
    in_progress_label: str | None = None
    """The label that says somebody works on it; without one there is no such state."""
    milestones: bool = False
    """Give issues the milestone of their due date."""
    issue_type: str | None = None
    """The issue type to create with, where the organisation has types."""
    sub_issues: bool = True
    """Make sub-tasks sub-issues of their parent's issue."""
    fallback_assignee: str | None = None
    """Who gets the issue when none of its owners can."""
    needs_owner_label: str = "needs-owner"
    """Set where an owner can't be assigned."""
    trusted_authors: tuple[str, ...] = ()
    """Accounts whose marks are believed besides our own and those of people with write access."""
    template: str | None = None
    """The text of a template to use instead of ours for the managed block."""
    creates_per_minute: int = 80
    creates_per_hour: int = 500


def capabilities_of(options: GitHubOptions) -> Capabilities:
    """What a repository's issues can hold under these options."""
    busy = {State.IN_PROGRESS} if options.in_progress_label else set()
    return Capabilities(
        states=frozenset({State.OPEN, State.DONE, State.DROPPED} | busy),
        create_states=frozenset({State.OPEN} | busy),
        holds=frozenset({"title", "labels"}),
        title_limit=TITLE_LIMIT,
        create_limits=(options.creates_per_minute, options.creates_per_hour),
    )
