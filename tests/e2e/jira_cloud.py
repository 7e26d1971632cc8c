"""A Jira Cloud to test against: our own fake, every exchange held to Jira's own contract and to that of its documents."""

from __future__ import annotations

import base64
import json
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest

from pm_sync.model import IssueRef
from pm_sync.trackers.base import Tracker
from pm_sync.trackers.jira import JiraOptions, open_tracker
from pm_sync.trackers.jira.markup import plain_text
from pm_sync.trackers.pace import Patience
from tests.e2e.install import HOME
from tests.e2e.jira import PRIORITIES, RESOLUTIONS
from tests.e2e.openapi import Contract, Exchange
from tests.fakes.front import Front, front_of
from tests.fakes.jira_cloud import EMAIL, TOKEN, Cloud
from tests.fakes.jira_cloud_store import Held, Project
from tests.fakes.jira_rights import Rights
from tests.fakes.jira_trouble import Trouble

_BASE = "https://acme.atlassian.net"
_UNLISTED = (401, 404, 429, 500, 502, 503)
"""Answers that Jira gives to anything, and its contract lists for few operations only."""
_UNKNOWN_PATHS = ("/statuses", "/mypermissions", "/rest/api/2/")
"""What the contract we hold doesn't cover."""
_ADF = HOME / "node_modules" / "@atlaskit" / "adf-schema" / "dist" / "json-schema" / "v1" / "full.json"


@dataclass(slots=True)
class JiraCloud:
    """One project on Cloud, as its administrator and the people there see it."""

    front: Front
    cloud: Cloud
    rights: Rights
    options: dict[str, Any] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    url: str = ""
    """Where trackers find the API, if not at the front."""

    @property
    def project(self) -> Project:
        """The project's own state."""
        return self.cloud.project

    def open(self, *, patience: Patience | None = None) -> Tracker:
        """Open the project's issues as a new run does, which waits for nothing."""
        chosen = {"priorities": PRIORITIES, "resolutions": RESOLUTIONS, **self.options}
        environment = {
            "JIRA_BASE_URL": self.url or self.front.url,
            "JIRA_SITE_URL": self.front.url,
            "JIRA_EMAIL": EMAIL,
            "JIRA_API_TOKEN": TOKEN,
            **self.environment,
        }
        return open_tracker(
            "jira",
            JiraOptions(self.project.key, **chosen),
            environment,
            clock=self.now,
            patience=patience or Patience(0),
        )

    def now(self) -> datetime:
        """The clock of server and tracker."""
        return self.project.now()

    def wait(self) -> None:
        """What Jira itself does to a new issue is told from people by time alone."""
        self.project.ahead += timedelta(seconds=6)

    def held(self, ref: IssueRef) -> Held:
        """The issue as the server holds it."""
        return self.project.issues[ref.id]

    def ours(self) -> list[str]:
        """The keys of all issues that pm-sync made."""
        return [key for key, held in self.project.issues.items() if "pm-sync" in held.fields["labels"]]

    def add(self, title: str) -> IssueRef:
        """A person opens an issue."""
        fields = {"project": {"key": self.project.key}, "issuetype": {"id": "10001"}, "summary": title}
        return IssueRef("jira", self.front.url, self.project.key, self.project.create(fields).key)

    def retitle(self, ref: IssueRef, title: str) -> None:
        """A person changes the summary."""
        self.project.edit(self.held(ref), {"summary": title}, {})

    def label(self, ref: IssueRef, label: str) -> None:
        """A person adds a label."""
        self.project.edit(self.held(ref), {}, {"labels": [{"add": label}]})

    def finish(self, ref: IssueRef) -> None:
        """A person closes it."""
        held = self.held(ref)
        way = next(way for way in self.project.offered(held) if self.project.category(way.to) == "done")
        self.project.transition(held, way, {"resolution": {"name": "Done"}} if "resolution" in way.fields else {})

    def delete(self, ref: IssueRef) -> None:
        """It is deleted for good."""
        del self.project.issues[ref.id]

    def cut_short(self, ref: IssueRef) -> None:
        """Nothing is written after the creating call."""

    def written(self) -> object:
        """All calls but those that ask, some of which are posted for their length."""
        asking = ("/search/jql", "/issue/bulkfetch")
        return [call for call in self.front.calls if not call.startswith("GET ") and not call.endswith(asking)]

    def comments(self, ref: IssueRef) -> Sequence[str]:
        """The texts of its comments."""
        return [plain_text(comment["body"]) for comment in self.held(ref).comments]


