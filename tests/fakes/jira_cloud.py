"""A Jira Cloud of our own, as none can be had offline: stateful, and strict about all that it is told."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.front import Answer, Asked, Front, Layer
from tests.fakes.jira_cloud_jql import BadQuestionError, predicate
from tests.fakes.jira_cloud_store import (
    CATEGORIES,
    MALFORMED,
    PAYLOAD,
    TOLD,
    TYPES,
    USERS,
    Held,
    Project,
    RefusedError,
    Way,
)

API = "/rest/api/3"
EMAIL, TOKEN = "robot@example.com", "an-api-token-of-forty-characters-or-so"
_KEYS_ONLY = {"id", "key"}
_SMALL_PAGE, _LARGE_PAGE, _MOST_FETCHED, _MOST_CREATED, _MOST_RECONCILED = 100, 5000, 100, 50, 50


@dataclass(slots=True)
class Cloud(Layer):
    """The whole server; nothing stands behind it."""

    project: Project = field(default_factory=Project)
    others: dict[str, Project] = field(default_factory=dict)
    """Projects that can be read, too."""
    prefix: str = ""
    """``/ex/jira/CLOUD_ID``, where this is the gateway for scoped tokens."""
    headers: dict[str, str] = field(default_factory=dict)
    """What each answer bears besides."""

    def answer(self, asked: Asked, front: Front) -> Answer:
        """Answer as documented."""
        if not asked.path.startswith(self.prefix + API):
            return Answer(404, {"errorMessages": ["Not found"], "errors": {}}, self.headers)
        try:
            answer = self._route(asked, asked.path.removeprefix(self.prefix + API))
        except RefusedError as refused:
            answer = Answer(400, refused.body)
        except MALFORMED:
            answer = Answer(400, PAYLOAD)
        except BadQuestionError as bad:
            answer = Answer(400, {"errorMessages": [str(bad)], "errors": {}})
        return Answer(answer.status, answer.content, {**self.headers, **answer.headers})

    def _route(self, asked: Asked, path: str) -> Answer:
        if path == "/serverInfo":
            return Answer(
                200,
                {"deploymentType": "Cloud", "baseUrl": "https://acme.atlassian.net", "versionNumbers": [1001, 0, 0]},
            )
        known = base64.b64encode(f"{EMAIL}:{TOKEN}".encode()).decode()
        if asked.headers.get("authorization") != f"Basic {known}":
            return _error(401, "Client must be authenticated to access this resource.")
        for pattern, answer in _ROUTES.items():
            match = re.fullmatch(pattern, f"{asked.method} {path}")
            if match:
                return answer(self, asked, *match.groups())
        return _error(404, f"null for uri: {asked.path}")

    def _held(self, key: str) -> Held:
        found = self._find(key)
        if found is None:
            raise RefusedError({}, "Issue does not exist or you do not have permission to see it.")
        return found

    def _find(self, key: str) -> Held | None:
        return next((held for project in self._projects() if (held := project.find(key))), None)

    def _projects(self) -> tuple[Project, ...]:
        return (self.project, *self.others.values())

    def search(self, asked: Asked) -> Answer:
        """Page by page: many only where nothing but keys is asked for. What is to be reconciled is up to date."""
        content = asked.json
        fresh = content.get("reconcileIssues", ())
        if len(fresh) > _MOST_RECONCILED:
            return _error(400, f"The number of issues to reconcile must not exceed {_MOST_RECONCILED}.")
        fields = content.get("fields") or ["id"]
        keys = frozenset(project.key for project in self._projects())
        matches = predicate(content["jql"], keys, self.project.now())
        found = [
            known
            for project in self._projects()
            for held in project.issues.values()
            if (known := held if held.id in fresh else project.indexed(held)) and matches(project.entry(known))
        ]
        most = _LARGE_PAGE if set(fields) <= _KEYS_ONLY else _SMALL_PAGE
        size = min(content.get("maxResults", 50), most)
        start = int(content.get("nextPageToken", "p0").removeprefix("p"))
        page = [self.told(held, fields, content.get("properties", ())) for held in found[start : start + size]]
        last = start + size >= len(found)
        return Answer(200, {"issues": page, "isLast": last} | ({} if last else {"nextPageToken": f"p{start + size}"}))

    def fetch(self, asked: Asked) -> Answer:
        """Many issues by their keys; those that there aren't are left out."""
        wanted = asked.json["issueIdsOrKeys"]
        if not 0 < len(wanted) <= _MOST_FETCHED:
            return _error(400, f"The number of issues must be between 1 and {_MOST_FETCHED}.")
        held = [found for key in wanted for project in self._projects() if (found := project.find(key))]
        issues = [self.told(one, asked.json["fields"], asked.json.get("properties", ())) for one in held]
        return Answer(200, {"issues": issues, "issueErrors": []})

    def create(self, asked: Asked) -> Answer:
        """Many at once, each on its own."""
        try:
            updates = list(asked.json["issueUpdates"])
        except MALFORMED:
            updates = []
        if not 0 < len(updates) <= _MOST_CREATED:
            return Answer(400, {"issues": [], "errors": [{"status": 400, "elementErrors": PAYLOAD}]})
        made: list[dict[str, Any]] = []
        errors: list[dict[str, Any]] = []
        for at, update in enumerate(updates):
            try:
                held = self.project.create(update["fields"], update.get("properties", ()))
                made.append({"id": str(held.id), "key": held.key, "self": f"https://acme.atlassian.net/{held.id}"})
            except MALFORMED:
                errors.append({"status": 400, "elementErrors": PAYLOAD, "failedElementNumber": at})
            except RefusedError as refused:
                errors.append({"status": 400, "elementErrors": refused.body, "failedElementNumber": at})
        return Answer(201 if made else 400, {"issues": made, "errors": errors})

    def create_one(self, asked: Asked) -> Answer:
        """A single one, as other programs make them."""
        held = self.project.create(asked.json["fields"], asked.json.get("properties", ()))
        return Answer(201, {"id": str(held.id), "key": held.key, "self": f"https://acme.atlassian.net/{held.id}"})

    def read(self, asked: Asked, key: str) -> Answer:
        """One issue, old keys too."""
        held = self._find(key)
        if held is None:
            return _error(404, "Issue does not exist or you do not have permission to see it.")
        return Answer(
            200, self.told(held, asked.query["fields"].split(","), asked.query.get("properties", "").split(","))
        )

    def edit(self, asked: Asked, key: str) -> Answer:
        """Fields, single labels and properties in one call."""
        held = self._find(key)
        if held is None:
            return _error(404, "Issue does not exist or you do not have permission to see it.")
        self.project.edit(held, asked.json.get("fields", {}), asked.json.get("update", {}))
        held.properties |= {entry["key"]: entry["value"] for entry in asked.json.get("properties", ())}
        return Answer(204)

    def property(self, asked: Asked, key: str, name: str) -> Answer:
        """One property."""
        held = self._held(key)
        if asked.method == "PUT":
            status = 200 if name in held.properties else 201
            held.properties[name] = asked.json
            return Answer(status, {})
        if name not in held.properties:
            return _error(404, f"The property {name} was not found.")
        if asked.method == "DELETE":
            del held.properties[name]
            return Answer(204)
        return Answer(200, {"key": name, "value": held.properties[name]})

    def types(self, asked: Asked, key: str) -> Answer:
        """The types of a project's issues."""
        if key != self.project.key:
            return _error(404, f"No project could be found with key '{key}'.")
        types = [{"id": number, "name": name, "subtask": subtask} for number, name, subtask in TYPES]
        return Answer(200, {"issueTypes": types, "startAt": 0, "maxResults": 50, "total": len(types)})

    def form(self, asked: Asked, key: str, number: str) -> Answer:
        """The fields of a type's create screen, in pages."""
        fields = [
            {"fieldId": name, "key": name, "operations": ["set"], **rule} for name, rule in self.project.form().items()
        ]
        start, size = int(asked.query.get("startAt", "0")), min(int(asked.query.get("maxResults", "50")), 200)
        page = fields[start : start + size]
        return Answer(200, {"fields": page, "startAt": start, "maxResults": size, "total": len(fields)})

    def about(self, asked: Asked, key: str) -> Answer:
        """A project."""
        if key not in {project.key for project in self._projects()}:
            return _error(404, f"No project could be found with key '{key}'.")
        return Answer(200, {"id": "10000", "key": key, "name": key})

    def statuses(self, asked: Asked, key: str) -> Answer:
        """The statuses of each type."""
        statuses = [self._status(number) for number, _, _ in self.project.statuses]
        return Answer(
            200, [{"id": number, "name": name, "subtask": sub, "statuses": statuses} for number, name, sub in TYPES]
        )

    def ways(self, asked: Asked, key: str) -> Answer:
        """The transitions an issue is offered, with the fields of their screens."""
        ways = [self._way(way) for way in self.project.offered(self._held(key))]
        return Answer(200, {"expand": "transitions", "transitions": ways})

    def move(self, asked: Asked, key: str) -> Answer:
        """One transition."""
        held = self._held(key)
        wanted = asked.json["transition"]["id"]
        way = next((way for way in self.project.offered(held) if way.id == wanted), None)
        if way is None:
            return _error(
                400, f"It seems that you have tried to perform a workflow operation ({wanted}) that is not valid."
            )
        self.project.transition(held, way, asked.json.get("fields", {}))
        return Answer(204)

    def comments(self, asked: Asked, key: str) -> Answer:
        """Comments, or one more."""
        held = self._held(key)
        if asked.method == "POST":
            if asked.json["body"].get("type") != "doc":
                return _error(400, "Comment body is not valid!")
            held.comments.append({"id": str(len(held.comments) + 1), "body": asked.json["body"]})
            self.project.touch(held)
            return Answer(201, held.comments[-1])
        start, size = int(asked.query.get("startAt", "0")), int(asked.query.get("maxResults", "50"))
        page = held.comments[start : start + size]
        return Answer(200, {"comments": page, "startAt": start, "maxResults": size, "total": len(held.comments)})

    def remote_link(self, asked: Asked, key: str) -> Answer:
        """Once for each global id."""
        held = self._held(key)
        known = asked.json["globalId"] in held.links
        held.links[asked.json["globalId"]] = asked.json["object"]
        self.project.touch(held)
        return Answer(200 if known else 201, {"id": len(held.links), "self": "https://acme.atlassian.net/link"})

    def relate(self, asked: Asked) -> Answer:
        """A link between two issues."""
        self.project.related.append((asked.json["inwardIssue"]["key"], asked.json["outwardIssue"]["key"]))
        return Answer(201)

    def assignable(self, asked: Asked) -> Answer:
        """People by name or address; addresses aren't told."""
        wanted = asked.query.get("query", "").lower()
        users = [user for user in USERS if wanted and (wanted in user[1].lower() or wanted == user[2])]
        users += [user for user in USERS if user[0] == asked.query.get("accountId")]
        return Answer(200, [{"accountId": number, "displayName": name, "active": True} for number, name, _ in users])

    def told(self, held: Held, fields: list[str], properties: Any) -> dict[str, Any]:
        """An issue as the API tells it."""
        wanted = {name: held.fields.get(name) for name in fields if name not in _KEYS_ONLY}
        for name, make in TOLD.items():
            if name in wanted:
                wanted[name] = make(wanted[name]) if wanted[name] else None
        if "issuelinks" in wanted:
            wanted["issuelinks"] = [*self._links(held)]
        if "status" in wanted:
            wanted["status"] = self._status(held.fields["status"])
        kept = {name: held.properties[name] for name in properties if name in held.properties}
        issue = {"id": str(held.id), "key": held.key, "self": f"https://acme.atlassian.net/{held.id}"}
        return issue | ({"fields": wanted} if wanted else {}) | ({"properties": kept} if properties else {})

    def _links(self, held: Held) -> Iterator[dict[str, Any]]:
        kind = {"id": "1", "name": "Relates", "inward": "relates to", "outward": "relates to"}
        for at, (inward, outward) in enumerate(self.project.related):
            if held.key in (inward, outward):
                side, other = ("inwardIssue", inward) if held.key == outward else ("outwardIssue", outward)
                yield {"id": str(at), "type": kind, side: {"key": other}}

    def _status(self, number: str) -> dict[str, Any]:
        name, category = next((name, category) for key, name, category in self.project.statuses if key == number)
        told = {"id": CATEGORIES[category][0], "key": category, "name": CATEGORIES[category][1]}
        return {"id": number, "name": name, "statusCategory": told}

    def _way(self, way: Way) -> dict[str, Any]:
        fields = {name: {"key": name, "operations": ["set"], **rule} for name, rule in way.fields.items()}
        return {
            "id": way.id,
            "name": f"To {self._status(way.to)['name']}",
            "to": self._status(way.to),
            "fields": fields,
        }


