"""What a Jira Cloud holds, and what it demands of those who write to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.fakes.jira_cloud_jql import Indexed

Fields = dict[str, Any]

CATEGORIES = {"new": (2, "To Do"), "indeterminate": (4, "In Progress"), "done": (3, "Done")}
STATUSES = (("1", "To Do", "new"), ("2", "In Progress", "indeterminate"), ("3", "Done", "done"))
RESOLUTIONS = ("Done", "Won't Do", "Duplicate")
TYPES = (("10001", "Task", False), ("10002", "Bug", False), ("10003", "Sub-task", True))
PRIORITIES = ("Highest", "High", "Medium", "Low", "Lowest")
USERS = (("ada-id", "Ada Lovelace", "ada@example.com"), ("bob-id", "Bob", "bob@example.com"))
_LONGEST_SUMMARY = 255
MALFORMED = (KeyError, TypeError, ValueError, AttributeError)
"""What reading a request raises that isn't built as documented."""
PAYLOAD = {"errorMessages": ["Invalid request payload. Refer to the documentation and try again."], "errors": {}}


class RefusedError(Exception):
    """A write that Jira refuses, by fields."""

    def __init__(self, errors: Mapping[str, str], *messages: str) -> None:
        super().__init__(str(errors or messages))
        self.body = {"errorMessages": list(messages), "errors": dict(errors)}


@dataclass(frozen=True, slots=True)
class Way:
    """A transition."""

    id: str
    to: str
    """A status's id."""
    fields: Mapping[str, Any] = field(default_factory=dict)
    """The fields of its screen."""
    refuses: str = ""
    """What a validator says, whoever tries."""


@dataclass(slots=True)
class Held:
    """One issue."""

    id: int
    key: str
    fields: Fields
    properties: dict[str, Any] = field(default_factory=dict)
    comments: list[dict[str, Any]] = field(default_factory=list)
    links: dict[str, Any] = field(default_factory=dict)
    """Remote links, by their global ids."""
    seen: list[tuple[datetime, Held]] = field(default_factory=list)
    """What the search index gets to know, and when it was true."""


