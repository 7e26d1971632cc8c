"""The configuration as values: every key, its default and its meaning. The schema and the reference come from here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from pm_sync.config.base import Part
from pm_sync.config.trackers import TrackerSettings
from pm_sync.config.values import (
    Count,
    Day,
    Duration,
    Globs,
    Label,
    Login,
    PlainLabel,
    ProjectKey,
    Regex,
    Text,
    Texts,
    TimeZone,
    TrackerName,
)

VERSION = 1
Side = Literal["file", "tracker"]


def _known_version(value: object) -> object:
    if type(value) is not int or value != VERSION:
        raise ValueError(f"{value!s:.20} is not known to this pm-sync, which reads version {VERSION}")
    return value


class When(Part):
    """Which items a route takes: those that fit every key that is given."""

    path: Globs = Field(
        (), description="Globs, one of which the postmortem's path fits.", examples=["postmortems/payments/**"]
    )
    type: Texts = Field((), description="Types of action item.", examples=["process"])
    priority: Texts = Field((), description="Priorities of the item.", examples=["P0"])
    severity: Texts = Field((), description="Severities of the incident.", examples=["SEV1"])
    team: Texts = Field((), description="Teams the item belongs to.", examples=["Payments"])
    section: Texts = Field((), description="Headings, one of which the item stands under.", examples=["Long term"])


class Route(Part):
    """Where items go. The first route that fits an item is the one it takes."""

    when: When = Field(When.model_construct(), description="Which items take it; without conditions all do.")
    to: TrackerName = Field(description="The name of a tracker above, or `local`.", examples=["infra"])
    labels: tuple[Label, ...] = Field((), description="Labels for these issues besides the general ones.")
    assignees: tuple[Text, ...] = Field(
        (), description="Who is assigned where the item names nobody: people below, or accounts of the tracker."
    )

    @field_validator("to")
    @classmethod
    def _leads_somewhere(cls, name: str, info: ValidationInfo) -> str:
        # The trackers' names come as context, so that this is said at the route's place along with all else.
        names = info.context["trackers"] if info.context else (name,)
        if name not in names:
            raise PydanticCustomError("unknown_tracker", "no tracker is named '{name}'", {"name": name, "names": names})
        return name


class Person(Part):
    """The accounts of an owner as postmortems name them."""

    github: Login | None = Field(None, description="Login on GitHub.")
    jira: Text | None = Field(None, description="Email address, account id (Cloud) or user name (Data Center) on Jira.")


class Sla(Part):
    """How long an item without a due date may take."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Duration]

    preset: Literal["atlassian", "gitlab"] | None = Field(
        None, description="A published table to start from: `atlassian` (4 or 8 weeks) or `gitlab` (30, 60 or 90 days)."
    )
    business_days: bool = Field(
        False,
        description="Count days from Monday to Friday only.",
    )
    default: Duration | None = Field(None, description="For items that no other rule fits; null: they have no date.")

    @property
    def rules(self) -> Mapping[str, timedelta]:
        """How long by priority or severity, as written in the configuration."""
        return self.__pydantic_extra__


class StateWords(Part):
    """The words for a table's state column that doesn't show yet which ones it uses."""

    open: Text = Field("Open", description="The word for open.")
    in_progress: Text = Field("In progress", description="The word for in progress.")
    done: Text = Field("Done", description="The word for done.")
    dropped: Text = Field("Dropped", description="The word for decided against.")


class WriteBack(Part):
    """What is recorded in the postmortems."""

    annotation: bool = Field(True, description="Write the link and the state behind the item.")
    checkbox: bool = Field(True, description="Tick and untick the item's box.")
    table: bool = Field(True, description="Fill the issue and state columns of tables.")
    headings: bool = Field(True, description="Annotate headings too, which changes their anchors.")
    progress: Literal["none", "section", "front-matter"] = Field(
        "none",
        description="Keep a count of done and overdue items: in a line below the heading, or in the front matter.",
    )
    state_words: StateWords = Field(
        StateWords.model_construct(),
        description="Words for a table's state column that doesn't show which ones it uses.",
    )