def _error(status: int, message: str) -> Answer:
    return Answer(status, {"errorMessages": [message], "errors": {}})


_KEY = r"/issue/([A-Za-z]+-\d+|\d+)"
_ROUTES: Mapping[str, Callable[..., Answer]] = {
    r"POST /search/jql": Cloud.search,
    r"POST /issue/bulkfetch": Cloud.fetch,
    r"POST /issue/bulk": Cloud.create,
    r"POST /issue": Cloud.create_one,
    r"GET /issue/createmeta/(\w+)/issuetypes": Cloud.types,
    r"GET /issue/createmeta/(\w+)/issuetypes/(\d+)": Cloud.form,
    rf"GET {_KEY}": Cloud.read,
    rf"PUT {_KEY}": Cloud.edit,
    rf"(?:GET|PUT|DELETE) {_KEY}/properties/([\w-]+)": Cloud.property,
    rf"GET {_KEY}/transitions": Cloud.ways,
    rf"POST {_KEY}/transitions": Cloud.move,
    rf"(?:GET|POST) {_KEY}/comment": Cloud.comments,
    rf"POST {_KEY}/remotelink": Cloud.remote_link,
    r"POST /issueLink": Cloud.relate,
    r"GET /project/(\w+)": Cloud.about,
    r"GET /project/(\w+)/statuses": Cloud.statuses,
    r"GET /user/assignable/search": Cloud.assignable,
}
