"""The sticky comment: one on each pull request, told apart by its mark, kept up to date in place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pm_sync.errors import AccessDenied, TrackerError
from pm_sync.publish.remote import PublishFailed
from pm_sync.publish.text import fit

if TYPE_CHECKING:
    from pm_sync.trackers.github.client import Client

_MARK = "<!-- pm-sync:plan -->"
_LIMIT = 65_000
"""Characters; GitHub takes 65,536."""
_ACTIONS = "github-actions[bot]"
_MORE = "… and {lines} more lines: the summary of the job has them."


class Sticky:
    """The comment on one pull request."""

    def __init__(self, client: Client, repository: str, number: int) -> None:
        self._client = client
        self._base = f"/repos/{repository}/issues"
        self._number = number
        self._login: str | None = None

    def say(self, text: str, *, only_if_there: bool = False) -> str | None:
        """Make the comment say this; its address, or None where there is none and none was made.

        Args:
            text: Markdown; cut at the end of a line if it is too long.
            only_if_there: Update the comment of an earlier run, but make none.

        Raises:
            PublishFailed: it can't be written.

        """
        body = f"{fit(text, _LIMIT - len(_MARK) - 2, _MORE)}\n\n{_MARK}"
        try:
            found = self._find()
            if found is None:
                return None if only_if_there else self._write("POST", f"{self._base}/{self._number}/comments", body)
            if str(found.get("body")).replace("\r\n", "\n").strip() == body:
                return str(found.get("html_url"))
            return self._write("PATCH", f"{self._base}/comments/{int(found['id'])}", body)
        except TrackerError as error:
            hint = "give the job the permission `pull-requests: write`"
            raise PublishFailed(f"the comment can't be written: {error.what}", hint=hint) from error

    def _write(self, verb: str, path: str, body: str) -> str:
        return str(self._client.write(verb, path, {"body": body}).get("html_url"))

    def _find(self) -> Mapping[str, Any] | None:
        for page in self._client.pages(f"{self._base}/{self._number}/comments"):
            for comment in page:
                # Anybody may write our mark into a comment of theirs, which isn't ours to change.
                if _MARK in str(comment.get("body")) and self._is_ours(comment):
                    return comment
        return None

    def _is_ours(self, comment: Mapping[str, Any]) -> bool:
        author = str((comment.get("user") or {}).get("login", "")).casefold()
        return author in (_ACTIONS, f"{self._client.app_slug}[bot]".casefold()) or author == self._me()

    def _me(self) -> str:
        if self._login is None:
            try:
                self._login = str(self._client.get("/user").get("login", "")).casefold()
            except AccessDenied:
                self._login = ""  # the tokens of apps have no user; theirs are told by name above
        return self._login
