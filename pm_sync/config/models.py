"""The configuration as values: every key, its default and its meaning. The schema and the reference come from here."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from msgspec import field

from pm_sync.config.base import Part

if TYPE_CHECKING:  # what annotations are made of, which are looked at only when a file is read
    from collections.abc import Mapping
    from typing import Annotated, Literal

    from pydantic import Field

    from pm_sync.config.trackers import TrackerSettings
    from pm_sync.config.values import (
        ONE_EMBEDDED,
        Count,
        Day,
        Days,
        Duration,
        Flag,
        Globs,
        KnownTracker,
        Label,
        Login,
        Patterns,
        PlainLabel,
        ProjectKey,
        Regex,
        RuleName,
        SectionNames,
        Side,
        StateWord,
        Text,
        Texts,
        TimeZone,
        TrackerName,
        Version,
    )

_GRAVE: SectionNames = ("impact", "timeline", "root-cause")


class When(Part, frozen=True, kw_only=True):
    """Which items a route takes: those that fit every key that is given."""

    path: Annotated[
        Globs,
        Field(description="Globs, one of which the postmortem's path fits.", examples=["postmortems/payments/**"]),
    ] = ()
    type: Annotated[Texts, Field(description="Types of action item.", examples=["process"])] = ()
    priority: Annotated[Texts, Field(description="Priorities of the item.", examples=["P0"])] = ()
    severity: Annotated[Texts, Field(description="Severities of the incident.", examples=["SEV1"])] = ()
    team: Annotated[Texts, Field(description="Teams the item belongs to.", examples=["Payments"])] = ()
    section: Annotated[
        Texts,
        Field(
            description="Headings, one of which the item stands under, whether in capitals or not.",
            examples=["Long term"],
        ),
    ] = ()


class Route(Part, frozen=True, kw_only=True):
    """Where items go. The first route that fits an item is the one it takes."""

    when: Annotated[When, Field(description="Which items take it; without conditions all do.")] = When()
    to: Annotated[KnownTracker, Field(description="The name of a tracker above, or `local`.", examples=["github"])]
    labels: Annotated[tuple[Label, ...], Field(description="Labels for these issues besides the general ones.")] = ()
    assignees: Annotated[
        tuple[Text, ...],
        Field(
            description="Who is assigned besides the owners that the item names: people below, or accounts of the tracker."
        ),
    ] = ()


class Person(Part, frozen=True, kw_only=True):
    """The accounts of an owner as postmortems name them."""

    github: Annotated[Login | None, Field(description="Login on GitHub.")] = None
    jira: Annotated[
        Text | None, Field(description="Email address, account id (Cloud) or user name (Data Center) on Jira.")
    ] = None


class Sla(Part, frozen=True, kw_only=True):
    """How long an item without a due date may take. Further keys are priorities or severities: `P0: 14d`."""

    further: ClassVar[str] = "rules"

    preset: Annotated[
        Literal["atlassian", "gitlab"] | None,
        Field(
            description="A published table to start from: `atlassian` (4 or 8 weeks) or `gitlab` (30, 60 or 90 days)."
        ),
    ] = None
    business_days: Annotated[Flag, Field(description="Count days from Monday to Friday only.")] = False
    default: Annotated[
        Days | None, Field(description="How long where no other rule fits; null: as the preset says, else no due date.")
    ] = None

    rules: Mapping[str, Days] = field(default_factory=dict)
    """Days by priority or severity."""

    @property
    def days(self) -> Mapping[str, int]:
        """Days by rule as written here, ``default`` among them where it is given."""
        default = {} if self.default is None else {"default": self.default}
        return default | dict(self.rules)


class StateWords(Part, frozen=True, kw_only=True):
    """The words for a table's state column that doesn't show yet which ones it uses."""

    open: Annotated[StateWord, Field(description="The word for open.")] = "Open"
    in_progress: Annotated[StateWord, Field(description="The word for in progress.")] = "In progress"
    done: Annotated[StateWord, Field(description="The word for done.")] = "Done"
    dropped: Annotated[StateWord, Field(description="The word for decided against.")] = "Dropped"


class WriteBack(Part, frozen=True, kw_only=True):
    """What is recorded in the postmortems."""

    annotation: Annotated[Flag, Field(description="Write the link and the state behind the item.")] = True
    checkbox: Annotated[Flag, Field(description="Tick and untick the item's box.")] = True
    table: Annotated[Flag, Field(description="Fill the issue and state columns of tables.")] = True
    headings: Annotated[Flag, Field(description="Annotate headings too, which changes their anchors.")] = True
    progress: Annotated[
        Literal["none", "section", "front-matter"],
        Field(
            description="Keep a count of done and overdue items: in a line below the heading, or in the front matter. "
            "A count kept elsewhere before stays as it is, for you to take out."
        ),
    ] = "none"
    state_words: Annotated[
        StateWords, Field(description="Words for a table's state column that doesn't show which ones it uses.")
    ] = StateWords()


class Sections(Part, frozen=True, kw_only=True):
    """Which headings hold action items, besides those pm-sync knows."""

    include: Annotated[
        tuple[Regex, ...], Field(description="Regular expressions for headings that hold action items.")
    ] = ()
    exclude: Annotated[
        tuple[Regex, ...], Field(description="Regular expressions for headings that never do; they win.")
    ] = ()


class Guards(Part, frozen=True, kw_only=True):
    """Above how many changes a run is refused before its first write."""

    max_creates: Annotated[Count, Field(description="New issues in one run.")] = 25
    max_updates: Annotated[Count, Field(description="Updated issues in one run.")] = 50
    max_closes: Annotated[
        Count | None,
        Field(description="Closed issues in one run; null: the larger of 5 and a fifth of the linked items."),
    ] = None


class Lint(Part, frozen=True, kw_only=True):
    """What `pm-sync lint` finds worth saying. The rules stand in `config/lint-rules.md`."""

    rules: Annotated[
        dict[RuleName, Literal["off", "note", "warning", "error"]],
        Field(description="Severities of rules, by id or name, where they should be other than the rule's own."),
    ] = field(default_factory=dict)
    fail_on: Annotated[
        Literal["never", "note", "warning", "error"],
        Field(description="The least severity that makes lint exit with 13."),
    ] = "warning"
    sections: Annotated[
        dict[Text, SectionNames],
        Field(description="Sections that a postmortem has to have, by the severity of its incident."),
    ] = field(default_factory=lambda: dict.fromkeys(("SEV0", "SEV1", "SEV2"), _GRAVE))


class Ownership(Part, frozen=True, kw_only=True):
    """Which side decides on a field where both could."""

    title: Annotated[Side, Field(description="Who owns the title.")] = "file"
    details: Annotated[Side, Field(description="Who owns the details.")] = "file"
    due: Annotated[Side, Field(description="Who owns the due date.")] = "file"
    priority: Annotated[Side, Field(description="Who owns the priority.")] = "file"
    labels: Annotated[Side, Field(description="Who owns the labels that we set; those of others stay in any case.")] = (
        "file"
    )
    state: Annotated[Side, Field(description="Who wins where both sides changed the state differently.")] = "tracker"


class Config(Part, frozen=True, kw_only=True):
    """Everything that can be set in ``pm-sync.yaml``."""

    version: Annotated[Version, Field(description="The version of this file's format.")] = 1
    postmortems: Annotated[
        Patterns,
        Field(
            description="Globs of the postmortems; empty: Markdown files below folders that are named like postmortems."
        ),
    ] = ()
    since: Annotated[
        Day | None,
        Field(description="Leave older incidents as they are: only items that have a link already are synced."),
    ] = None
    source: Annotated[
        Text | None,
        Field(
            description="What names this repository in marks; null: the address of its origin. Never change it later."
        ),
    ] = None
    trackers: Annotated[
        dict[TrackerName, Annotated[TrackerSettings, Field(discriminator="kind")]],
        ONE_EMBEDDED,
        Field(description="Where issues live, by a name of your choice."),
    ] = field(default_factory=dict)
    routes: Annotated[
        tuple[Route, ...], Field(description="Which items go to which tracker; the first that fits is taken.")
    ] = ()
    people: Annotated[dict[Text, Person], Field(description="Accounts of the owners, by the name postmortems use.")] = (
        field(default_factory=dict)
    )
    teams: Annotated[
        dict[Text, Label],
        Field(description="Owners that are teams, each with the label that its issues get in place of an assignee."),
    ] = field(default_factory=dict)
    labels: Annotated[tuple[Label, ...], Field(description="Labels for every issue.")] = ()
    tracking_label: Annotated[
        PlainLabel, Field(description="The label by which pm-sync finds its own issues; every issue gets it.")
    ] = "pm-sync"
    trusted_authors: Annotated[
        tuple[Login, ...],
        Field(description="GitHub logins whose issues' marks are believed, besides ours and those of members."),
    ] = ()
    jira_keys: Annotated[
        tuple[ProjectKey, ...],
        Field(description="Projects whose bare keys (`OPS-12`) are links, besides those of the trackers."),
    ] = ()
    adopted: Annotated[
        Literal["follow", "manage"],
        Field(description="What hand-written links allow: only read the issue's state, or close and reopen it too."),
    ] = "follow"
    create_done: Annotated[Flag, Field(description="Create issues for items that are settled already.")] = False
    removed: Annotated[
        Literal["report", "comment", "close"],
        Field(description="What becomes of an open issue whose item is gone from the postmortems."),
    ] = "report"
    ownership: Annotated[Ownership, Field(description="Which side decides on a field.")] = Ownership()
    sections: Annotated[
        Sections, Field(description="Headings that hold action items, besides those pm-sync knows.")
    ] = Sections()
    write_back: Annotated[WriteBack, Field(description="What is recorded in the postmortems.")] = WriteBack()
    sla: Annotated[
        Sla, Field(description="Due dates by priority or severity (`P0: 14d`) for items that have none of their own.")
    ] = Sla()
    reminders: Annotated[
        tuple[Days, ...],
        Field(
            description="How long after its due date (`[0d, 14d]`) an item's issue gets a comment; empty: no reminders."
        ),
    ] = ()
    lint: Annotated[Lint, Field(description="What `pm-sync lint` finds worth saying.")] = Lint()
    guards: Annotated[Guards, Field(description="Refuse a run that would change more than this.")] = Guards()
    max_wait: Annotated[
        Duration, Field(description="How long a run may wait for rate limits; what is left goes to the next run.")
    ] = timedelta(minutes=10)
    timezone: Annotated[TimeZone, Field(description="The time zone that decides which day is today.")] = "UTC"
