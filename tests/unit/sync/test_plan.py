"""The plan's decisions about issues that no item has, and about what could not be read."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from pm_sync.mark import value_hash
from pm_sync.model import Issue, IssueRef, Lost, State, Unreachable
from pm_sync.postmortem.read import read_postmortem
from pm_sync.sync.changes import ChangeKind, Plan
from pm_sync.sync.claims import Facts
from pm_sync.sync.entries import Document, make_entries
from pm_sync.sync.identity import Place, Places
from pm_sync.sync.plan import make_plan
from pm_sync.sync.policy import Route, TrackerPolicy
from pm_sync.trackers.base import PARENT, TWIN, Found, Snapshot
from tests.factories import ANY_STATE, PATH, SRC, entries, issue, local_ref, mark, policy

OTHER = "postmortems/net.md"
LINKED = "Add a replica (local#4, open)"


def read(*lines: str, path: str = PATH) -> Document:
    """A postmortem with these lines as its items."""
    data = "# Outage\n\n## Action items\n\n" + "".join(f"- {line}\n" for line in lines)
    return Document(read_postmortem(data.encode(), path), data.encode())


def known(*documents: Document, marked: tuple[Issue, ...] = (), whole: bool = True, **fields: Any) -> Facts:
    """Facts in which these issues were read."""
    found: dict[IssueRef, Found] = {one.ref: one for one in marked}
    snapshot = Snapshot(fields.pop("found", found), marked, refusal=fields.pop("refusal", None))
    snapshot = replace(snapshot, whole=fields.pop("snapshot_whole", True), foreign=fields.pop("foreign", ()))
    return replace(Facts(documents, entries(*documents), {"local": snapshot}, whole=whole), **fields)


def kinds(plan: Plan) -> list[str]:
    """Kind and issue of each change."""
    return [f"{change.kind.value} {change.ref}" for change in plan.changes]


class TestTwins:
    """Two issues with one key: an untouched younger one that nobody links is closed as a duplicate."""

    TWINS = (issue(4), issue(5, untouched=True))

    def test_the_younger_goes(self) -> None:
        """And its item keeps the older."""
        plan = make_plan(known(read(LINKED), marked=self.TWINS), policy())
        assert kinds(plan) == ["unchanged local#4", "duplicate local#5"]
        assert (plan.changes[1].state, plan.changes[1].duplicate_of) == (State.DROPPED, local_ref(4))

    @pytest.mark.parametrize("younger", [issue(5), issue(5, untouched=True, state=State.DONE)])
    def test_not_if_somebody_did_anything_with_it(self, younger: Issue) -> None:
        """Work on it may have begun."""
        plan = make_plan(known(read(LINKED), marked=(issue(4), younger)), policy())
        assert kinds(plan) == ["unchanged local#4"]

    def test_not_if_an_item_links_it(self) -> None:
        """Then it is somebody's."""
        plan = make_plan(known(read(LINKED, "Other work (local#5, open)"), marked=self.TWINS), policy())
        assert plan.of(ChangeKind.DUPLICATE) == ()

    def test_the_older_goes_if_an_item_links_the_younger(self) -> None:
        """A run that didn't see the older one, as an index lagged, has written the younger one into the file."""
        facts = known(read("Add a replica (local#5, open)"), marked=(issue(4, untouched=True), issue(5)))
        plan = make_plan(facts, policy(removed="close"))
        assert kinds(plan) == ["unchanged local#5", "duplicate local#4"]
        assert plan.changes[1].duplicate_of == local_ref(5)

    def test_what_is_being_closed_goes_on(self) -> None:
        """A run that was cut off on the way through a workflow has touched it, and nobody else did."""
        younger = issue(5, state=State.IN_PROGRESS, mark=mark(base={TWIN: "4"}))
        plan = make_plan(known(read(LINKED), marked=(issue(4), younger)), policy())
        assert kinds(plan) == ["unchanged local#4", "duplicate local#5"]

    def test_the_twin_of_a_settled_issue_goes(self) -> None:
        """Which no list of open issues has, but its item's link."""
        settled, twin = issue(4, state=State.DONE), issue(5, untouched=True)
        plan = make_plan(known(read(LINKED), marked=(twin,), found={settled.ref: settled}), policy())
        assert "duplicate local#5" in kinds(plan)

    def test_without_a_link_the_older_is_restored(self) -> None:
        """And the younger closed in the same run."""
        plan = make_plan(known(read("Add a replica"), marked=self.TWINS), policy())
        assert kinds(plan) == ["write_back local#4", "duplicate local#5"]


