"""The keys of each kind of tracker. Addresses and credentials are no part of them: those come from the environment."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator

from pm_sync.config.base import Part
from pm_sync.config.values import (
    Connection,
    Count,
    Duration,
    IssueKey,
    Label,
    Login,
    ProjectKey,
    Repository,
    RepositoryPath,
    Text,
)


def _value_of_field(value: object, handler: ValidatorFunctionWrapHandler) -> object:
    # One message in place of one for each member of the union.
    try:
        return handler(value)
    except ValidationError as error:
        raise ValueError("must be text, a number, true or false, or a list of texts") from error


FieldValue = Annotated[Text | int | float | bool | tuple[Text, ...], WrapValidator(_value_of_field)]
"""One value, or several: the choices of a field that takes many, or the levels of a cascading one."""


class Limits(Part):
    """How fast issues are created."""

    creates_per_minute: Count = Field(default=80, description="Issues created in a minute at most; 0 for no limit.")
    creates_per_hour: Count = Field(default=500, description="Issues created in an hour at most; 0 for no limit.")


class LocalSettings(Part):
    """The tracker inside the repository's work tree."""

    kind: Literal["local"] = Field(description="The tracker embedded in pm-sync.")
    database: RepositoryPath = Field(
        default=".pm-sync/tracker.db", description="Its database file, seen from the repository's root."
    )


class _RemoteSettings(Part):
    """What trackers on a server have in common."""

    kind: str
    connection: Connection | None = Field(
        default=None,
        description="Whose credentials to use: `corp` reads PM_SYNC_CORP_GITHUB_TOKEN and so on, not GITHUB_TOKEN.",
    )
    public: bool = Field(
        default=False,
        description="Allow creating issues for everybody to see although the postmortems are private.",
    )


class GitHubSettings(_RemoteSettings):
    """The issues of a GitHub repository."""

    kind: Literal["github"] = Field(description="The issues of a GitHub repository.")
    repository: Repository = Field(description="OWNER/NAME.", examples=["acme/infra"])
    limits: Limits = Field(default=Limits.model_construct(), description="How fast issues are created.")
    create_labels: bool = Field(
        default=True,
        description="Let labels the repository doesn't have come into being; false leaves those out and says so.",
    )
    fallback_assignee: Login | None = Field(
        default=None, description="Who is assigned where an item's owner is unknown here; null for nobody."
    )
    needs_owner_label: Label = Field(
        default="needs-owner", description="The label of an issue whose item names an owner that is unknown here."
    )
    milestones: bool = Field(
        default=False,
        description="Put an issue with a due date into the milestone named after that day.",
    )
    issue_type: Text | None = Field(
        default=None, description="The type of new issues, for organisations that have types."
    )
    in_progress_label: Label | None = Field(
        default=None, description="The label that means in progress; null: there is only open and closed."
    )
    sub_issues: bool = Field(
        default=True,
        description="Make the issue of a sub-task a sub-issue of its item's issue, where the server can.",
    )
    template: RepositoryPath | None = Field(
        default=None,
        description="A Jinja2 template in the repository for our block of the issue's body; null: the built-in one.",
    )


class StatusNames(Part):
    """Jira statuses by what they mean, where the status category would say something else."""

    open: tuple[Text, ...] = Field(default=(), description="Statuses that mean open.")
    in_progress: tuple[Text, ...] = Field(default=(), description="Statuses that mean in progress.")
    done: tuple[Text, ...] = Field(default=(), description="Statuses that mean done.")
    dropped: tuple[Text, ...] = Field(default=(), description="Statuses that mean decided against.")


class Resolutions(Part):
    """Jira resolutions by what they mean; the first one the project has is the one we set."""

    done: tuple[Text, ...] = Field(default=("Done", "Fixed"), description="Resolutions to set on issues that are done.")
    dropped: tuple[Text, ...] = Field(
        default=("Won't Do", "Won't Fix", "Declined", "Duplicate", "Cannot Reproduce", "Obsolete"),
        description="Resolutions that mean decided against; the first one the project has is set on dropped issues.",
    )


class JiraSettings(_RemoteSettings):
    """The issues of a Jira project, on Cloud or Data Center."""

    kind: Literal["jira"] = Field(description="The issues of a Jira project.")
    project: ProjectKey = Field(description="The project's key.", examples=["OPS"])
    issue_type: Text = Field(default="Task", description="The type of new issues.")
    subtasks: Literal["subtask", "link"] = Field(
        default="subtask",
        description="Make the issue of a sub-task a Jira sub-task, or an issue of its own linked to its item's.",
    )
    components: tuple[Text, ...] = Field(default=(), description="Components of new issues.")
    priorities: dict[Text, Text] = Field(
        default={}, description="Jira's name for each priority postmortems use: `{P0: Highest, P1: High}`."
    )
    parent: IssueKey | None = Field(default=None, description="The epic, or other parent, of new issues.")
    fields: dict[Text, FieldValue] = Field(
        default={},
        description="Further fields of new issues by name; several values, or levels of a cascading field, as a list.",
    )
    transition_fields: dict[Text, FieldValue] = Field(
        default={}, description="Fields by name that the workflow's transitions demand."
    )
    states: StatusNames = Field(
        default=StatusNames.model_construct(),
        description="Statuses whose category doesn't say what they mean to you, by state.",
    )
    resolutions: Resolutions = Field(default=Resolutions.model_construct(), description="Resolutions by state.")
    remote_link: bool = Field(
        default=False,
        description="Add a remote link to the postmortem, at one more request for each issue.",
    )
    index_lag: Duration = Field(
        default=timedelta(seconds=60),
        description="How far Jira's search may lag behind: only after that long, finding nothing means there is nothing.",
    )


TrackerSettings = Annotated[LocalSettings | GitHubSettings | JiraSettings, Field(discriminator="kind")]
