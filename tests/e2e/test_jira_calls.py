"""How many calls Jira gets: exactly as many as promised."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from math import ceil

import pytest
from msgspec.structs import replace

from pm_sync.model import Issue, IssueDraft, Lost, State
from pm_sync.trackers.base import FIELDS, ReadRequest, Snapshot, Tracker
from tests.contract.support import create
from tests.e2e.jira import DataCenter, data_center, jira_process
from tests.e2e.jira_cloud import JiraCloud, jira_cloud
from tests.factories import SRC, draft

__all__ = ["data_center", "jira_cloud", "jira_process"]

Jira = JiraCloud | DataCenter


@pytest.fixture
def tracker(jira_cloud: JiraCloud) -> Iterator[Tracker]:
    """One run's tracker."""
    tracker = jira_cloud.open()
    yield tracker
    tracker.close()


def drafts(n: int) -> list[IssueDraft]:
    """Drafts of so many items."""
    return [draft(f"Item {k}") for k in range(n)]


def make(jira: Jira, n: int) -> list[Issue]:
    """Let an earlier run create so many issues."""
    earlier = jira.open()
    made = create(earlier, *drafts(n))
    earlier.close()
    jira.front.exchanges.clear()
    return made


def calls(jira: Jira) -> Counter[str]:
    """What was asked, by method and path, numbers left out."""
    named = (f"{e.method} {e.path.partition('/rest/api')[2][2:]}" for e in jira.front.exchanges)
    return Counter("".join(c for c in name if not c.isdigit()) for name in named)


def first_sync(jira: Jira, wishes: list[IssueDraft]) -> None:
    """What a run does that creates all of these."""
    tracker = jira.open()
    marks = tuple(wish.mark for wish in wishes)
    start = jira.now()
    assert tracker.read(ReadRequest(wanted=marks, src=SRC)).marked == ()
    assert tracker.target() == replace(tracker.target(), refusal=None, missing_fields=())
    made = create(tracker, *wishes)
    assert len(tracker.created_since(start, marks)) == len(made)
    tracker.close()


@pytest.mark.parametrize("new", [1, 50, 51, 200, 201])
def test_a_first_sync_on_cloud_is_a_call_for_fifty_items_and_few_more(jira_cloud: JiraCloud, new: int) -> None:
    """Creates, look-ups, the metadata's two, and one check: the look-up tells besides which Jira it is. 8 for 200."""
    first_sync(jira_cloud, drafts(new))
    assert len(jira_cloud.front.exchanges) == ceil(new / 50) + ceil(new / 200) + 2 + 1
    assert len(jira_cloud.project.issues) == new


def test_a_first_sync_of_200_on_data_center_is_nine_calls(data_center: DataCenter) -> None:
    """One more than on Cloud, to see whether this server keeps the properties of creates."""
    first_sync(data_center, drafts(200))
    assert calls(data_center) == {
        "GET /search": 2,
        "GET /issue/createmeta/OPS/issuetypes": 1,
        "GET /issue/createmeta/OPS/issuetypes/": 1,
        "POST /issue/bulk": 4,
        "PUT /issue/OPS-/properties/pm-sync": 1,
    }


def test_a_data_center_that_drops_properties_takes_one_call_more_for_each_item(data_center: DataCenter) -> None:
    """They are set right after the create."""
    data_center.properties.in_creates = False
    first_sync(data_center, drafts(60))
    assert len(data_center.front.exchanges) == 2 + 2 + 2 + 60


@pytest.mark.parametrize(("open_", "closed"), [(1, 0), (100, 0), (101, 2), (5, 105)])
def test_a_second_run_searches_what_is_open_and_fetches_the_rest(
    jira_cloud: JiraCloud, tracker: Tracker, open_: int, closed: int
) -> None:
    """A hundred a page, a hundred a fetch, and not one write."""
    made = make(jira_cloud, open_ + closed)
    for issue in made[:closed]:
        jira_cloud.finish(issue.ref)
    found = tracker.read(ReadRequest(linked=tuple(issue.ref for issue in made), src=SRC)).found
    states = Counter(issue.state for issue in found.values() if isinstance(issue, Issue))
    assert states == Counter({State.OPEN: open_, State.DONE: closed})
    wanted = {"POST /search/jql": ceil(open_ / 100), "POST /issue/bulkfetch": ceil(closed / 100)}
    assert calls(jira_cloud) == Counter({name: n for name, n in wanted.items() if n})


def test_the_status_of_a_thousand_links_on_cloud_is_ten_calls(jira_cloud: JiraCloud, tracker: Tracker) -> None:
    """A hundred a page."""
    made = make(jira_cloud, 1000)
    found = tracker.read(ReadRequest(linked=tuple(issue.ref for issue in made), src=SRC)).found
    assert len(found) == 1000
    assert len(jira_cloud.front.exchanges) == 10


