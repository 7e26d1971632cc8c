"""GitHub Actions: which of its runs may write, and what its event tells about the repository.

The workflow that starts us can be written by anybody who opens a pull request, so the rule stands here and not there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pm_sync.errors import Refused

_WRITING_EVENTS = frozenset({"push", "schedule", "workflow_dispatch", "issues", "repository_dispatch"})
_SIZE_LIMIT = 25 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Event:
    """What started the workflow."""

    name: str
    ref: str
    """``refs/heads/main`` and the like."""
    default_branch: str | None = None
    fork: bool = False
    private: bool | None = None
    """None: the event doesn't say."""

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
    match _payload(environment.get("GITHUB_EVENT_PATH", "")):
        case {"repository": {"default_branch": str(branch), **rest}}:
            private = rest.get("private")
            return Event(name, ref, branch, rest.get("fork") is True, private if isinstance(private, bool) else None)
        case _:
            return Event(name, ref)


def _payload(path: str) -> object:
    try:
        file = Path(path)
        return json.loads(file.read_text(encoding="utf-8")) if path and file.stat().st_size < _SIZE_LIMIT else None
    except (OSError, ValueError):
        return None


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
