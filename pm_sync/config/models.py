"""The configuration as values: every key, its default and its meaning. The schema and the reference come from here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from difflib import get_close_matches
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from pm_sync.config.base import Part
from pm_sync.config.trackers import TrackerSettings
from pm_sync.config.values import (
    CellText,
    Count,
    Day,
    Days,
    Duration,
    Globs,
    Label,
    Login,
    PlainLabel,
    ProjectKey,
    Regex,
    RepositoryPath,
    RuleName,
    Text,
    Texts,
    TimeZone,
    TrackerName,
)
from pm_sync.lint.catalog import SectionName

VERSION = 1
_GRAVE: tuple[SectionName, ...] = ("impact", "timeline", "root-cause")
Side = Literal["file", "tracker"]


def _known_version(value: object) -> object:
    if type(value) is not int:
        raise ValueError(f"must be the number {VERSION}, not {str(value)[:20]!r}")
    if value != VERSION:
        raise ValueError(f"{value!s:.20} is not known to this pm-sync, which reads version {VERSION}")
    return value


class When(Part):
    """Which items a route takes: those that fit every key that is given."""

    path: Globs = Field(
        default=(), description="Globs, one of which the postmortem's path fits.", examples=["postmortems/payments/**"]
    )
    type: Texts = Field(default=(), description="Types of action item.", examples=["process"])
    priority: Texts = Field(default=(), description="Priorities of the item.", examples=["P0"])
    severity: Texts = Field(default=(), description="Severities of the incident.", examples=["SEV1"])
    team: Texts = Field(default=(), description="Teams the item belongs to.", examples=["Payments"])
    section: Texts = Field(
        default=(),
        description="Headings, one of which the item stands under, whether in capitals or not.",
        examples=["Long term"],
    )


class Route(Part):
    """Where items go. The first route that fits an item is the one it takes."""

    when: When = Field(default=When.model_construct(), description="Which items take it; without conditions all do.")
    to: TrackerName = Field(description="The name of a tracker above, or `local`.", examples=["github"])
    labels: tuple[Label, ...] = Field(default=(), description="Labels for these issues besides the general ones.")
    assignees: tuple[Text, ...] = Field(
        default=(),
        description="Who is assigned besides the owners that the item names: people below, or accounts of the tracker.",
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

    github: Login | None = Field(default=None, description="Login on GitHub.")
    jira: Text | None = Field(
        default=None, description="Email address, account id (Cloud) or user name (Data Center) on Jira."
    )


class Sla(Part):
    """How long an item without a due date may take. Further keys are priorities or severities: `P0: 14d`."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Days]

    preset: Literal["atlassian", "gitlab"] | None = Field(
        default=None,
        description="A published table to start from: `atlassian` (4 or 8 weeks) or `gitlab` (30, 60 or 90 days).",
    )
    business_days: bool = Field(default=False, description="Count days from Monday to Friday only.")
    default: Days | None = Field(
        default=None, description="How long where no other rule fits; null: as the preset says, else no due date."
    )

    @model_validator(mode="after")
    def _no_mistyped_key(self) -> Self:
        """Any key may name a rule, but one that is nearly a known key is hardly meant to."""
        for key in self.__pydantic_extra__:
            if near := get_close_matches(key.lower(), type(self).model_fields, n=1, cutoff=0.8):
                raise ValueError(f"unknown key {key!r}; did you mean {near[0]!r}?")
        return self

    @property
    def days(self) -> Mapping[str, int]:
        """Days by rule as written here, ``default`` among them where it is given."""
        default = {} if self.default is None else {"default": self.default}
        return default | self.__pydantic_extra__


class StateWords(Part):
    """The words for a table's state column that doesn't show yet which ones it uses."""

    open: CellText = Field(default="Open", description="The word for open.")
    in_progress: CellText = Field(default="In progress", description="The word for in progress.")
    done: CellText = Field(default="Done", description="The word for done.")
    dropped: CellText = Field(default="Dropped", description="The word for decided against.")

    @field_validator("*")
    @classmethod
    def _reads_as_it_is_meant(cls, word: str, info: ValidationInfo) -> str:
        """A word that says another state would be read as a change of it by the next run."""
        # The vocabulary is read only where words are configured.
        from pm_sync.postmortem.values import leading_state  # noqa: PLC0415

        state = leading_state(word)
        if state is not None and state.value != info.field_name:
            raise ValueError(f"must not be {word[:60]!r}, which is read as {state.word}")
        return word


class WriteBack(Part):
    """What is recorded in the postmortems."""

    annotation: bool = Field(default=True, description="Write the link and the state behind the item.")
    checkbox: bool = Field(default=True, description="Tick and untick the item's box.")
    table: bool = Field(default=True, description="Fill the issue and state columns of tables.")
    headings: bool = Field(default=True, description="Annotate headings too, which changes their anchors.")
    progress: Literal["none", "section", "front-matter"] = Field(
        default="none",
        description="Keep a count of done and overdue items: in a line below the heading, or in the front matter.",
    )
    state_words: StateWords = Field(
        default=StateWords.model_construct(),
        description="Words for a table's state column that doesn't show which ones it uses.",
    )


class Sections(Part):
    """Which headings hold action items, besides those pm-sync knows."""

    include: tuple[Regex, ...] = Field(
        default=(), description="Regular expressions for headings that hold action items."
    )
    exclude: tuple[Regex, ...] = Field(
        default=(), description="Regular expressions for headings that never do; they win."
    )


