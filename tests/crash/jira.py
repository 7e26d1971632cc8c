"""Both Jiras in the matrix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.crash.dying import TIME_PATH
from tests.crash.scene import HUMAN
from tests.crash.world import Held, World
from tests.e2e.counterparts import jira820
from tests.e2e.jira import DATA_CENTER, DataCenter, center_of
from tests.fakes.front import Answer, Asked, Front, Layer, front_of
from tests.fakes.jira820_rewound import KEEP, REWIND
from tests.fakes.jira_cloud import EMAIL, TOKEN, Cloud
from tests.fakes.jira_cloud_store import Held as CloudIssue
from tests.fakes.jira_cloud_store import Project, Way, rule
from tests.fakes.jira_layers import API, PROJECT

_OPTIONS = "priorities: {P1: High}"
_SCREEN = {"resolution": rule("Resolution", "resolution", allowed=[{"name": "Done"}, {"name": "Won't Do"}, {"name": "Duplicate"}])}  # fmt: skip
_WAYS = {
    "1": (Way("11", "2"),),
    "2": (Way("21", "1"), Way("22", "3", _SCREEN)),
    "3": (Way("31", "1"),),
}
"""Nothing is done that wasn't begun."""


class _Passing(Layer):
    """Time that passes because somebody waits."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    def answer(self, asked: Asked, front: Front) -> Answer | None:
        """Put the clock forward."""
        if not asked.path.startswith(TIME_PATH):
            return None
        self._cloud.project.ahead += timedelta(seconds=float(asked.path.rpartition("/")[2]))
        return Answer(204)


class JiraCloud(World):
    """Our own Cloud, in whose workflow what is to be done has to be begun."""

    def __init__(self, front: Front, cloud: Cloud, lag: float) -> None:
        self.name = "jira cloud, index lagging" if lag else "jira cloud"
        self.lag, self.clock = lag, front.url
        self.settings = f"{{kind: jira, project: {cloud.project.key}, index_lag: {lag:.0f}s, {_OPTIONS}}}"
        self._front, self._cloud = front, cloud
        cloud.project.ways = dict(_WAYS)
        cloud.project.lag = timedelta(seconds=lag)
        cloud.others["INFRA"] = Project("INFRA")
        self._kept = (deepcopy(cloud.project), deepcopy(cloud.others))

    def environment(self) -> Mapping[str, str]:
        """Address and credential."""
        url = self._front.url
        return {"JIRA_BASE_URL": url, "JIRA_SITE_URL": url, "JIRA_EMAIL": EMAIL, "JIRA_API_TOKEN": TOKEN}

    def people(self, root: Path) -> JiraCloud:
        """Itself."""
        return self

    def keep(self) -> None:
        """Copy all; by then the index knows everything."""
        self.wait()
        self._kept = (deepcopy(self._cloud.project), deepcopy(self._cloud.others))

    def rewind(self) -> None:
        """Take the copy."""
        self._cloud.project, self._cloud.others = deepcopy(self._kept)
        self._front.exchanges.clear()

    @property
    def ahead(self) -> float:
        """As its own clock says."""
        return self._cloud.project.ahead.total_seconds()

    def wait(self) -> None:
        """Twice the lag."""
        self._cloud.project.ahead += timedelta(seconds=2 * self.lag)

    def issues(self, root: Path) -> Iterator[Held]:
        """Those of both projects."""
        projects = (self._cloud.project, *self._cloud.others.values())
        held = {key: issue for project in projects for key, issue in project.issues.items()}
        above: list[tuple[str, str | None]] = [
            (child, parent) for project in projects for parent, child in project.related
        ]
        above += [(key, (issue.fields.get("parent") or {}).get("key")) for key, issue in held.items()]
        for key, issue in held.items():
            yield self._held(key, issue, [held[p].fields["summary"] for child, p in above if p and child == key])

    def _held(self, key: str, issue: CloudIssue, parents: list[str]) -> Held:
        fields = issue.fields
        return Held(
            number=int(key.rpartition("-")[2]),
            names=(key, f"{self._front.url}/browse/{key}"),
            title=fields["summary"],
            state=f"{fields['status']} {fields['resolution']}",
            is_open=fields["status"] != "3",
            body=str(fields.get("description")),
            labels=tuple(sorted(fields["labels"])),
            comments=tuple(str(comment["body"]) for comment in issue.comments),
            parents=tuple(parents),
            more=f"{fields.get('duedate')} {fields.get('assignee')} {issue.properties} {issue.links}",
        )

    def _find(self, title: str) -> CloudIssue:
        return next(issue for issue in self._cloud.project.issues.values() if issue.fields["summary"] == title)

    def finish(self, title: str) -> None:
        """Through the workflow."""
        held = self._find(title)
        for way in (_WAYS["1"][0], _WAYS["2"][1]):
            self._cloud.project.transition(held, way, {"resolution": {"name": "Done"}} if way.fields else {})

    def annotate(self, title: str) -> None:
        """Write above the block, and comment."""
        held = self._find(title)
        words = {"type": "paragraph", "content": [{"type": "text", "text": HUMAN}]}
        description = held.fields["description"]
        self._cloud.project.edit(
            held, {"description": {**description, "content": [words, *description["content"]]}}, {}
        )
        held.comments.append({"id": "1", "body": {"type": "doc", "version": 1, "content": [words]}})

    def add(self, title: str) -> str:
        """Open one."""
        fields = {"project": {"key": PROJECT}, "issuetype": {"id": "10001"}, "summary": title, "labels": []}
        return f"{self._front.url}/browse/{self._cloud.project.create(fields).key}"

    def double(self, title: str) -> None:
        """A copy of it."""
        held = self._find(title)
        fields = {"project": {"key": PROJECT}, "issuetype": {"id": "10001"}, "summary": title}
        fields |= {name: deepcopy(held.fields[name]) for name in ("labels", "description")}
        properties = [{"key": key, "value": deepcopy(value)} for key, value in held.properties.items()]
        self._cloud.project.create(fields, properties)

    def transfer(self, title: str) -> None:
        """The old key leads to the new one."""
        held = self._find(title)
        infra = self._cloud.others["INFRA"]
        del self._cloud.project.issues[held.key]
        infra.moved[held.key] = "INFRA-7"
        held.key, held.fields["project"] = "INFRA-7", {"key": "INFRA"}
        infra.issues[held.key] = held


class JiraDataCenter(World):
    """The counterpart, whose past its own process keeps, and our layers in front of it."""

    name = "jira data center"
    settings = f"{{kind: jira, project: {PROJECT}, index_lag: 0s, {_OPTIONS}}}"

    def __init__(self, center: DataCenter, keeps_properties: bool) -> None:
        self.name += "" if keeps_properties else ", without properties in creates"
        self._center = center
        center.properties.in_creates = keeps_properties
        self._kept: dict[str, Any] = {}
        self._by_hand = ""

    def environment(self) -> Mapping[str, str]:
        """Address and credential."""
        url = self._center.front.url
        return {"JIRA_BASE_URL": url, "JIRA_SITE_URL": url, **DATA_CENTER}

    def people(self, root: Path) -> JiraDataCenter:
        """Itself."""
        return self

    def keep(self) -> None:
        """Let the counterpart keep its state, and keep that of the layers."""
        self._tell(KEEP)
        self._kept = deepcopy({"values": self._center.properties.values, "moments": self._center.times.moments})

    def rewind(self) -> None:
        """And back."""
        self._tell(REWIND)
        self._center.properties.values = deepcopy(self._kept["values"])
        self._center.times.moments = deepcopy(self._kept["moments"])
        self._center.front.exchanges.clear()

    def issues(self, root: Path) -> Iterator[Held]:
        """Those with our label, and the one made by hand; the others are the counterpart's own."""
        question = {"jql": f'project = "{PROJECT}" AND labels = "pm-sync"', "maxResults": "1000"}
        ours = {issue["key"]: issue["fields"] for issue in self._ask("GET", f"{API}/search", query=question)["issues"]}
        if self._by_hand:
            ours[self._by_hand] = self._ask("GET", f"{API}/issue/{self._by_hand}")["fields"]
        for key, fields in ours.items():
            linked = [link["inwardIssue"]["key"] for link in fields.get("issuelinks") or () if "inwardIssue" in link]
            parents = [*linked, *([fields["parent"]["key"]] if fields.get("parent") else [])]
            yield self._held(key, fields, tuple(ours[parent]["summary"] for parent in parents))

    def _held(self, key: str, fields: dict[str, Any], parents: tuple[str, ...]) -> Held:
        told = self._ask("GET", f"{API}/issue/{key}/comment", query={"maxResults": "100"})["comments"]
        return Held(
            number=int(key.rpartition("-")[2]),
            names=(key, f"{self._center.front.url}/browse/{key}"),
            title=fields["summary"],
            state=f"{fields['status']['name']} {(fields.get('resolution') or {}).get('name')}",
            is_open=fields["status"]["statusCategory"]["key"] != "done",
            body=str(fields.get("description")),
            labels=tuple(sorted(fields["labels"])),
            comments=tuple(sorted(comment["body"] for comment in told)),  # it knows days only
            parents=parents,
            more=f"{fields.get('duedate')} {self._center.properties.values.get(key)}",
        )

    def finish(self, title: str) -> None:
        """As people do."""
        self._center.finish(self._ref(title))

    def annotate(self, title: str) -> None:
        """Write above the block, and comment."""
        path = f"{API}/issue/{self._ref(title).id}"
        description = self._ask("GET", path)["fields"]["description"]
        self._ask("PUT", path, {"fields": {"description": f"{HUMAN}\n\n{description}"}})
        self._ask("POST", f"{path}/comment", {"body": HUMAN})

    def add(self, title: str) -> str:
        """Open one."""
        ref = self._center.add(title)
        self._by_hand = ref.id
        return f"{self._center.front.url}/browse/{ref.id}"

    def double(self, title: str) -> None:
        """A copy of it."""
        ref = self._ref(title)
        old = self._center.fields(ref)
        fields = {"project": {"key": PROJECT}, "issuetype": {"name": "Task"}}
        fields |= {name: old[name] for name in ("summary", "labels", "description")}
        made = self._ask("POST", f"{API}/issue", {"fields": fields})
        self._center.properties.values[made["key"]] = deepcopy(self._center.properties.values[ref.id])

    def transfer(self, title: str) -> None:
        """The counterpart knows no moves."""

    def _ref(self, title: str) -> Any:
        from pm_sync.model import IssueRef  # noqa: PLC0415

        key = next(
            key for key in self._center.ours() if self._ask("GET", f"{API}/issue/{key}")["fields"]["summary"] == title
        )
        return IssueRef("jira", self._center.front.url, PROJECT, key)

    def _ask(self, method: str, path: str, content: Any = None, query: dict[str, str] | None = None) -> Any:
        return _asked(self._center.front, method, path, content, query)

    def _tell(self, path: str) -> None:
        _asked(self._center.front, "PUT", path)


def _asked(front: Front, method: str, path: str, content: Any = None, query: dict[str, str] | None = None) -> Any:
    import json  # noqa: PLC0415

    body = b"" if content is None else json.dumps(content).encode()
    answer = front.handle(Asked(method, path, query or {}, {}, body))
    # Who is silent for some seconds is hung up on by the server, just when the next request is on its way.
    front.hang_up()
    assert answer.status < 300, (method, path, answer)
    return answer.content


@contextmanager
def jira_cloud(lag: float = 0.0) -> Iterator[JiraCloud]:
    """Our own Cloud, for as long as the context lasts."""
    cloud = Cloud()
    with front_of("", cloud) as front:
        front.layers.insert(0, _Passing(cloud))
        yield JiraCloud(front, cloud, lag)


@contextmanager
def jira_data_center(*, keeps_properties: bool = True) -> Iterator[JiraDataCenter]:
    """The counterpart, for as long as the context lasts."""
    with jira820(PROJECT, "tests.fakes.jira820_rewound:make_app") as url, center_of(url) as center:
        yield JiraDataCenter(center, keeps_properties)
