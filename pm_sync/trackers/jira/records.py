"""Issues as Jira tells them, on Cloud and Data Center alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from msgspec import Struct

from pm_sync.mark import value_hash
from pm_sync.model import Issue, IssueRef, State
from pm_sync.trackers.jira.answers import understood
from pm_sync.trackers.jira.marks import PROPERTY, Note, is_bookkeeping
from pm_sync.trackers.jira.options import JiraOptions

FIELDS = (
    "summary",
    "description",
    "status",
    "resolution",
    "resolutiondate",
    "statuscategorychangedate",
    "created",
    "updated",
    "duedate",
    "priority",
    "labels",
    "assignee",
    "issuetype",
    "project",
    "parent",
    "issuelinks",
)
"""What is asked of each issue."""
LINK_TYPE = "Relates"
"""The link that says what a sub-task belongs to, where it can't be a sub-task of Jira's."""
_SETTLING = timedelta(seconds=5)
"""Jira itself, and we with our links, still touch an issue for a moment after its creation."""
_CATEGORIES = {"new": State.OPEN, "undefined": State.OPEN, "indeterminate": State.IN_PROGRESS, "done": State.DONE}


class Status(Struct, frozen=True):
    """A status of a workflow. Two may have one name."""

    id: str
    name: str
    category: str
    """Its category's key: ``new``, ``indeterminate``, ``done``."""


class Type(Struct, frozen=True):
    """An issue type."""

    id: str
    name: str
    subtask: bool


class Record(Struct, frozen=True):
    """One issue."""

    key: str
    project: str
    type: Type
    summary: str
    description: Any
    """Wiki text on Data Center, an ADF document on Cloud; None where there is none."""
    status: Status
    resolution: str
    created: datetime
    updated: datetime
    settled: datetime | None
    due: date | None
    priority: str
    labels: tuple[str, ...]
    assignee: str
    property: Any
    """The entity property's value; None where the issue has none."""
    has_properties: bool
    """Whether the answer told of properties at all."""
    parents: tuple[str, ...] = ()
    """Keys of the issue it is a sub-task of, and of those that a link puts above it."""


def from_json(data: Any) -> Record:  # noqa: ANN401  as JSON is
    """Read an issue.

    Raises:
        TrackerError: it isn't one.

    """
    with understood("Jira issue"):
        return _from_json(data, data["fields"])


def _from_json(data: Any, fields: Mapping[str, Any]) -> Record:  # noqa: ANN401
    key = str(data["key"])
    properties = data.get("properties")
    settled = fields.get("resolutiondate") or fields.get("statuscategorychangedate")
    return Record(
        key=key,
        project=str((fields.get("project") or {}).get("key") or key.rpartition("-")[0]),
        type=type_from(fields["issuetype"]),
        summary=str(fields["summary"]),
        description=fields.get("description"),
        status=status_from(fields["status"]),
        resolution=str((fields.get("resolution") or {}).get("name") or ""),
        created=moment(fields["created"]),
        updated=moment(fields.get("updated") or fields["created"]),
        settled=moment(settled) if settled else None,
        due=date.fromisoformat(fields["duedate"]) if fields.get("duedate") else None,
        priority=str((fields.get("priority") or {}).get("name") or ""),
        labels=tuple(map(str, fields.get("labels") or ())),
        assignee=person(fields.get("assignee")),
        property=properties.get(PROPERTY) if isinstance(properties, Mapping) else None,
        has_properties=isinstance(properties, Mapping),
        parents=tuple(_parents(fields)),
    )


def _parents(fields: Mapping[str, Any]) -> Iterator[str]:
    if fields.get("parent"):
        yield str(fields["parent"]["key"])
    for link in fields.get("issuelinks") or ():
        if link["type"]["name"] == LINK_TYPE and link.get("inwardIssue"):
            yield str(link["inwardIssue"]["key"])


def status_from(data: Mapping[str, Any]) -> Status:
    """Read a status."""
    return Status(str(data["id"]), str(data["name"]), str((data.get("statusCategory") or {}).get("key", "")))


def type_from(data: Mapping[str, Any]) -> Type:
    """Read an issue type."""
    return Type(str(data["id"]), str(data["name"]), bool(data.get("subtask")))


def person(data: Any) -> str:  # noqa: ANN401  as JSON is
    """How a user is called: by login on Data Center, by full name on Cloud; empty for nobody."""
    user = data or {}
    return str(user.get("name") or user.get("displayName") or user.get("accountId") or "")


def moment(text: str) -> datetime:
    """The moment that Jira writes, which knows its zone."""
    told = datetime.fromisoformat(text)
    return told if told.tzinfo else told.replace(tzinfo=UTC)


def ref_of(key: str, site: str) -> IssueRef:
    """The address of the issue with this key."""
    return IssueRef("jira", site, key.rpartition("-")[0], key)


def meaning(status: Status, options: JiraOptions) -> State:
    """What a status means: what the configuration says by its name, else its category."""
    name = status.name.casefold()
    for state, names in options.states.items():
        if name in (own.casefold() for own in names):
            return state
    return _CATEGORIES.get(status.category, State.OPEN)


def state_of(record: Record, options: JiraOptions) -> State:
    """An issue's state: its status's, but done for a reason that means no is dropped."""
    state = meaning(record.status, options)
    dropped = {name.casefold() for name in options.resolutions.get(State.DROPPED, ())}
    return State.DROPPED if state is State.DONE and record.resolution.casefold() in dropped else state


def to_issue(record: Record, site: str, options: JiraOptions, note: Note | None) -> Issue:
    """The issue that a record tells of, with its mark where that is believed."""
    state = state_of(record, options)
    settled = (record.settled or record.updated).astimezone(UTC).date() if state.settled else None
    labels = (name for name in record.labels if name != options.tracking_label and not is_bookkeeping(name))
    return Issue(
        ref=ref_of(record.key, site),
        title=record.summary,
        state=state,
        created=record.created,
        settled=settled,
        due=_chosen_due(record, note),
        priority=priority_word(record.priority, options, note) if options.priorities else None,
        labels=frozenset(labels),
        assignees=(record.assignee,) if record.assignee else (),
        parents=tuple(ref_of(key, site) for key in record.parents),
        mark=note.mark if note else None,
        cut_short=note is not None and note.cut_short,
        untouched=state is State.OPEN and record.updated - record.created <= _SETTLING,
    )


def _chosen_due(record: Record, note: Note | None) -> date | None:
    """The due date, but for one that the configuration gave: the item has none, and nobody chose it for this issue."""
    if note is None or record.due is None or record.due.isoformat() != note.default_due:
        return record.due
    return None if note.mark.base.get("due") == value_hash("") else record.due


def priority_word(name: str, options: JiraOptions, note: Note | None) -> str | None:
    """The postmortems' word for one of Jira's priorities.

    Several words may mean one priority: then it is the one last synced. What Jira gave by itself is nobody's choice.
    """
    if not name or (note and name == note.default_priority):
        return None
    words = [word for word, theirs in options.priorities.items() if theirs.casefold() == name.casefold()]
    synced = note.mark.base.get("priority") if note else None
    return next((word for word in words if value_hash(word) == synced), words[0] if words else name)
