"""Creates on bad days: lost answers, half a bulk, vague ones, and a search that lags behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from pm_sync.errors import AnswerLost, TrackerError
from pm_sync.model import Issue
from pm_sync.trackers.base import Tracker
from tests.contract.support import create, look_up, read_one
from tests.e2e.jira import DataCenter, data_center, jira_process
from tests.e2e.jira_cloud import JiraCloud, jira_cloud
from tests.e2e.jira_days import BULK, LOOK_UP, ticker, tracker, trouble
from tests.factories import draft, mark
from tests.fakes.front import Answer, Asked, Layer
from tests.fakes.jira_trouble import HTML, Trouble

__all__ = ["data_center", "jira_cloud", "jira_process", "ticker", "tracker", "trouble"]


class Vague(Layer):
    """Answers of bulk creates lose what says which issue is whose."""

    def __init__(self, say: Callable[[list[Any]], Any]) -> None:
        self._say = say
        self.said: dict[str, Any] = {}

    def amend(self, asked: Asked, answer: Answer) -> Answer:
        """Say less."""
        if not asked.path.endswith("/issue/bulk"):
            return answer
        self.said = self._say(answer.content["issues"])
        return Answer(201, self.said)


LOST = {
    "502": Answer(502, HTML, {"content-type": "text/html"}),
    "503": Answer(503, {"errorMessages": ["busy"]}),
    "HTML": Answer(200, HTML, {"content-type": "text/html"}),
    "half a JSON": Answer(201, b'{"issues": [{"id": "1'),
    "JSON without issues": Answer(201, {"ok": True}),
}


@pytest.mark.parametrize("answer", LOST.values(), ids=LOST)
def test_a_create_whose_answer_is_lost_is_sent_once_and_found(
    jira_cloud: JiraCloud, tracker: Tracker, trouble: Trouble, answer: Answer
) -> None:
    """The library would send it again; we look its mark up."""
    start = jira_cloud.now()
    tracker.read(LOOK_UP)
    trouble.after.append((BULK, answer))
    [lost] = tracker.create([draft()])
    assert isinstance(lost, AnswerLost)
    [found] = tracker.created_since(start, [mark()])
    assert (len(jira_cloud.project.issues), found.mark) == (1, mark())


def test_of_a_bulk_whose_answer_is_lost_each_is_found(
    jira_cloud: JiraCloud, tracker: Tracker, trouble: Trouble
) -> None:
    """Each by its own mark, as the answer would have said."""
    start = jira_cloud.now()
    wishes = [draft(f"Item {n}") for n in range(50)]
    trouble.after.append((BULK, Answer(504, b"")))
    results = tracker.create(wishes)
    assert all(isinstance(result, AnswerLost) for result in results)
    found = tracker.created_since(start, [wish.mark for wish in wishes])
    assert {issue.mark for issue in found} == {wish.mark for wish in wishes}
    assert len(jira_cloud.project.issues) == 50


def test_half_a_bulk_is_taken_item_by_item(jira_cloud: JiraCloud, tracker: Tracker) -> None:
    """What Jira refuses is said in its words; the rest is made, each for its own draft."""
    wishes = [draft("One"), draft(" "), draft("Three"), draft("\t"), draft("Five")]
    results = tracker.create(wishes)
    assert [r.title if isinstance(r, Issue) else str(r) for r in results] == [
        "One",
        "Jira refused it: summary: You must specify a summary of the issue.",
        "Three",
        "Jira refused it: summary: You must specify a summary of the issue.",
        "Five",
    ]
    for result in results:
        if isinstance(result, Issue):
            assert read_one(tracker, result.ref).mark == result.mark


def test_a_bulk_refused_whole_is_refused_item_by_item(jira_cloud: JiraCloud, tracker: Tracker) -> None:
    """Jira then answers 400, with a reason for each."""
    results = tracker.create([draft(""), draft(" ")])
    assert all(isinstance(result, TrackerError) and "summary" in str(result) for result in results)
    assert jira_cloud.project.issues == {}


def test_a_search_that_lags_hides_an_issue_until_it_has_caught_up(jira_cloud: JiraCloud, tracker: Tracker) -> None:
    """After the declared lag, finding nothing means that there is nothing."""
    jira_cloud.project.lag = timedelta(seconds=30)
    start = jira_cloud.now()
    other = jira_cloud.open()
    [theirs] = create(other, draft())
    other.close()
    assert tracker.created_since(start, [mark()]) == []
    jira_cloud.project.ahead += timedelta(seconds=tracker.capabilities.index_lag)
    assert [issue.ref for issue in tracker.created_since(start, [mark()])] == [theirs.ref]


def test_what_this_run_made_is_known_however_search_lags(jira_cloud: JiraCloud, tracker: Tracker) -> None:
    """Its keys were in the answers."""
    jira_cloud.project.lag = timedelta(hours=1)
    start = jira_cloud.now()
    [made] = create(tracker, draft())
    assert tracker.created_since(start, [mark()]) == [made]


VAGUE = {
    "too few": lambda issues: {"issues": issues[:1], "errors": []},
    "too many": lambda issues: {"issues": [*issues, *issues], "errors": []},
    "an error nowhere": lambda issues: {"issues": issues[:1], "errors": [{"status": 400, "failedElementNumber": 7}]},
    "an issue without a key": lambda issues: {"issues": [*issues[:1], {"id": "1"}], "errors": []},
    "errors without places": lambda issues: {"issues": issues[:1], "errors": [None, {"failedElementNumber": "x"}]},
}


@pytest.mark.parametrize("said", VAGUE)
def test_of_an_answer_that_says_too_little_the_numbers_are_reconciled(
    jira_cloud: JiraCloud, tracker: Tracker, said: str
) -> None:
    """Which issue is whose its mark tells, at once and however far search is behind."""
    jira_cloud.project.lag = timedelta(hours=1)
    jira_cloud.front.layers.insert(0, vague := Vague(VAGUE[said]))
    start = jira_cloud.now()
    wishes = [draft("One"), draft("Two")]
    assert all(isinstance(result, AnswerLost) for result in tracker.create(wishes))
    found = tracker.created_since(start, [wish.mark for wish in wishes])
    named = {str(issue["id"]) for issue in vague.said["issues"]}
    assert {issue.ref.id for issue in found} == {
        held.key for held in jira_cloud.project.issues.values() if str(held.id) in named
    }
    assert {issue.mark for issue in found} <= {wish.mark for wish in wishes}
    jira_cloud.front.exchanges[:] = [e for e in jira_cloud.front.exchanges if not e.path.endswith("/issue/bulk")]


@pytest.mark.parametrize(
    "told", [{}, {"id": 10_001}, {"id": None}, {"id": "9" * 5000}], ids=["nothing", "a number", "null", "endless"]
)
def test_an_answer_that_tells_keys_says_enough(jira_cloud: JiraCloud, tracker: Tracker, told: dict[str, Any]) -> None:
    """Whatever stands there for an issue's number."""
    jira_cloud.front.layers.insert(
        0, Vague(lambda issues: {"issues": [{"key": issues[0]["key"]} | told], "errors": []})
    )
    start = jira_cloud.now()
    [made] = create(tracker, draft())
    assert tracker.created_since(start, [mark()]) == [made]
    jira_cloud.front.exchanges[:] = [e for e in jira_cloud.front.exchanges if not e.path.endswith("/issue/bulk")]


