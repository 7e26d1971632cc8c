"""From a draft to what a create sends: labels, people, milestone and type, as far as the repository has them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import quote

from msgspec import Struct, field

from pm_sync.errors import NotFound, RateLimited, TrackerError
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


class Wish(Struct, frozen=True):
    """A create's content, and what of the draft had to be left out."""

    content: dict[str, Any]
    notes: list[str] = field(default_factory=list)

    def culprit(self, rejected: Rejected, tracking_label: str) -> str | None:
        """The optional part that GitHub refused; the next one to try without, where it doesn't say."""
        given = [name for name in _OPTIONAL if self.content.get(name) not in (None, [], [tracking_label])]
        named = [name for name in given if name in rejected.fields] if rejected.fields else given
        return named[0] if named else None

    def leave_out(self, name: str, why: str, tracking_label: str) -> None:
        """Go without a part."""
        if name in self.content:
            self.notes.append(f"left out {name} {_shown(self.content.pop(name))}: {why}")
        if name == "labels":
            self.content["labels"] = [tracking_label]


class Drafting:
    """Knows what the repository has, asking at most once for each label list, person and milestone."""

    def __init__(self, client: Client, repository: Repository, options: GitHubOptions) -> None:
        self._client = client
        self._repository = repository
        self._options = options
        self._people: dict[str, bool] = {}
        self._can_check_people: bool | None = None
        self._milestones: dict[str, int] = {}
        self._no_milestones: dict[str, str] = {}
        self._known_labels: dict[str, str] | None = None

    def know(self, milestone: Milestone | None) -> None:
        """Learn of one of the repository's milestones in passing."""
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
        wish.notes.extend(f"{name} has no account here: add one to `people`" for name in draft.unknown_owners)
        if not people and (draft.assignees or draft.unknown_owners):
            labels.append(self._options.needs_owner_label)
            people = self._assignable((self._options.fallback_assignee,), wish.notes)
        if draft.state is State.IN_PROGRESS and self._options.in_progress_label:
            labels.append(self._options.in_progress_label)
        wish.content["labels"] = [self._options.tracking_label, *self.labels(labels, wish.notes)]
        if people:
            wish.content["assignees"] = people
        if self._options.milestones and draft.due and (milestone := self.milestone(draft.due, wish.notes)):
            wish.content["milestone"] = milestone
        if self._options.issue_type:
            wish.content["type"] = self._options.issue_type
        return wish

    def create(self, draft: IssueDraft, body: str) -> tuple[Any, list[str]]:
        """Create the issue, and tell what it had to be made without.

        A refusal (422) says that nothing was made, so that asking again with less can't make two.

        Raises:
            TrackerError: there is no issue, or nobody knows (`AnswerLost`).

        """
        left_out: dict[str, str] = {}
        while True:
            wish = self.wish(draft, body)
            for name, why in left_out.items():
                wish.leave_out(name, why, self._options.tracking_label)
            try:
                return self._client.write("POST", f"{self._repository.path}/issues", wish.content), wish.notes
            except Rejected as rejected:
                culprit = wish.culprit(rejected, self._options.tracking_label)
                if culprit is None:
                    raise
                if culprit == "assignees":
                    self._refuse_people(wish.content["assignees"], rejected)
                else:
                    left_out[culprit] = rejected.what

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

    def milestone(self, due: date, notes: list[str]) -> int | None:
        """The number of the milestone of a day, made if there is none; noted where it can't be had.

        Raises:
            RateLimited: it has to wait for longer than the run may.

        """
        title = due.isoformat()
        if title not in self._milestones and title not in self._no_milestones:
            try:
                self._milestones[title] = self._make_milestone(title)
            except RateLimited:
                raise
            except TrackerError as error:
                self._no_milestones[title] = error.what
        if title in self._no_milestones:
            notes.append(f"left out milestone {title}: {self._no_milestones[title]}")
        return self._milestones.get(title)

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
        if not isinstance(made, dict) or not isinstance(made.get("number"), int):
            raise TrackerError("the server's answer is no milestone")
        return int(made["number"])

    def _assignable(self, accounts: Iterable[str | None], notes: list[str]) -> list[str]:
        """Those who can be assigned; the others are noted."""
        named = list(dict.fromkeys(account for account in accounts if account))
        able = [account for account in named if self._can_be_assigned(account)]
        notes += [
            f"{account} can't be assigned in {self._repository.project}" for account in named if account not in able
        ]
        notes += [
            f"{account} is left out: GitHub takes {_MOST_ASSIGNEES} assignees" for account in able[_MOST_ASSIGNEES:]
        ]
        return able[:_MOST_ASSIGNEES]

    def _can_be_assigned(self, account: str) -> bool:
        name = account.casefold()
        if name not in self._people:
            self._people[name] = self._is_there(f"assignees/{quote(account, safe='')}") or not self._checks_people()
        return self._people[name]

    def _refuse_people(self, accounts: Iterable[str], rejected: Rejected) -> None:
        names = {account.casefold() for account in accounts}
        self._people |= dict.fromkeys(names & rejected.values or names, False)

    def _checks_people(self) -> bool:
        """Whether a "not there" is about the person; else only the create tells who can be assigned."""
        if self._can_check_people is None:
            self._can_check_people = any(self._people.values()) or self._is_there("assignees")
        return self._can_check_people

    def _is_there(self, what: str) -> bool:
        try:
            self._client.get(f"{self._repository.path}/{what}")
        except NotFound:
            return False
        return True

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
