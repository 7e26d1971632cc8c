"""A Jira Data Center to test against: jira820 as a process, behind a front that adds what it lacks."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from pm_sync.model import IssueRef, State
from pm_sync.trackers.base import Tracker
from pm_sync.trackers.jira import JiraOptions, open_tracker
from pm_sync.trackers.pace import Patience
from tests.e2e.counterparts import jira820
from tests.fakes.front import Front, front_of
from tests.fakes.jira_layers import (
    API,
    PROJECT,
    Assignable,
    Bulk,
    Forms,
    LabelOperations,
    Properties,
    StrictQuestions,
    Times,
)
from tests.fakes.jira_rights import Rights

PRIORITIES = {"P0": "Highest", "P1": "High", "P2": "Medium"}
RESOLUTIONS = {State.DONE: ("Done", "Fixed"), State.DROPPED: ("Won't Do", "Duplicate")}
DATA_CENTER = {"JIRA_PAT": "a-personal-access-token"}


@dataclass(slots=True)
class DataCenter:
    """One project of a Data Center, as its administrator and the people there see it."""

    front: Front
    properties: Properties
    forms: Forms
    times: Times
    rights: Rights
    options: dict[str, Any] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=lambda: dict(DATA_CENTER))
    url: str = ""
    """Where trackers find the API, if not at the front."""

    def open(self, *, patience: Patience | None = None) -> Tracker:
        """Open the project's issues as a new run does, which waits for nothing."""
        chosen = {"priorities": PRIORITIES, "resolutions": RESOLUTIONS, **self.options}
        environment = {
            "JIRA_BASE_URL": self.url or self.front.url,
            "JIRA_SITE_URL": self.front.url,
            **self.environment,
        }
        return open_tracker(
            "jira",
            JiraOptions(PROJECT, **chosen),
            environment,
            clock=self.now,
            patience=patience or Patience(0),
        )

    def now(self) -> datetime:
        """The clock of server and tracker."""
        return self.times.now()

    def wait(self) -> None:
        """What Jira itself does to a new issue is told from people by time alone."""
        self.times.ahead += timedelta(seconds=6)

    def add(self, title: str) -> IssueRef:
        """A person opens an issue."""
        fields = {"project": {"key": PROJECT}, "issuetype": {"name": "Task"}, "summary": title}
        made = self.ask("POST", "/issue", {"fields": fields})
        return IssueRef("jira", self.front.url, PROJECT, str(made["key"]))

    def retitle(self, ref: IssueRef, title: str) -> None:
        """A person changes the summary."""
        self.ask("PUT", f"/issue/{ref.id}", {"fields": {"summary": title}})

    def label(self, ref: IssueRef, label: str) -> None:
        """A person adds a label."""
        self.ask("PUT", f"/issue/{ref.id}", {"update": {"labels": [{"add": label}]}})

    def finish(self, ref: IssueRef) -> None:
        """A person closes it."""
        ways = self.ask("GET", f"/issue/{ref.id}/transitions")["transitions"]
        done = next(way["id"] for way in ways if way["to"]["statusCategory"]["key"] == "done")
        self.ask("POST", f"/issue/{ref.id}/transitions", {"transition": {"id": done}})

    def delete(self, ref: IssueRef) -> None:
        """It is deleted for good."""
        self.ask("DELETE", f"/issue/{ref.id}")

    def cut_short(self, ref: IssueRef) -> None:
        """A server that keeps no properties of creates has the labels only."""
        if self.properties.in_creates is not True:
            self.properties.values.pop(ref.id, None)

    def written(self) -> object:
        """All calls but those that ask."""
        return [call for call in self.front.calls if not call.startswith("GET ")]

    def comments(self, ref: IssueRef) -> Sequence[str]:
        """The texts of its comments, oldest first: the server orders those of one second at random."""
        answer = self.ask("GET", f"/issue/{ref.id}/comment?maxResults=1000")
        comments = sorted(answer["comments"], key=lambda comment: int(comment["id"]))
        return [str(comment["body"]).replace("\\", "") for comment in comments]

    def fields(self, ref: IssueRef) -> dict[str, Any]:
        """The issue's fields as the server has them."""
        told: dict[str, Any] = self.ask("GET", f"/issue/{ref.id}")["fields"]
        return told

    def ours(self) -> list[str]:
        """The keys of all issues that pm-sync made."""
        question = quote(f'project = "{PROJECT}" AND labels = "pm-sync"')
        found = self.ask("GET", f"/search?jql={question}&maxResults=1000&fields=summary")["issues"]
        return [issue["key"] for issue in found]

    def clear(self) -> None:
        """Delete all of our issues, as the counterpart outlives each test."""
        for key in self.ours():
            self.ask("DELETE", f"/issue/{key}")

    def ask(self, method: str, path: str, content: Any = None) -> Any:
        """Call the API as a person's browser does."""
        connection = http.client.HTTPConnection(urlsplit(self.front.url).netloc, timeout=30)
        body = None if content is None else json.dumps(content)
        connection.request(method, f"{API}{path}", body, {"content-type": "application/json"})
        response = connection.getresponse()
        data = response.read()
        connection.close()
        assert response.status < 300, (method, path, response.status, data)
        return json.loads(data) if data else None


@pytest.fixture(scope="session")
def jira_process() -> Iterator[str]:
    """The counterpart, for all tests."""
    with jira820(PROJECT) as url:
        yield url


@contextmanager
def center_of(url: str) -> Iterator[DataCenter]:
    """The counterpart at this address, with all that it lacks."""
    properties, forms, times = Properties(), Forms(), Times()
    rights = Rights(PROJECT)
    layers = [StrictQuestions(), properties, Bulk(properties), LabelOperations(), forms, times, Assignable(), rights]
    with front_of(url, *layers) as front:
        yield DataCenter(front, properties, forms, times, rights)


@pytest.fixture
def data_center(jira_process: str) -> Iterator[DataCenter]:
    """An empty project. (The counterpart's own issues are others' work.)"""
    with center_of(jira_process) as remote:
        remote.clear()
        remote.front.exchanges.clear()
        yield remote
