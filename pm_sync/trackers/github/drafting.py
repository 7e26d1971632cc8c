"""From a draft to what a create sends: labels, people, milestone and type, as far as the repository has them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import quote

from pm_sync.errors import NotFound, TrackerError
from pm_sync.model import IssueDraft, State
from pm_sync.trackers.github.client import Client
from pm_sync.trackers.github.failures import Rejected
from pm_sync.trackers.github.options import TITLE_LIMIT, GitHubOptions
from pm_sync.trackers.github.reading import Repository
from pm_sync.trackers.github.records import Milestone

LABEL_LIMIT = 50
"""Characters that GitHub accepts."""
_MOST_ASSIGNEES = 10
_OPTIONAL = ("assignees", "milestone", "type", "labels")
"""What an issue is rather made without than not at all, in the order it is given up."""


@dataclass(slots=True)
class Wish:
    """A create's content, and what of the draft had to be left out."""

    content: dict[str, Any]
    notes: list[str] = field(default_factory=list)

    def without(self, rejected: Rejected, always: list[str]) -> bool:
        """Leave out what GitHub refused, one thing after another where it doesn't say what; False if nothing is left.

        Args:
            rejected: GitHub's answer.
            always: The labels to keep in any case.

        """
        given = [name for name in _OPTIONAL if self.content.get(name) and self.content[name] != always]
        dropped = [name for name in given if name in rejected.fields] if rejected.fields else given[:1]
        for name in dropped:
            self.notes.append(f"left out {name} {_shown(self.content.pop(name))}: {rejected.what}")
        if "labels" in dropped:
            self.content["labels"] = always
        return bool(dropped)


class Drafting:
    """Knows what the repository has, asking at most once for each label list, person and milestone."""

    def __init__(self, client: Client, repository: Repository, options: GitHubOptions) -> None:
        self._client = client
        self._repository = repository
        self._options = options
        self._people: dict[str, bool] = {}
        self._milestones: dict[str, int] = {}
        self._known_labels: dict[str, str] | None = None

    def know(self, milestone: Milestone | None) -> None:
        """Learn of a milestone in passing."""
        if milestone is not None:
            self._milestones[milestone.title] = milestone.number

    def labels_missing(self, names: Iterable[str]) -> list[str]:
        """Those that the repository lacks and that must not be made.

        Raises:
            TrackerError: the labels can't be listed.

        """
        if self._options.create_labels:
            return []
        known = self._labels()
        return [name for name in names if name.casefold() not in known]

    def wish(self, draft: IssueDraft, body: str) -> Wish:
        """Put together what a create sends.

        Raises:
            TrackerError: the repository can't be asked what it has.

        """
        wish = Wish({"title": fit(draft.title, TITLE_LIMIT), "body": body})
        labels = list(draft.labels)
        people = self._assignable(draft.assignees, wish.notes)
        if people is None:
            labels.append(self._options.needs_owner_label)
            people = self._assignable((self._options.fallback_assignee,), wish.notes) or []
        if draft.state is State.IN_PROGRESS and self._options.in_progress_label:
            labels.append(self._options.in_progress_label)
        wish.content["labels"] = [self._options.tracking_label, *self.labels(labels, wish.notes)]
        if people:
            wish.content["assignees"] = people
        if self._options.milestones and draft.due:
            wish.content["milestone"] = self.milestone(draft.due)
        if self._options.issue_type:
            wish.content["type"] = self._options.issue_type
        return wish

    def labels(self, names: Iterable[str], notes: list[str]) -> list[str]:
        """The labels as they can be set, each once."""
        short = {name: fit(name, LABEL_LIMIT) for name in names}
        notes += [
            f"label {name!r} is set as {cut!r}: GitHub takes {LABEL_LIMIT} characters"
            for name, cut in short.items()
            if cut != name
        ]
        unique = {name.casefold(): name for name in reversed(short.values()) if name}
        ordered = [
            name for name in reversed(unique.values()) if name.casefold() != self._options.tracking_label.casefold()
        ]
        missing = self.labels_missing(ordered)
        notes += [f"label {name!r} is left out: the repository has none, and create_labels is off" for name in missing]
        return [name for name in ordered if name not in missing]

    def milestone(self, due: date) -> int:
        """The number of the milestone of a day, made if there is none.

        Raises:
            TrackerError: it can't be had.

        """
        title = due.isoformat()
        if title not in self._milestones:
            self._milestones[title] = self._make_milestone(title)
        return self._milestones[title]

    def _make_milestone(self, title: str) -> int:
        path = f"{self._repository.path}/milestones"
        try:
            made = self._client.write("POST", path, {"title": title, "due_on": f"{title}T12:00:00Z"})
        except Rejected:  # there is one of that name, closed perhaps
            for page in self._client.pages(path, {"state": "all"}):
                self._milestones |= {str(entry["title"]): int(entry["number"]) for entry in page}
            if title not in self._milestones:
                raise
            return self._milestones[title]
        return int(made["number"])

    def _assignable(self, accounts: Iterable[str | None], notes: list[str]) -> list[str] | None:
        """Those who can be assigned; None where some are named but none can."""
        named = list(dict.fromkeys(account for account in accounts if account))
        able = [account for account in named if self._can_be_assigned(account)]
        notes += [
            f"{account} can't be assigned in {self._repository.project}" for account in named if account not in able
        ]
        if named and not able:
            return None
        notes += [
            f"{account} is left out: GitHub takes {_MOST_ASSIGNEES} assignees" for account in able[_MOST_ASSIGNEES:]
        ]
        return able[:_MOST_ASSIGNEES]

    def _can_be_assigned(self, account: str) -> bool:
        if account.casefold() not in self._people:
            try:
                self._client.get(f"{self._repository.path}/assignees/{quote(account, safe='')}")
            except NotFound:
                self._people[account.casefold()] = False
            else:
                self._people[account.casefold()] = True
        return self._people[account.casefold()]

    def _labels(self) -> dict[str, str]:
        if self._known_labels is None:
            pages = self._client.pages(f"{self._repository.path}/labels")
            self._known_labels = {str(entry["name"]).casefold(): str(entry["name"]) for page in pages for entry in page}
        return self._known_labels


def fit(text: str, limit: int) -> str:
    """Text within so many characters, an ellipsis standing for the rest."""
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def send_create(client: Client, repository: Repository, wish: Wish, always: list[str]) -> Any:  # noqa: ANN401  JSON
    """Create the issue; what GitHub refuses of it is left out, as long as something is left to leave out.

    A refusal (422) says that nothing was made, so that asking again can't make two.

    Raises:
        TrackerError: there is no issue, or nobody knows (`AnswerLost`).

    """
    path = f"{repository.path}/issues"
    for _ in _OPTIONAL:
        try:
            return client.write("POST", path, wish.content)
        except Rejected as rejected:
            if not wish.without(rejected, always):
                raise
    raise TrackerError(f"{repository.project} refuses the issue {wish.content['title']!r}")
