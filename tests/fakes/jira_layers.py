"""What the Data Center counterpart lacks, answered in front of it; and its refusal to guess at a question."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.fakes.front import Answer, Asked, Front, Layer

API = "/rest/api/2"
PROJECT = "OPS"
_ISSUE = re.compile(rf"{API}/issue/([A-Z]+-\d+)(?:/(\w+)(?:/([\w.-]+))?)?$")
_FORM = re.compile(rf"{API}/issue/createmeta/(\w+)/issuetypes(?:/(\w+))?$")
_WORD = r'(?:"[^"]*"|[\w.-]+)'
_CLAUSES = (
    rf"project = {_WORD}",
    rf"labels = {_WORD}",
    rf"(?:labels|key) in \({_WORD}(?:,{_WORD})*\)",
    r"statusCategory != Done",
    r'created >= "-\d+m"',
)
_KNOWN_JQL = re.compile(rf"(?:(?:{'|'.join(_CLAUSES)})|\(|\)| AND | OR | ORDER BY key)+")
PRIORITIES = ("Highest", "High", "Medium", "Low", "Lowest")


class StrictQuestions(Layer):
    """The counterpart ignores what it doesn't know in a question; a Jira doesn't."""

    def answer(self, asked: Asked, front: Front) -> Answer | None:
        """Refuse unknown clauses."""
        question = asked.query.get("jql", "")
        if question and not _KNOWN_JQL.fullmatch(question):
            return Answer(400, {"errorMessages": [f"Error in the JQL Query: {question}"], "errors": {}})
        if question and f'project = "{PROJECT}"' not in question and "project = " in question:
            said = f"The value '{question.split(chr(34))[1]}' does not exist for the field 'project'."
            return Answer(400, {"errorMessages": [said], "errors": {}})
        return None


@dataclass(slots=True)
class Properties(Layer):
    """Entity properties, in calls of their own, in searches, and where ``in_creates`` in creates and edits."""

    in_creates: bool | str = True
    """Whether creates and edits keep properties; a text is the refusal of those that have any."""
    in_searches: bool = True
    """Whether searches tell of properties, too."""
    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By issue, then by property."""

    def answer(self, asked: Asked, front: Front) -> Answer | None:
        """Answer calls about single properties; take those of creates and edits in passing."""
        match = _ISSUE.match(asked.path)
        if match and match[2] == "properties":
            return self._one(asked, match[1], match[3])
        if match and asked.method == "PUT" and not match[2]:
            self.keep(match[1], (asked.json or {}).get("properties"))
        return None

    def amend(self, asked: Asked, answer: Answer) -> Answer:
        """Tell of properties where they were asked for."""
        wanted = asked.query.get("properties")
        searched = isinstance(answer.content, dict) and "issues" in answer.content
        if wanted and isinstance(answer.content, dict) and (self.in_searches or not searched):
            for issue in answer.content.get("issues", [answer.content]):
                if "key" in issue:
                    kept = self.values.get(issue["key"], {})
                    issue["properties"] = {wanted: kept[wanted]} if wanted in kept else {}
        return answer

    def keep(self, key: str, properties: Any) -> None:
        """Keep the properties of a create or edit, if this server does."""
        if self.in_creates is True:
            for entry in properties or ():
                self.values.setdefault(key, {})[entry["key"]] = entry["value"]

    def _one(self, asked: Asked, key: str, name: str) -> Answer:
        kept = self.values.setdefault(key, {})
        missing = Answer(404, {"errorMessages": [f"The property {name} was not found."], "errors": {}})
        match asked.method:
            case "PUT":
                status = 200 if name in kept else 201
                kept[name] = asked.json
                return Answer(status, {})
            case "DELETE":
                return Answer(204) if kept.pop(name, None) is not None else missing
            case _:
                return Answer(200, {"key": name, "value": kept[name]}) if name in kept else missing


@dataclass(slots=True)
class Bulk(Layer):
    """Creating many issues by one request, each on its own."""

    properties: Properties

    def answer(self, asked: Asked, front: Front) -> Answer | None:
        """Create them one by one."""
        if (asked.method, asked.path) != ("POST", f"{API}/issue/bulk"):
            return None
        updates = asked.json["issueUpdates"]
        if isinstance(self.properties.in_creates, str) and any("properties" in update for update in updates):
            return Answer(400, {"errorMessages": [self.properties.in_creates], "errors": {}})
        made: list[dict[str, Any]] = []
        errors: list[dict[str, Any]] = []
        for at, update in enumerate(updates):
            answer = front.forward(_as(asked, "POST", f"{API}/issue", {"fields": update["fields"]}))
            if answer.status == 201:
                made.append(answer.content)
                self.properties.keep(answer.content["key"], update.get("properties"))
            else:
                errors.append({"status": answer.status, "elementErrors": answer.content, "failedElementNumber": at})
        return Answer(201 if made else 400, {"issues": made, "errors": errors})