class TestCutShort:
    """An issue whose mark was not written whole is ours; making it whole is a write like any other."""

    CUT = replace(issue(4, cut_short=True), mark=mark())
    REASON = "its creation was cut short, its mark is completed"

    @pytest.mark.parametrize(
        ("line", "rest"), [(LINKED, []), ("Add a replica", ["write_back local#4"])], ids=["linked", "link lost"]
    )
    def test_is_completed_by_a_planned_update(self, line: str, rest: list[str]) -> None:
        """Seen before anybody agrees, and counted; the mark's base is what both sides say."""
        plan = make_plan(known(read(line), marked=(self.CUT,)), policy())
        assert kinds(plan) == ["update local#4", *rest]
        assert (plan.changes[0].reason, plan.changes[0].changed) == (self.REASON, frozenset())
        assert plan.changes[0].draft is not None
        assert plan.changes[0].draft.mark.base["title"] == value_hash("Add a replica")

    def test_goes_with_what_changed(self) -> None:
        """One update does both."""
        plan = make_plan(known(read(f"{LINKED[:13]} P0 {LINKED[14:]}"), marked=(self.CUT,)), policy())
        assert [change.kind for change in plan.changes] == [ChangeKind.UPDATE]

    def test_is_left_alone_where_it_is_not_ours(self) -> None:
        """Another source completes its own."""
        other = replace(self.CUT, mark=mark(src="github.com/acme/web"))
        assert kinds(make_plan(known(read(LINKED), marked=(other,)), policy())) == ["unchanged local#4"]


class TestGone:
    """An open issue of ours that no item links or matches: only where everything was read."""

    LEFT = issue(7, "Old work", mark=mark("Old work"))

    @pytest.mark.parametrize(
        ("fields", "gone"),
        [
            pytest.param({}, True, id="all was read"),
            pytest.param({"whole": False}, False, id="not all postmortems were read"),
            pytest.param({"failures": {"infra": "is down"}}, False, id="a tracker was not read"),
            pytest.param({"snapshot_whole": False}, False, id="its tracker was not read whole"),
        ],
    )
    @pytest.mark.parametrize("removed", ["report", "close", "comment"])
    def test_absence_of_evidence(self, fields: dict[str, Any], removed: str, *, gone: bool) -> None:
        """Whatever is to be done about removed items."""
        plan = make_plan(known(read(LINKED), marked=(issue(4), self.LEFT), **fields), policy(removed=removed))
        about = [removal.ref for removal in plan.removed] + [c.ref for c in plan.changes if c.item is None]
        assert about == ([self.LEFT.ref] if gone else [])

    @pytest.mark.parametrize(
        "left",
        [
            pytest.param(replace(LEFT, state=State.DONE), id="settled"),
            pytest.param(replace(LEFT, mark=mark("Old work", src="github.com/acme/web")), id="of another source"),
            pytest.param(replace(LEFT, mark=mark("Old work", path="unread.md")), id="in a file that was not read"),
            pytest.param(replace(LEFT, mark=None), id="nobody's"),
        ],
    )
    def test_others_are_left_alone(self, left: Issue) -> None:
        """They say nothing of our items."""
        plan = make_plan(known(read(LINKED), marked=(issue(4), left)), policy(removed="close"))
        assert kinds(plan) == ["unchanged local#4"]

    def test_in_a_removed_postmortem(self) -> None:
        """It is gone with its file."""
        left = replace(self.LEFT, mark=mark("Old work", path=OTHER))
        facts = known(read(LINKED), marked=(issue(4), left), gone_paths=frozenset({OTHER}))
        assert kinds(make_plan(facts, policy(removed="close"))) == ["unchanged local#4", "close local#7"]

    def test_what_an_item_may_be_waiting_for(self) -> None:
        """An issue that stops a create is not called gone."""
        plan = make_plan(
            known(read("Old works"), marked=(self.LEFT,)),
            policy(removed="close"),
        )
        assert kinds(plan) == ["conflict local#7"]


