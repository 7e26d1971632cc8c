"""Many issues of many repositories by one GraphQL request, each under an alias of its own."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pm_sync.errors import TrackerError
from pm_sync.model import IssueRef
from pm_sync.trackers.github.records import Record, from_graphql

BATCH = 100
"""Issues asked for by one request."""

_COMMON = """
  number title body createdAt updatedAt closedAt viewerDidAuthor authorAssociation
  author { __typename login }
  repository { nameWithOwner }
  labels(first: 100) { nodes { name } }
  assignees(first: 10) { nodes { login } }
  comments { totalCount }
  milestone { number title }
"""
# The two kinds of state are of different types, which may not share a name in one answer.
_FRAGMENTS = f"""
fragment issue on Issue {{ __typename fullDatabaseId issueState: state stateReason(enableDuplicate: true) {_COMMON} }}
fragment pull on PullRequest {{ __typename fullDatabaseId pullState: state {_COMMON} }}
"""

Answer = Record | str | None
"""The record; a reason why it can't be read; None where its repository can be read, but has no such issue."""


def batches(refs: Sequence[IssueRef]) -> Iterator[Sequence[IssueRef]]:
    """Cut into as many as one request asks for."""
    ordered = sorted(refs, key=lambda ref: (ref.project, int(ref.id)))
    for start in range(0, len(ordered), BATCH):
        yield ordered[start : start + BATCH]


def query(refs: Iterable[IssueRef]) -> str:
    """Ask for these issues: ``r0`` is a repository, ``i12`` its issue 12."""
    parts = []
    for alias, (project, numbers) in _by_project(refs):
        owner, _, name = project.partition("/")
        issues = " ".join(f"i{n}: issueOrPullRequest(number: {n}) {{ ...issue ...pull }}" for n in numbers)
        parts.append(f"{alias}: repository(owner: {json.dumps(owner)}, name: {json.dumps(name)}) {{ {issues} }}")
    return f"query {{ {' '.join(parts)} }}{_FRAGMENTS}"


def answers(refs: Sequence[IssueRef], body: Mapping[str, Any]) -> dict[IssueRef, Answer]:
    """Sort an answer out, alias by alias.

    Raises:
        TrackerError: it isn't an answer to our query.

    """
    reasons = _reasons(body.get("errors") or ())
    found: dict[IssueRef, Answer] = {}
    aliases = {project: alias for alias, (project, _) in _by_project(refs)}
    for ref in refs:
        alias = aliases[ref.project]
        repository = body["data"].get(alias)
        node = (repository or {}).get(f"i{int(ref.id)}")
        if node is not None:
            found[ref] = from_graphql(node)
            continue
        kind, message = reasons.get((alias, f"i{int(ref.id)}")) or reasons.get((alias,)) or ("", "no reason given")
        missing = repository is not None and kind in ("NOT_FOUND", "")
        found[ref] = None if missing else message
    return found


def _by_project(refs: Iterable[IssueRef]) -> Iterator[tuple[str, tuple[str, list[int]]]]:
    grouped: dict[str, list[int]] = {}
    for ref in refs:
        grouped.setdefault(ref.project, []).append(int(ref.id))
    for index, (project, numbers) in enumerate(grouped.items()):
        yield f"r{index}", (project, numbers)


def _reasons(errors: Iterable[Any]) -> dict[tuple[str, ...], tuple[str, str]]:
    """Why aliases are null, by their path in the answer."""
    try:
        return {
            tuple(str(step) for step in error.get("path") or ()): (
                str(error.get("type") or ""),
                str(error.get("message") or "no reason given"),
            )
            for error in errors
        }
    except AttributeError as error:
        raise TrackerError("GraphQL's errors can't be read") from error
