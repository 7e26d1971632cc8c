"""What publishing needs of the place where a repository is shared, and what may stand in its way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from msgspec import Struct

from pm_sync.errors import PmSyncError

SUBJECT = "Record the progress of action items"
"""What the message of every commit of ours begins with."""


class PublishFailed(PmSyncError):
    """What was recorded could not be published; the files and the issues are as the run left them."""


class Missing(PublishFailed):
    """What was asked for isn't there."""


class HeadMoved(PublishFailed):
    """Somebody else moved the branch meanwhile."""


class BranchProtected(PublishFailed):
    """The branch takes changes by pull request only."""


class Tip(Struct, frozen=True):
    """The commit at the end of a branch."""

    parent: str | None
    message: str
    paths: frozenset[str]
    """The files in which it differs from its parent."""

    @property
    def ours(self) -> bool:
        """Whether we made it."""
        return self.message.startswith(SUBJECT)


class Remote(Protocol):
    """A shared repository: plain git, or GitHub's API. Commits are named by their full hash."""

    def head(self, branch: str) -> str | None:
        """The branch's last commit, or None where there is no such branch.

        Raises:
            PublishFailed: the repository can't be asked.

        """
        ...

    def tip(self, commit: str) -> Tip:
        """Look at a commit.

        Raises:
            PublishFailed: it can't be read.

        """
        ...

    def read(self, commit: str, path: str) -> bytes | None:
        """A file as it is in a commit, or None where it isn't there.

        Raises:
            PublishFailed: it can't be read.

        """
        ...

    def commit(self, parent: str, files: Mapping[str, bytes], message: str) -> str:
        """Make a commit upon ``parent`` that changes these files, on no branch yet.

        Raises:
            PublishFailed: it can't be made.

        """
        ...

    def move(self, branch: str, commit: str, expected: str | None, *, force: bool = False) -> None:
        """Let the branch end with ``commit``, if it still ends with ``expected`` (None: if there is no such branch).

        Args:
            branch: Its name.
            commit: Made by `commit`.
            expected: As `head` told it.
            force: ``commit`` need not stand upon ``expected``.

        Raises:
            HeadMoved: it doesn't.
            BranchProtected: it takes no pushes.
            PublishFailed: it can't be moved for another reason.

        """
        ...

    def is_waiting(self, branch: str, base: str) -> bool:
        """Whether the branch still waits to be merged into ``base``, as far as this remote can tell.

        Raises:
            PublishFailed: it can't be asked.

        """
        ...

    def propose(self, branch: str, base: str) -> str | None:
        """The address of the one open pull request from ``branch`` into ``base``, opened if there is none yet.

        None where this remote has no pull requests.

        Raises:
            PublishFailed: it can't be opened.

        """
        ...
