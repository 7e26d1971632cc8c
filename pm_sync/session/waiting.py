"""Waiting: progress that stands in a pull request still open. Its links count as links, or they would be made again."""

from __future__ import annotations

from collections.abc import Mapping

from pm_sync.errors import PmSyncError
from pm_sync.model import IssueRef
from pm_sync.publish import ROLLING
from pm_sync.session.session import Session
from pm_sync.sync.entries import Document, make_entries


def waiting_here(session: Session) -> Mapping[str, bytes]:
    """The postmortems on the rolling branch, as far as this clone knows; nobody is asked."""
    branch = f"refs/remotes/origin/{ROLLING}"
    # Most repositories have no such branch, and to find that out takes no process.
    if not _may_have(session, branch):
        return {}
    from pm_sync.publish.command import Git  # noqa: PLC0415 - hardly any run needs it
    from pm_sync.publish.plain import is_part, local_tip, read_blob  # noqa: PLC0415

    git = Git(session.root, session.world.environment)
    try:
        commit = git.run("rev-parse", "--verify", "--quiet", branch).text
        tip = local_tip(git, commit) if commit else None
    except PmSyncError:
        return {}
    if tip is None or not tip.ours or is_part(git, commit, "HEAD"):
        return {}
    found = {path: read_blob(git, commit, path) for path in sorted(tip.paths)}
    return {path: data for path, data in found.items() if data is not None}


def _may_have(session: Session, branch: str) -> bool:
    folder = session.root / ".git"
    if not folder.is_dir():
        return folder.exists()  # a further work tree keeps its branches elsewhere
    packed = folder / "packed-refs"
    return (folder / branch).exists() or (packed.exists() and branch in packed.read_text("utf-8", "replace"))


def waiting_links(session: Session, waiting: Mapping[str, bytes]) -> Mapping[str, IssueRef]:
    """The issues that postmortems on the rolling branch are annotated with, by their items' keys."""
    links: dict[str, IssueRef] = {}
    for path, data in waiting.items():
        try:
            document = Document(session.read_postmortem(data, path), data)
            entries = make_entries([document], session.policy, {})
        except PmSyncError:
            continue  # what can't be read claims nothing; marks still tell
        for entry in entries:
            if entry.ref is not None and entry.item.annotation is not None:
                links[entry.mark(entry.item.ordinal).key] = entry.ref
    return links
