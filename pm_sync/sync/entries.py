"""Entries: each action item with who it is, where it goes, and what its issue should say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

from pm_sync.mark import Mark, text_hash
from pm_sync.model import ActionItem, IssueDraft, IssueRef, Postmortem, Source, State, Unreachable
from pm_sync.postmortem.day import incident_day
from pm_sync.regex import regex
from pm_sync.sync.fields import FOUND, new_base
from pm_sync.sync.identity import Linked
from pm_sync.sync.policy import Policy, Route

_ADDRESS = regex(r"[^\s@<>()\[\],;:]+@[^\s@<>()\[\],;:]+\.[^\s@<>()\[\],;:]+")
_UNSEEN = regex("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What acts on whoever reads a title, in a list on a terminal say, instead of being read; Jira refuses some of it."""
_TEAM = regex(r"^@[\w.-]+/[\w.-]+$")


class Document(Struct, frozen=True):
    """A postmortem and the bytes it was read from."""

    postmortem: Postmortem
    data: bytes
    selected: bool = True
    """False: read only to know which issues its items claim; nothing is done for it."""

    @property
    def path(self) -> str:
        """Relative to the root."""
        return self.postmortem.path


class Entry(Struct, frozen=True):
    """One action item in a run."""

    document: Document
    index: int
    route: Route
    tracker: str
    """The tracker of its issue: the linked one's, else where the route leads."""
    src: str
    text: str
    """`text_hash` of its text."""
    identity: Linked | Unreachable | None
    baseline: bool = False
    """Too old, or in a file that didn't change: without an issue it gets none."""
    unrouted: bool = False
    """No route fits: without an issue it gets none."""

    @property
    def item(self) -> ActionItem:
        """The item itself."""
        return self.document.postmortem.items[self.index]

    @property
    def path(self) -> str:
        """The postmortem's path."""
        return self.document.path

    @property
    def ref(self) -> IssueRef | None:
        """The linked issue, as written."""
        return self.identity.ref if isinstance(self.identity, Linked) else None

    @property
    def journalled(self) -> bool:
        """Only a journal knows its issue, of a run that was cut off before it could write the link."""
        return isinstance(self.identity, Linked) and self.identity.by == "journal"

    def mark(self, n: int) -> Mark:
        """The mark that names this item."""
        return Mark(self.src, self.path, self.text, n)


def make_entries(documents: Iterable[Document], policy: Policy, known: Mapping[str, IssueRef]) -> tuple[Entry, ...]:
    """Identify and route every item, in path and line order.

    Args:
        documents: The postmortems, in any order.
        policy: Where items go.
        known: Issues that the journal knows to have been created, by their items' keys; not asked about new items.

    """
    ordered = sorted(documents, key=lambda document: document.path)
    return tuple(entry for document in ordered for entry in _entries(document, policy, known))


def _entries(document: Document, policy: Policy, known: Mapping[str, IssueRef]) -> Iterator[Entry]:
    baseline = _is_baseline(document.postmortem, policy)
    for index, item in enumerate(document.postmortem.items):
        fitting = choose_route(policy.routes, item, document.postmortem)
        # One item that goes nowhere stops no other: it is planned like its neighbours, but never created.
        route = fitting or policy.routes[-1]
        identity = policy.places.identify(item)
        tracker = identity.tracker if isinstance(identity, Linked) else route.to
        entry = Entry(
            document, index, route, tracker, policy.trackers[tracker].src, text_hash(item.text), identity, baseline
        )
        entry = replace(entry, unrouted=fitting is None)
        ref = known.get(entry.mark(item.ordinal).key) if identity is None else None
        if ref is not None and (document.path, item.line) not in policy.new:
            entry = replace(entry, identity=Linked(ref, tracker, "journal"))
        yield entry


def _is_baseline(postmortem: Postmortem, policy: Policy) -> bool:
    if policy.only is not None and postmortem.path not in policy.only:
        return True
    return is_older(postmortem, policy)


def is_older(postmortem: Postmortem, policy: Policy) -> bool:
    """Whether its incident was before the day from which on issues are created."""
    day = incident_day(postmortem.incident, postmortem.path)
    return policy.since is not None and day is not None and day < policy.since


def choose_route(routes: Sequence[Route], item: ActionItem, postmortem: Postmortem) -> Route | None:
    """The first route that fits, or None where none does and no last one takes the rest."""
    return next((route for route in routes if _fits(route, item, postmortem)), None)


