"""Entries: where each item goes, and what its issue should say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from pm_sync.model import Control, ControlKind, IssueDraft, Span, State
from pm_sync.sync.entries import choose_route, is_settled, make_draft, make_entries
from pm_sync.sync.fields import FOUND
from pm_sync.sync.identity import Linked, Place, Places
from pm_sync.sync.policy import Policy, Route, TrackerPolicy
from pm_sync.trackers.base import Capabilities
from tests.factories import PATH, SRC, document, entries, incident, item, local_ref, mark, policy, postmortem

GITHUB = Capabilities(frozenset({State.OPEN, State.DONE, State.DROPPED}), title_limit=20)
TICKED = Control(ControlKind.BOX, Span(2, 3), State.DONE)
UNTICKED = Control(ControlKind.BOX, Span(2, 3), State.OPEN)
STARTED = Control(ControlKind.CELL, Span(2, 3), State.IN_PROGRESS)


def on_github(**fields: Any) -> Policy:
    """Everything goes to a GitHub repository."""
    places = Places((Place("infra", "github", "https://github.com", "acme/infra"),))
    trackers = {"infra": TrackerPolicy("github", GITHUB, SRC)}
    rules: dict[str, Any] = {"places": places, "trackers": trackers, "routes": (Route("infra"),)}
    return policy(**rules | fields)


def drafted(policy: Policy, text: str = "Add a replica", **fields: Any) -> IssueDraft:
    """The draft of one item's issue."""
    [entry] = make_entries([document(item(text, **fields))], policy, {})
    return make_draft(entry, 0, policy)


class TestRoutes:
    """The first route that fits decides."""

    @pytest.mark.parametrize(
        ("route", "fits"),
        [
            pytest.param(Route("x"), True, id="no condition"),
            pytest.param(Route("x", paths=("postmortems/**",)), True, id="path"),
            pytest.param(Route("x", paths=("other/*.md", "**/{db,net}.md")), True, id="one of the paths"),
            pytest.param(Route("x", paths=("*.md",)), False, id="another path"),
            pytest.param(Route("x", types=frozenset({"process"})), True, id="type, in any case"),
            pytest.param(Route("x", types=frozenset({"detect"})), False, id="another type"),
            pytest.param(Route("x", priorities=frozenset({"p0", "p1"})), True, id="one of the priorities"),
            pytest.param(Route("x", severities=frozenset({"sev1"})), True, id="the incident's severity"),
            pytest.param(Route("x", teams=frozenset({"storage"})), True, id="team"),
            pytest.param(Route("x", teams=frozenset({"network"})), False, id="another team"),
            pytest.param(Route("x", sections=frozenset({"short term"})), True, id="a heading above"),
            pytest.param(Route("x", sections=frozenset({"long term"})), False, id="another heading"),
            pytest.param(
                Route("x", types=frozenset({"process"}), priorities=frozenset({"p3"})), False, id="all must fit"
            ),
        ],
    )
    def test_conditions(self, route: Route, *, fits: bool) -> None:
        """Several values of one condition are alternatives, several conditions must all hold."""
        made = item(type="Process", priority="P1", team="Storage", section=("Action items", "Short term"))
        about = postmortem(made, incident=incident(severity="SEV1"))
        assert choose_route((route, Route("rest")), made, about) == (route if fits else Route("rest"))

    def test_an_item_without_the_value(self) -> None:
        """An item that has no type doesn't fit a route that asks for one."""
        routes = (Route("x", types=frozenset({"process"})), Route("rest"))
        assert choose_route(routes, item(), postmortem()) == Route("rest")

    def test_none_fits(self) -> None:
        """Nothing is guessed where no route takes the rest."""
        assert choose_route((Route("x", types=frozenset({"process"})),), item(), postmortem()) is None


class TestIdentity:
    """What an entry knows of its issue before any tracker is asked."""

    def test_the_journal_knows_an_unlinked_item(self) -> None:
        """What a run that was cut off created is linked by its key."""
        [entry] = make_entries([document(item())], policy(), {mark().key: local_ref(7)})
        assert entry.identity == Linked(local_ref(7), "local", "journal")

    def test_the_order_of_documents_does_not_matter(self) -> None:
        """Entries come in path and line order."""
        one, other = document(item("One"), path="a.md"), document(item("Two"), item("Three"), path="b.md")
        assert entries(one, other) == entries(other, one)

    @pytest.mark.parametrize(
        ("fields", "baseline"),
        [
            ({}, False),
            ({"since": date(2026, 3, 2)}, False),
            ({"since": date(2026, 3, 3)}, True),
            ({"only": frozenset({PATH})}, False),
            ({"only": frozenset({"other.md"})}, True),
        ],
    )
    def test_baseline(self, fields: Mapping[str, Any], *, baseline: bool) -> None:
        """Older than ``since``, or outside of what changed: its items get no new issues."""
        [entry] = entries(document(item(), incident=incident(day=date(2026, 3, 2))), **fields)
        assert entry.baseline is baseline

    def test_an_incident_without_a_day_is_no_baseline(self) -> None:
        """What is not known to be old is new."""
        [entry] = entries(document(item()), since=date(2026, 3, 3))
        assert not entry.baseline


