"""What people do on GitHub and the emulator can't show: moving issues to another repository, and taking their time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from tests.fakes.front import Answer, Asked, Front, Layer
from tests.fakes.github_layers import ISSUE_PATH, Key, is_list, issue_key, project_of


@dataclass(slots=True)
class Transfers(Layer):
    """Issues that went to another repository: their old address leads there, and no list here has them."""

    url: str
    """Where the API is, as its clients see it."""
    moved: dict[Key, Key] = field(default_factory=dict)

    def answer(self, asked: Asked, front: Front) -> Answer | None:
        """Send on: 301 for reading, 307 for writing."""
        match, key = ISSUE_PATH.match(asked.path), issue_key(asked)
        if match is None or key not in self.moved:
            return None
        project, number = self.moved[key]
        target = f"{self.url}/repos/{project}/issues/{number}{match['rest'] or ''}"
        status = 301 if asked.method == "GET" else 307
        return Answer(status, {"message": "Moved Permanently", "url": target}, {"location": target})

    def amend(self, asked: Asked, answer: Answer) -> Answer:
        """Leave them out."""
        if not is_list(asked) or answer.status != 200:
            return answer
        project = project_of(asked)
        return replace(answer, content=[e for e in answer.content if (project, e["number"]) not in self.moved])


@dataclass(slots=True)
class Touched(Layer):
    """Issues that people worked on, which takes them longer than a test has time: told as changed an hour later."""

    keys: set[Key] = field(default_factory=set)

    def amend(self, asked: Asked, answer: Answer) -> Answer:
        """Put their last change off."""
        match = ISSUE_PATH.match(asked.path)
        if is_list(asked) and answer.status == 200:
            project = project_of(asked)
            return replace(answer, content=[self._told(e, (project, e["number"])) for e in answer.content])
        if match and match["rest"] is None and answer.status == 200:
            return replace(answer, content=self._told(answer.content, (match["project"], int(match["number"]))))
        return answer

    def _told(self, entry: dict[str, Any], key: Key) -> dict[str, Any]:
        if key not in self.keys:
            return entry
        later = datetime.fromisoformat(entry["updated_at"]) + timedelta(hours=1)
        return {**entry, "updated_at": later.isoformat()}
