"""Issues and pull requests as GitHub tells them, by whichever of its two APIs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from msgspec import Struct

from pm_sync.errors import TrackerError
from pm_sync.mark import Mark
from pm_sync.model import Issue, IssueRef, State
from pm_sync.trackers.github.options import GitHubOptions

Json = Mapping[str, Any]

_SETTLING = timedelta(seconds=2)
"""GitHub itself still touches an issue for a moment after its creation."""
_DROPPED = frozenset({"not_planned", "duplicate"})


class Milestone(Struct, frozen=True):
    """A milestone, as far as due dates go."""

    number: int
    title: str


class Record(Struct, frozen=True):
    """One issue or pull request."""

    project: str
    """``owner/name`` in lower case: where it is, which after a move isn't where it was asked for."""
    number: int
    id: int | None
    """The number that sub-issues and duplicates are named by."""
    title: str
    body: str
    is_open: bool
    reason: str
    """Why it is closed, in lower case: ``completed``, ``not_planned``, ``duplicate`` or nothing."""
    pull_request: bool
    merged: bool
    created: datetime
    updated: datetime
    closed: datetime | None
    labels: tuple[str, ...]
    assignees: tuple[str, ...]
    author: str
    association: str
    """What the author is to the repository: ``OWNER``, ``MEMBER``, ``NONE``, …."""
    ours: bool
    """Known to be written under the current credential."""
    comments: int
    milestone: Milestone | None
    parent: tuple[str, str] | None = None
    """Repository and number of the issue that it is a sub-issue of; None also where the server doesn't tell."""

    def has(self, label: str) -> bool:
        """Whether it bears the label, whose case doesn't matter to GitHub."""
        return label.casefold() in {name.casefold() for name in self.labels}


def from_rest(data: Json) -> Record:
    """Read an issue as the REST API writes it.

    Raises:
        TrackerError: it isn't one.

    """
    try:
        return _from_rest(data)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise TrackerError(f"the server's answer is no GitHub issue: {type(error).__name__}") from error


def _from_rest(data: Json) -> Record:
    pull = data.get("pull_request")
    return Record(
        project="/".join(data["repository_url"].rstrip("/").split("/")[-2:]).lower(),
        number=int(data["number"]),
        id=data.get("id"),
        title=str(data["title"]),
        body=data.get("body") or "",
        is_open=data["state"] == "open",
        reason=str(data.get("state_reason") or "").lower(),
        pull_request=pull is not None,
        merged=bool(pull and pull.get("merged_at")),
        created=_moment(data["created_at"]),
        updated=_moment(data.get("updated_at") or data["created_at"]),
        closed=_moment(data["closed_at"]) if data.get("closed_at") else None,
        labels=tuple(_label_names(data.get("labels") or ())),
        assignees=tuple(str(user["login"]) for user in data.get("assignees") or ()),
        author=str((data.get("user") or {}).get("login", "")),
        association=str(data.get("author_association") or ""),
        ours=False,
        comments=int(data.get("comments") or 0),
        milestone=_milestone(data.get("milestone")),
        parent=_parent(data.get("parent_issue_url")),
    )


def from_graphql(node: Json) -> Record:
    """Read an issue or pull request as our GraphQL query asks for it.

    Raises:
        TrackerError: it isn't one.

    """
    try:
        return _from_graphql(node)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise TrackerError(f"GraphQL's answer is no issue: {type(error).__name__}") from error


def _from_graphql(node: Json) -> Record:
    pull = node["__typename"] == "PullRequest"
    state = node["pullState" if pull else "issueState"]
    return Record(
        project=str(node["repository"]["nameWithOwner"]).lower(),
        number=int(node["number"]),
        id=node.get("fullDatabaseId") and int(node["fullDatabaseId"]),
        title=str(node["title"]),
        body=node.get("body") or "",
        is_open=state == "OPEN",
        reason=str(node.get("stateReason") or "").lower(),
        pull_request=pull,
        merged=state == "MERGED",
        created=_moment(node["createdAt"]),
        updated=_moment(node["updatedAt"]),
        closed=_moment(node["closedAt"]) if node.get("closedAt") else None,
        labels=tuple(_label_names((node.get("labels") or {}).get("nodes") or ())),
        assignees=tuple(str(user["login"]) for user in (node.get("assignees") or {}).get("nodes") or ()),
        author=_login(node.get("author") or {}),
        association=str(node.get("authorAssociation") or ""),
        ours=bool(node.get("viewerDidAuthor")),
        comments=int((node.get("comments") or {}).get("totalCount") or 0),
        milestone=_milestone(node.get("milestone")),
    )


def ref_of(record: Record, site: str) -> IssueRef:
    """The address that the record itself gives."""
    return IssueRef("github", site, record.project, str(record.number))


def to_issue(record: Record, site: str, options: GitHubOptions, mark: Mark | None) -> Issue:
    """The issue that a record tells of, with its mark where that is believed."""
    state = state_of(record, options.in_progress_label)
    bookkeeping = {name.casefold() for name in (options.tracking_label, options.in_progress_label) if name}
    return Issue(
        ref=ref_of(record, site),
        title=record.title,
        state=state,
        created=record.created,
        settled=_day(record.closed) if state.settled else None,
        labels=frozenset(name for name in record.labels if name.casefold() not in bookkeeping),
        assignees=record.assignees,
        parents=(IssueRef("github", site, *record.parent),) if record.parent else (),
        mark=mark,
        untouched=record.is_open and not record.comments and record.updated - record.created <= _SETTLING,
        pull_request=record.pull_request,
    )


def state_of(record: Record, in_progress_label: str | None) -> State:
    """GitHub's open and closed in our words."""
    if record.is_open:
        busy = in_progress_label is not None and record.has(in_progress_label)
        return State.IN_PROGRESS if busy else State.OPEN
    if record.pull_request:
        return State.DONE if record.merged else State.DROPPED
    return State.DROPPED if record.reason in _DROPPED else State.DONE


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _day(moment: datetime | None) -> date | None:
    return moment.astimezone(UTC).date() if moment else None


def _label_names(labels: Iterable[Any]) -> Iterable[str]:
    for label in labels:
        name = label.get("name") if isinstance(label, Mapping) else label
        if name:
            yield str(name)


def _milestone(data: Json | None) -> Milestone | None:
    return Milestone(int(data["number"]), str(data["title"])) if data else None


def _parent(url: str | None) -> tuple[str, str] | None:
    if not url:
        return None
    owner, name, _, number = url.rstrip("/").split("/")[-4:]
    return f"{owner}/{name}".lower(), number


def _login(actor: Json) -> str:
    """REST marks a bot's login as such, GraphQL its type."""
    login = str(actor.get("login", ""))
    return f"{login}[bot]" if actor.get("__typename") == "Bot" and not login.endswith("[bot]") else login
