"""Values for tests: each function gives a plain, whole one, and takes what the test is about as keywords."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from pm_sync.mark import Mark, text_hash
from pm_sync.model import (
    ActionItem,
    Anchor,
    Incident,
    Issue,
    IssueDraft,
    IssueRef,
    Postmortem,
    Source,
    Span,
    State,
)
from pm_sync.status.items import StatusItem
from pm_sync.sync.changes import Change, ChangeKind
from pm_sync.sync.entries import Document, Entry, make_entries
from pm_sync.sync.identity import Place, Places
from pm_sync.sync.policy import Policy, Route, TrackerPolicy
from pm_sync.trackers.base import Capabilities

PATH = "postmortems/db.md"
SRC = "github.com/acme/infra"
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@dataclass(slots=True)
class Clock:
    """Tells the same time until `advance` moves it."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        """The time."""
        return self.now

    def advance(self, **amount: float) -> None:
        """Move on by so many ``hours``, ``days``, …."""
        self.now += timedelta(**amount)


def item(text: str = "Add a replica", **fields: Any) -> ActionItem:
    """An action item without any field, at line 12."""
    line = fields.pop("line", 12)
    title = fields.pop("title", text)
    return replace(ActionItem(text, title, line, Span(0, len(text)), Anchor(len(text))), **fields)


def incident(title: str = "Database outage", **fields: Any) -> Incident:
    """An incident of which nothing but its title is known."""
    return replace(Incident(title), **fields)


def postmortem(*items: ActionItem, **fields: Any) -> Postmortem:
    """A postmortem at `PATH` that holds these items."""
    return replace(Postmortem(PATH, incident(), items), **fields)


def github_ref(number: int = 4, project: str = "acme/infra") -> IssueRef:
    """An issue on github.com."""
    return IssueRef("github", "https://github.com", project, str(number))


def local_ref(number: int = 4) -> IssueRef:
    """An issue of the embedded tracker."""
    return IssueRef("local", "", "", str(number))


def mark(text: str = "Add a replica", **fields: Any) -> Mark:
    """The mark of the item of this text at `PATH`."""
    return replace(Mark(SRC, PATH, text_hash(text)), **fields)


def draft(title: str = "Add a replica", **fields: Any) -> IssueDraft:
    """What an issue for the item of this text should say."""
    return replace(IssueDraft(mark(title), title, incident(), Source(PATH, 12)), **fields)


def issue(number: int = 4, title: str = "Add a replica", **fields: Any) -> Issue:
    """An open issue of the embedded tracker, with the mark of the item of this text."""
    return replace(Issue(local_ref(number), title, State.OPEN, NOW, mark=mark(title)), **fields)


def change(kind: ChangeKind = ChangeKind.CREATE, **fields: Any) -> Change:
    """A change of the item at `PATH`, line 12."""
    return replace(Change(kind, PATH, 12, "Add a replica", "no issue yet"), **fields)


def status_item(title: str = "Add a replica", **fields: Any) -> StatusItem:
    """The status of an open item at `PATH`, line 12, that has an issue and nothing else."""
    return replace(StatusItem(PATH, 12, title, title, "open", active=True, ref=github_ref()), **fields)


def document(*items: ActionItem, path: str = PATH, data: bytes = b"", **fields: Any) -> Document:
    """A postmortem that holds these items, as read from ``data``."""
    return Document(postmortem(*items, path=path, **fields), data)


ANY_STATE = Capabilities(states=frozenset(State), create_states=frozenset(State))
"""What a tracker like the embedded one can hold: everything."""


def policy(capabilities: Capabilities = ANY_STATE, **fields: Any) -> Policy:
    """The policy of a run without configuration: everything goes to the embedded tracker."""
    trackers = {"local": TrackerPolicy("local", capabilities, SRC)}
    return replace(Policy(Places((Place("local", "local"),)), trackers, (Route("local"),)), **fields)


def entries(*documents: Document, **fields: Any) -> tuple[Entry, ...]:
    """The entries of these postmortems, under `policy`."""
    return make_entries(documents, policy(**fields), {})