def _fits(route: Route, item: ActionItem, postmortem: Postmortem) -> bool:
    named = (
        (route.types, item.type),
        (route.priorities, item.priority),
        (route.severities, postmortem.incident.severity),
        (route.teams, item.team),
    )
    if any(wanted and (value or "").casefold() not in wanted for wanted, value in named):
        return False
    if route.sections and not route.sections.intersection(heading.casefold() for heading in item.section):
        return False
    return not route.paths or _path_matches(postmortem.path, route.paths)


def _path_matches(path: str, globs: tuple[str, ...]) -> bool:
    from wcmatch import glob  # noqa: PLC0415 - only routes with paths need it

    return glob.globmatch(path, list(globs), flags=glob.GLOBSTAR | glob.BRACE | glob.DOTGLOB)


def make_draft(entry: Entry, n: int, policy: Policy) -> IssueDraft:
    """What the entry's issue should say, with a mark whose base says the same."""
    item, postmortem = entry.item, entry.document.postmortem
    tracker = policy.trackers[entry.tracker]
    labels = {*policy.labels, *entry.route.labels, *tracker.labels}
    labels |= {label for owner in item.owners if (label := _team_label(owner, policy))}
    accounts, unknown = _people(entry, policy)
    draft = IssueDraft(
        mark=entry.mark(n),
        title=_cut(_UNSEEN.sub("\N{REPLACEMENT CHARACTER}", item.title), tracker.capabilities.title_limit),
        incident=postmortem.incident,
        source=_source(entry, policy),
        details=_details(item, tracker.capabilities.title_limit),
        state=_first_state(entry, policy),
        due=item.due,
        priority=item.priority,
        type=item.type,
        labels=tuple(sorted(labels)),
        owners=item.owners,
        assignees=accounts,
        unknown_owners=unknown,
    )
    base = new_base(draft)
    control = item.control.state if item.control else None
    if control is not None and tracker.capabilities.nearest(control) is not draft.state:
        base[FOUND] = control.value
    return replace(draft, mark=replace(draft.mark, base=base))


def _source(entry: Entry, policy: Policy) -> Source:
    line = entry.item.line
    url = f"{policy.permalink}{quote(entry.path)}#L{line}" if policy.permalink else None
    return Source(entry.path, line, url)


def _cut(title: str, limit: int) -> str:
    return title if len(title) <= limit else title[: limit - 1].rstrip() + "…"


def _details(item: ActionItem, limit: int) -> str:
    """The details, after the whole title where the issue's has no room for it."""
    return item.details if len(item.title) <= limit else "\n\n".join(filter(None, (item.title, item.details)))


def _first_state(entry: Entry, policy: Policy) -> State:
    """The state to create the issue in: the item's, where the tracker can hold it within the create call."""
    control, done = entry.item.control, entry.item.done
    state = (control.state if control else None) or (State.DONE if done else State.OPEN)
    holds = policy.trackers[entry.tracker].capabilities
    return state if state in holds.create_states else State.OPEN


def is_settled(item: ActionItem) -> bool:
    """Whether the postmortem itself says that nothing more is to be done."""
    control = item.control.state if item.control else None
    return control.settled if control is not None else bool(item.done)


def _team_label(owner: str, policy: Policy) -> str | None:
    """The label that stands for an owner who is a team: a configured one, or written ``@org/team``."""
    configured = policy.teams.get(owner.casefold())
    return configured or (owner.rpartition("/")[2] if _TEAM.match(owner) else None)


def _account(owner: str, kind: str) -> str | None:
    """What a tracker of this kind can find an owner by, as written, if anything."""
    if kind == "jira":
        address = _ADDRESS.search(owner)
        return address.group() if address else None
    return owner.removeprefix("@") if kind == "local" or owner.startswith("@") else None


def _people(entry: Entry, policy: Policy) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Accounts of the tracker for the owners we know, the route's last, and the owners we don't know.

    Where a tracker takes one assignee, that is an owner. A bare ``@login`` is an account by itself on GitHub, and an
    address on Jira.
    """
    kind = policy.trackers[entry.tracker].kind
    accounts: dict[str, None] = {}
    unknown: dict[str, None] = {}
    for name in (*entry.item.owners, *entry.route.assignees):
        if _team_label(name, policy):
            continue
        person = policy.people.get(name.removeprefix("@").casefold(), {})
        given = name.removeprefix("@") if name in entry.route.assignees else _account(name, kind)
        account = person.get(kind) or given
        (accounts if account else unknown)[account or name] = None
    return tuple(accounts), tuple(unknown)