@dataclass(slots=True)
class Project:
    """One project, its workflow, and its issues."""

    key: str = "OPS"
    statuses: tuple[tuple[str, str, str], ...] = STATUSES
    ways: dict[str, tuple[Way, ...]] = field(default_factory=dict)
    """By status; empty: from each to each, with a resolution on the screen of what is done."""
    more: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Further fields of the create screen, by their ids."""
    without: frozenset[str] = frozenset()
    """Fields that are on no screen."""
    lag: timedelta = timedelta()
    """How far the search index is behind."""
    ahead: timedelta = timedelta()
    """How far this server's clock is put forward."""
    issues: dict[str, Held] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    """Where issues went, by their old keys."""
    related: list[tuple[str, str]] = field(default_factory=list)
    locked: set[str] = field(default_factory=set)
    """Keys of issues that nobody may edit."""
    _last: int = 0

    def now(self) -> datetime:
        """The server's clock."""
        return datetime.now(UTC) + self.ahead

    def find(self, key: str) -> Held | None:
        """An issue by key or id, old keys too."""
        wanted = self.moved.get(key.upper(), key.upper())
        by_id = (issue for issue in self.issues.values() if str(issue.id) == key)
        return self.issues.get(wanted) or next(by_id, None)

    def create(self, fields: Fields, properties: Iterable[Mapping[str, Any]] = ()) -> Held:
        """Make an issue.

        Raises:
            RefusedError: something in it is wrong.

        """
        form = self.form()
        checked = self._checked(fields, form, creating=True)
        missing = {name: f"{rule['name']} is required." for name, rule in form.items() if _lacks(name, rule, checked)}
        if missing:
            raise RefusedError(missing)
        self._last += 1
        now = _stamp(self.now())
        checked |= {"created": now, "updated": now, "statuscategorychangedate": now}
        checked |= {"status": self.statuses[0][0], "resolution": None, "resolutiondate": None}
        checked["priority"] = checked.get("priority") or "Medium"
        issue = Held(10_000 + self._last, f"{self.key}-{self._last}", checked)
        issue.properties = {entry["key"]: entry["value"] for entry in properties}
        self.issues[issue.key] = issue
        self.index(issue)
        return issue

    def edit(self, issue: Held, fields: Fields, update: Mapping[str, Any]) -> None:
        """Change an issue.

        Raises:
            RefusedError: something in it is wrong.

        """
        if issue.key in self.locked:
            raise RefusedError({}, "The issue is not editable in its current status.")
        issue.fields |= self._checked(fields, self.form(), creating=False)
        labels = dict.fromkeys(issue.fields.get("labels", []))
        for operation in update.get("labels", ()):
            for verb, label in operation.items():
                _check_label(label)
                labels.update({label: None} if verb == "add" else {})
                if verb == "remove":
                    labels.pop(label, None)
        issue.fields["labels"] = list(labels)
        self.touch(issue)

    def transition(self, issue: Held, way: Way, fields: Fields) -> None:
        """Move an issue on.

        Raises:
            RefusedError: the screen demands something, or doesn't take what is given.

        """
        if way.refuses:
            raise RefusedError({}, way.refuses)
        unknown = {name: f"Field '{name}' cannot be set. It is not on the appropriate screen, or unknown."
                   for name in fields if name not in way.fields}  # fmt: skip
        wanted = {
            name: f"{rule['name']} is required." for name, rule in way.fields.items() if _lacks(name, rule, fields)
        }
        if unknown or wanted:
            raise RefusedError(unknown | wanted)
        done = self.category(way.to) == "done"
        resolution = (
            (fields.get("resolution") or {}).get("name", "Done") if done and "resolution" in way.fields else None
        )
        if resolution and resolution not in RESOLUTIONS:
            raise RefusedError({"resolution": f"Resolution name '{resolution}' is not valid"})
        now = _stamp(self.now())
        if self.category(way.to) != self.category(issue.fields["status"]):
            issue.fields["statuscategorychangedate"] = now
        issue.fields |= {"status": way.to, "resolution": resolution, "resolutiondate": now if resolution else None}
        issue.fields |= {name: value for name, value in fields.items() if name != "resolution"}
        self.touch(issue)

    def offered(self, issue: Held) -> tuple[Way, ...]:
        """The ways out of an issue's status."""
        if self.ways:
            return self.ways.get(issue.fields["status"], ())
        screen = {"resolution": rule("Resolution", "resolution", allowed=[{"name": name} for name in RESOLUTIONS])}
        others = [(number, category) for number, _, category in self.statuses if number != issue.fields["status"]]
        return tuple(Way(f"1{number}", number, screen if category == "done" else {}) for number, category in others)

    def category(self, status: str) -> str:
        """A status's category."""
        return next(category for number, _, category in self.statuses if number == status)

    def touch(self, issue: Held) -> None:
        """Note that an issue was changed."""
        issue.fields["updated"] = _stamp(self.now())
        self.index(issue)

    def index(self, issue: Held) -> None:
        """Tell the search index."""
        issue.seen.append((self.now(), Held(issue.id, issue.key, dict(issue.fields), dict(issue.properties))))

    def indexed(self, issue: Held) -> Held | None:
        """The issue as the search index knows it by now, old values and all."""
        known = [state for moment, state in issue.seen if moment + self.lag <= self.now()]
        return (issue if known[-1] is issue.seen[-1][1] else known[-1]) if known else None

    def entry(self, issue: Held) -> Indexed:
        """What a question may be about."""
        labels = frozenset(issue.fields.get("labels", []))
        created = datetime.fromisoformat(issue.fields["created"])
        return Indexed(self.key, issue.key, labels, self.category(issue.fields["status"]), created)

    def form(self) -> dict[str, dict[str, Any]]:
        """The fields of the create screen."""
        named = [{"id": str(at), "name": name} for at, name in enumerate(PRIORITIES, 1)]
        fields = {
            "project": rule("Project", "project", required=True),
            "issuetype": rule("Issue Type", "issuetype", required=True),
            "summary": rule("Summary", "string", required=True),
            "description": rule("Description", "string"),
            "labels": rule("Labels", "array", items="string"),
            "duedate": rule("Due date", "date"),
            "assignee": rule("Assignee", "user"),
            "reporter": rule("Reporter", "user", required=True, default=True),
            "parent": rule("Parent", "issuelink"),
            "priority": rule("Priority", "priority", allowed=named, defaultValue=named[2]),
            "components": rule("Components", "array", items="component", allowed=[{"id": "1", "name": "Reliability"}]),
            **self.more,
        }
        return {name: value for name, value in fields.items() if name not in self.without}

    def _checked(self, fields: Fields, form: Mapping[str, Any], *, creating: bool) -> Fields:
        unknown = {name: f"Field '{name}' cannot be set. It is not on the appropriate screen, or unknown."
                   for name in fields if name not in form}  # fmt: skip
        if unknown:
            raise RefusedError(unknown)
        checked = dict(fields)
        if creating and fields["project"].get("key") != self.key:
            raise RefusedError({"project": "valid project is required"})
        if "issuetype" in fields:
            checked["issuetype"] = self._type(fields)
        for label in fields.get("labels", ()):
            _check_label(label)
        _check_texts(fields)
        if "priority" in fields:
            checked["priority"] = fields["priority"].get("name")
            if checked["priority"] not in PRIORITIES:
                raise RefusedError({"priority": "The priority selected is invalid."})
        if "assignee" in fields and fields["assignee"]["accountId"] not in {user[0] for user in USERS}:
            raise RefusedError({"assignee": "User does not exist."})
        return checked

    def _type(self, fields: Fields) -> str:
        chosen = fields["issuetype"]
        kind = next((kind for kind in TYPES if chosen.get("id") == kind[0] or chosen.get("name") == kind[1]), None)
        if kind is None:
            raise RefusedError({"issuetype": "Specify a valid issue type"})
        parent = self.find((fields.get("parent") or {}).get("key", "")) if kind[2] else None
        if kind[2] and parent is None:
            raise RefusedError({"parent": "Issue type is a sub-task but parent issue key or id not specified."})
        if parent is not None and _type(parent.fields["issuetype"])["subtask"]:
            raise RefusedError({"parentId": f"Given parent issue ({parent.key}) is a sub-task itself."})
        return kind[0]


