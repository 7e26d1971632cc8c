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

    creates_per_minute: Count = Field(80, description="Issues created in a minute at most; 0 for no limit.")
    creates_per_hour: Count = Field(500, description="Issues created in an hour at most; 0 for no limit.")


class LocalSettings(Part):
    """The tracker inside the repository's work tree."""

    kind: Literal["local"] = Field(description="The tracker embedded in pm-sync.")
    database: RepositoryPath = Field(
        ".pm-sync/tracker.db", description="Its database file, seen from the repository's root."
    )


class _RemoteSettings(Part):
    """What trackers on a server have in common."""

    connection: Connection | None = Field(
        None,
        description="Read this connection's credentials: `corp` reads PM_SYNC_CORP_GITHUB_TOKEN, "
        "PM_SYNC_CORP_JIRA_BASE_URL and so on in place of the variables without PM_SYNC_CORP_.",
    )
    public: bool = Field(
        False,
        description="Allow creating issues for everybody to see although the postmortems are private.",
    )


class GitHubSettings(_RemoteSettings):
    """The issues of a GitHub repository."""

    kind: Literal["github"] = Field(description="The issues of a GitHub repository.")
    repository: Repository = Field(description="OWNER/NAME.", examples=["acme/infra"])
    limits: Limits = Field(Limits.model_construct(), description="How fast issues are created.")
    create_labels: bool = Field(
        True,
        description="Let labels the repository doesn't have come into being; false leaves those out and says so.",
    )
    fallback_assignee: Login | None = Field(
        None, description="Who is assigned where an item's owner is unknown here; null for nobody."
    )
    needs_owner_label: Label = Field(
        "needs-owner", description="The label of an issue whose item names an owner that is unknown here."
    )
    milestones: bool = Field(
        False,
        description="Put an issue with a due date into the milestone named after that day.",
    )
    issue_type: Text | None = Field(None, description="The type of new issues, for organisations that have types.")
    in_progress_label: Label | None = Field(
        None, description="The label that means in progress; null: there is only open and closed."
    )
    sub_issues: bool = Field(
        True,
        description="Make the issue of a sub-task a sub-issue of its item's issue, where the server can.",
    )
    template: RepositoryPath | None = Field(
        None,
        description="A Jinja2 template in the repository for our block of the issue's body; null: the built-in one.",
    )


class StatusNames(Part):
    """Jira statuses by what they mean, where the status category would say something else."""

    open: tuple[Text, ...] = Field((), description="Statuses that mean open.")
    in_progress: tuple[Text, ...] = Field((), description="Statuses that mean in progress.")
    done: tuple[Text, ...] = Field((), description="Statuses that mean done.")
    dropped: tuple[Text, ...] = Field((), description="Statuses that mean decided against.")


class Resolutions(Part):
    """Jira resolutions by what they mean; the first one the project has is the one we set."""

    done: tuple[Text, ...] = Field(("Done", "Fixed"), description="Resolutions to set on issues that are done.")
    dropped: tuple[Text, ...] = Field(
        ("Won't Do", "Won't Fix", "Declined", "Duplicate", "Cannot Reproduce", "Obsolete"),
        description="Resolutions that mean decided against; the first one the project has is set on dropped issues.",
    )


class JiraSettings(_RemoteSettings):
    """The issues of a Jira project, on Cloud or Data Center."""

    kind: Literal["jira"] = Field(description="The issues of a Jira project.")
    project: ProjectKey = Field(description="The project's key.", examples=["OPS"])
    issue_type: Text = Field("Task", description="The type of new issues.")
    subtasks: Literal["subtask", "link"] = Field(
        "subtask",
        description="Make the issue of a sub-task a Jira sub-task, or an issue of its own linked to its item's.",
    )
    components: tuple[Text, ...] = Field((), description="Components of new issues.")
    priorities: dict[Text, Text] = Field(
        {}, description="Jira's name for each priority postmortems use: `{P0: Highest, P1: High}`."
    )
    parent: IssueKey | None = Field(None, description="The epic, or other parent, of new issues.")
    fields: dict[Text, FieldValue] = Field(
        {},
        description="Further fields of new issues by name; Jira says of which type each is. "
        "Several values as a list, as are the levels of a cascading field.",
    )
    transition_fields: dict[Text, FieldValue] = Field(
        {}, description="Fields by name that the workflow's transitions demand."
    )
    states: StatusNames = Field(
        StatusNames.model_construct(),
        description="Statuses whose category doesn't say what they mean to you, by state.",
    )
    resolutions: Resolutions = Field(Resolutions.model_construct(), description="Resolutions by state.")
    remote_link: bool = Field(
        False,
        description="Add a remote link to the postmortem, at one more request for each issue.",
    )
    index_lag: Duration = Field(
        timedelta(seconds=60),
        description="How far Jira's search may lag behind: only after that long, finding nothing means there is nothing.",
    )


TrackerSettings = Annotated[LocalSettings | GitHubSettings | JiraSettings, Field(discriminator="kind")]
