"""Workflow runs for tests: the environment that GitHub's runner gives, and the events it tells of."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

REPOSITORY = "acme/infra"
COMMIT = "1" * 40
OTHER = "2" * 40


def payload(**members: Any) -> dict[str, Any]:
    """What every event says of its repository, and these members."""
    repository = {"full_name": REPOSITORY, "default_branch": "main", "fork": False, "private": True}
    return {"repository": repository, **members}


def pull_payload(base: str = COMMIT, head: str = OTHER, source: str | None = REPOSITORY) -> dict[str, Any]:
    """A pull request from a branch of ``source``; None: of a repository that is gone."""
    head_part = {"sha": head, "ref": "topic", "repo": {"full_name": source} if source else None}
    return payload(
        number=7,
        pull_request={"number": 7, "base": {"sha": base, "ref": "main"}, "head": head_part},
    )


def actions(folder: Path, name: str, event: dict[str, Any] | None = None, **variables: str) -> dict[str, str]:
    """The environment of a run that ``name`` started, on ``main`` or on the pull request's merge."""
    file = folder / "event.json"
    file.write_text(json.dumps(payload() if event is None else event))
    ref = "refs/pull/7/merge" if name.startswith("pull_request") else "refs/heads/main"
    return {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": name,
        "GITHUB_EVENT_PATH": str(file),
        "GITHUB_REPOSITORY": REPOSITORY,
        "GITHUB_REF": ref,
        **variables,
    }