@pytest.fixture
def jira_cloud() -> Iterator[JiraCloud]:
    """A new, empty project; afterwards all that was said is held to the contracts."""
    cloud = Cloud()
    known = base64.b64encode(f"{EMAIL}:{TOKEN}".encode()).decode()
    rights = Rights(cloud.project.key, f"Basic {known}")
    with front_of("", rights, cloud) as front:
        yield JiraCloud(front, cloud, rights)
        given = {told for layer in front.layers if isinstance(layer, Trouble) for told in layer.given}
        problems = breaches(front.exchanges, cloud.prefix, given)
    assert problems == [], "\n".join(problems)


def breaches(
    exchanges: Sequence[Exchange], prefix: str = "", not_its_own: Container[tuple[int, bytes]] = ()
) -> list[str]:
    """Where what was said breaks a contract; exchanges of one kind are looked at once.

    Args:
        exchanges: What was said.
        prefix: Where the API stands.
        not_its_own: Status and content of answers that the server didn't give.

    """
    told = [_below(exchange, prefix) for exchange in exchanges]
    kinds = {(e.method, e.status, e.path.count("/"), len(e.query), e.request): e for e in told if _is_covered(e)}
    contract = _contract()
    problems = [problem for kind in kinds.values() for problem in _problems(contract, kind, not_its_own)]
    return problems + [problem for kind in kinds.values() for problem in _document_problems(kind)]


def _problems(contract: Contract, exchange: Exchange, not_its_own: Container[tuple[int, bytes]]) -> list[str]:
    # Of an answer without content the contract says what it would look like if it had any.
    answer = bool(exchange.response) and exchange.status not in _UNLISTED
    return contract.problems(exchange, answer=answer and (exchange.status, exchange.response) not in not_its_own)


@cache
def _contract() -> Contract:
    return Contract("jira-cloud-openapi.json", _BASE)


def _is_covered(exchange: Exchange) -> bool:
    return not any(path in exchange.path for path in _UNKNOWN_PATHS)


def _below(exchange: Exchange, prefix: str) -> Exchange:
    path = exchange.path.removeprefix(prefix)
    return Exchange(exchange.method, path, exchange.query, exchange.request, exchange.status, exchange.response)


def _document_problems(exchange: Exchange) -> list[str]:
    """Jira's contract can't see into descriptions and comments."""
    documents: list[Any] = []
    if exchange.path.endswith("/issue/bulk"):
        documents = [draft["fields"].get("description") for draft in exchange.sent["issueUpdates"]]
    elif exchange.method == "PUT" and "/properties/" not in exchange.path:
        documents = [exchange.sent.get("fields", {}).get("description")]
    elif (exchange.method, exchange.path.rpartition("/")[2]) == ("POST", "comment"):
        documents = [exchange.sent["body"]]
    return [problem for document in documents if document is not None for problem in document_problems(document)]


def document_problems(document: Any) -> list[str]:
    """Where a document breaks the published schema of the Atlassian Document Format."""
    validator = _adf_validator()
    if validator is None:
        return []
    return [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in validator.iter_errors(document)]


@cache
def _adf_validator() -> Any:
    if not _ADF.exists():
        return None
    from jsonschema import Draft4Validator  # noqa: PLC0415  heavy

    return Draft4Validator(json.loads(_ADF.read_text()))
