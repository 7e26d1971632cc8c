"""Who one is to a Jira, and what one may do there: for both Jiras, in front of whatever plays the rest."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.fakes.front import Answer, Asked, Front, Layer


@dataclass(slots=True)
class Rights(Layer):
    """One account's permissions in one project."""

    project: str
    authorization: str = ""
    """Only this is known here; if empty, the next layer tells people apart."""
    lacking: set[str] = field(default_factory=set)
    """Permissions that the account hasn't got."""
    headers: dict[str, str] = field(default_factory=dict)
    """What each answer bears besides."""

    def answer(self, asked: Asked, front: Front) -> Answer | None:
        """Answer as documented; strangers are for the next layer to turn away."""
        if self.authorization and asked.headers.get("authorization") != self.authorization:
            return None
        match asked.method, asked.path.rpartition("/")[2]:
            case "GET", "myself" if self.authorization:
                return Answer(200, _account(front.url))
            case "GET", "mypermissions":
                return self._permissions(asked)
            case _:
                return None

    def amend(self, asked: Asked, answer: Answer) -> Answer:
        """Add the headers."""
        return Answer(answer.status, answer.content, {**answer.headers, **self.headers})

    def _permissions(self, asked: Asked) -> Answer:
        if asked.query.get("projectKey") != self.project:
            said = f"No project could be found with key '{asked.query.get('projectKey')}'."
            return Answer(404, {"errorMessages": [said], "errors": {}})
        if "permissions" not in asked.query:
            return Answer(400, {"errorMessages": ["The 'permissions' query parameter is required."], "errors": {}})
        told: dict[str, Any] = {
            name: {
                "id": str(at),
                "key": name,
                "name": name,
                "type": "PROJECT",
                "havePermission": name not in self.lacking,
            }
            for at, name in enumerate(asked.query["permissions"].split(","))
        }
        return Answer(200, {"permissions": told})


def _account(url: str) -> dict[str, Any]:
    return {
        "self": f"{url}/rest/api/3/user?accountId=robot-id",
        "accountId": "robot-id",
        "accountType": "atlassian",
        "displayName": "Robot",
        "active": True,
        "timeZone": "UTC",
    }
