"""Publishing what a run has recorded: which remote, which branch, and by which way."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Self

from msgspec import Struct
from msgspec.structs import replace

from pm_sync import git as repository
from pm_sync.errors import PmSyncError, UsageError
from pm_sync.io import read_file
from pm_sync.publish import local
from pm_sync.publish.command import Git
from pm_sync.publish.deliver import Mode, Published, Work, propose, push, waiting
from pm_sync.publish.plain import PlainRemote, read_blob
from pm_sync.publish.remote import Remote
from pm_sync.session.home import Home, find_home
from pm_sync.session.runs import Synced
from pm_sync.session.session import Session

_HEADS = "refs/heads/"


class Publisher(Struct, frozen=True):
    """The way out of this clone, made before the run: what makes it impossible is said before the first write.

    A context manager, which closes the connection.
    """

    mode: Mode
    git: Git
    branch: str = ""
    """Where the progress belongs; empty where it is only committed here."""
    remote: Remote | None = None
    home: Home | None = None
    mixed: frozenset[str] = frozenset()
    """Files that held somebody's own changes before the run."""
    in_actions: bool = False

    def __enter__(self) -> Self:
        """Enter."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        if self.home is not None:
            self.home.client.close()

    def waiting(self) -> Mapping[str, bytes] | None:
        """The postmortems whose progress waits in the pull request; None where nothing but this clone is asked.

        Raises:
            PublishFailed: the remote can't be asked.

        """
        return waiting(self.remote, self.branch) if self.remote is not None else None

    def publish(self, synced: Synced, waiting: Collection[str] = ()) -> Published:
        """Publish what a run has recorded, and what an earlier one recorded that could not publish it any more.

        Args:
            synced: The run.
            waiting: The postmortems whose progress waits in the pull request already.

        Raises:
            PublishFailed: it could not be done.

        """
        if self.mode is Mode.NONE:
            return Published(self.mode, self.branch)
        if self.remote is None:
            return self._committed(synced)
        left = local.changed(self.git) & synced.covers - {*waiting}
        paths = (*synced.result.files_changed, *sorted(left - {*synced.result.files_changed}))
        if not paths:
            return Published(self.mode, self.branch)
        work = Work(paths, synced.rewrite, synced.covers)
        if self.mode is Mode.PULL_REQUEST:
            return propose(self.remote, self.branch, work)
        done = push(self.remote, self.branch, work)
        if left and done.commit is None:
            self._catch_up(self.remote, left)
        return self._followed(done)

    def _committed(self, synced: Synced) -> Published:
        ours = {path for path in self.mixed & synced.covers if self._is_progress_alone(path, synced)}
        paths = {*synced.result.files_changed, *ours}
        return local.commit(self.git, paths, self.mixed - ours) if paths else Published(self.mode, self.branch)

    def _is_progress_alone(self, path: str, synced: Synced) -> bool:
        """Whether a file that isn't as it was committed differs by nothing but what runs have recorded."""
        committed = read_blob(self.git, "HEAD", path)
        try:
            return committed is not None and synced.rewrite(path, committed) == read_file(self.git.root, path)
        except PmSyncError:
            return False

    def _catch_up(self, remote: Remote, left: Collection[str]) -> None:
        """Follow what an earlier run pushed, if nothing but that is new on the branch."""
        head = remote.head(self.branch)
        tip = remote.tip(head) if head is not None else None
        if head is not None and tip is not None and tip.ours and tip.paths <= {*left}:
            local.follow(self.git, self.branch, head, tip.paths, fetch=not self.in_actions)

    def _followed(self, done: Published) -> Published:
        if done.mode is not Mode.PUSH or done.commit is None:
            return done
        follows = local.follow(self.git, self.branch, done.commit, done.files, fetch=not self.in_actions)
        if follows or self.in_actions:
            return done
        note = f"your clone is behind origin/{self.branch} now; these files hold the same there"
        return replace(done, notes=(*done.notes, note))


def open_publisher(session: Session, mode: Mode) -> Publisher:
    """Find the way out.

    Raises:
        UsageError: there is no branch to publish to.
        PublishFailed: there is no git, or no repository.

    """
    git = Git(session.root, session.world.environment)
    if mode is Mode.NONE:
        return Publisher(mode, git)
    if mode is Mode.COMMIT:
        return Publisher(mode, git, mixed=local.dirty(git))
    branch, home = _branch(session), find_home(session)
    remote = _rest(home, git) if home is not None else PlainRemote(git)
    return Publisher(mode, git, branch, remote, home, in_actions=session.event is not None)


def _branch(session: Session) -> str:
    if session.event is not None:
        if session.event.ref.startswith(_HEADS):
            return session.event.ref.removeprefix(_HEADS)
        raise UsageError(f"{session.event.ref or 'this run'} is no branch to publish to", place="--publish")
    branch = repository.branch(session.root)
    if branch is None:
        raise UsageError("no branch is checked out", place="--publish", hint="check one out, or use --publish none")
    return branch


def _rest(home: Home, git: Git) -> Remote:
    from pm_sync.publish.rest import RestRemote  # noqa: PLC0415 - PyGithub is heavy

    return RestRemote(home.client, home.repository, git)