def test_the_check_reconciles_what_was_made_fifty_at_most(jira_cloud: JiraCloud, tracker: Tracker) -> None:
    """Those of which no answer says whose they are go first; it stays one call."""
    start = jira_cloud.now()
    create(tracker, *(draft(f"Item {n}") for n in range(60)))
    jira_cloud.front.layers.insert(0, Vague(VAGUE["too few"]))
    tracker.create([draft("One"), draft("Two")])
    jira_cloud.front.exchanges[:] = []
    tracker.created_since(start, [draft("One").mark])
    [search, *_] = [e.sent for e in jira_cloud.front.exchanges if e.path.endswith("/search/jql")]
    assert search["reconcileIssues"] == [10_061, *range(10_001, 10_050)]


@pytest.mark.parametrize("refusal", ["'properties' is not allowed here", False], ids=["refuses", "ignores"])
def test_a_server_without_properties_in_creates_gets_them_one_by_one(
    data_center: DataCenter, refusal: str | bool
) -> None:
    """What it says is refused was not made, so that nothing doubles."""
    data_center.properties.in_creates = refusal
    tracker = data_center.open()
    made = create(tracker, draft("One"), draft("Two"))
    tracker.close()
    later = data_center.open()
    assert [issue.ref for issue in look_up(later, mark("One"), mark("Two")).marked] == [issue.ref for issue in made]
    later.close()


def test_a_create_cut_short_before_its_property_is_known_by_its_labels(data_center: DataCenter) -> None:
    """Nothing is remembered of what it said, so the tracker's values count; completing it is one call."""
    data_center.properties.in_creates = False
    tracker = data_center.open()
    [made] = create(tracker, draft())
    tracker.close()
    data_center.cut_short(made.ref)
    later = data_center.open()
    [found] = look_up(later, mark()).marked
    assert found.mark is not None
    assert (found.ref, found.mark, dict(found.mark.base), found.cut_short) == (made.ref, mark(), {}, True)
    data_center.front.exchanges.clear()
    later.update(found, draft(), frozenset())
    later.close()
    assert data_center.front.calls == [f"PUT /rest/api/2/issue/{made.ref.id}/properties/pm-sync"]


def test_completing_a_create_keeps_apart_what_jira_chose_by_itself(data_center: DataCenter) -> None:
    """The default priority is nobody's choice, so that it stands against none in the postmortem."""
    data_center.properties.in_creates = False
    tracker = data_center.open()
    [made] = create(tracker, draft())
    tracker.close()
    before = data_center.properties.values[made.ref.id]["pm-sync"]
    data_center.cut_short(made.ref)
    later = data_center.open()
    [found] = look_up(later, mark()).marked
    later.update(found, draft(), frozenset())
    later.close()
    assert before["default_priority"] == "Medium"
    assert data_center.properties.values[made.ref.id]["pm-sync"] == before


def test_without_a_property_the_issue_of_another_path_stops_a_create_only(data_center: DataCenter) -> None:
    """Nobody can tell whether the file was renamed, so that it names no item."""
    data_center.properties.in_creates = False
    tracker = data_center.open()
    create(tracker, draft())
    tracker.close()
    data_center.properties.values.clear()
    later = data_center.open()
    elsewhere = mark(path="postmortems/other.md")
    [found] = look_up(later, elsewhere).marked
    later.close()
    assert found.mark is not None
    assert (found.mark.path, found.mark == elsewhere, found.title) == (elsewhere.path, False, "Add a replica")
