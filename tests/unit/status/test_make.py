"""How an item stands on one day."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from pm_sync.model import ActionItem, Annotation, Deferral, Incident, Link, LinkPosition, Span, State
from pm_sync.status import SlaRules, StatusItem, Tracked, make_status
from tests.factories import PATH, github_ref, incident, item, postmortem

TODAY = date(2026, 6, 1)
SLA = SlaRules({"P1": 28, "default": 56})


def judge(one: ActionItem, about: Incident | None = None, *, path: str = PATH, **tracked: Any) -> StatusItem:
    """The status of one open item today."""
    fields = {"state": "open", **tracked}
    what = postmortem(one, path=path, incident=about or incident(day=date(2026, 5, 1)))
    report = make_status({path: what}, [Tracked(one, path, **fields)], SLA, TODAY)
    return report.items[0]


def annotation(state: State) -> Annotation:
    """Our note at an item."""
    return Annotation(Link("#4", None, Span(0, 1), LinkPosition.END), state, None, Span(0, 1))


def test_a_status_tells_all_of_an_item() -> None:
    """What the postmortem and the tracker say stands beside what time does to it."""
    one = item("Add a replica: now", title="Add a replica", owners=("@alice",), team="storage", priority="P1")
    about = incident(day=date(2026, 5, 1), severity="SEV2")
    assert judge(one, about, ref=github_ref()) == StatusItem(
        path=PATH,
        line=12,
        text="Add a replica: now",
        title="Add a replica",
        state="open",
        active=True,
        ref=github_ref(),
        owners=("@alice",),
        team="storage",
        priority="P1",
        severity="SEV2",
        due=date(2026, 5, 29),
        due_source="sla:P1",
        age_days=31,
        overdue=True,
    )


@pytest.mark.parametrize(
    ("facts", "path", "created", "age"),
    [
        ({"end": date(2026, 5, 20), "start": date(2026, 5, 1), "day": date(2026, 4, 1)}, PATH, None, 12),
        ({"end": datetime(2026, 5, 20, 23, 59, tzinfo=UTC)}, PATH, None, 12),
        ({"start": date(2026, 5, 1), "day": date(2026, 4, 1)}, PATH, None, 31),
        ({"day": date(2026, 5, 31)}, "2026-01-01.md", None, 1),
        ({}, "postmortems/2026-05-31-db.md", date(2026, 1, 1), 1),
        ({}, "postmortems/2026/05/30/db.md", None, 2),
        ({}, "2025-01-01/20260531.md", None, 1),
        ({}, "2026-13-45-db.md", date(2026, 5, 22), 10),
        ({}, "run-120260531.md", None, None),
        ({}, PATH, None, None),
        ({"day": date(2027, 1, 1)}, PATH, None, 0),
    ],
)
def test_age_counts_from_the_best_known_day(
    facts: dict[str, Any], path: str, created: date | None, age: int | None
) -> None:
    """The incident's end, else start, else date, else the path's date, else the issue's creation, else nothing."""
    assert judge(item(), incident(**facts), path=path, created=created).age_days == age


@pytest.mark.parametrize(
    ("fields", "due", "source"),
    [
        ({"due": date(2026, 7, 1), "priority": "P1"}, date(2026, 7, 1), "item"),
        ({"priority": "high"}, date(2026, 5, 29), "sla:P1"),
        ({}, date(2026, 6, 26), "sla:default"),
        ({"deferral": Deferral(date(2027, 1, 1), "budget")}, date(2027, 1, 1), "deferred"),
        ({"due": date(2026, 7, 1), "deferral": Deferral(date(2026, 6, 15), "holidays")}, date(2026, 7, 1), "item"),
    ],
)
def test_the_due_date_has_a_source(fields: dict[str, Any], due: date, source: str) -> None:
    """An explicit date wins over the SLA, and a deferral only ever moves it on."""
    status = judge(item(**fields))
    assert (status.due, status.due_source) == (due, source)


def test_without_a_clock_there_is_no_sla() -> None:
    """Where nothing says when the incident was, nothing is due."""
    status = judge(item(priority="P1"), incident())
    assert (status.due, status.due_source, status.overdue, status.no_due) == (None, None, False, True)


@pytest.mark.parametrize(("due", "overdue"), [(date(2026, 5, 31), True), (TODAY, False)])
def test_overdue_from_the_day_after(due: date, overdue: bool) -> None:
    """On the due date itself there is still time."""
    assert judge(item(due=due)).overdue is overdue


@pytest.mark.parametrize(("until", "deferred", "overdue"), [(TODAY, True, False), (date(2026, 5, 31), False, True)])
def test_a_deferral_alarms_again_when_it_ends(until: date, deferred: bool, overdue: bool) -> None:
    """Up to its last day the item is quiet, from the day after it is overdue."""
    status = judge(item(due=date(2026, 1, 1), deferral=Deferral(until, "budget")))
    assert (status.deferred, status.overdue, status.stale(7)) == (deferred, overdue, not deferred)


@pytest.mark.parametrize(
    ("state", "fields", "active"),
    [
        ("open", {}, True),
        ("in_progress", {"done": True}, True),
        ("done", {}, False),
        ("dropped", {}, False),
        ("unsynced", {}, True),
        ("unsynced", {"done": True}, False),
        ("lost", {"done": False}, True),
        ("unreachable", {"annotation": annotation(State.DONE)}, False),
        ("unreachable", {"annotation": annotation(State.OPEN), "done": True}, True),
    ],
)
def test_what_is_settled_never_alarms(state: str, fields: dict[str, Any], active: bool) -> None:
    """The tracker's word counts where there is one, else the last state that the file has."""
    status = judge(item(due=date(2026, 1, 1), **fields), state=state)
    assert (status.active, status.overdue, status.unowned, status.stale(7)) == (active, active, active, active)


@pytest.mark.parametrize(
    ("fields", "assignees", "unowned"),
    [({}, (), True), ({"owners": ("bob",)}, (), False), ({"team": "storage"}, (), False), ({}, ("bob",), False)],
)
def test_an_owner_may_be_a_person_a_team_or_an_assignee(
    fields: dict[str, Any], assignees: tuple[str, ...], unowned: bool
) -> None:
    """After creation the tracker says who has it, which counts as well."""
    assert judge(item(**fields), assignees=assignees).unowned is unowned


def test_the_summary_counts_states_and_alarms() -> None:
    """Every state has its count, also where it is none."""
    late, lost, done = item(due=date(2026, 1, 1)), item(owners=("bob",)), item()
    tracked = [Tracked(late, PATH, "open"), Tracked(lost, PATH, "lost"), Tracked(done, PATH, "done")]
    report = make_status({PATH: postmortem()}, tracked, SlaRules(), TODAY, baseline=4)
    assert report.summary == {
        "open": 1,
        "in_progress": 0,
        "done": 1,
        "dropped": 0,
        "unsynced": 0,
        "lost": 1,
        "unreachable": 0,
        "overdue": 1,
        "unowned": 1,
        "no_due": 1,
        "deferred": 0,
        "baseline": 4,
    }
