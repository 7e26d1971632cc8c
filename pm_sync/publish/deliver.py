"""Delivering: recorded progress brought onto a branch, or into the one pull request that waits for its merge.

A branch may move at any moment. So each attempt takes the files as they are at the branch's end, records the progress
in those, and moves the branch only from the very commit that was read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from pm_sync.errors import PmSyncError
from pm_sync.publish import ROLLING
from pm_sync.publish.remote import SUBJECT, BranchProtected, HeadMoved, PublishFailed, Remote
from pm_sync.regex import regex

_ATTEMPTS = 5
_NAMED = 20


class Mode(StrEnum):
    """The values of ``--publish``."""

    NONE = "none"
    COMMIT = "commit"
    PUSH = "push"
    PULL_REQUEST = "pull-request"


class Work(Struct, frozen=True):
    """What is to be published."""

    paths: tuple[str, ...]
    """The postmortems with something to record."""
    rewrite: Callable[[str, bytes], bytes]
    """Records the progress in a postmortem (its path) as it is somewhere; may raise PmSyncError."""
    covers: frozenset[str]
    """All postmortems that the run was about; what waits for others is kept."""


class Published(Struct, frozen=True):
    """What became of it."""

    mode: Mode
    branch: str = ""
    commit: str | None = None
    """None: there was nothing to commit."""
    files: tuple[str, ...] = ()
    pull_request: str | None = None
    notes: tuple[str, ...] = ()
    """What a person should know."""

    @property
    def sentences(self) -> tuple[str, ...]:
        """All of it, for people."""
        where = f"{self.commit[:10]} on {self.branch}" if self.commit else ""
        words = {Mode.COMMIT: "committed", Mode.PUSH: "pushed", Mode.PULL_REQUEST: "pushed for review"}
        count = "1 file" if len(self.files) == 1 else f"{len(self.files)} files"
        done = [f"{words[self.mode]}: {count}, {where}"] if where else []
        return (*done, *([f"pull request: {self.pull_request}"] if self.pull_request else []), *self.notes)


# What servers obey in a commit's message: references, which may close, mentions, Jira's commands, skipped workflows.
_OBEYED = regex(r"[@#](?=\w)|\bGH(?=-\d)|\[(?=(?:skip ci|ci skip|no ci|skip actions|actions skip)\])", re.IGNORECASE)


def message_of(paths: Iterable[str]) -> str:
    """What a commit that changes these files says of itself; their names close, notify and skip nothing."""
    names = [_OBEYED.sub(lambda found: f"{found[0]}\u200b", path) for path in sorted(paths)]
    if len(names) == 1:
        return f"{SUBJECT} in {names[0]}\n"
    more = [f"and {len(names) - _NAMED} more"] if len(names) > _NAMED else []
    listed = "\n".join(f"- {name}" for name in [*names[:_NAMED], *more])
    return f"{SUBJECT} in {len(names)} postmortems\n\n{listed}\n"


def push(remote: Remote, branch: str, work: Work) -> Published:
    """Bring the work onto the branch, or where that takes no pushes, into the pull request.

    Raises:
        PublishFailed: neither could be done.

    """
    for _ in range(_ATTEMPTS):
        head = _head(remote, branch)
        files, notes = _rewritten(remote, head, work)
        if not files:
            return Published(Mode.PUSH, branch, notes=notes)
        commit = remote.commit(head, files, message_of(files))
        try:
            remote.move(branch, commit, head)
        except HeadMoved:
            continue
        except BranchProtected as refusal:
            done = propose(remote, branch, work)
            return replace(done, notes=(f"{refusal.what}, so a pull request was made instead of a push", *done.notes))
        return Published(Mode.PUSH, branch, commit, tuple(sorted(files)), notes=notes)
    raise _restless(branch)


def propose(remote: Remote, base: str, work: Work) -> Published:
    """Bring the work into the one pull request, upon the base as it is now.

    Raises:
        PublishFailed: it could not be done.

    """
    for _ in range(_ATTEMPTS):
        head, rolling = _head(remote, base), remote.head(ROLLING)
        files, notes = _rewritten(remote, head, work)
        files = _waiting_for_others(remote, head, rolling, work) | files
        if not files:
            return Published(Mode.PULL_REQUEST, ROLLING, notes=notes)
        commit = None
        if rolling is None or not _holds(remote, rolling, files):
            commit = remote.commit(head, files, message_of(files))
            try:
                remote.move(ROLLING, commit, rolling, force=True)
            except HeadMoved:
                continue
        url = remote.propose(ROLLING, base)
        if url is None:
            notes = (*notes, f"open a pull request from {ROLLING} into {base}, or merge it")
        return Published(Mode.PULL_REQUEST, ROLLING, commit, tuple(sorted(files)), url, notes)
    raise _restless(ROLLING)


def waiting(remote: Remote, base: str) -> Mapping[str, bytes]:
    """The postmortems whose progress waits on the rolling branch for its merge into ``base``, as they are there.

    Raises:
        PublishFailed: the repository can't be asked.

    """
    rolling = remote.head(ROLLING)
    tip = remote.tip(rolling) if rolling else None
    if rolling is None or tip is None or not (tip.ours and remote.is_waiting(ROLLING, base)):
        return {}
    found = {path: remote.read(rolling, path) for path in sorted(tip.paths)}
    return {path: data for path, data in found.items() if data is not None}


def _head(remote: Remote, branch: str) -> str:
    head = remote.head(branch)
    if head is None:
        hint = "check the branch's name, and that the credential may read the repository's contents"
        raise PublishFailed(f"the branch {branch} is not there", hint=hint)
    return head


def _rewritten(remote: Remote, head: str, work: Work) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """The files to change upon ``head``, and what could not be recorded in them."""
    files: dict[str, bytes] = {}
    notes: list[str] = []
    for path in work.paths:
        data = remote.read(head, path)
        if data is None:
            notes.append(f"{path} is not on the branch now; its progress is left for the run that finds it there")
            continue
        try:
            wanted = work.rewrite(path, data)
        except PmSyncError as error:
            notes.append(f"{error}; left for the next run")
            continue
        if wanted != data:
            files[path] = wanted
    return files, tuple(notes)


def _waiting_for_others(remote: Remote, head: str, rolling: str | None, work: Work) -> dict[str, bytes]:
    """What waits for postmortems that this run was not about, as far as it still fits upon ``head``."""
    tip = remote.tip(rolling) if rolling else None
    if rolling is None or tip is None or tip.parent is None:
        return {}
    if not tip.ours:
        hint = "merge or close its pull request and delete the branch"
        raise PublishFailed(f"somebody else has committed to {ROLLING}", hint=hint)
    kept: dict[str, bytes] = {}
    for path in sorted(tip.paths - work.covers):
        now, waits = remote.read(head, path), remote.read(rolling, path)
        if now is not None and waits is not None and now != waits and now == remote.read(tip.parent, path):
            kept[path] = waits
    return kept


def _holds(remote: Remote, commit: str, files: Mapping[str, bytes]) -> bool:
    """Whether the rolling branch says just this already; then nobody is bothered by another push."""
    if remote.tip(commit).paths != set(files):
        return False
    return all(remote.read(commit, path) == data for path, data in files.items())


def _restless(branch: str) -> PublishFailed:
    return HeadMoved(f"{branch} moved {_ATTEMPTS} times while this run tried to change it", hint="run again")
