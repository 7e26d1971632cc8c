"""The JSON of items, plans and runs, member by member."""

import json
from datetime import UTC, date, datetime

from hypothesis import example, given
from hypothesis import strategies as st

from pm_sync.mark import Mark, text_hash
from pm_sync.model import Annotation, Deferral, Link, LinkPosition, RejectedItem, Span, State
from pm_sync.report import as_json
from pm_sync.sync.changes import ChangeKind, Outcome, Plan, Removed, SyncResult
from tests.factories import PATH, change, github_ref, incident, item, postmortem

URL = "https://github.com/acme/infra/issues/4"


def link(ref: str = "#4", url: str | None = URL) -> Link:
    """A link at the item's end."""
    return Link(ref, url, Span(0, 1), LinkPosition.END)


def test_items_tell_every_fact_of_the_incident() -> None:
    """Times keep their offset, and what is unknown is null."""
    known = incident(
        "Database outage",
        start=datetime(2026, 5, 1, 8, 30, tzinfo=UTC),
        end=date(2026, 5, 2),
        severity="SEV1",
        services=("db",),
    )
    document = as_json.items([postmortem(incident=known)])
    assert document == {
        "schema": "pm-sync/items/1",
        "documents": [
            {
                "path": PATH,
                "title": "Database outage",
                "incident": {
                    "title": "Database outage",
                    "date": None,
                    "start": "2026-05-01T08:30:00+00:00",
                    "end": "2026-05-02",
                    "duration": None,
                    "severity": "SEV1",
                    "status": None,
                    "impact": None,
                    "root_cause": None,
                    "services": ["db"],
                    "authors": [],
                },
                "items": [],
                "rejected": [],
            }
        ],
    }


def test_items_tell_every_field_of_an_item() -> None:
    """All members of the contract are there, with our own link after the writer's."""
    whole = item(
        "Add a replica: in Paris",
        title="Add a replica",
        details="in Paris",
        done=False,
        owners=("@alice",),
        due=date(2026, 6, 1),
        due_text="June 1",
        priority="P1",
        type="prevent",
        team="storage",
        deferral=Deferral(date(2027, 1, 1), "budget"),
        links=(link("OPS-7", None),),
        annotation=Annotation(link(), State.DONE, date(2026, 5, 20), Span(1, 2)),
        section=("Action items",),
    )
    expected = {
        "key": Mark("github.com/acme/infra", PATH, text_hash("Add a replica: in Paris")).key,
        "text": "Add a replica: in Paris",
        "title": "Add a replica",
        "details": "in Paris",
        "line": 12,
        "done": False,
        "owners": ["@alice"],
        "due": "2026-06-01",
        "due_text": "June 1",
        "priority": "P1",
        "type": "prevent",
        "team": "storage",
        "deferred_until": "2027-01-01",
        "deferred_reason": "budget",
        "links": [{"ref": "OPS-7", "url": None}, {"ref": "#4", "url": URL}],
        "annotation": {"ref": "#4", "url": URL, "state": "done", "day": "2026-05-20"},
        "parent": None,
        "section": ["Action items"],
    }
    document = as_json.items([postmortem(whole)], "github.com/acme/infra")
    assert document["documents"][0]["items"] == [expected]  # type: ignore[index]


def test_a_link_that_our_annotation_repeats_is_told_once() -> None:
    """An annotation after a hand-written link to the same issue adds no second link."""
    followed = item(links=(link(),), annotation=Annotation(link(), State.OPEN, None, Span(1, 2)))
    document = as_json.items([postmortem(followed)])
    assert document["documents"][0]["items"][0]["links"] == [{"ref": "#4", "url": URL}]  # type: ignore[index]


def test_a_plan_tells_counts_changes_and_what_stays_out() -> None:
    """The summary counts every kind, and rejected and removed ones have their place."""
    plan = Plan(
        (
            change(tracker="infra", key="k1"),
            change(
                ChangeKind.UPDATE,
                ref=github_ref(),
                reason="title differs",
                changed=frozenset({"title", "due"}),
                line=14,
            ),
        ),
        baseline=2,
        rejected=((PATH, RejectedItem("TBD", 31, "placeholder", 3)),),
        removed=(Removed(github_ref(9), "Old", PATH),),
        notices=("visibility unknown",),
    )
    document = as_json.plan(plan)
    assert document["schema"] == "pm-sync/plan/1"
    assert document["summary"] == plan.summary
    assert document["changes"] == [
        {
            "change": "create",
            "path": PATH,
            "line": 12,
            "text": "Add a replica",
            "tracker": "infra",
            "ref": None,
            "url": None,
            "reason": "no issue yet",
            "key": "k1",
            "changed": [],
            "state": None,
        },
        {
            "change": "update",
            "path": PATH,
            "line": 14,
            "text": "Add a replica",
            "tracker": None,
            "ref": "acme/infra#4",
            "url": URL,
            "reason": "title differs",
            "key": None,
            "changed": ["due", "title"],
            "state": None,
        },
    ]
    assert document["rejected"] == [{"path": PATH, "text": "TBD", "line": 31, "column": 3, "reason": "placeholder"}]
    assert document["removed"] == [
        {"ref": "acme/infra#9", "url": "https://github.com/acme/infra/issues/9", "title": "Old", "path": PATH}
    ]
    assert document["notices"] == ["visibility unknown"]


def test_a_run_tells_the_plan_and_each_outcome() -> None:
    """A created issue has its new address, a failed one its error, and the summary counts both."""
    result = SyncResult(
        Plan((change(), change(line=14))),
        (
            Outcome(change(), github_ref(), notes=("label dropped",)),
            Outcome(change(line=14), error="503 from GitHub"),
        ),
        files_changed=(PATH,),
        left=3,
    )
    document = as_json.sync(result)
    outcomes = [
        {
            "change": "create",
            "path": PATH,
            "line": 12,
            "text": "Add a replica",
            "ref": "acme/infra#4",
            "url": URL,
            "ok": True,
            "error": None,
            "notes": ["label dropped"],
        },
        {
            "change": "create",
            "path": PATH,
            "line": 14,
            "text": "Add a replica",
            "ref": None,
            "url": None,
            "ok": False,
            "error": "503 from GitHub",
            "notes": [],
        },
    ]
    assert document["schema"] == "pm-sync/sync/1"
    assert document["outcomes"] == outcomes
    assert document["files_changed"] == [PATH]
    assert document["summary"] == result.plan.summary | {
        "created": 1,
        "updated": 0,
        "closed": 0,
        "failed": 1,
        "left": 3,
    }


def test_written_json_holds_no_workflow_command() -> None:
    """A runner that obeys ``##[…]`` anywhere in a line finds none, and the value is the same."""
    document = as_json.items([postmortem(item("##[add-mask]secret\x1b[31m"))])
    written = as_json.dumps(document)
    assert "##[" not in written
    assert written.isascii()
    assert json.loads(written) == document


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
        max_leaves=12,
    )
)
@example("\ud83d ##[")
@example("Ausfälle 🔥")
@example("\x7f")
def test_written_as_json_itself_would(value: object) -> None:
    """However it is made, the text is that of Python's own indenting."""
    expected = json.dumps({"value": value}, indent=2).replace("##[", "##\\u005b")
    assert as_json.dumps({"value": value}) == f"{expected}\n"