def rule(name: str, kind: str, *, required: bool = False, items: str = "", default: bool = False, **more: Any) -> Any:
    """What metadata say of a field."""
    schema = {"type": kind} | ({"items": items} if items else {})
    allowed = {"allowedValues": more.pop("allowed")} if "allowed" in more else {}
    has_default = default or "defaultValue" in more
    return {"name": name, "required": required, "hasDefaultValue": has_default, "schema": schema, **allowed, **more}


def _check_texts(fields: Fields) -> None:
    if "summary" in fields:
        summary = fields["summary"]
        if not summary.strip():
            raise RefusedError({"summary": "You must specify a summary of the issue."})
        if len(summary) > _LONGEST_SUMMARY:
            raise RefusedError({"summary": "Summary can't exceed 255 characters."})
        if "\n" in summary:
            raise RefusedError({"summary": "The summary is invalid because it contains newline characters."})
    if fields.get("description") is not None and fields["description"].get("type") != "doc":
        raise RefusedError({"description": "Operation value must be an Atlassian Document (see the ADF)"})
    if fields.get("duedate"):
        date.fromisoformat(fields["duedate"])


def _check_label(label: str) -> None:
    if re.search(r"\s", label):
        raise RefusedError({"labels": f"The label '{label}' contains spaces which is invalid."})


def _lacks(name: str, wanted: Mapping[str, Any], given: Fields) -> bool:
    return wanted["required"] and not wanted["hasDefaultValue"] and given.get(name) is None


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}+0000"


def _type(number: str) -> dict[str, Any]:
    name, subtask = next((name, subtask) for key, name, subtask in TYPES if key == number)
    return {"id": number, "name": name, "subtask": subtask}


_NAMES = {number: name for number, name, _ in USERS}
TOLD: Mapping[str, Callable[[Any], Any]] = {
    "priority": lambda name: {"id": "1", "name": name},
    "resolution": lambda name: {"id": "1", "name": name},
    "issuetype": _type,
    "assignee": lambda user: {**user, "displayName": _NAMES[user["accountId"]]},
}
"""How fields are told that are held by a name or number."""