class TestUnread:
    """What could not be asked about causes no change."""

    @pytest.mark.parametrize(
        ("found", "kind", "reason"),
        [
            (Lost("deleted"), "lost", "deleted"),
            (Unreachable("no access"), "unreachable", "no access"),
        ],
    )
    def test_single_issues(self, found: Found, kind: str, reason: str) -> None:
        """They are reported with the tracker's reason."""
        [change] = make_plan(known(read(LINKED), found={local_ref(4): found}), policy()).changes
        assert (change.kind.value, change.reason, change.ref) == (kind, reason, local_ref(4))

    def test_settled_ones_need_not_be_read(self) -> None:
        """The file says it all."""
        [change] = make_plan(known(read(LINKED)), policy()).changes
        assert (change.kind, change.reason) == (ChangeKind.UNCHANGED, "settled")

    def test_a_tracker_that_failed(self) -> None:
        """Nothing is created there, and its links stay as they are."""
        facts = replace(known(read(LINKED, "New work")), snapshots={}, failures={"local": "is down"})
        plan = make_plan(facts, policy())
        assert kinds(plan) == ["unreachable local#4", "unreachable None"]
        assert plan.notices == ("local: is down",)

    def test_a_list_that_is_not_trusted(self) -> None:
        """Creates are withheld, the rest goes on."""
        plan = make_plan(known(read("Add a replica"), refusal="list not trustworthy"), policy())
        assert [(c.kind, c.reason) for c in plan.changes] == [
            (ChangeKind.CONFLICT, "not created: list not trustworthy")
        ]

    def test_a_foreign_mark(self) -> None:
        """It is shown, and the item gets an issue of its own."""
        plan = make_plan(known(read("Add a replica"), foreign=(issue(9, mark=None),)), policy())
        assert kinds(plan) == ["create None"]
        assert "the mark in local#9 is not believed" in plan.notices[0]

    def test_many_foreign_marks(self) -> None:
        """Who opens a hundred issues doesn't fill the screen."""
        plan = make_plan(known(foreign=tuple(issue(n, mark=None) for n in range(1, 101))), policy())
        assert ["the mark in local#1, local#2, local#3 and 97 more is" in notice for notice in plan.notices] == [True]


class TestSharedIssues:
    """One issue, several items: what one of them does to it is done for all."""

    def test_a_moved_issue_is_moved_for_its_followers(self) -> None:
        """Regression: a copy heard of it one sync later only."""
        facts = known(read(f"[x] {LINKED}", f"[ ] {LINKED}"), marked=(issue(4),))
        plan = make_plan(facts, policy())
        assert kinds(plan) == ["close local#4", "write_back local#4"]
        assert [change.state for change in plan.changes] == [State.DONE, State.DONE]
        assert [change.issue and change.issue.state for change in plan.changes] == [State.OPEN, State.OPEN]

    def test_also_for_those_above_the_owner(self) -> None:
        """Who owns it is told by its mark, not by order."""
        facts = known(read(f"[ ] {LINKED}", path="postmortems/a.md"), read(f"[x] {LINKED}"), marked=(issue(4),))
        assert kinds(make_plan(facts, policy())) == ["write_back local#4", "close local#4"]