def test_links_alone_are_fetched(jira_cloud: JiraCloud, tracker: Tracker) -> None:
    """A run that doesn't care what is gone asks for its links and nothing else."""
    made = make(jira_cloud, 120)
    tracker.read(ReadRequest(linked=tuple(issue.ref for issue in made), src=SRC, gone=False))
    assert calls(jira_cloud) == {"POST /issue/bulkfetch": 2}


def test_settled_links_are_not_asked_for(jira_cloud: JiraCloud, tracker: Tracker) -> None:
    """What the postmortem calls done costs nothing."""
    made = make(jira_cloud, 3)
    jira_cloud.finish(made[0].ref)
    refs = tuple(issue.ref for issue in made)
    tracker.read(ReadRequest(linked=refs, settled=frozenset(refs[:1]), src=SRC))
    assert calls(jira_cloud) == {"POST /search/jql": 1}


def test_a_deleted_issue_costs_nothing_more(jira_cloud: JiraCloud, tracker: Tracker) -> None:
    """The search has shown that the project can be read."""
    made = make(jira_cloud, 2)
    jira_cloud.delete(made[0].ref)
    found = tracker.read(ReadRequest(linked=tuple(issue.ref for issue in made), src=SRC)).found
    assert isinstance(found[made[0].ref], Lost)
    assert calls(jira_cloud) == {"POST /search/jql": 1, "POST /issue/bulkfetch": 1}


def test_nothing_wanted_is_no_call(jira_cloud: JiraCloud, tracker: Tracker) -> None:
    """A run without links, new items or interest in what is gone asks nothing."""
    assert tracker.read(ReadRequest(src=SRC, gone=False)) == Snapshot(whole=False)
    assert jira_cloud.front.exchanges == []


def test_an_update_is_one_call(jira_cloud: JiraCloud, tracker: Tracker) -> None:
    """All fields, labels and the mark go together."""
    made = make(jira_cloud, 3)
    tracker.read(ReadRequest(linked=tuple(issue.ref for issue in made), src=SRC))
    jira_cloud.front.exchanges.clear()
    for issue in made:
        wish = draft(issue.title, details="More", due=date(2027, 1, 1), priority="P0", labels=("database",))
        tracker.update(issue, wish, frozenset(FIELDS))
    assert calls(jira_cloud) == {"PUT /issue/OPS-": 3}


def test_closing_is_one_call_for_each_hop(jira_cloud: JiraCloud, tracker: Tracker) -> None:
    """The project's statuses are asked for once, and each status's transitions once."""
    made = make(jira_cloud, 5)
    tracker.read(ReadRequest(linked=tuple(issue.ref for issue in made), src=SRC))
    jira_cloud.front.exchanges.clear()
    for issue in made:
        assert tracker.move(issue, State.DONE).state is State.DONE
    assert calls(jira_cloud) == {
        "GET /project/OPS/statuses": 1,
        "GET /issue/OPS-/transitions": 1,
        "POST /issue/OPS-/transitions": 5,
    }


def test_each_person_is_looked_up_once(jira_cloud: JiraCloud, tracker: Tracker) -> None:
    """However many items they own, and also where nobody is found."""
    wishes = [draft(f"Item {n}", assignees=("ada@example.com", "nobody@example.com")) for n in range(4)]
    made = create(tracker, *wishes)
    assert {issue.assignees for issue in made} == {("Ada Lovelace",)}
    assert calls(jira_cloud)["GET /user/assignable/search"] == 2


def test_a_remote_link_is_one_call_an_item(jira_cloud: JiraCloud) -> None:
    """Only where it is asked for, and only to what has an address."""
    jira_cloud.options["remote_link"] = True
    tracker = jira_cloud.open()
    plain = draft("One")
    linked = replace(plain, mark=draft("Two").mark, source=replace(plain.source, url="https://github.com/a/b/blob/1/x"))
    _, made = create(tracker, plain, linked)
    tracker.close()
    assert calls(jira_cloud)["POST /issue/OPS-/remotelink"] == 1
    held = jira_cloud.held(made.ref)
    assert held.links == {
        f"pm-sync-{linked.mark.key}": {"url": linked.source.url, "title": "Database outage: postmortems/db.md"}
    }


def test_what_was_settled_long_ago_is_found_by_a_look_up(jira_cloud: JiraCloud, tracker: Tracker) -> None:
    """The same search brings the open issues and those of the wanted marks."""
    made = make(jira_cloud, 3)
    jira_cloud.finish(made[0].ref)
    jira_cloud.project.ahead += timedelta(days=900)
    found = tracker.read(ReadRequest(wanted=(drafts(1)[0].mark,), src=SRC)).marked
    assert {issue.ref for issue in found} == {issue.ref for issue in made}
    assert calls(jira_cloud) == {"POST /search/jql": 1}