class Sections(Part):
    """Which headings hold action items, besides those pm-sync knows."""

    include: tuple[Regex, ...] = Field((), description="Regular expressions for headings that hold action items.")
    exclude: tuple[Regex, ...] = Field((), description="Regular expressions for headings that never do; they win.")


class Guards(Part):
    """Above how many changes a run is refused before its first write."""

    max_creates: Count = Field(25, description="New issues in one run.")
    max_updates: Count = Field(50, description="Updated issues in one run.")
    max_closes: Count | None = Field(
        None, description="Closed issues in one run; null: the larger of 5 and a fifth of the linked items."
    )


class Ownership(Part):
    """Which side decides on a field where both could."""

    title: Side = Field("file", description="Who owns the title.")
    details: Side = Field("file", description="Who owns the details.")
    due: Side = Field("file", description="Who owns the due date.")
    priority: Side = Field("file", description="Who owns the priority.")
    labels: Side = Field("file", description="Who owns the labels that we set; those of others stay in any case.")
    state: Side = Field("tracker", description="Who wins where both sides changed the state differently.")
    assignee: Side = Field("tracker", description="Who owns the assignee after the issue's creation.")


class Config(Part):
    """Everything that can be set in ``pm-sync.yaml``."""

    version: Annotated[Literal[1], BeforeValidator(_known_version)] = Field(
        1, description="The version of this file's format."
    )
    postmortems: tuple[Text, ...] = Field(
        (), description="Globs of the postmortems; empty: Markdown files below folders that are named like postmortems."
    )
    since: Day | None = Field(
        None, description="Leave older incidents as they are: only items that have a link already are synced."
    )
    source: Text | None = Field(
        None, description="What names this repository in marks; null: the address of its origin. Never change it later."
    )
    trackers: dict[TrackerName, TrackerSettings] = Field({}, description="Where issues live, by a name of your choice.")
    routes: tuple[Route, ...] = Field((), description="Which items go to which tracker; the first that fits is taken.")
    people: dict[Text, Person] = Field({}, description="Accounts of the owners, by the name postmortems use.")
    teams: dict[Text, Label] = Field(
        {}, description="Owners that are teams, each with the label that its issues get in place of an assignee."
    )
    labels: tuple[Label, ...] = Field((), description="Labels for every issue.")
    tracking_label: PlainLabel = Field(
        "pm-sync", description="The label by which pm-sync finds its own issues; every issue gets it."
    )
    trusted_authors: tuple[Login, ...] = Field(
        (), description="GitHub logins whose issues' marks are believed, besides ours and those of members."
    )
    jira_keys: tuple[ProjectKey, ...] = Field(
        (), description="Projects whose bare keys (`OPS-12`) are links, besides those of the trackers."
    )
    adopted: Literal["follow", "manage"] = Field(
        "follow", description="What hand-written links allow: only read the issue's state, or close and reopen it too."
    )
    create_done: bool = Field(False, description="Create issues for items that are settled already.")
    removed: Literal["report", "comment", "close"] = Field(
        "report", description="What becomes of an open issue whose item is gone from the postmortems."
    )
    ownership: Ownership = Field(Ownership.model_construct(), description="Which side decides on a field.")
    sections: Sections = Field(
        Sections.model_construct(), description="Headings that hold action items, besides those pm-sync knows."
    )
    write_back: WriteBack = Field(WriteBack.model_construct(), description="What is recorded in the postmortems.")
    sla: Sla = Field(
        Sla.model_construct(),
        description="Due dates by priority or severity (`P0: 14d`) for items that have none of their own.",
    )
    guards: Guards = Field(Guards.model_construct(), description="Refuse a run that would change more than this.")
    max_wait: Duration = Field(
        timedelta(minutes=10), description="How long a run may wait for rate limits; what is left goes to the next run."
    )
    timezone: TimeZone = Field("UTC", description="The time zone that decides which day is today.")
