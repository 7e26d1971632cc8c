"""GitHub in the matrix: the emulator, whose past is had again by making its repositories anew as they were made."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from tests.crash.scene import HUMAN
from tests.crash.world import Held, World
from tests.e2e.counterparts import emulate
from tests.e2e.github import OWNER, SEED, TOKENS
from tests.e2e.openapi import Exchange
from tests.fakes.front import Answer, Asked, Front, front_of
from tests.fakes.github_layers import Deletions, Duplicates, Redirects, RepositoryCounts, SubIssues

_HERE, _ELSEWHERE = f"{OWNER}/infra", f"{OWNER}/elsewhere"


class GitHub(World):
    """One repository, and another to which issues are transferred."""

    name = "github"
    settings = (
        f"{{kind: github, repository: {_HERE}, milestones: true, in_progress_label: wip, "
        "limits: {creates_per_minute: 0, creates_per_hour: 0}}"
    )

    def __init__(self, front: Front) -> None:
        self._front = front
        self._tokens = count()
        self._moved, self._gone, self._subs, self._twins = Redirects(), Deletions(), SubIssues(), Duplicates()
        front.layers += [self._moved, self._gone, self._twins, self._subs, RepositoryCounts()]
        self._kept: list[Exchange] = []
        self._kept_moved: dict[str, str] = {}
        self._kept_gone: set[tuple[str, int]] = set()
        self._make()

    def environment(self) -> dict[str, str]:
        """A token of its own for each run, as each is good for so many requests."""
        return {"GITHUB_TOKEN": f"owner-{next(self._tokens) % TOKENS}", "GITHUB_API_URL": self._front.url}

    def people(self, root: Path) -> GitHub:
        """Itself."""
        return self

    def keep(self) -> None:
        """Remember what made all this."""
        self._kept = [said for said in self._front.exchanges if said.method != "GET" and said.path != "/graphql"]
        self._kept_moved, self._kept_gone = dict(self._moved.moved), set(self._gone.deleted)

    def rewind(self) -> None:
        """Make it again; numbers and addresses stay."""
        self._ask("DELETE", f"/repos/{_HERE}")
        self._ask("DELETE", f"/repos/{_ELSEWHERE}")
        self._moved.moved.clear()
        self._gone.deleted.clear()
        self._twins.closed.clear()
        self._subs.children.clear()
        for said in self._kept:
            self._ask(said.method, said.path, said.request)
        self._moved.moved |= self._kept_moved
        self._gone.deleted |= self._kept_gone
        self._front.exchanges.clear()

    def issues(self, root: Path) -> Iterator[Held]:
        """Those of both repositories."""
        for project in (_HERE, _ELSEWHERE):
            told = self._ask("GET", f"/repos/{project}/issues", query={"state": "all", "per_page": "100"})
            numbers = {entry["number"]: entry["title"] for entry in told}
            for entry in told:
                yield self._held(project, entry, numbers)

    def finish(self, title: str) -> None:
        """Close it."""
        self._ask("PATCH", self._path(title), {"state": "closed", "state_reason": "completed"})

    def annotate(self, title: str) -> None:
        """Write above the block, and comment."""
        path = self._path(title)
        self._ask("PATCH", path, {"body": f"{HUMAN}\n\n{self._ask('GET', path)['body']}"})
        self._ask("POST", f"{path}/comments", {"body": HUMAN})

    def add(self, title: str) -> str:
        """Open one."""
        made = self._ask("POST", f"/repos/{_HERE}/issues", {"title": title, "body": "By hand."})
        return f"{self._front.url}/{_HERE}/issues/{made['number']}"

    def double(self, title: str) -> None:
        """A copy of it."""
        self._copy(title, _HERE)

    def transfer(self, title: str) -> None:
        """A copy elsewhere, to which the old address leads."""
        path = self._path(title)
        self._moved.moved[path] = f"/repos/{_ELSEWHERE}/issues/{self._copy(title, _ELSEWHERE)}"
        self._gone.deleted.add((_HERE, int(path.rpartition("/")[2])))

    def _copy(self, title: str, to: str) -> int:
        entry = self._ask("GET", self._path(title))
        labels = [label["name"] for label in entry["labels"]]
        made = self._ask("POST", f"/repos/{to}/issues", {"title": title, "body": entry["body"], "labels": labels})
        return int(made["number"])

    def _make(self) -> None:
        for project in (_HERE, _ELSEWHERE):
            self._ask("POST", "/user/repos", {"name": project.rpartition("/")[2], "auto_init": True})

    def _held(self, project: str, entry: dict[str, Any], numbers: dict[int, str]) -> Held:
        number = entry["number"]
        path = f"/repos/{project}/issues/{number}"
        above = ((n, child) for (of, n), children in self._subs.children.items() if of == project for child in children)
        return Held(
            number=number,
            names=(f"{project}#{number}", f"{self._front.url}/{project}/issues/{number}"),
            title=entry["title"],
            state=f"{entry['state']} {entry.get('state_reason') or ''}",
            is_open=entry["state"] == "open",
            body=entry["body"] or "",
            labels=tuple(sorted(label["name"] for label in entry["labels"])),
            comments=tuple(c["body"] for c in (self._ask("GET", f"{path}/comments") if entry["comments"] else ())),
            parents=tuple(numbers[n] for n, child in above if child == entry["id"]),
            more=str((entry.get("milestone") or {}).get("title")),
        )

    def _path(self, title: str) -> str:
        told = self._ask("GET", f"/repos/{_HERE}/issues", query={"state": "all", "per_page": "100"})
        [number] = [entry["number"] for entry in told if entry["title"] == title]
        return f"/repos/{_HERE}/issues/{number}"

    def _ask(self, method: str, path: str, content: Any = None, query: dict[str, str] | None = None) -> Any:
        body = content if isinstance(content, bytes) else json.dumps(content).encode() if content else b""
        token = f"owner-{next(self._tokens) % TOKENS}"
        answer: Answer = self._front.handle(Asked(method, path, query or {}, {"authorization": f"token {token}"}, body))
        # Who is silent for some seconds is hung up on by the server, just when the next request is on its way.
        self._front.hang_up()
        assert answer.status < 300, (method, path, answer)
        return answer.content


@contextmanager
def github(folder: Path) -> Iterator[GitHub]:
    """The emulator, for as long as the context lasts."""
    with emulate(SEED, folder) as url, front_of(url) as front:
        yield GitHub(front)
