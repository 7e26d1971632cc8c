"""What the GitHub emulator lacks, each a layer of our own in front of it; its answers are held to GitHub's contract."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from tests.fakes.front import Answer, Asked, Front, Layer

ISSUE_PATH = re.compile(r"^/repos/(?P<project>[^/]+/[^/]+)/issues/(?P<number>\d+)(?P<rest>/.*)?$")
_LIST = re.compile(r"^/repos/(?P<project>[^/]+/[^/]+)/issues$")

Key = tuple[str, int]
"""Repository and number."""


def issue_key(asked: Asked) -> Key | None:
    """The issue that a request is about."""
    match = ISSUE_PATH.match(asked.path)
    return (match["project"], int(match["number"])) if match else None


def is_list(asked: Asked) -> bool:
    """Whether a request asks for a list of issues."""
    return asked.method == "GET" and bool(_LIST.match(asked.path))


def rejection(errors: list[dict[str, Any]]) -> Answer:
    """GitHub's answer to content that it doesn't take."""
    content = {"message": "Validation Failed", "documentation_url": "https://docs.github.com", "errors": errors}
    return Answer(422, content)


@dataclass(slots=True)
class RepositoryCounts(Layer):
    """Two numbers that GitHub's contract requires of a repository."""

    def amend(self, asked: Asked, answer: Answer) -> Answer:
        """Add them."""
        if asked.method == "GET" and re.fullmatch(r"/repos/[^/]+/[^/]+", asked.path) and answer.status == 200:
            return replace(answer, content={"network_count": 0, "subscribers_count": 0, **answer.content})
        return answer


@dataclass(slots=True)
class Deletions(Layer):
    """Issues that somebody deleted: 410, and in no list."""

    deleted: set[Key] = field(default_factory=set)

    def answer(self, asked: Asked, front: Front) -> Answer | None:
        """Say that it is gone."""
        if issue_key(asked) in self.deleted:
            return Answer(410, {"message": "This issue was deleted", "documentation_url": "https://docs.github.com"})
        return None

    def amend(self, asked: Asked, answer: Answer) -> Answer:
        """Leave it out."""
        if not is_list(asked) or answer.status != 200:
            return answer
        project = project_of(asked)
        return replace(answer, content=[e for e in answer.content if (project, e["number"]) not in self.deleted])


@dataclass(slots=True)
class Duplicates(Layer):
    """Issues closed as duplicates: the emulator forgets the reason."""

    closed: set[Key] = field(default_factory=set)

    def amend(self, asked: Asked, answer: Answer) -> Answer:
        """Remember the reason, and say it."""
        key = issue_key(asked)
        if asked.method == "PATCH" and key is not None and "state" in asked.json:
            self.closed.discard(key)
            if asked.json.get("state_reason") == "duplicate":
                self.closed.add(key)
        if answer.status != 200:
            return answer
        if is_list(asked):
            project = project_of(asked)
            return replace(answer, content=[self._told(entry, (project, entry["number"])) for entry in answer.content])
        match = ISSUE_PATH.match(asked.path)
        whole = match is not None and match["rest"] is None
        return replace(answer, content=self._told(answer.content, key)) if whole and key else answer

    def _told(self, entry: dict[str, Any], key: Key) -> dict[str, Any]:
        return {**entry, "state_reason": "duplicate"} if key in self.closed else entry


def project_of(asked: Asked) -> str:
    """The repository whose list is asked for."""
    match = _LIST.match(asked.path)
    assert match is not None
    return match["project"]


@dataclass(slots=True)
class Assignees(Layer):
    """Who can be assigned: the emulator can't be asked, it only refuses creates with people it doesn't know."""

    logins: frozenset[str] = frozenset({"acme"})

    def answer(self, asked: Asked, front: Front) -> Answer | None:
        """Say whether somebody can be."""
        match = re.match(r"^/repos/[^/]+/[^/]+/assignees(?:/(?P<login>[^/]+))?$", asked.path)
        if match is None:
            return None
        if match["login"] is None:
            return Answer(200, [])
        return Answer(204) if match["login"] in self.logins else Answer(404, {"message": "Not Found"})


