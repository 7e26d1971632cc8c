"""The keys of each kind of tracker. Addresses and credentials are no part of them: those come from the environment."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from msgspec import field

from pm_sync.config.base import Part

if TYPE_CHECKING:  # what annotations are made of, which are looked at only when a file is read
    from typing import Annotated, Literal

    from pydantic import Field

    from pm_sync.config.values import (
        Connection,
        Count,
        Duration,
        FieldValue,
        Flag,
        IssueKey,
        Label,
        Login,
        ProjectKey,
        Repository,
        RepositoryPath,
        Text,
    )


class Limits(Part, frozen=True, kw_only=True):
    """How fast issues are created."""

    creates_per_minute: Annotated[Count, Field(description="Issues created in a minute at most; 0 for no limit.")] = 80
    creates_per_hour: Annotated[Count, Field(description="Issues created in an hour at most; 0 for no limit.")] = 500


class LocalSettings(Part, frozen=True, kw_only=True):
    """The tracker inside the repository's work tree."""

    kind: Annotated[Literal["local"], Field(description="The tracker embedded in pm-sync.")]
    database: Annotated[RepositoryPath, Field(description="Its database file, seen from the repository's root.")] = (
        ".pm-sync/tracker.db"
    )


class _RemoteSettings(Part, frozen=True, kw_only=True):
    """What trackers on a server have in common."""

    kind: str
    connection: Annotated[
        Connection | None,
        Field(
            description="Whose credentials to use: `corp` reads PM_SYNC_CORP_GITHUB_TOKEN and so on, not GITHUB_TOKEN."
        ),
    ] = None
    public: Annotated[
        Flag, Field(description="Allow creating issues for everybody to see although the postmortems are private.")
    ] = False


class GitHubSettings(_RemoteSettings, frozen=True, kw_only=True):
    """The issues of a GitHub repository."""

    kind: Annotated[Literal["github"], Field(description="The issues of a GitHub repository.")]
    repository: Annotated[Repository, Field(description="OWNER/NAME.", examples=["acme/infra"])]
    limits: Annotated[Limits, Field(description="How fast issues are created.")] = Limits()
    create_labels: Annotated[
        Flag,
        Field(
            description="Let labels the repository doesn't have come into being; false leaves those out and says so."
        ),
    ] = True
    fallback_assignee: Annotated[
        Login | None, Field(description="Who is assigned where an item's owner is unknown here; null for nobody.")
    ] = None
    needs_owner_label: Annotated[
        Label, Field(description="The label of an issue whose item names an owner that is unknown here.")
    ] = "needs-owner"
    milestones: Annotated[
        Flag, Field(description="Put an issue with a due date into the milestone named after that day.")
    ] = False
    issue_type: Annotated[
        Text | None, Field(description="The type of new issues, for organisations that have types.")
    ] = None
    in_progress_label: Annotated[
        Label | None, Field(description="The label that means in progress; null: there is only open and closed.")
    ] = None
    sub_issues: Annotated[
        Flag, Field(description="Make the issue of a sub-task a sub-issue of its item's issue, where the server can.")
    ] = True
    template: Annotated[
        RepositoryPath | None,
        Field(
            description="A Jinja2 template in the repository for our block of the issue's body, of values, if, for and filters; null: the built-in one."
        ),
    ] = None


class StatusNames(Part, frozen=True, kw_only=True):
    """Jira statuses by what they mean, where the status category would say something else."""

    open: Annotated[tuple[Text, ...], Field(description="Statuses that mean open.")] = ()
    in_progress: Annotated[tuple[Text, ...], Field(description="Statuses that mean in progress.")] = ()
    done: Annotated[tuple[Text, ...], Field(description="Statuses that mean done.")] = ()
    dropped: Annotated[tuple[Text, ...], Field(description="Statuses that mean decided against.")] = ()


class Resolutions(Part, frozen=True, kw_only=True):
    """Jira resolutions by what they mean; the first one the project has is the one we set."""

    done: Annotated[tuple[Text, ...], Field(description="Resolutions to set on issues that are done.")] = (
        "Done",
        "Fixed",
    )
    dropped: Annotated[
        tuple[Text, ...],
        Field(
            description="Resolutions that mean decided against; the first one the project has is set on dropped issues."
        ),
    ] = ("Won't Do", "Won't Fix", "Declined", "Duplicate", "Cannot Reproduce", "Obsolete")


class JiraSettings(_RemoteSettings, frozen=True, kw_only=True):
    """The issues of a Jira project, on Cloud or Data Center."""

    kind: Annotated[Literal["jira"], Field(description="The issues of a Jira project.")]
    project: Annotated[ProjectKey, Field(description="The project's key.", examples=["OPS"])]
    issue_type: Annotated[Text, Field(description="The type of new issues.")] = "Task"
    subtasks: Annotated[
        Literal["subtask", "link"],
        Field(description="Make the issue of a sub-task a Jira sub-task, or an issue of its own linked to its item's."),
    ] = "subtask"
    components: Annotated[tuple[Text, ...], Field(description="Components of new issues.")] = ()
    priorities: Annotated[
        dict[Text, Text], Field(description="Jira's name for each priority postmortems use: `{P0: Highest, P1: High}`.")
    ] = field(default_factory=dict)
    parent: Annotated[IssueKey | None, Field(description="The epic, or other parent, of new issues.")] = None
    fields: Annotated[
        dict[Text, FieldValue],
        Field(
            description="Further fields of new issues by name; several values, or levels of a cascading field, as a list."
        ),
    ] = field(default_factory=dict)
    transition_fields: Annotated[
        dict[Text, FieldValue], Field(description="Fields by name that the workflow's transitions demand.")
    ] = field(default_factory=dict)
    states: Annotated[
        StatusNames, Field(description="Statuses whose category doesn't say what they mean to you, by state.")
    ] = StatusNames()
    resolutions: Annotated[Resolutions, Field(description="Resolutions by state.")] = Resolutions()
    remote_link: Annotated[
        Flag, Field(description="Add a remote link to the postmortem, at one more request for each issue.")
    ] = False
    index_lag: Annotated[
        Duration,
        Field(
            description="How far Jira's search may lag behind: only after that long, finding nothing means there is nothing."
        ),
    ] = timedelta(seconds=60)


TrackerSettings = LocalSettings | GitHubSettings | JiraSettings
"""The settings of any tracker, told apart by their `kind`."""
