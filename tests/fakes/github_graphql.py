"""GitHub's GraphQL in front of the emulator, which has none: its official schema, answered from the emulator's REST."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from graphql import GraphQLError, GraphQLResolveInfo, GraphQLSchema, build_schema, execute_sync, parse, validate
from graphql.execution import default_field_resolver

from tests.e2e.counterparts import require
from tests.e2e.install import HOME
from tests.fakes.front import Answer, Asked, Front, Layer

_SCHEMA = HOME / "node_modules" / "@octokit" / "graphql-schema" / "schema.graphql"


class Refusal(Exception):
    """GitHub's kind of error, which stands beside the data."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


@cache
def official_schema() -> GraphQLSchema:
    """GitHub's own schema."""
    require(_SCHEMA)
    return build_schema(_SCHEMA.read_text(), assume_valid=True, no_location=True)


@dataclass(slots=True)
class GraphQL(Layer):
    """Answers queries for issues of repositories."""

    refused: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Repositories, or issues as ``acme/infra#4``, that can't be read: kind and message of the error."""

    def answer(self, asked: Asked, front: Front) -> Answer | None:
        """Validate and execute a query."""
        if asked.path != "/graphql":
            return None
        schema, document = official_schema(), parse(asked.json["query"])
        problems = validate(schema, document)
        assert problems == [], problems
        result = execute_sync(schema, document, root_value=_Root(asked, front, self.refused), field_resolver=_resolve)
        errors = [_told(error) for error in result.errors or ()]
        return Answer(200, {"data": result.data} | ({"errors": errors} if errors else {}))


@dataclass(frozen=True, slots=True)
class _Root:
    """Answers from the emulator."""

    asked: Asked
    front: Front
    refused: Mapping[str, tuple[str, str]]

    def repository(self, _info: GraphQLResolveInfo[Any], *, owner: str, name: str, **_: Any) -> dict[str, Any]:
        """A repository, whose issues are asked for when they are wanted."""
        project = f"{owner}/{name}"
        self._check(project)
        self._get(f"/repos/{project}", f"Could not resolve to a Repository with the name '{project}'.")

        def issue_or_pull_request(_info: GraphQLResolveInfo[Any], number: int) -> dict[str, Any]:
            self._check(f"{project}#{number}")
            missing = f"Could not resolve to an issue or pull request with the number of {number}."
            return _node(self._get(f"/repos/{project}/issues/{number}", missing), project)

        return {"issueOrPullRequest": issue_or_pull_request}

    def _check(self, name: str) -> None:
        if name in self.refused:
            raise Refusal(*self.refused[name])

    def _get(self, path: str, missing: str) -> dict[str, Any]:
        asked = Asked("GET", path, {}, self.asked.headers, b"")
        layers = (layer for layer in self.front.layers if not isinstance(layer, GraphQL))
        answer = next((made for layer in layers if (made := layer.answer(asked, self.front))), None)
        answer = answer or self.front.forward(asked)
        if answer.status != 200:
            raise Refusal("NOT_FOUND", missing)
        for layer in self.front.layers:
            answer = layer.amend(asked, answer)
        found: dict[str, Any] = answer.content
        return found


def _node(issue: Mapping[str, Any], project: str) -> dict[str, Any]:
    pull = issue.get("pull_request")
    state = "MERGED" if pull and pull.get("merged_at") else issue["state"].upper()
    reason = issue.get("state_reason")
    return {
        "__typename": "PullRequest" if pull else "Issue",
        "fullDatabaseId": str(issue["id"]),
        "number": issue["number"],
        "title": issue["title"],
        "body": issue["body"] or "",
        "state": state,
        "stateReason": reason.upper() if reason else None,
        "createdAt": issue["created_at"],
        "updatedAt": issue["updated_at"],
        "closedAt": issue["closed_at"],
        "viewerDidAuthor": False,
        "authorAssociation": issue["author_association"],
        "author": {"__typename": issue["user"]["type"], "login": issue["user"]["login"].removesuffix("[bot]")},
        "repository": {"nameWithOwner": project},
        "labels": {"nodes": [{"name": label["name"]} for label in issue["labels"]]},
        "assignees": {"nodes": [{"login": user["login"]} for user in issue["assignees"]]},
        "comments": {"totalCount": issue["comments"]},
        "milestone": issue["milestone"],
    }


def _resolve(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
    if isinstance(source, dict) and info.field_name in source and not callable(source[info.field_name]):
        return source[info.field_name]  # whatever its arguments, it was made for them
    return default_field_resolver(source, info, **arguments)


def _told(error: GraphQLError) -> dict[str, Any]:
    kind = getattr(error.original_error, "kind", "INTERNAL")
    return {"type": kind, "path": list(error.path or ()), "message": error.message}