@dataclass(slots=True)
class Amended(Layer):
    """Issues and repositories that differ from the emulator's in some members, wherever they are told of."""

    issues: dict[int, dict[str, Any]] = field(default_factory=dict)
    repository: dict[str, Any] = field(default_factory=dict)

    def amend(self, asked: Asked, answer: Answer) -> Answer:
        """Change the members."""
        if asked.method != "GET" or answer.status != 200:
            return answer
        if is_list(asked):
            told = [{**entry, **self.issues.get(entry["number"], {})} for entry in answer.content]
            return replace(answer, content=told)
        if re.fullmatch(r"/repos/[^/]+/[^/]+", asked.path):
            return replace(answer, content={**answer.content, **self.repository})
        match = ISSUE_PATH.match(asked.path)
        if match and match["rest"] is None:
            return replace(answer, content={**answer.content, **self.issues.get(int(match["number"]), {})})
        return answer


@dataclass(slots=True)
class Redirects(Layer):
    """Things that have moved: 301 for reading, 307 for writing, as GitHub does."""

    moved: dict[str, str] = field(default_factory=dict)
    """Path, or the beginning of one that ends in a slash → where it is now; a whole address leads elsewhere."""

    def answer(self, asked: Asked, front: Front) -> Answer | None:
        """Send on; the query is GitHub's to keep."""
        for old, new in self.moved.items():
            if asked.path == old or (old.endswith("/") and asked.path.startswith(old)):
                target = new + asked.path[len(old) :]
                target = target if "//" in target else front.url + target
                status = 301 if asked.method == "GET" else 307
                return Answer(status, {"message": "Moved Permanently", "url": target}, {"location": target})
        return None


@dataclass(slots=True)
class SubIssues(Layer):
    """Sub-issues: a hundred for each parent, and one parent for each."""

    children: dict[Key, list[int]] = field(default_factory=dict)
    most: int = 100

    def answer(self, asked: Asked, front: Front) -> Answer | None:
        """Add one, or tell an issue's parent."""
        match = ISSUE_PATH.match(asked.path)
        key = issue_key(asked)
        if match is None or key is None:
            return None
        if (asked.method, match["rest"]) == ("GET", "/parent"):
            return self._tell_parent(asked, front)
        if (asked.method, match["rest"]) != ("POST", "/sub_issues"):
            return None
        if self.parent_of(asked.json["sub_issue_id"]):
            return rejection([{"resource": "Issue", "code": "custom", "message": "Sub issue may only have one parent"}])
        children = self.children.setdefault(key, [])
        if len(children) >= self.most:
            return rejection([{"resource": "Issue", "code": "custom", "message": "Parent has too many sub-issues"}])
        children.append(asked.json["sub_issue_id"])
        parent = front.forward(Asked("GET", asked.path.removesuffix("/sub_issues"), {}, asked.headers, b""))
        return replace(parent, status=201)

    def amend(self, asked: Asked, answer: Answer) -> Answer:
        """Tell parents."""
        match = ISSUE_PATH.match(asked.path)
        if answer.status != 200 or not (is_list(asked) or (match and match["rest"] is None)):
            return answer
        told = answer.content if is_list(asked) else [answer.content]
        told = [{**entry, **self._address(entry)} for entry in told]
        return replace(answer, content=told if is_list(asked) else told[0])

    def parent_of(self, child: int) -> Key | None:
        """The parent of the issue with this id."""
        return next((key for key, children in self.children.items() if child in children), None)

    def _address(self, entry: dict[str, Any]) -> dict[str, Any]:
        parent = self.parent_of(entry["id"])
        base = entry["url"].partition("/repos/")[0]
        return {"parent_issue_url": f"{base}/repos/{parent[0]}/issues/{parent[1]}"} if parent else {}

    def _tell_parent(self, asked: Asked, front: Front) -> Answer:
        child = front.forward(Asked("GET", asked.path.removesuffix("/parent"), {}, asked.headers, b""))
        parent = self.parent_of(child.content["id"]) if child.status == 200 else None
        if parent is None:
            return Answer(404, {"message": "Not Found", "documentation_url": "https://docs.github.com"})
        return front.forward(Asked("GET", f"/repos/{parent[0]}/issues/{parent[1]}", {}, asked.headers, b""))


