"""A repository on GitHub, by its API: such commits are signed by GitHub, and need no checkout that may push."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

from pm_sync.errors import AccessDenied, AnswerLost, NotFound, TrackerError
from pm_sync.publish.command import Git
from pm_sync.publish.plain import has_commit, local_tip, mode_of, read_blob
from pm_sync.publish.remote import SUBJECT, BranchProtected, HeadMoved, Missing, PublishFailed, Tip
from pm_sync.regex import regex

if TYPE_CHECKING:
    from pm_sync.trackers.github.client import Client

T = TypeVar("T")

_MOVED = regex(r"fast.forward|reference already exists|reference does not exist", re.IGNORECASE)
_PROTECTED = regex(r"GH006|GH013|protected|rule violation|pull request|review|status check", re.IGNORECASE)
_NEEDED = "the permission `contents: write`, and for pull requests `pull-requests: write`"
_BODY = (
    "The state of issues, recorded in the postmortems. pm-sync keeps this pull request up to date: "
    "merge it whenever you like, and don't commit to its branch."
)


class RestRemote:
    """One repository."""

    def __init__(self, client: Client, repository: str, git: Git) -> None:
        self._client, self._git = client, git
        self._base = f"/repos/{repository}"
        self._name = repository.lower()

    def head(self, branch: str) -> str | None:
        """Ask for the branch."""
        try:
            found = self._get(f"/git/ref/heads/{quote(branch)}")
        except Missing:
            return None
        return str(found["object"]["sha"])

    def tip(self, commit: str) -> Tip:
        """Look at a commit, in this clone if it is there."""
        if has_commit(self._git, commit):
            return local_tip(self._git, commit)
        found = self._get(f"/commits/{commit}")
        parents = [str(parent["sha"]) for parent in found["parents"]]
        paths = frozenset(str(file["filename"]) for file in found.get("files") or ())
        return Tip(next(iter(parents), None), str(found["commit"]["message"]), paths)

    def read(self, commit: str, path: str) -> bytes | None:
        """A file, from this clone if the commit is there."""
        if has_commit(self._git, commit):
            return read_blob(self._git, commit, path)
        try:
            found = self._get(f"/contents/{quote(path)}", {"ref": commit})
        except Missing:
            return None
        if not isinstance(found, dict) or found.get("type") != "file":
            return None
        if found.get("encoding") != "base64":  # a large file's content comes only by its hash
            found = self._get(f"/git/blobs/{found['sha']}")
        return base64.b64decode(found["content"])

    def commit(self, parent: str, files: Mapping[str, bytes], message: str) -> str:
        """Make the tree and the commit. Without an author GitHub signs it as the credential's account."""
        entries = [
            {"path": path, "mode": self._mode(path), "type": "blob", "content": data.decode()}
            for path, data in files.items()
        ]
        tree = self._write("POST", "/git/trees", {"base_tree": self._tree(parent), "tree": entries})["sha"]
        made = self._write("POST", "/git/commits", {"message": message, "tree": tree, "parents": [parent]})
        return str(made["sha"])

    def move(self, branch: str, commit: str, expected: str | None, *, force: bool = False) -> None:
        """Move or make the branch; GitHub itself refuses to lose a commit, where it isn't forced."""
        if force and self.head(branch) != expected:
            raise HeadMoved(f"{branch} moved meanwhile")
        try:
            if expected is None:
                self._client.write("POST", f"{self._base}/git/refs", {"ref": f"refs/heads/{branch}", "sha": commit})
            else:
                path = f"{self._base}/git/refs/heads/{quote(branch)}"
                self._client.write("PATCH", path, {"sha": commit, "force": force})
        except TrackerError as error:
            raise move_failure(branch, error) from error

    def is_waiting(self, branch: str, base: str) -> bool:
        """Whether it has an open pull request: after a squash, history wouldn't tell."""
        return bool(self._open_pulls(branch, base))

    def propose(self, branch: str, base: str) -> str | None:
        """Find the open pull request, or open it."""
        found = self._open_pulls(branch, base) or [self._open_pull(branch, base)]
        return str(found[0]["html_url"])

    def _open_pull(self, branch: str, base: str) -> dict[str, Any]:
        wanted = {"title": SUBJECT, "head": branch, "base": base, "body": _BODY}
        try:
            made: dict[str, Any] = self._client.write("POST", f"{self._base}/pulls", wanted)
        except TrackerError as error:
            hint = "allow Actions to create pull requests in the repository's settings, or open it by hand"
            raise PublishFailed(f"{branch} is pushed, but has no pull request: {error.what}", hint=hint) from error
        return made

    def _open_pulls(self, branch: str, base: str) -> list[dict[str, Any]]:
        # Not by `head`, whose filter wants the owner's name in its exact case; of other branches few are open.
        pages = self._client.pages(f"{self._base}/pulls", {"state": "open", "base": base})
        found = _asked(lambda: [pull for page in pages for pull in page if pull["head"]["ref"] == branch])
        return [
            pull for pull in found if ((pull["head"].get("repo") or {}).get("full_name") or "").lower() == self._name
        ]

    def _tree(self, commit: str) -> str:
        if has_commit(self._git, commit):
            return self._git.must("rev-parse", f"{commit}^{{tree}}").text
        return str(self._get(f"/git/commits/{commit}")["tree"]["sha"])

    def _mode(self, path: str) -> str:
        return mode_of(self._git, "HEAD", path)

    def _get(self, path: str, query: Mapping[str, str | int] | None = None) -> Any:  # noqa: ANN401 - as JSON is
        return _asked(lambda: self._client.get(f"{self._base}{path}", query))

    def _write(self, verb: str, path: str, body: Mapping[str, object]) -> Any:  # noqa: ANN401 - as JSON is
        return _asked(lambda: self._client.write(verb, f"{self._base}{path}", body))


def _asked(ask: Callable[[], T]) -> T:
    """Ask, and say what is missing for publishing where the answer is no."""
    try:
        return ask()
    except NotFound as error:
        raise Missing(error.what, hint=error.hint) from error
    except AccessDenied as error:
        raise PublishFailed(error.what, hint=f"publishing needs {_NEEDED}") from error
    except TrackerError as error:
        raise PublishFailed(error.what, hint=error.hint) from error


def move_failure(branch: str, error: TrackerError) -> PublishFailed:
    """What it means that a branch could not be moved: GitHub tells by its words, under several statuses."""
    # After a lost answer nobody knows where the branch ends: the next attempt looks, and finds its work done or not.
    if isinstance(error, AnswerLost) or _MOVED.search(error.what):
        return HeadMoved(f"{branch} moved meanwhile")
    if _PROTECTED.search(error.what):
        return BranchProtected(f"{branch} is protected against pushes")
    if isinstance(error, AccessDenied | NotFound):
        return PublishFailed(error.what, hint=f"publishing needs {_NEEDED}")
    return PublishFailed(error.what, hint=error.hint)
