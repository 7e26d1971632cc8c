"""What the GitHub emulator lacks, each a layer of our own in front of it; its answers are held to GitHub's contract."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

from tests.fakes.front import Answer, Asked, Front, Layer

_ISSUE = re.compile(r"^/repos/(?P<project>[^/]+/[^/]+)/issues/(?P<number>\d+)(?P<rest>/.*)?$")
_LIST = re.compile(r"^/repos/(?P<project>[^/]+/[^/]+)/issues$")

Key = tuple[str, int]
"""Repository and number."""


def issue_key(asked: Asked) -> Key | None:
    """The issue that a request is about."""
    match = _ISSUE.match(asked.path)
    return (match["project"], int(match["number"])) if match else None


def is_list(asked: Asked) -> bool:
    """Whether a request asks for a list of issues."""
    return asked.method == "GET" and bool(_LIST.match(asked.path))


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
        project = _project(asked)
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
            project = _project(asked)
            return replace(answer, content=[self._told(entry, (project, entry["number"])) for entry in answer.content])
        match = _ISSUE.match(asked.path)
        whole = match is not None and match["rest"] is None
        return replace(answer, content=self._told(answer.content, key)) if whole and key else answer

    def _told(self, entry: dict[str, Any], key: Key) -> dict[str, Any]:
        return {**entry, "state_reason": "duplicate"} if key in self.closed else entry


def _project(asked: Asked) -> str:
    match = _LIST.match(asked.path)
    assert match is not None
    return match["project"]


@dataclass(slots=True)
class Assignees(Layer):
    """Who can be assigned: the emulator can't be asked, it only refuses creates with people it doesn't know."""

    logins: frozenset[str] = frozenset({"acme"})

    def answer(self, asked: Asked, front: Front) -> Answer | None:
        """Say whether somebody can be."""
        match = re.match(r"^/repos/[^/]+/[^/]+/assignees/(?P<login>[^/]+)$", asked.path)
        if match is None:
            return None
        return Answer(204) if match["login"] in self.logins else Answer(404, {"message": "Not Found"})