@dataclass(slots=True)
class Strict(Layer):
    """Refuses what GitHub refuses and the emulator takes."""

    def answer(self, asked: Asked, front: Front) -> Answer | None:
        """Check titles, bodies, labels and their lengths."""
        if asked.method not in ("POST", "PATCH") or not re.search(r"/issues(/\d+)?$", asked.path):
            return None
        errors = [
            {"resource": "Issue", "field": name, "code": "custom", "message": "is too long"}
            for name in self._too_long(asked.json)
        ]
        return rejection(errors) if errors else None

    def _too_long(self, content: dict[str, Any]) -> list[str]:
        lengths = {"title": 256, "body": 65_536}
        wrong = [name for name, most in lengths.items() if len(content.get(name) or "") > most]
        return [*wrong, *(["labels"] if any(len(label) > 50 for label in content.get("labels", ())) else [])]


@dataclass(slots=True)
class NoLabels(Layer):
    """A credential without write access: labels of a create are dropped without a word."""

    def answer(self, asked: Asked, front: Front) -> Answer | None:
        """Create without them."""
        if asked.method != "POST" or not _LIST.match(asked.path):
            return None
        kept = {name: value for name, value in asked.json.items() if name != "labels"}
        return front.forward(replace(asked, body=json.dumps(kept).encode()))


@dataclass(slots=True)
class Answers(Layer):
    """The next requests that fit are answered like this, and never reach the emulator."""

    planned: list[tuple[str, str, Answer]] = field(default_factory=list)
    """Method, a regular expression for the path, the answer."""

    def answer(self, asked: Asked, front: Front) -> Answer | None:
        """Give the first that fits, once."""
        for plan in self.planned:
            if plan[0] == asked.method and re.search(plan[1], asked.path):
                self.planned.remove(plan)
                return plan[2]
        return None


@dataclass(slots=True)
class Lacking(Layer):
    """Lists by label that lack these issues, as in an outage of GitHub's search."""

    numbers: frozenset[int] = frozenset()

    def amend(self, asked: Asked, answer: Answer) -> Answer:
        """Leave them out where the list is filtered."""
        if not is_list(asked) or "labels" not in asked.query:
            return answer
        return replace(answer, content=[entry for entry in answer.content if entry["number"] not in self.numbers])


@dataclass(slots=True)
class Statuses(Layer):
    """Commit statuses, which the emulator can't take."""

    made: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """By the commit's hash, oldest first."""

    def answer(self, asked: Asked, front: Front) -> Answer | None:
        """Take one."""
        match = re.match(r"^/repos/(?P<project>[^/]+/[^/]+)/statuses/(?P<sha>[0-9a-f]{40})$", asked.path)
        if match is None or asked.method != "POST":
            return None
        made = self.made.setdefault(match["sha"], [])
        made.append(asked.json)
        return Answer(201, _status(asked.json, f"{front.url}{asked.path}", len(made)))


def _status(sent: dict[str, Any], url: str, number: int) -> dict[str, Any]:
    now = "2026-11-22T09:30:00Z"
    ours = {"url": url, "avatar_url": "", "id": number, "node_id": "", "created_at": now, "updated_at": now}
    person = ("followers", "following", "gists", "starred", "subscriptions", "organizations", "repos")
    links = {f"{name}_url": url for name in (*person, "avatar", "events", "received_events", "html")}
    creator = {"login": "acme", "id": 1, "node_id": "", "gravatar_id": "", "url": url, "type": "User", **links}
    return {"target_url": None, "description": None, **sent, **ours, "creator": {**creator, "site_admin": False}}
