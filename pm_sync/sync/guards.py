"""Guards: checks that refuse a whole run before its first write. Each names the flag that overrides it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping

from msgspec import Struct

from pm_sync.regex import regex
from pm_sync.sync.changes import ChangeKind, Plan
from pm_sync.sync.claims import Facts
from pm_sync.sync.policy import Policy
from pm_sync.trackers.base import Target

_ANNOTATION = regex(
    rb"\((?:\[[^\]\n]*\]\(https?://[^)\s]+\)|local#\d+), (?:open|in progress|done|dropped)(?: \d{4}-\d\d-\d\d)?\)"
)


class Limits(Struct, frozen=True):
    """How much a run may do."""

    creates: int = 25
    updates: int = 50
    closes: int | None = None
    """None: the larger of 5 and a fifth of the linked items."""
    allow_empty: frozenset[str] = frozenset()
    """Postmortems that may have lost all their items."""


def check(plan: Plan, facts: Facts, limits: Limits) -> tuple[str, ...]:
    """Why this plan must not be carried out as it is: what, why, and the flag that says otherwise; empty if it may."""
    return (*_too_many(plan, facts, limits), *_emptied(facts, limits))


def _too_many(plan: Plan, facts: Facts, limits: Limits) -> Iterator[str]:
    linked = sum(entry.ref is not None for entry in facts.entries)
    closes = max(5, linked // 5) if limits.closes is None else limits.closes
    for what, number, limit, flag in (
        ("creates", len(plan.of(ChangeKind.CREATE)), limits.creates, "--max-creates"),
        ("updates", len(plan.of(ChangeKind.UPDATE)), limits.updates, "--max-updates"),
        ("closes", len(plan.of(ChangeKind.CLOSE)), closes, "--max-closes"),
    ):
        if number > limit:
            yield f"{number} {what} are more than the {limit} that one run may do; if they are right: {flag} {number}"


def _emptied(facts: Facts, limits: Limits) -> Iterator[str]:
    marked = {
        issue.mark.path
        for snapshot in facts.snapshots.values()
        for issue in snapshot.marked
        if issue.mark is not None and not issue.state.settled
    }
    for document in facts.documents:
        if document.postmortem.items or not document.selected or document.path in limits.allow_empty:
            continue
        if document.path in marked or _ANNOTATION.search(document.data):
            path = shlex.quote(document.path)
            yield (
                f"{document.path}: had linked items and now reads as having none (a broken heading?); "
                f"pm-sync items {path} shows what is read; if it is right: --allow-empty {path}"
            )


def check_targets(targets: Mapping[str, Target], policy: Policy, *, source_private: bool | None) -> tuple[str, ...]:
    """Why issues must not be created in a tracker, from what it says of itself; empty if they may."""
    return tuple(
        reason
        for name, target in targets.items()
        for reason in _about_target(name, target, policy, source_private=source_private)
    )


def _about_target(name: str, target: Target, policy: Policy, *, source_private: bool | None) -> Iterator[str]:
    if target.missing_fields:
        fields = ", ".join(target.missing_fields)
        yield f"tracker {name} requires fields that the configuration doesn't give: {fields}; give them in the configuration of {name}"
    if source_private and target.public and not policy.trackers[name].public:
        yield (
            f"the postmortems are private, but tracker {name} is public; "
            f"if everyone may read them there: trackers.{name}.public: true"
        )


def about_visibility(targets: Mapping[str, Target], *, source_private: bool | None) -> tuple[str, ...]:
    """What a person should know before postmortems become public issues and nobody knows who may read them now."""
    if source_private is not None:
        return ()
    return tuple(
        f"tracker {name} is public: everyone will read these issues" for name, t in targets.items() if t.public
    )
