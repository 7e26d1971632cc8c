"""Answers that make no sense: each is an error of the server's, which no command takes for a bug of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pm_sync.errors import AnswerLost, TrackerError
from pm_sync.model import Issue, State
from pm_sync.trackers import bounded
from pm_sync.trackers.base import ReadRequest, Tracker
from tests.contract.support import create
from tests.e2e.jira_cloud import JiraCloud, jira_cloud
from tests.factories import SRC, draft, mark
from tests.fakes.front import Answer
from tests.fakes.jira_cloud import EMAIL, TOKEN
from tests.fakes.jira_trouble import Trouble

__all__ = ["jira_cloud"]

LISTS = ("issues", "values", "transitions", "comments", "fields", "issueTypes", "projects")
JUNK: dict[str, Any] = {
    "null": b"null",
    "a number": 7,
    "a text": "x",
    "a list of numbers": [7],
    "lists of null": {name: [None] for name in LISTS},
    "null for each list": dict.fromkeys(LISTS),
    "no total": {name: [{"id": "1", "name": "Task"}] for name in LISTS} | {"total": "many"},
    "other encoding": b'\xff\xfe{"issues": []}',
}
Use = Callable[[Tracker, Issue], Any]
ASKED: dict[str, tuple[str, Use]] = {
    "look-up": ("search/jql$", lambda tracker, _: tracker.read(ReadRequest(wanted=(mark("New"),), src=SRC))),
    "links": ("bulkfetch$", lambda tracker, made: tracker.read(ReadRequest(linked=(made.ref,), gone=False))),
    "types": ("issuetypes$", lambda tracker, _: tracker.target()),
    "form": (r"issuetypes/\d+$", lambda tracker, _: tracker.target()),
    "people": ("assignable/search$", lambda tracker, _: create(tracker, draft("New", assignees=("ada@example.com",)))),
    "statuses": ("/statuses$", lambda tracker, made: tracker.move(made, State.DONE)),
    "transitions": ("GET .*/transitions$", lambda tracker, made: tracker.move(made, State.DONE)),
    "comments": ("GET .*/comment$", lambda tracker, made: tracker.comment(made, "It is gone.", "removed-1")),
}
NOT_READ = {("people", "no total"), ("statuses", "no total")}
"""Of these answers, what makes no sense is nothing that is looked at."""


@pytest.fixture
def made(jira_cloud: JiraCloud) -> Issue:
    """An issue of an earlier run."""
    earlier = jira_cloud.open()
    [made] = create(earlier, draft())
    earlier.close()
    return made


@pytest.fixture
def tracker(jira_cloud: JiraCloud) -> Iterator[Tracker]:
    """A run that knows which Jira this is."""
    jira_cloud.environment = {"JIRA_EMAIL": EMAIL, "JIRA_API_TOKEN": TOKEN}
    tracker = jira_cloud.open()
    tracker.read(ReadRequest(src=SRC))
    yield tracker
    tracker.close()


@pytest.mark.parametrize(("asked", "junk"), [(a, j) for a in ASKED for j in JUNK if (a, j) not in NOT_READ])
def test_is_an_error_of_the_server(jira_cloud: JiraCloud, made: Issue, tracker: Tracker, asked: str, junk: str) -> None:
    """Nothing is written upon it."""
    path, use = ASKED[asked]
    jira_cloud.front.layers.insert(0, Trouble(before=[(path, Answer(200, JUNK[junk]))] * 9))
    written = jira_cloud.written()
    with pytest.raises(TrackerError):
        use(tracker, made)
    assert jira_cloud.written() == written


def test_an_answer_without_measure(jira_cloud: JiraCloud, tracker: Tracker, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is read no further than makes sense: one that a create got is looked up, as it was heard."""
    monkeypatch.setattr(bounded, "LARGEST", 100_000)
    endless = Answer(200, {"issues": ["x" * 200_000]})
    jira_cloud.front.layers.insert(0, Trouble(before=[("search/jql$", endless), ("POST .*/issue/bulk$", endless)]))
    with pytest.raises(TrackerError, match="answered with more than"):
        tracker.read(ReadRequest(wanted=(mark("New"),), src=SRC))
    [lost] = tracker.create([draft("New")])
    assert isinstance(lost, AnswerLost)
