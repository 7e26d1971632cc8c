"""Any git remote, by git itself. Neither the work tree nor the index takes part in it."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from pm_sync.publish.command import Done, Git
from pm_sync.publish.remote import BranchProtected, HeadMoved, PublishFailed, Tip
from pm_sync.regex import regex

ORIGIN = "origin"
_PROTECTED = regex(
    r"GH006|GH013|protected branch|rule violations|not allowed to push code to|pre-receive hook declined", re.IGNORECASE
)
_MOVED = regex(r"stale info|fetch first|non-fast-forward|cannot lock ref|incorrect old value", re.IGNORECASE)
_DENIED = regex(r"permission|denied|forbidden|authenti|could not read (?:username|password)|\b40[13]\b", re.IGNORECASE)


class PlainRemote:
    """The repository's ``origin``."""

    def __init__(self, git: Git) -> None:
        self._git = git

    def head(self, branch: str) -> str | None:
        """Ask the remote, and fetch the commit if it isn't here yet."""
        name = f"refs/heads/{branch}"
        asked = self._git.run("ls-remote", "--exit-code", ORIGIN, name)
        if asked.code:
            if asked.code == 2:  # noqa: PLR2004 - git's own code for: asked, and there is none
                return None
            raise _refused(asked, "origin can't be read")
        commit = asked.text.split()[0]
        if not has_commit(self._git, commit):
            fetched = self._git.run("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", ORIGIN, name)
            if fetched.code:
                raise _refused(fetched, f"{branch} can't be fetched")
        return commit

    def tip(self, commit: str) -> Tip:
        """Look at a commit."""
        return local_tip(self._git, commit)

    def read(self, commit: str, path: str) -> bytes | None:
        """A file as it is in a commit."""
        return read_blob(self._git, commit, path)

    def commit(self, parent: str, files: Mapping[str, bytes], message: str) -> str:
        """Make a commit from an index of its own."""
        with tempfile.TemporaryDirectory() as folder:
            index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
            self._git.must("read-tree", parent, also=index)
            for path, data in files.items():
                blob = self._git.must("hash-object", "-w", "--stdin", "--no-filters", given=data).text
                entry = f"{mode_of(self._git, parent, path)} {blob}\t{path}\0".encode()
                self._git.must("update-index", "-z", "--index-info", given=entry, also=index)
            tree = self._git.must("write-tree", also=index).text
        made = self._git.must("commit-tree", tree, "-p", parent, given=message.encode(), also=self._git.identity())
        return made.text

    def move(self, branch: str, commit: str, expected: str | None, *, force: bool = False) -> None:  # noqa: ARG002 - the lease says it
        """Push, with a lease on what was expected."""
        name = f"refs/heads/{branch}"
        lease = f"--force-with-lease={name}:{expected or ''}"
        pushed = self._git.run("push", "--porcelain", lease, ORIGIN, f"{commit}:{name}")
        if pushed.code:
            raise _push_failure(branch, pushed)

    def is_waiting(self, branch: str, base: str) -> bool:
        """Whether its last commit is no part of the base."""
        waiting, merged = self.head(branch), self.head(base)
        return waiting is not None and (merged is None or not is_part(self._git, waiting, merged))

    def propose(self, branch: str, base: str) -> str | None:  # noqa: ARG002 - as every remote is asked
        """Plain git knows no pull requests."""
        return None


def has_commit(git: Git, commit: str) -> bool:
    """Whether the commit is in this clone."""
    return git.run("cat-file", "-e", f"{commit}^{{commit}}").code == 0


def is_part(git: Git, commit: str, head: str) -> bool:
    """Whether the history that ends with ``head`` holds the commit."""
    return git.run("merge-base", "--is-ancestor", commit, head).code == 0


def read_blob(git: Git, commit: str, path: str) -> bytes | None:
    """A file of a commit in this clone."""
    done = git.run("cat-file", "blob", f"{commit}:{path}")
    return None if done.code else done.data


def mode_of(git: Git, commit: str, path: str) -> str:
    """The mode of a file, to be kept."""
    listed = git.run("ls-tree", "-z", commit, "--", path)
    return listed.text.split(" ")[0] if not listed.code and listed.text else "100644"


def local_tip(git: Git, commit: str) -> Tip:
    """Look at a commit in this clone; at the edge of a shallow one nothing is known of its parent.

    Raises:
        PublishFailed: there is no such commit.

    """
    shown = git.must("log", "-1", "--format=%P%x00%B", commit)
    parents, _, message = shown.data.decode("utf-8", "replace").partition("\0")
    parent = next(iter(parents.split()), None)
    if parent is None or not has_commit(git, parent):
        return Tip(None, message, frozenset())
    changed = git.must("diff-tree", "-r", "-z", "--name-only", "--no-renames", parent, commit)
    return Tip(parent, message, frozenset(changed.data.decode("utf-8", "replace").split("\0")) - {""})


def _push_failure(branch: str, pushed: Done) -> PublishFailed:
    told = f"{pushed.said}\n{pushed.text}"
    if _PROTECTED.search(told):
        return BranchProtected(f"{branch} is protected against pushes")
    if _MOVED.search(told):
        return HeadMoved(f"{branch} moved meanwhile")
    return _refused(pushed, f"{branch} can't be pushed")


def _refused(done: Done, what: str) -> PublishFailed:
    hint = "give git a credential that may write here" if _DENIED.search(done.said) else None
    return PublishFailed(f"{what}: {done.last_words}", hint=hint)