class TestDraft:
    """What an issue should say."""

    def test_a_long_title_is_cut_and_kept_whole_in_the_details(self) -> None:
        """Nothing of what was written is lost."""
        made = drafted(on_github(), "Add a replica in every region", details="By region.")
        assert (made.title, made.details) == ("Add a replica in ev…", "Add a replica in every region\n\nBy region.")

    def test_a_title_that_just_fits(self) -> None:
        """Is left as it is."""
        made = drafted(on_github(), "x" * 20)
        assert (made.title, made.details) == ("x" * 20, "")

    def test_the_permalink_is_an_address(self) -> None:
        """Whatever the file's name holds."""
        rules = on_github(permalink="https://github.com/acme/pm/blob/abc/")
        [entry] = make_entries([document(item(), path="post mortems/50% #1.md")], rules, {})
        source = make_draft(entry, 0, rules).source
        assert source.url == "https://github.com/acme/pm/blob/abc/post%20mortems/50%25%20%231.md#L12"

    def test_labels_come_from_everywhere_once(self) -> None:
        """Configuration, route and team, sorted."""
        rules = on_github(labels=("postmortem",), routes=(Route("infra", labels=("db", "postmortem")),))
        assert drafted(rules, owners=("@acme/storage",)).labels == ("db", "postmortem", "storage")

    @pytest.mark.parametrize(
        ("owners", "labels", "assignees"),
        [
            pytest.param(("@ann",), (), ("ann",), id="a login is an account by itself"),
            pytest.param(("Ann Lee",), (), ("ann-gh",), id="a person that is configured"),
            pytest.param(("@Ann Lee",), (), ("ann-gh",), id="a person, written with an at sign"),
            pytest.param(("Bob",), (), (), id="a name nobody knows is no account"),
            pytest.param(("@acme/storage",), ("storage",), (), id="a team by its form"),
            pytest.param(("Storage Team",), ("team-storage",), (), id="a team that is configured"),
            pytest.param(("Ann/Bob",), (), (), id="two people are no team"),
            pytest.param(("@ann", "@acme/storage", "@ann"), ("storage",), ("ann",), id="each once"),
        ],
    )
    def test_owners(self, owners: tuple[str, ...], labels: tuple[str, ...], assignees: tuple[str, ...]) -> None:
        """People become assignees, teams labels, and all of them are shown as written."""
        rules = on_github(people={"ann lee": {"github": "ann-gh"}}, teams={"storage team": "team-storage"})
        made = drafted(rules, owners=owners)
        assert (made.labels, made.assignees, made.owners) == (labels, assignees, owners)

    def test_the_route_assigns_besides(self) -> None:
        """Its names, which are people or accounts, come last: where there is one assignee, it is an owner."""
        rules = on_github(routes=(Route("infra", assignees=("oncall",)),), people={"oncall": {"github": "acme-oncall"}})
        assert drafted(rules, owners=("@ann",)).assignees == ("ann", "acme-oncall")

    @pytest.mark.parametrize(
        ("owners", "assignees", "unknown"),
        [
            pytest.param(("ann@example.com",), ("ann@example.com", "oncall@example.com"), (), id="an address"),
            pytest.param(("Ann Lee",), ("ann@example.com", "oncall@example.com"), (), id="configured"),
            pytest.param(
                ("Ann Lee ann@example.com",),
                ("ann@example.com", "oncall@example.com"),
                (),
                id="a name with its address",
            ),
            pytest.param(("@ann",), ("oncall@example.com",), ("@ann",), id="a login is none on Jira"),
            pytest.param((), ("oncall@example.com",), (), id="nobody"),
        ],
    )
    def test_owners_on_jira(
        self, owners: tuple[str, ...], assignees: tuple[str, ...], unknown: tuple[str, ...]
    ) -> None:
        """An address needs no entry in ``people``, and goes before the route's."""
        rules = policy(
            trackers={"local": TrackerPolicy("jira", GITHUB, SRC)},
            routes=(Route("local", assignees=("oncall@example.com",)),),
            people={"ann lee": {"jira": "ann@example.com"}},
        )
        made = drafted(rules, owners=owners)
        assert (made.assignees, made.unknown_owners) == (assignees, unknown)

    def test_a_person_without_an_account_of_this_kind(self) -> None:
        """An account on another tracker is none here."""
        assert drafted(on_github(people={"ann": {"jira": "ann@example.com"}}), owners=("Ann",)).assignees == ()

    @pytest.mark.parametrize(
        ("rules", "control", "state", "found"),
        [
            pytest.param(policy(), TICKED, State.DONE, False, id="held by the create call"),
            pytest.param(on_github(), TICKED, State.OPEN, True, id="not held: what was found is kept"),
            pytest.param(on_github(), UNTICKED, State.OPEN, False, id="equal"),
            pytest.param(on_github(), STARTED, State.OPEN, False, id="equal to the nearest"),
            pytest.param(policy(), STARTED, State.IN_PROGRESS, False, id="in progress"),
        ],
    )
    def test_first_state(self, rules: Policy, control: Control, state: State, *, found: bool) -> None:
        """An issue starts in its item's state where the create call can hold it."""
        made = drafted(rules, control=control)
        assert (made.state, FOUND in made.mark.base) == (state, found)


@pytest.mark.parametrize(
    ("fields", "settled"),
    [
        ({}, False),
        ({"done": True}, True),
        ({"done": False}, False),
        ({"control": TICKED}, True),
        ({"control": UNTICKED, "done": True}, False),
        ({"control": STARTED}, False),
    ],
)
def test_is_settled(fields: dict[str, Any], *, settled: bool) -> None:
    """A box or state cell says more than other signs."""
    assert is_settled(item(**fields)) is settled
