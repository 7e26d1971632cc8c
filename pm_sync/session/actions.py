"""GitHub Actions: which of its runs may write, and what its event tells about the repository.

The workflow that starts us can be written by anybody who opens a pull request, so the rule stands here and not there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from pm_sync.errors import Refused
from pm_sync.regex import regex

_WRITING_EVENTS = frozenset({"push", "schedule", "workflow_dispatch", "issues", "repository_dispatch"})
_COMMIT = regex(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_SIZE_LIMIT = 25 * 1024 * 1024


class PullRequest(Struct, frozen=True):
    """The pull request that a run is about."""

    number: int
    base: str
    """The commit that it asks to be merged into: whoever wrote that had the right to."""
    head: str
    """Its own last commit."""
    from_fork: bool
    """Somebody wrote it who may not write here."""


class Event(Struct, frozen=True):
    """What started the workflow."""

    name: str
    ref: str
    """``refs/heads/main`` and the like."""
    default_branch: str | None = None
    fork: bool = False
    private: bool | None = None
    """None: the event doesn't say."""
    before: str | None = None
    """Where the branch ended before a push."""
    pull_request: PullRequest | None = None

    @property
    def on_default_branch(self) -> bool:
        """Whether the run is about the default branch; a schedule always is."""
        if self.default_branch is None:
            return self.name == "schedule"
        return self.ref == f"refs/heads/{self.default_branch}"


def read_event(environment: Mapping[str, str]) -> Event | None:
    """What started this run, or None outside of GitHub Actions."""
    if environment.get("GITHUB_ACTIONS") != "true":
        return None
    name, ref = environment.get("GITHUB_EVENT_NAME", ""), environment.get("GITHUB_REF", "")
    payload = _payload(environment.get("GITHUB_EVENT_PATH", ""))
    repository = _part(payload, "repository")
    branch, private, before = repository.get("default_branch"), repository.get("private"), payload.get("before")
    return Event(
        name,
        ref,
        default_branch=branch if isinstance(branch, str) else None,
        fork=repository.get("fork") is True,
        private=private if isinstance(private, bool) else None,
        before=before if isinstance(before, str) and _COMMIT.fullmatch(before) and before.strip("0") else None,
        pull_request=_pull_request(payload, repository) if name.startswith("pull_request") else None,
    )


def _pull_request(payload: Mapping[str, object], repository: Mapping[str, object]) -> PullRequest:
    """The event's pull request; one that says too little about itself is held for a stranger's."""
    pull = _part(payload, "pull_request")
    base, head = _part(pull, "base"), _part(pull, "head")
    number, here = pull.get("number"), repository.get("full_name")
    return PullRequest(
        number=number if isinstance(number, int) else 0,
        base=_commit(base),
        head=_commit(head),
        from_fork=here is None or _part(head, "repo").get("full_name") != here,
    )


def _commit(side: Mapping[str, object]) -> str:
    sha = side.get("sha")
    return sha if isinstance(sha, str) and _COMMIT.fullmatch(sha) else ""


def _part(payload: Mapping[str, object], name: str) -> Mapping[str, object]:
    part = payload.get(name)
    return part if isinstance(part, dict) else {}


def _payload(path: str) -> Mapping[str, object]:
    try:
        file = Path(path)
        read = json.loads(file.read_text(encoding="utf-8")) if path and file.stat().st_size < _SIZE_LIMIT else {}
    except (OSError, ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


def refuse_writes(event: Event | None, *, allow_branch: bool) -> None:
    """Let only runs of the default branch write, and no fork's.

    Raises:
        Refused: this run may not.

    """
    if event is None:
        return
    if event.name not in _WRITING_EVENTS:
        raise Refused(
            f"a workflow started by {event.name or 'an unknown event'} must not write",
            hint="run sync on push, schedule, workflow_dispatch, issues or repository_dispatch; plan works everywhere",
        )
    if event.fork:
        raise Refused("a fork's workflow must not write", hint="run it in the repository that the fork was made from")
    if not (allow_branch or event.on_default_branch):
        raise Refused(f"{event.ref or 'this ref'} is not the default branch", hint="if it should write: --allow-branch")