class TestSubTasks:
    """A sub-task's draft names its parent's issue, or the change that makes it."""

    def test_a_parent_that_is_there(self) -> None:
        """By its address."""
        facts = known(read(f"[ ] {LINKED}\n  - [ ] Add one in Oslo"), marked=(issue(4),))
        [_, create] = make_plan(facts, policy()).changes
        assert create.draft is not None
        assert (create.draft.parent, create.parent) == (local_ref(4), "")

    def test_a_followed_parent(self) -> None:
        """Nothing is written into a stranger's issue, not even that it has a sub-task."""
        facts = known(read(f"[ ] {LINKED}\n  - [ ] Add one in Oslo"), marked=(issue(4, mark=None),))
        [_, create] = make_plan(facts, policy()).changes
        assert create.draft is not None
        assert (create.draft.parent, create.parent) == (None, "")

    def test_a_parent_elsewhere(self) -> None:
        """An issue of another server can't have it below, whether it is there or yet to be made."""
        here, there = Place("local", "local"), Place("infra", "github", "https://github.com", "acme/infra")
        trackers = {name: TrackerPolicy(name, ANY_STATE, SRC) for name in ("local", "infra")}
        routes = (Route("infra", priorities=frozenset({"p1"})), Route("local"))
        split = policy(places=Places((here, there)), trackers=trackers, routes=routes)
        document = read(f"[ ] {LINKED}\n  - [ ] [P1] Add one in Oslo", "[ ] Test it\n  - [ ] [P1] Test it in Oslo")
        facts = known(document, marked=(issue(4),))
        facts = replace(facts, entries=make_entries((document,), split, {}))
        creates = make_plan(facts, split).of(ChangeKind.CREATE)
        assert [change.tracker for change in creates] == ["infra", "local", "infra"]
        assert [(change.draft.parent, change.parent) for change in creates if change.draft] == [(None, "")] * 3

    def test_a_parent_to_be_made(self) -> None:
        """By its key."""
        [parent, create] = make_plan(known(read("[ ] Add a replica\n  - [ ] Add one in Oslo")), policy()).changes
        assert create.draft is not None
        assert (create.draft.parent, create.parent) == (None, parent.key)


class TestPlaces:
    """What a run that was cut off may have left beside its parent's issue gets its place, and nothing else does."""

    NESTED = f"[ ] {LINKED}\n  - [ ] Add one in Oslo"
    CHILD = issue(5, title="Add one in Oslo", mark=mark("Add one in Oslo"))

    def test_a_sub_task_whose_link_is_restored(self) -> None:
        """The create was made, and its place perhaps not."""
        facts = known(read(self.NESTED), marked=(issue(4), self.CHILD))
        plan = make_plan(facts, policy())
        assert kinds(plan) == ["unchanged local#4", "update local#5", "write_back local#5"]
        update = plan.changes[1]
        assert update.draft is not None
        told = (update.changed, update.draft.parent, update.draft.mark)
        assert told == (frozenset({PARENT}), local_ref(4), self.CHILD.mark)

    def test_a_sub_task_that_the_journal_knows(self) -> None:
        """The same."""
        document = read(self.NESTED)
        key = entries(document)[1].mark(0).key
        facts = known(document, marked=(issue(4), self.CHILD))
        facts = replace(facts, entries=make_entries((document,), policy(), {key: local_ref(5)}))
        assert kinds(make_plan(facts, policy()))[1:] == ["update local#5", "write_back local#5"]

    def test_a_sub_task_whose_parent_is_still_to_be_made(self) -> None:
        """Its create comes first, and then it is told by its key."""
        facts = known(read("[ ] Add a replica\n  - [ ] Add one in Oslo (local#5, open)"), marked=(self.CHILD,))
        [create, update] = make_plan(facts, policy()).changes
        assert (create.kind, update.kind) == (ChangeKind.CREATE, ChangeKind.UPDATE)
        assert (update.changed, update.parent) == (frozenset({PARENT}), create.key)

    def test_together_with_other_fields(self) -> None:
        """By one change."""
        facts = known(read(f"[ ] {LINKED}\n  - [ ] Add one in Oslo (P1)"), marked=(issue(4), self.CHILD))
        [_, update, _] = make_plan(facts, policy()).changes
        assert update.draft is not None
        assert (update.changed, update.draft.parent) == (frozenset({PARENT, "priority"}), local_ref(4))

    @pytest.mark.parametrize(
        ("line", "child"),
        [
            ("Add one in Oslo", replace(CHILD, parents=(local_ref(4),))),
            ("Add one in Oslo (local#5, open)", CHILD),
            ("Add one in Oslo (local#5, open)", replace(CHILD, mark=None)),
        ],
        ids=["it has its place", "both are linked", "a stranger's"],
    )
    def test_none_else(self, line: str, child: Issue) -> None:
        """Where the file knows both issues, people decide."""
        facts = known(read(f"[ ] {LINKED}\n  - [ ] {line}"), marked=(issue(4), child))
        assert make_plan(facts, policy()).of(ChangeKind.UPDATE) == ()
