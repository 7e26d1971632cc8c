"""The worlds whose tracker is a server: GitHub, by the emulator, and Jira Cloud, by our own fake."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from pm_sync.mark import Mark
from pm_sync.model import State
from pm_sync.trackers.github.body import find_block
from tests.fakes.front import front_of
from tests.fakes.github_layers import Deletions, Duplicates, RepositoryCounts
from tests.fakes.github_people import Touched, Transfers
from tests.fakes.jira_cloud import EMAIL, TOKEN, Cloud
from tests.fakes.jira_cloud_store import Held, Project
from tests.property.machine.wire import BASE, Wire
from tests.property.machine.worlds import Seen, World

_NUMBERS = count(1)
_TOKENS = 200
_BUSY = "in progress"


class GitHubWorld(World):
    """Two repositories of the emulator: one that has our issues, and one that some of them move to."""

    environment: Mapping[str, str]

    def __init__(self, root: Path, emulator: str) -> None:
        number = next(_NUMBERS)
        self._token = f"owner-{number % _TOKENS}"
        self._here, self._there = f"acme/machine-{number}", f"acme/elsewhere-{number}"
        self._deletions, self._transfers, self._touched = Deletions(), Transfers(BASE), Touched()
        self._emulator = emulator
        self.environment = {"GITHUB_TOKEN": self._token, "GITHUB_API_URL": BASE}
        self.config = (
            "version: 1\nsource: github.com/acme/postmortems\n"
            f"trackers: {{issues: {{kind: github, repository: {self._here}, in_progress_label: {_BUSY}, "
            "limits: {creates_per_minute: 0, creates_per_hour: 0}}}\nroutes: [{to: issues}]\n"
        )
        super().__init__(root)

    def _catch(self, patch: pytest.MonkeyPatch) -> None:
        layers = (self._deletions, self._transfers, Duplicates(), self._touched, RepositoryCounts())
        front = self._open.enter_context(front_of(self._emulator, *layers))
        self._open.callback(front.hang_up)
        self._wire = Wire(front)
        self._wire.lay(patch, self.meet)
        for project in (self._here, self._there):
            self._ask("POST", "/user/repos", {"name": project.removeprefix("acme/"), "auto_init": True})

    def issues(self) -> Mapping[str, Seen]:
        """In both repositories."""
        return {seen.address: seen for project in (self._here, self._there) for seen in self._seen(project)}

    def _seen(self, project: str) -> Iterator[Seen]:
        query = {"state": "all", "per_page": "100"}
        for told in self._ask("GET", f"/repos/{project}/issues", query=query):
            number, body = told["number"], told["body"] or ""
            comments = self._ask("GET", f"/repos/{project}/issues/{number}/comments") if told["comments"] else ()
            block = find_block(body)
            labelled = any(label["name"] == "pm-sync" for label in told["labels"])
            yield Seen(
                address=f"{BASE}/{project}/issues/{number}",
                order=number,
                title=told["title"],
                state=_state_of(told),
                words="\n".join([body, *(comment["body"] for comment in comments)]),
                mark=block.mark if block and labelled else None,
                here=project == self._here,
            )

    def written(self) -> object:
        """How much."""
        return len(self._wire.writes)

    def move(self, address: str, state: State) -> None:
        """Close, reopen, and set or take off the label."""
        reason = {State.DONE: "completed", State.DROPPED: "not_planned"}.get(state)
        content: dict[str, Any] = {"state": "closed", "state_reason": reason} if reason else {"state": "open"}
        path = self._touch(address)
        labels = [label["name"] for label in self._ask("GET", path)["labels"] if label["name"] != _BUSY]
        content["labels"] = [*labels, _BUSY] if state is State.IN_PROGRESS else labels
        self._ask("PATCH", path, content)

    def retitle(self, address: str, title: str) -> None:
        """Edit it."""
        self._ask("PATCH", self._touch(address), {"title": title})

    def comment(self, address: str, words: str) -> None:
        """Comment on it."""
        self._ask("POST", f"{self._touch(address)}/comments", {"body": words})

    def scribble(self, address: str, words: str, *, above: bool) -> bool:
        """Edit its body."""
        path = self._touch(address)
        body = self._ask("GET", path)["body"]
        self._ask("PATCH", path, {"body": f"{words}\n\n{body}" if above else f"{body}\n\n{words}"})
        return True

    def delete(self, address: str) -> None:
        """As an administrator."""
        project, _, number = address.removeprefix(f"{BASE}/").partition("/issues/")
        self._deletions.deleted.add((project, int(number)))

    def transfer(self, address: str, *, labelled: bool) -> str | None:
        """To the other repository, which may know our label or not."""
        path = self._touch(address)
        if self._there in path:
            return None
        told = self._ask("GET", path)
        labels = [label["name"] for label in told["labels"] if labelled or label["name"] != "pm-sync"]
        content = {"title": told["title"], "body": told["body"], "labels": labels}
        new = self._ask("POST", f"/repos/{self._there}/issues", content)["number"]
        target = f"/repos/{self._there}/issues/{new}"
        for comment in self._ask("GET", f"{path}/comments"):
            self._ask("POST", f"{target}/comments", {"body": comment["body"]})
        if told["state"] == "closed":
            self._ask("PATCH", target, {"state": "closed", "state_reason": told["state_reason"]})
        self._transfers.moved[self._here, told["number"]] = (self._there, new)
        return f"{BASE}/{self._there}/issues/{new}"

    def _touch(self, address: str) -> str:
        """The path of an issue that a person is about to work on."""
        project, _, number = address.removeprefix(f"{BASE}/").partition("/issues/")
        self._touched.keys.add((project, int(number)))
        return f"/repos/{project}/issues/{number}"

    def _ask(self, method: str, path: str, body: Any = None, query: dict[str, str] | None = None) -> Any:
        return self._wire.ask(method, path, body, token=self._token, query=query)


def _state_of(told: Mapping[str, Any]) -> State:
    if told["state"] == "closed":
        return State.DONE if told["state_reason"] == "completed" else State.DROPPED
    return State.IN_PROGRESS if any(label["name"] == _BUSY for label in told["labels"]) else State.OPEN


class JiraWorld(World):
    """Two projects of a Jira Cloud, whose search may lag behind."""

    environment: Mapping[str, str] = {
        "JIRA_BASE_URL": BASE, "JIRA_SITE_URL": BASE, "JIRA_EMAIL": EMAIL, "JIRA_API_TOKEN": TOKEN
    }  # fmt: skip
    config = (
        "version: 1\nsource: github.com/acme/postmortems\n"
        "trackers: {issues: {kind: jira, project: OPS}}\nroutes: [{to: issues}]\n"
    )

    def __init__(self, root: Path, lag: timedelta = timedelta()) -> None:
        self._project, self._elsewhere = Project(lag=lag), Project("NEW", lag=lag)
        super().__init__(root)

    def _catch(self, patch: pytest.MonkeyPatch) -> None:
        cloud = Cloud(self._project, {"NEW": self._elsewhere})
        self._wire = Wire(self._open.enter_context(front_of("", cloud)))
        self._wire.lay(patch, self.meet)

    def now(self) -> datetime:
        """The server's clock."""
        return self._project.now()

    def sleep(self, seconds: float) -> None:
        """Put the server's clock forward."""
        for project in (self._project, self._elsewhere):
            project.ahead += timedelta(seconds=seconds)

    def rest(self) -> None:
        """Until the search has caught up, and no attempt is young any more."""
        self.sleep(61)

    def issues(self) -> Mapping[str, Seen]:
        """In both projects."""
        return {seen.address: seen for project in (self._project, self._elsewhere) for seen in self._seen(project)}

    def _seen(self, project: Project) -> Iterator[Seen]:
        for held in project.issues.values():
            words = json.dumps([held.fields.get("description"), [comment["body"] for comment in held.comments]])
            told = held.properties.get("pm-sync") if "pm-sync" in held.fields["labels"] else None
            yield Seen(
                address=f"{BASE}/browse/{held.key}",
                order=int(held.key.rpartition("-")[2]),
                title=held.fields["summary"],
                state=self._state_of(held),
                words=words,
                mark=Mark.from_json(json.dumps(told)) if told else None,
                due=held.fields.get("duedate") or "",
                here=project is self._project,
            )

    def written(self) -> object:
        """How much."""
        return len(self._wire.writes)

    def move(self, address: str, state: State) -> None:
        """By a transition, if it isn't there already."""
        project, held = self._touch(address)
        if self._state_of(held) is state:
            return
        if state.settled and self._state_of(held).settled:  # another resolution takes a way back
            self.move(address, State.OPEN)
        status = {State.OPEN: "1", State.IN_PROGRESS: "2"}.get(state, "3")
        way = next(way for way in project.offered(held) if way.to == status)
        resolution = {"name": "Done" if state is State.DONE else "Won't Do"}
        project.transition(held, way, {"resolution": resolution} if state.settled else {})

    def retitle(self, address: str, title: str) -> None:
        """Edit the summary."""
        project, held = self._touch(address)
        project.edit(held, {"summary": title}, {})

    def put_off(self, address: str, due: str) -> None:
        """Edit the due date."""
        project, held = self._touch(address)
        project.edit(held, {"duedate": due or None}, {})

    def comment(self, address: str, words: str) -> None:
        """Comment on it."""
        project, held = self._touch(address)
        held.comments.append({"id": str(len(held.comments) + 1), "body": _document(_paragraph(words))})
        project.touch(held)

    def scribble(self, address: str, words: str, *, above: bool) -> bool:
        """Edit the description."""
        project, held = self._touch(address)
        content = list((held.fields.get("description") or _document())["content"])
        content.insert(0 if above else len(content), _paragraph(words))
        project.edit(held, {"description": _document(*content)}, {})
        return True

    def delete(self, address: str) -> None:
        """For good."""
        project, held = self._touch(address)
        del project.issues[held.key]

    def transfer(self, address: str, *, labelled: bool) -> str | None:
        """To the other project, which takes everything along."""
        project, held = self._touch(address)
        if project is self._elsewhere:
            return None
        old, held.key = held.key, f"NEW-{held.id}"
        self._elsewhere.issues[held.key] = project.issues.pop(old)
        self._elsewhere.moved[old] = held.key
        if not labelled:
            held.fields["labels"] = [label for label in held.fields["labels"] if label != "pm-sync"]
        held.seen = [(moment, replace(known, key=held.key)) for moment, known in held.seen]
        self._elsewhere.touch(held)
        return f"{BASE}/browse/{held.key}"

    def _touch(self, address: str) -> tuple[Project, Held]:
        """An issue that a person is about to work on, later than anything that Jira itself does to it."""
        self.sleep(6)
        key = address.rpartition("/")[2]
        project = self._elsewhere if key.startswith("NEW-") else self._project
        return project, project.issues[key]

    def _state_of(self, held: Held) -> State:
        match self._project.category(held.fields["status"]):
            case "new":
                return State.OPEN
            case "indeterminate":
                return State.IN_PROGRESS
            case _:
                return State.DONE if held.fields["resolution"] == "Done" else State.DROPPED


def _document(*content: Any) -> dict[str, Any]:
    return {"type": "doc", "version": 1, "content": list(content)}


def _paragraph(words: str) -> dict[str, Any]:
    return {"type": "paragraph", "content": [{"type": "text", "text": words}]}