class LabelOperations(Layer):
    """Edits that add and remove single labels."""

    def answer(self, asked: Asked, front: Front) -> Answer | None:
        """Turn operations into the whole list."""
        match = _ISSUE.match(asked.path)
        operations = (asked.json or {}).get("update", {}).get("labels") if asked.method == "PUT" and match else None
        if not operations:
            return None
        current = front.forward(_as(asked, "GET", asked.path, None))
        if current.status != 200:
            return current
        labels = dict.fromkeys(current.content["fields"]["labels"])
        for operation in operations:
            for verb, label in operation.items():
                labels |= {label: None} if verb == "add" else {}
                if verb == "remove":
                    labels.pop(label, None)
        fields = {**asked.json.get("fields", {}), "labels": list(labels)}
        return front.forward(_as(asked, "PUT", asked.path, {"fields": fields}))


@dataclass(slots=True)
class Forms(Layer):
    """The metadata of creates as Jira tells them since 8.4; since 9.0 it tells them in no other way."""

    more: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Further fields, by their ids."""
    without: frozenset[str] = frozenset()
    """Fields that are on no screen."""
    old: bool = False
    """Leave it to the counterpart, which knows the old way."""

    def answer(self, asked: Asked, front: Front) -> Answer | None:
        """Tell types or fields."""
        match = _FORM.match(asked.path)
        if match is None or self.old:
            return None
        if match[1] != PROJECT:
            return Answer(404, {"errorMessages": [f"No project could be found with key '{match[1]}'."], "errors": {}})
        types = front.forward(_as(asked, "GET", f"{API}/issuetype", None)).content
        entries = self._fields() if match[2] else types
        return Answer(200, {"maxResults": 50, "startAt": 0, "total": len(entries), "isLast": True, "values": entries})

    def _fields(self) -> list[dict[str, Any]]:
        priorities = [{"id": str(at), "name": name} for at, name in enumerate(PRIORITIES, 1)]
        known: dict[str, dict[str, Any]] = {
            "summary": _field("Summary", "string", required=True),
            "issuetype": _field("Issue Type", "issuetype", required=True),
            "project": _field("Project", "project", required=True),
            "reporter": _field("Reporter", "user", required=True),
            "description": _field("Description", "string"),
            "labels": _field("Labels", "array", items="string"),
            "duedate": _field("Due Date", "date"),
            "assignee": _field("Assignee", "user"),
            "parent": _field("Parent", "issuelink"),
            "priority": _field("Priority", "priority", allowedValues=priorities, defaultValue=priorities[2]),
            "components": _field("Component/s", "array", items="component", allowedValues=[{"id": "1", "name": "API"}]),
            **self.more,
        }
        return [{"fieldId": name, **value} for name, value in known.items() if name not in self.without]


@dataclass(slots=True)
class Times(Layer):
    """Moments to the second, where the counterpart knows days; on a clock that tests may put forward."""

    ahead: timedelta = timedelta()
    moments: dict[str, list[datetime]] = field(default_factory=dict)
    """By issue: when it was made, and when last changed."""

    def now(self) -> datetime:
        """The server's clock."""
        return datetime.now(UTC) + self.ahead

    def amend(self, asked: Asked, answer: Answer) -> Answer:
        """Note writes, and tell the moments."""
        content = answer.content
        if asked.method == "POST" and asked.path in (f"{API}/issue", f"{API}/issue/bulk") and isinstance(content, dict):
            for issue in content.get("issues", [content]):
                if "key" in issue:
                    self.moments[issue["key"]] = [self.now(), self.now()]
            return answer
        match = _ISSUE.match(asked.path)
        if match and asked.method != "GET" and match[2] != "properties":
            self.moments.setdefault(match[1], [self.now()]).append(self.now())
        if asked.method == "GET" and isinstance(content, dict):
            for issue in content.get("issues", [content]):
                self._tell(issue)
        return answer

    def _tell(self, issue: dict[str, Any]) -> None:
        told = self.moments.get(issue.get("key", ""))
        fields = issue.get("fields", {})
        if told:
            fields |= {"created": _stamp(told[0]), "updated": _stamp(told[-1])} if "created" in fields else {}
            if fields.get("resolutiondate"):
                fields["resolutiondate"] = _stamp(told[-1])


class Assignable(Layer):
    """Who can be assigned."""

    def answer(self, asked: Asked, front: Front) -> Answer | None:
        """Find by login."""
        if asked.path != f"{API}/user/assignable/search":
            return None
        found = front.forward(_as(asked, "GET", f"{API}/user/search", None, {"username": asked.query["username"]}))
        return Answer(200, found.content)


def _field(name: str, kind: str, *, required: bool = False, items: str = "", **more: Any) -> dict[str, Any]:
    schema = {"type": kind} | ({"items": items} if items else {})
    return {"name": name, "required": required, "hasDefaultValue": "defaultValue" in more, "schema": schema, **more}


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}+0000"


def _as(asked: Asked, method: str, path: str, content: Any, query: dict[str, str] | None = None) -> Asked:
    import json  # noqa: PLC0415

    body = b"" if content is None else json.dumps(content).encode()
    return Asked(method, path, query or {}, asked.headers, body)