class Guards(Part):
    """Above how many changes a run is refused before its first write."""

    max_creates: Count = Field(default=25, description="New issues in one run.")
    max_updates: Count = Field(default=50, description="Updated issues in one run.")
    max_closes: Count | None = Field(
        default=None, description="Closed issues in one run; null: the larger of 5 and a fifth of the linked items."
    )


class Lint(Part):
    """What `pm-sync lint` finds worth saying. The rules stand in `config/lint-rules.md`."""

    rules: dict[RuleName, Literal["off", "note", "warning", "error"]] = Field(
        default={}, description="Severities of rules, by id or name, where they should be other than the rule's own."
    )
    fail_on: Literal["never", "note", "warning", "error"] = Field(
        default="warning", description="The least severity that makes lint exit with 13."
    )
    sections: dict[Text, tuple[SectionName, ...]] = Field(
        default=dict.fromkeys(("SEV0", "SEV1", "SEV2"), _GRAVE),
        description="Sections that a postmortem has to have, by the severity of its incident.",
    )


class Ownership(Part):
    """Which side decides on a field where both could."""

    title: Side = Field(default="file", description="Who owns the title.")
    details: Side = Field(default="file", description="Who owns the details.")
    due: Side = Field(default="file", description="Who owns the due date.")
    priority: Side = Field(default="file", description="Who owns the priority.")
    labels: Side = Field(
        default="file", description="Who owns the labels that we set; those of others stay in any case."
    )
    state: Side = Field(default="tracker", description="Who wins where both sides changed the state differently.")


class Config(Part):
    """Everything that can be set in ``pm-sync.yaml``."""

    version: Annotated[Literal[1], BeforeValidator(_known_version)] = Field(
        default=1, description="The version of this file's format."
    )
    postmortems: tuple[RepositoryPath, ...] = Field(
        default=(),
        description="Globs of the postmortems; empty: Markdown files below folders that are named like postmortems.",
    )
    since: Day | None = Field(
        default=None, description="Leave older incidents as they are: only items that have a link already are synced."
    )
    source: Text | None = Field(
        default=None,
        description="What names this repository in marks; null: the address of its origin. Never change it later.",
    )
    trackers: dict[TrackerName, TrackerSettings] = Field(
        default={}, description="Where issues live, by a name of your choice."
    )
    routes: tuple[Route, ...] = Field(
        default=(), description="Which items go to which tracker; the first that fits is taken."
    )
    people: dict[Text, Person] = Field(default={}, description="Accounts of the owners, by the name postmortems use.")
    teams: dict[Text, Label] = Field(
        default={},
        description="Owners that are teams, each with the label that its issues get in place of an assignee.",
    )
    labels: tuple[Label, ...] = Field(default=(), description="Labels for every issue.")
    tracking_label: PlainLabel = Field(
        default="pm-sync", description="The label by which pm-sync finds its own issues; every issue gets it."
    )
    trusted_authors: tuple[Login, ...] = Field(
        default=(), description="GitHub logins whose issues' marks are believed, besides ours and those of members."
    )
    jira_keys: tuple[ProjectKey, ...] = Field(
        default=(), description="Projects whose bare keys (`OPS-12`) are links, besides those of the trackers."
    )
    adopted: Literal["follow", "manage"] = Field(
        default="follow",
        description="What hand-written links allow: only read the issue's state, or close and reopen it too.",
    )
    create_done: bool = Field(default=False, description="Create issues for items that are settled already.")
    removed: Literal["report", "comment", "close"] = Field(
        default="report", description="What becomes of an open issue whose item is gone from the postmortems."
    )
    ownership: Ownership = Field(default=Ownership.model_construct(), description="Which side decides on a field.")
    sections: Sections = Field(
        default=Sections.model_construct(), description="Headings that hold action items, besides those pm-sync knows."
    )
    write_back: WriteBack = Field(
        default=WriteBack.model_construct(), description="What is recorded in the postmortems."
    )
    sla: Sla = Field(
        default=Sla.model_construct(),
        description="Due dates by priority or severity (`P0: 14d`) for items that have none of their own.",
    )
    reminders: tuple[Days, ...] = Field(
        default=(),
        description="How long after its due date (`[0d, 14d]`) an item's issue gets a comment; empty: no reminders.",
    )
    lint: Lint = Field(default=Lint.model_construct(), description="What `pm-sync lint` finds worth saying.")
    guards: Guards = Field(
        default=Guards.model_construct(), description="Refuse a run that would change more than this."
    )
    max_wait: Duration = Field(
        default=timedelta(minutes=10),
        description="How long a run may wait for rate limits; what is left goes to the next run.",
    )
    timezone: TimeZone = Field(default="UTC", description="The time zone that decides which day is today.")

    @field_validator("trackers")
    @classmethod
    def _one_embedded(cls, trackers: dict[str, TrackerSettings]) -> dict[str, TrackerSettings]:
        """The link `local#12` names a number and no tracker, so there can be only one that numbers like this."""
        embedded = [name for name, settings in trackers.items() if settings.kind == "local"]
        if len(embedded) > 1:
            raise ValueError(
                f"only one can be of kind local, as links say no more than local#12: keep one of {', '.join(embedded)}"
            )
        if "local" in trackers and embedded != ["local"]:
            raise ValueError("the name local is the embedded tracker's; give this one another name")
        return trackers
