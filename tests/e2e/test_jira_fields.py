"""What a new issue takes: fields of every type, on our own Cloud and on the Data Center."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from pm_sync.errors import TrackerError
from pm_sync.model import Issue, IssueDraft
from pm_sync.sync.fields import new_base, reconcile_fields
from pm_sync.trackers.base import PARENT, Target
from tests.contract.support import create, read_one
from tests.e2e.jira import DataCenter, data_center, jira_process
from tests.e2e.jira_cloud import JiraCloud, jira_cloud
from tests.factories import draft, mark
from tests.fakes.jira_cloud_store import Project, rule

__all__ = ["data_center", "jira_cloud", "jira_process"]

REGIONS = [
    {"id": "20", "value": "Europe", "children": [{"id": "21", "value": "Warsaw"}]},
    {"id": "30", "value": "Asia"},
]
CUSTOM = {
    "customfield_1": rule("Team", "option", allowed=[{"id": "5", "value": "SRE"}, {"id": "6", "value": "Payments"}]),
    "customfield_2": rule("Story Points", "number"),
    "customfield_3": rule("Reviewer", "user"),
    "customfield_4": rule("Location", "option-with-child", allowed=REGIONS),
    "customfield_5": rule(
        "Areas", "array", items="option", allowed=[{"id": "8", "value": "DB"}, {"id": "9", "value": "Net"}]
    ),
    "customfield_6": rule("Note", "string"),
    "customfield_7": rule("Ready", "date"),
    "customfield_8": rule("Watchers", "array", items="user"),
}
VALUES: dict[str, tuple[Any, Any]] = {
    "Team": ("sre", {"id": "5"}),
    "Story Points": (3, 3),
    "Reviewer": ("ada@example.com", {"accountId": "ada-id"}),
    "Location": (("Europe", "Warsaw"), {"id": "20", "child": {"id": "21"}}),
    "Areas": (("DB", "Net"), [{"id": "8"}, {"id": "9"}]),
    "Note": ("Check {twice}", "Check {twice}"),
    "Ready": ("2027-01-01", "2027-01-01"),
    "Watchers": (("ada@example.com", "bob@example.com"), [{"accountId": "ada-id"}, {"accountId": "bob-id"}]),
}


def with_project(jira_cloud: JiraCloud, **changes: Any) -> Project:
    """Change the project as its administrator does."""
    for name, value in changes.items():
        setattr(jira_cloud.project, name, value)
    return jira_cloud.project


def made_with(jira_cloud: JiraCloud, wish: IssueDraft | None = None, **options: Any) -> Issue:
    """An issue made under these options."""
    jira_cloud.options |= options
    tracker = jira_cloud.open()
    try:
        [made] = create(tracker, wish or draft())
    finally:
        tracker.close()
    return made


def target_with(jira_cloud: JiraCloud | DataCenter, **options: Any) -> Target:
    """What a plan is told of the project under these options."""
    jira_cloud.options |= options
    tracker = jira_cloud.open()
    try:
        return tracker.target()
    finally:
        tracker.close()


@pytest.mark.parametrize("name", VALUES)
def test_sends_each_type_of_field_as_it_wants_it(jira_cloud: JiraCloud, name: str) -> None:
    """From the words of the configuration, by the field's name in any case."""
    with_project(jira_cloud, more=CUSTOM)
    said, sent = VALUES[name]
    made = made_with(jira_cloud, fields={name.upper(): said})
    [field] = [key for key, value in CUSTOM.items() if value["name"] == name]
    assert jira_cloud.held(made.ref).fields[field] == sent


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no such value": ({"Team": "SRF"}, "the field 'Team' has no value 'SRF'; did you mean SRE"),
    "no such child": ({"Location": ("Europe", "Warszawa")}, "has no value 'Warszawa'; did you mean Warsaw"),
    "no date": ({"Ready": "2027-13-01"}, "'Ready' takes a date like 2027-01-31, not '2027-13-01'"),
    "no number": ({"Story Points": "many"}, "'Story Points' takes a number, not 'many'"),
    "too many": ({"Team": ("SRE", "Payments")}, "'Team' takes one value"),
    "nobody": ({"Reviewer": "nobody@example.com"}, "Jira knows no user 'nobody@example.com'"),
    "no such field": ({"Taem": "SRE"}, "no field 'Taem'; did you mean Team"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_value_that_does_not_fit_costs_no_write(jira_cloud: JiraCloud, case: str) -> None:
    """The error names field, value and the nearest names."""
    with_project(jira_cloud, more=CUSTOM)
    fields, reason = WRONG[case]
    with pytest.raises(TrackerError) as told:
        made_with(jira_cloud, fields=fields)
    assert reason in str(told.value)
    assert jira_cloud.project.issues == {}


MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "type": ({"issue_type": "Taks"}, "OPS has no issue type 'Taks'; did you mean Task?"),
    "component": ({"components": ("Realiability",)}, "OPS has no component 'Realiability' (did you mean Reliability?)"),
    "priority": ({"priorities": {"P0": "Hihgest"}}, "OPS has no priority 'Hihgest' (did you mean Highest or High?)"),
    "field": ({"fields": {"Story Point": 3}}, "has no field 'Story Point' (did you mean Story Points?)"),
    "value": ({"fields": {"Team": "SRF"}}, "the field 'Team' has no value 'SRF'; did you mean SRE"),
    "person": ({"fields": {"Reviewer": "nobody@example.com"}}, "Jira knows no user 'nobody@example.com'"),
    "our labels": ({"fields": {"Labels": ("team",)}}, "`fields` can't give 'Labels', which pm-sync fills in by itself"),
    "our title": ({"fields": {"summary": "Task"}}, "`fields` can't give 'summary'"),
    "sub-tasks": ({"issue_type": "Sub-task"}, "the type Sub-task stand below another: give its key as `parent`"),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_mistakes_of_the_configuration_are_told_before_any_write(jira_cloud: JiraCloud, case: str) -> None:
    """Each with the nearest names there are."""
    with_project(jira_cloud, more=CUSTOM)
    options, reason = MISTAKES[case]
    try:
        told = target_with(jira_cloud, **options).refusal or ""
    except TrackerError as error:
        told = str(error)
    assert reason in told


def test_an_unknown_project_is_told_before_any_write(jira_cloud: JiraCloud) -> None:
    """A missing project and one that is hidden look alike."""
    with_project(jira_cloud, key="OTHER")
    tracker = jira_cloud.open()
    jira_cloud.project.key = "OPS"
    refusal = tracker.target().refusal or ""
    tracker.close()
    assert "OTHER is not there, or hidden from this credential" in refusal


def test_required_fields_that_nobody_gives_are_listed(jira_cloud: JiraCloud) -> None:
    """Those with a default, and those that the configuration gives, are not."""
    with_project(
        jira_cloud,
        more={
            "customfield_1": rule("Team", "option", required=True, allowed=[{"id": "5", "value": "SRE"}]),
            "customfield_2": rule("Cost centre", "string", required=True),
            "customfield_3": rule("Region", "string", required=True, default=True),
        },
    )
    assert target_with(jira_cloud, fields={"Team": "SRE"}) == Target(missing_fields=("Cost centre",))


def test_a_screen_without_labels_refuses_creates(jira_cloud: JiraCloud) -> None:
    """Without them a lost create could not be found again."""
    with_project(jira_cloud, without=frozenset({"labels"}))
    assert "no field for labels" in (target_with(jira_cloud).refusal or "")


def test_fields_that_are_on_no_screen_are_left_out_and_said(jira_cloud: JiraCloud) -> None:
    """Jira would refuse the whole issue for one of them."""
    with_project(jira_cloud, without=frozenset({"duedate", "priority", "assignee", "components"}))
    wish = draft(due=date(2027, 1, 1), priority="P0", assignees=("ada@example.com",))
    made = made_with(jira_cloud, wish, components=("Reliability",))
    assert (made.due, made.priority, made.assignees) == (None, None, ())
    assert [note.partition(" is left out")[0] for note in made.notes] == [
        "the due date",
        "the priority",
        "the assignee",
        "the components",
    ]


def test_what_the_item_says_goes_before_what_is_configured(jira_cloud: JiraCloud) -> None:
    """A configured value is for items that say nothing."""
    fields = {"Priority": "Low", "Due date": "2027-06-30", "Assignee": "bob@example.com"}
    given = made_with(
        jira_cloud, draft("One", priority="P0", due=date(2027, 1, 1), assignees=("Ada Lovelace",)), fields=fields
    )
    silent = made_with(jira_cloud, draft("Two"), fields=fields)
    told = [jira_cloud.held(issue.ref).fields for issue in (given, silent)]
    tracker = jira_cloud.open()
    assert [read_one(tracker, issue.ref).priority for issue in (given, silent)] == ["P0", None]
    tracker.close()
    assert [(one["priority"], one["duedate"], one["assignee"]) for one in told] == [
        ("Highest", "2027-01-01", {"accountId": "ada-id"}),
        ("Low", "2027-06-30", {"accountId": "bob-id"}),
    ]


@pytest.mark.parametrize("own", [date(2027, 1, 1), date(2027, 6, 30)], ids=["another", "the same"])
def test_the_item_s_due_date_goes_before_the_configured_one_whenever_it_comes(jira_cloud: JiraCloud, own: date) -> None:
    """The configured one is nobody's choice for this issue; it is back where the item's own is taken out again."""
    constant = {"Due date": "2027-06-30"}
    silent = draft()
    first = made_with(jira_cloud, replace(silent, mark=replace(silent.mark, base=new_base(silent))), fields=constant)
    dates, changes = [], []
    for due in (None, own, date(2027, 2, 2), None, None):
        tracker = jira_cloud.open()
        issue = read_one(tracker, first.ref)
        moves = reconcile_fields(draft(due=due), issue, tracker.capabilities.holds, frozenset({"due"}))
        wish = draft(due=due)
        if moves.changed:
            tracker.update(issue, replace(wish, mark=replace(wish.mark, base=moves.base)), moves.changed)
        tracker.close()
        dates.append(jira_cloud.held(first.ref).fields["duedate"])
        changes.append((len(moves.changed), moves.conflicts))
    assert dates == ["2027-06-30", own.isoformat(), "2027-02-02", "2027-06-30", "2027-06-30"]
    assert changes == [(0, ()), (1, ()), (1, ()), (1, ()), (0, ())]


def test_components_and_parent_are_set(jira_cloud: JiraCloud) -> None:
    """On Cloud an epic is a parent like any other."""
    epic = jira_cloud.add("Epic")
    made = made_with(jira_cloud, components=("reliability",), parent=epic.id)
    fields = jira_cloud.held(made.ref).fields
    assert (fields["components"], fields["parent"]) == ([{"name": "Reliability"}], {"key": epic.id})


def test_an_epic_is_linked_by_its_own_field_on_data_center(data_center: DataCenter) -> None:
    """It is known by its kind, whatever it is called."""
    schema = {"type": "any", "custom": "com.pyxis.greenhopper.jira:gh-epic-link", "customId": 10008}
    field = {"name": "Epos", "required": True, "hasDefaultValue": False, "schema": schema}
    data_center.forms.more = {"customfield_10008": field}
    data_center.options["parent"] = "OPS-1"
    tracker = data_center.open()
    assert tracker.target() == Target()
    [made] = create(tracker, draft())
    tracker.close()
    assert data_center.fields(made.ref)["customfield_10008"] == "OPS-1"


def test_the_old_metadata_serve_where_there_are_no_new_ones(data_center: DataCenter) -> None:
    """Before Jira 8.4 one call told everything; what it lacks is left out and said."""
    data_center.forms.old = True
    tracker = data_center.open()
    assert tracker.target() == Target(refusal=None)
    [made] = create(tracker, draft(due=date(2027, 1, 1), priority="P0"))
    assert read_one(tracker, made.ref).due == date(2027, 1, 1)
    tracker.close()
    assert "the priority is left out: Task has no such field on its create screen" in made.notes


def test_a_sub_task_becomes_jiras_sub_task(jira_cloud: JiraCloud) -> None:
    """With its own type and form; the configured parent is for whole items."""
    tracker = jira_cloud.open()
    [parent] = create(tracker, draft("Whole"))
    [child] = create(tracker, draft("Part", parent=parent.ref))
    [grandchild] = create(tracker, draft("Part of the part", parent=child.ref))
    tracker.close()
    fields = jira_cloud.held(child.ref).fields
    assert (fields["issuetype"], fields["parent"]) == ("10003", {"key": parent.ref.id})
    assert jira_cloud.held(grandchild.ref).fields["issuetype"] == "10001"
    assert jira_cloud.project.related == [(child.ref.id, grandchild.ref.id)]


def test_a_sub_task_becomes_a_linked_issue_where_that_is_configured(jira_cloud: JiraCloud) -> None:
    """An issue of its own, and a link."""
    jira_cloud.options["subtasks"] = "link"
    tracker = jira_cloud.open()
    [parent] = create(tracker, draft("Whole"))
    [child] = create(tracker, draft("Part", parent=parent.ref))
    tracker.close()
    assert jira_cloud.held(child.ref).fields["issuetype"] == "10001"
    assert jira_cloud.project.related == [(parent.ref.id, child.ref.id)]


def test_a_sub_task_that_an_earlier_run_made_can_be_no_parent(jira_cloud: JiraCloud) -> None:
    """As Jira's sub-tasks have none; a link says what belongs to what."""
    tracker = jira_cloud.open()
    [parent] = create(tracker, draft("Whole"))
    [child] = create(tracker, draft("Part", parent=parent.ref))
    tracker.close()
    later = jira_cloud.open()
    known = read_one(later, child.ref)
    [grandchild] = create(later, draft("Part of the part", parent=child.ref))
    later.close()
    assert known.parents == (parent.ref,)
    assert jira_cloud.project.related == [(child.ref.id, grandchild.ref.id)]


def test_an_issue_whose_place_was_lost_gets_it_once(jira_cloud: JiraCloud) -> None:
    """By a link; who reads it then knows."""
    jira_cloud.options["subtasks"] = "link"
    tracker = jira_cloud.open()
    parent, child = create(tracker, draft("Whole"), draft("Part"))
    for _ in range(2):
        tracker.update(read_one(tracker, child.ref), draft("Part", parent=parent.ref), frozenset({PARENT}))
        jira_cloud.wait()
    assert read_one(tracker, child.ref).parents == (parent.ref,)
    tracker.close()
    assert jira_cloud.project.related == [(parent.ref.id, child.ref.id)]


PEOPLE: dict[str, tuple[dict[str, Any], tuple[str, ...], str]] = {
    "by address": ({"assignees": ("ada@example.com",)}, ("Ada Lovelace",), ""),
    "by name": ({"assignees": ("Bob",)}, ("Bob",), ""),
    "nobody": ({"assignees": ("eve@example.com",)}, (), "eve@example.com can't be assigned in OPS"),
    "unknown": ({"unknown_owners": ("Eve",)}, (), "Eve has no account here: add one to `people`"),
    "two": (
        {"assignees": ("Bob", "ada@example.com")},
        ("Bob",),
        "ada@example.com is left out: Jira takes one assignee",
    ),
}


@pytest.mark.parametrize("case", PEOPLE)
def test_owners_become_assignees_or_are_named(jira_cloud: JiraCloud, case: str) -> None:
    """Whoever can't be assigned is said, and the issue is made all the same."""
    people, assigned, note = PEOPLE[case]
    made = made_with(jira_cloud, draft(**people))
    assert made.assignees == assigned
    assert [said.startswith(note) for said in made.notes] == ([True] if note else [])


@pytest.mark.parametrize(
    ("word", "why"),
    [("P9", "`priorities` names none for 'P9'"), (None, "the postmortem names no priority any more")],
    ids=["unmapped", "taken back"],
)
def test_a_priority_that_cannot_be_set_keeps_the_issues_own(jira_cloud: JiraCloud, word: str | None, why: str) -> None:
    """And an update says so."""
    tracker = jira_cloud.open()
    [made] = create(tracker, draft(priority="P1"))
    updated = tracker.update(made, draft(priority=word), frozenset({"priority"}))
    tracker.close()
    assert (updated.priority, updated.notes) == ("P1", (f"{why}, so that the issue keeps its own",))
    assert jira_cloud.held(made.ref).fields["priority"] == "High"


def test_of_two_words_for_one_priority_the_synced_one_is_read(jira_cloud: JiraCloud) -> None:
    """So that nothing looks changed that nobody changed."""
    from pm_sync.mark import value_hash  # noqa: PLC0415

    jira_cloud.options["priorities"] = {"P3": "Low", "P4": "Low"}
    tracker = jira_cloud.open()
    [made] = create(tracker, draft(priority="P4", mark=mark(base={"priority": value_hash("P4")})))
    assert read_one(tracker, made.ref).priority == "P4"
    tracker.close()


def test_titles_and_labels_are_made_to_fit(jira_cloud: JiraCloud) -> None:
    """One line of 255 characters, and labels without blanks."""
    made = made_with(jira_cloud, draft("é" * 300 + "\nmore", mark=mark(), labels=("on call", "db")))
    assert (len(made.title), made.title[-1]) == (255, "…")
    assert made.labels == {"on-call", "db"}


def test_people_keep_what_they_wrote_around_our_block(jira_cloud: JiraCloud) -> None:
    """On Cloud a description is a document, of which only our part is replaced."""
    tracker = jira_cloud.open()
    [made] = create(tracker, draft(details="Old details"))
    held = jira_cloud.held(made.ref)
    panel = {"type": "panel", "attrs": {"panelType": "note"}, "content": [{"type": "paragraph", "content": []}]}
    rest = {"type": "paragraph", "content": [{"type": "text", "text": "Below"}]}
    held.fields["description"]["content"] = [panel, *held.fields["description"]["content"], rest]
    tracker.close()
    later = jira_cloud.open()
    issue = read_one(later, made.ref)
    later.update(issue, replace(draft(details="New details"), mark=mark()), frozenset({"details"}))
    later.close()
    content = jira_cloud.held(made.ref).fields["description"]["content"]
    assert (content[0], content[-1]) == (panel, rest)
    assert "New details" in str(content)
    assert "Old details" not in str(content)
