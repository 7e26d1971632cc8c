"""What git knows about the repository: read only, and nothing here fails when git or the repository is missing."""

from __future__ import annotations

import re
import subprocess
import time
from pathlib import Path

from msgspec import Struct

from pm_sync.errors import UsageError
from pm_sync.regex import regex
from pm_sync.trace import tell_git

_SECONDS = 30
# Whatever stands before the last "@" is somebody's credential, which may hold any character; so a path holds no "@".
_SCP_LIKE = regex(r"^(?:.*@)?(?P<host>[\w.-]+|\[[\da-fA-F:]+\]):(?P<path>/?[^@/\s][^@]*)$", re.DOTALL)
_URL = regex(
    r"^(?P<scheme>[a-z][a-z0-9+.-]*)://(?:.*@)?(?P<host>[\w.-]+|\[[\da-fA-F:]+\])(?::\d+)?/(?P<path>[^@?#]+)(?:[?#]|$)",
    re.IGNORECASE | re.DOTALL,
)


class Remote(Struct, frozen=True):
    """The address of a repository, without credentials."""

    host: str
    """In lower case, without a port."""
    path: str
    """``owner/name`` in lower case."""

    @property
    def source(self) -> str:
        """The source that marks name: ``host/owner/name``."""
        return f"{self.host}/{self.path}"


def parse_remote(address: str) -> Remote | None:
    """Read a remote's address (``https://``, ``ssh://``, ``git@host:path``); None for a path on this machine."""
    match = _URL.match(address) if "://" in address else _SCP_LIKE.match(address)
    if match is None or match.groupdict().get("scheme", "").lower() == "file":
        return None
    path = match["path"].strip("/").lower().removesuffix(".git").rstrip("/")
    return Remote(match["host"].lower(), path) if path else None


def version(root: Path) -> str | None:
    """Git's own version; None where it isn't installed."""
    told = _git(root, "--version")
    return told.strip() if told else None


def origin(root: Path) -> Remote | None:
    """The remote that the repository was cloned from."""
    address = _git(root, "config", "--get", "remote.origin.url")
    return parse_remote(address.strip()) if address else None


def head(root: Path) -> str | None:
    """The commit that is checked out, in full."""
    commit = _git(root, "rev-parse", "--verify", "--quiet", "HEAD")
    return commit.strip() if commit else None


def branch(root: Path) -> str | None:
    """The branch that is checked out; None when detached or without git."""
    name = _git(root, "symbolic-ref", "--quiet", "--short", "HEAD")
    return name.strip() if name else None


def default_branch(root: Path) -> str | None:
    """The branch that origin calls its default; None where the clone doesn't know."""
    name = _git(root, "symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD")
    return name.strip().removeprefix("origin/") if name else None


def tracks(root: Path, path: str) -> bool:
    """Whether git tracks anything of a path."""
    return bool(_git(root, "ls-files", "-z", "--", path))


def changed_since(root: Path, revision: str) -> frozenset[str]:
    """Paths that differ between ``revision`` and the work tree, new ones that git doesn't track yet included.

    Raises:
        UsageError: git doesn't know the revision.

    """
    known = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if not known:
        hint = "in CI fetch more history (fetch-depth: 0)"
        raise UsageError(f"git knows no revision {revision!r}", place="--changed-since", hint=hint)
    differing = _git(root, "diff", "--name-only", "-z", "--no-renames", known.strip(), "--") or ""
    untracked = _git(root, "ls-files", "-z", "--others", "--exclude-standard") or ""
    return frozenset(path for path in (differing + untracked).split("\0") if path)


def _git(root: Path, *words: str) -> str | None:
    command = ["git", "-c", "core.quotepath=off", "-C", str(root), *words]
    started = time.monotonic()
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=_SECONDS, check=False, encoding="utf-8", errors="replace"
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        tell_git(words, time.monotonic() - started, None, type(error).__name__)
        return None
    tell_git(words, time.monotonic() - started, done.returncode)
    return done.stdout if done.returncode == 0 else None
