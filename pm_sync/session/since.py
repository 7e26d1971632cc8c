"""Since when: which postmortems a workflow's run may create issues for, by what started it."""

from __future__ import annotations

from pm_sync.publish.command import Git
from pm_sync.publish.plain import has_commit
from pm_sync.session.base import base_commit
from pm_sync.session.session import Session

_NEVER = "HEAD"
"""A checkout doesn't differ from its own commit."""


def creates_since(session: Session) -> tuple[str | None, str]:
    """The revision for ``Scope.changed_since``, and what a person should know about it (empty: nothing).

    A push creates for what it changed, a pull request plans just that, a person's own start looks at everything;
    every other event only keeps in step what has its issue.
    """
    event = session.event
    if event is None or event.name == "workflow_dispatch":
        return None, ""
    git = Git(session.root, session.world.environment)
    if event.pull_request is not None:
        return base_commit(session.root, git, event.pull_request, session.world.environment), ""
    if event.name != "push":
        return _NEVER, ""
    if event.before is None:
        return None, ""
    if has_commit(git, event.before):
        return event.before, ""
    return None, "the commit before this push is not in the clone, so all postmortems count as new: use fetch-depth: 0"
