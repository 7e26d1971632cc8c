"""Guards: each refuses a whole run, says why, and names what lets it go on."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from pm_sync.model import State
from pm_sync.sync.changes import ChangeKind, Plan
from pm_sync.sync.claims import Facts
from pm_sync.sync.entries import Document
from pm_sync.sync.guards import Limits, about_visibility, check, check_targets
from pm_sync.sync.policy import TrackerPolicy
from pm_sync.trackers.base import Snapshot, Target
from tests.factories import ANY_STATE, PATH, change, document, entries, issue, item, local_ref, mark, policy
from tests.unit.sync.test_identity import annotated

NO_FACTS = Facts()


def planning(kind: ChangeKind, number: int) -> Plan:
    """A plan of so many changes of one kind."""
    return Plan(tuple(change(kind) for _ in range(number)))


def linked(number: int) -> Facts:
    """Facts with so many linked items."""
    one = document(*(replace(annotated(f"local#{at}"), line=at) for at in range(1, number + 1)))
    return Facts((one,), entries(one))


class TestTooMany:
    """Creates, updates and closes are each limited."""

    @pytest.mark.parametrize(
        ("kind", "limits", "limit", "flag"),
        [
            (ChangeKind.CREATE, Limits(), 25, "--max-creates"),
            (ChangeKind.UPDATE, Limits(), 50, "--max-updates"),
            (ChangeKind.CLOSE, Limits(), 5, "--max-closes"),
            (ChangeKind.CREATE, Limits(creates=3), 3, "--max-creates"),
            (ChangeKind.UPDATE, Limits(updates=3), 3, "--max-updates"),
            (ChangeKind.CLOSE, Limits(closes=3), 3, "--max-closes"),
            (ChangeKind.CLOSE, Limits(closes=0), 0, "--max-closes"),
        ],
    )
    def test_each_with_its_flag(self, kind: ChangeKind, limits: Limits, limit: int, flag: str) -> None:
        """Just as many as allowed pass; one more is refused, and the flag given as told lets it pass."""
        assert check(planning(kind, limit), NO_FACTS, limits) == ()
        [refusal] = check(planning(kind, limit + 1), NO_FACTS, limits)
        assert refusal.endswith(f"are more than the {limit} that one run may do; if they are right: {flag} {limit + 1}")
        more: dict[str, Any] = {flag.removeprefix("--max-"): limit + 1}
        allowed = replace(limits, **more)
        assert check(planning(kind, limit + 1), NO_FACTS, allowed) == ()

    def test_closes_grow_with_what_is_linked(self) -> None:
        """A fifth of the linked items may close in one run."""
        assert check(planning(ChangeKind.CLOSE, 8), linked(40), Limits()) == ()
        assert len(check(planning(ChangeKind.CLOSE, 9), linked(40), Limits())) == 1

    def test_any_number_of_duplicates(self) -> None:
        """They are our own, nobody touched them, and the one that stays is open: there is nothing to ask."""
        assert check(planning(ChangeKind.DUPLICATE, 100), NO_FACTS, Limits()) == ()

    def test_several_at_once(self) -> None:
        """Each is told."""
        plan = Plan(planning(ChangeKind.CREATE, 26).changes + planning(ChangeKind.CLOSE, 6).changes)
        assert len(check(plan, NO_FACTS, Limits())) == 2


class TestEmptied:
    """A postmortem that had linked items and reads as having none."""

    SAID = b"Add a replica (local#4, done 2026-11-22)"

    def facts(self, one: Document, *issues: State) -> Facts:
        """Facts with this postmortem and issues of its items in these states."""
        marked = tuple(issue(at, state=state, mark=mark(n=at)) for at, state in enumerate(issues, 1))
        return Facts((one,), entries(one), {"local": Snapshot(marked=marked)})

    @pytest.mark.parametrize(
        ("one", "states", "refused"),
        [
            pytest.param(document(data=b"# Outage"), (), False, id="it never had any"),
            pytest.param(document(data=SAID), (), True, id="it holds annotations"),
            pytest.param(
                document(data=b"([#4](https://x.y/a/b/issues/4), open)"),
                (),
                True,
                id="it holds an annotation with a link",
            ),
            pytest.param(document(data=b"(local#4, opened)"), (), False, id="it holds something like one"),
            pytest.param(document(), (State.OPEN,), True, id="an issue names it"),
            pytest.param(document(), (State.DONE,), False, id="only settled issues name it"),
            pytest.param(document(item(), data=SAID), (State.OPEN,), False, id="it has an item"),
            pytest.param(replace(document(data=SAID), selected=False), (), False, id="this run is not about it"),
        ],
    )
    def test_each(self, one: Document, states: tuple[State, ...], *, refused: bool) -> None:
        """Refused where something would be lost, and let go by its flag."""
        facts = self.facts(one, *states)
        assert bool(check(Plan(), facts, Limits())) is refused
        assert check(Plan(), facts, Limits(allow_empty=frozenset({PATH}))) == ()

    def test_the_message(self) -> None:
        """What to look at, and what to say if it is right."""
        [refusal] = check(Plan(), self.facts(document(), State.OPEN), Limits())
        assert refusal.startswith(f"{PATH}: had linked items and now reads as having none")
        assert refusal.endswith(f"--allow-empty {PATH}")


class TestTargets:
    """What a tracker says of the place where issues would be made."""

    @pytest.mark.parametrize(
        ("target", "private", "may_be_public", "words"),
        [
            pytest.param(Target(), None, False, None, id="nothing is known"),
            pytest.param(Target(public=True), None, False, None, id="a source of unknown visibility"),
            pytest.param(Target(public=True), False, False, None, id="a public source"),
            pytest.param(Target(public=False), True, False, None, id="a private target"),
            pytest.param(Target(public=True), True, True, None, id="allowed"),
            pytest.param(Target(public=True), True, False, "trackers.local.public: true", id="private to public"),
            pytest.param(Target(missing_fields=("Team", "Area")), None, False, "Team, Area", id="missing fields"),
        ],
    )
    def test_each(self, target: Target, private: bool | None, *, may_be_public: bool, words: str | None) -> None:
        """A refusal says what to configure."""
        rules = policy(trackers={"local": TrackerPolicy("local", ANY_STATE, public=may_be_public)})
        refusals = check_targets({"local": target}, rules, source_private=private)
        assert [words in refusal for refusal in refusals if words] == ([True] if words else [])
        assert bool(refusals) is (words is not None)

    def test_visibility_is_told_where_nobody_knows(self) -> None:
        """A line in the plan, but no refusal."""
        targets = {"infra": Target(public=True), "ops": Target(public=False)}
        assert about_visibility(targets, source_private=None) == (
            "tracker infra is public: everyone will read these issues",
        )
        assert about_visibility(targets, source_private=False) == ()


def test_linked_items_are_counted() -> None:
    """The facts of these tests are what they say."""
    assert [entry.ref for entry in linked(2).entries] == [local_ref(1), local_ref(2)]
