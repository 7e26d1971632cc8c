"""The whole program as a process, against the emulator: what people see, what is called, and what the files say."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from math import ceil
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.counterparts import Fault, faulty
from tests.e2e.github import GitHubRemote
from tests.fakes.github_layers import Lacking

_PM_SYNC = Path(sys.executable).with_name("pm-sync")
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A git repository."""
    for command in (
        ["init", "--quiet", "--initial-branch=main"],
        ["config", "user.email", "a@b.example"],
        ["config", "user.name", "A"],
    ):
        subprocess.run(["git", "-C", str(tmp_path), *command], check=True)
    (tmp_path / "postmortems").mkdir()
    return tmp_path


@pytest.fixture
def run(repository: Path, github: GitHubRemote) -> Run:
    """Start the program in the repository, its issues in the emulator."""

    def start(*arguments: str, url: str = "", token: str = "") -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(repository),
            "GITHUB_TOKEN": token or github.token,
            "GITHUB_API_URL": url or github.front.url,
        }
        tracker = ["--tracker", f"github:{github.repository}"]
        command = [str(_PM_SYNC), *arguments, *(tracker if arguments[0] in ("plan", "sync", "status") else [])]
        return subprocess.run(
            command, cwd=repository, env=environment, capture_output=True, text=True, timeout=300, check=False
        )

    return start


def write(repository: Path, items: Sequence[str], name: str = "db.md") -> Path:
    """Write a postmortem with these items."""
    lines = "".join(f"- [ ] {item}\n" for item in items)
    path = repository / "postmortems" / name
    path.write_text(f"# Database outage\n\n## Action items\n\n{lines}")
    return path


def forget(repository: Path) -> None:
    """Go on as on a machine that has just cloned the repository: without a journal."""
    shutil.rmtree(repository / ".pm-sync")


def result(done: subprocess.CompletedProcess[str], *codes: int) -> Any:
    """What a command printed as JSON."""
    assert done.returncode in (codes or (0,)), (done.returncode, done.stdout, done.stderr)
    return json.loads(done.stdout)


def writes(github: GitHubRemote) -> list[str]:
    """What was written."""
    return [call for call in github.front.calls if not call.startswith("GET ") and not call.endswith("/graphql")]


@pytest.mark.parametrize("items", [3, 200])
def test_first_sync_second_sync_and_status_make_the_calls_promised(
    repository: Path, github: GitHubRemote, run: Run, items: int
) -> None:
    """205 for 200 new items, then as few reads as pages, and not one write."""
    path = write(repository, [f"Do thing number {n}" for n in range(items)])
    (repository / "pm-sync.yaml").write_text(
        f"version: 1\ntrackers: {{gh: {{kind: github, repository: {github.repository}, "
        "limits: {creates_per_minute: 0, creates_per_hour: 0}}}\n"
    )
    first = result(run("sync", "--yes", "--format", "json", "--max-creates", "1000"))
    assert first["summary"]["created"] == items
    assert len(github.front.exchanges) == items + 1 + 2 + ceil(items / 100)
    text = path.read_text()
    assert len(re.findall(rf"/{github.repository}/issues/\d+\), open\)$", text, re.MULTILINE)) == items

    github.front.exchanges.clear()
    second = result(run("sync", "--yes", "--format", "json"))
    assert (second["summary"]["unchanged"], writes(github)) == (items, [])
    assert len(github.front.exchanges) == ceil(items / 100)
    assert path.read_text() == text

    github.front.exchanges.clear()
    status = result(run("status", "--format", "json"))
    assert status["summary"]["open"] == items
    assert len(github.front.exchanges) == ceil(items / 100)


def test_progress_on_both_sides(repository: Path, github: GitHubRemote, run: Run) -> None:
    """Closed there: recorded here; ticked here: closed there; reworded here: retitled there, nothing made anew."""
    path = write(repository, ["Add a replica", "Add alerts", "Write a runbook"])
    run("sync", "--yes")
    github.ask("PATCH", "/issues/1", {"state": "closed", "state_reason": "completed"})
    text = (
        path.read_text()
        .replace("- [ ] Add alerts", "- [x] Add alerts")
        .replace("Write a runbook", "Write a long runbook")
    )
    path.write_text(text)
    done = result(run("sync", "--yes", "--format", "json"))
    assert (done["summary"]["created"], done["summary"]["closed"], done["summary"]["updated"]) == (0, 1, 1)
    issues = {issue["number"]: issue for issue in github.ask("GET", "/issues?state=all")}
    assert [issues[n]["state"] for n in (1, 2, 3)] == ["closed", "closed", "open"]
    assert issues[3]["title"] == "Write a long runbook"
    lines = path.read_text().splitlines()[4:]
    assert [line[:6] for line in lines] == ["- [x] ", "- [x] ", "- [ ] "]
    assert re.search(r", done \d{4}-\d\d-\d\d\)$", lines[0])
    github.front.exchanges.clear()
    run("sync", "--yes")
    assert writes(github) == []


def test_moving_renaming_and_losing_links_makes_nothing_anew(repository: Path, github: GitHubRemote, run: Run) -> None:
    """Marks find what the file forgot."""
    path = write(repository, ["Add a replica", "Add alerts", "Write a runbook"])
    run("sync", "--yes")
    path.unlink()
    forget(repository)
    write(repository, ["Write a runbook", "Add alerts", "Add a replica"], "renamed.md")
    done = result(run("sync", "--yes", "--format", "json"))
    assert (done["summary"]["created"], done["summary"]["failed"]) == (0, 0)
    assert len(github.ask("GET", "/issues?state=all")) == 3
    assert re.findall(r"issues/(\d)", (repository / "postmortems" / "renamed.md").read_text()) == ["3", "2", "1"]


@pytest.mark.parametrize(
    "fault",
    [
        Fault("after", "POST", r"/issues$", status=502, body="<html>"),
        Fault("after", "POST", r"/issues$", drop=True),
        Fault("before", "POST", r"/issues$", drop=True),
    ],
    ids=["502 after", "dropped after", "dropped before"],
)
def test_a_lost_answer_makes_no_duplicate_and_loses_no_item(
    repository: Path, github: GitHubRemote, run: Run, tmp_path_factory: pytest.TempPathFactory, fault: Fault
) -> None:
    """Settled within the run or by the next one, each item has one issue, and the file says so."""
    path = write(repository, ["Add a replica", "Add alerts"])
    with faulty(github.front.url, tmp_path_factory.mktemp("mitmproxy")) as proxy:
        proxy.fail(fault)
        run("sync", "--yes", url=proxy.url)
        # The proxy's address is another site: what was written names it.
        again = run("sync", "--yes", url=proxy.url)
    assert again.returncode == 0, again.stderr
    assert sorted(issue["title"] for issue in github.ask("GET", "/issues?state=all")) == ["Add a replica", "Add alerts"]
    assert sorted(re.findall(r"issues/(\d)", path.read_text())) == ["1", "2"]


def test_a_list_that_lacks_issues_creates_none_on_our_own_layer(
    repository: Path, github: GitHubRemote, run: Run
) -> None:
    """In an outage of the list nothing new is made; afterwards it is."""
    path = write(repository, ["Add a replica"])
    run("sync", "--yes")
    forget(repository)
    write(repository, ["Add a replica", "Add alerts"])
    github.front.layers.append(Lacking(frozenset({1})))
    done = run("sync", "--yes")
    assert "list not trustworthy" in done.stderr
    assert done.returncode == 11
    assert len(github.ask("GET", "/issues?state=all")) == 1
    github.front.layers.pop()
    assert run("sync", "--yes").returncode == 0
    assert len(github.ask("GET", "/issues?state=all")) == 2
    assert re.findall(r"issues/(\d)", path.read_text()) == ["1", "2"]


def test_an_outsider_s_forged_mark_is_shown_and_blocks_nothing(
    repository: Path, github: GitHubRemote, run: Run
) -> None:
    """Somebody copies a mark into an issue of their own: the item still gets its own."""
    path = write(repository, ["Add a replica"])
    run("sync", "--yes")
    body = github.ask("GET", "/issues/1")["body"]
    github.ask("PATCH", "/issues/1", {"body": "gone", "labels": []})
    github.token, owner = "mallory-0", github.token
    github.ask("POST", "/issues", {"title": "Forged", "body": body})
    github.token = owner
    forget(repository)
    write(repository, ["Add a replica"])
    done = result(run("sync", "--yes", "--format", "json"))
    assert done["summary"]["created"] == 1
    assert "issues/3" in path.read_text()


def test_two_repositories_one_down(repository: Path, github: GitHubRemote, run: Run) -> None:
    """One that can't be read stops nothing else; its items are left for the next run."""
    (repository / "pm-sync.yaml").write_text(
        "version: 1\ntrackers:\n"
        f"  up: {{kind: github, repository: {github.repository}}}\n"
        "  down: {kind: github, repository: acme/no-such}\n"
        "routes:\n  - {when: {path: '**/down.md'}, to: down}\n  - {to: up}\n"
    )
    write(repository, ["Add a replica"], "up.md")
    write(repository, ["Add alerts"], "down.md")
    environment = {"GITHUB_TOKEN": github.token, "GITHUB_API_URL": github.front.url}
    command = [str(_PM_SYNC), "sync", "--yes"]
    done = subprocess.run(
        command,
        cwd=repository,
        env={"PATH": os.environ["PATH"], "HOME": str(repository), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 11, done.stderr
    assert "acme/no-such" in done.stderr
    assert "issues/1" in (repository / "postmortems" / "up.md").read_text()
    assert "issues/" not in (repository / "postmortems" / "down.md").read_text()


@pytest.mark.parametrize("arguments", [("sync", "--yes"), ("sync", "--yes", "-vv"), ("plan",), ("status",)])
def test_the_token_shows_nowhere(repository: Path, github: GitHubRemote, run: Run, arguments: tuple[str, ...]) -> None:
    """In no output at any verbosity, and in no file."""
    token = "ghp_verysecrettoken0123456789"  # noqa: S105  of nobody
    write(repository, ["Add a replica"])
    done = run(*arguments, token=token)
    assert token not in done.stdout + done.stderr
    assert not any(token in path.read_text(errors="replace") for path in repository.rglob("*") if path.is_file())


def test_without_a_credential_the_message_says_what_to_set(repository: Path, run: Run) -> None:
    """And nothing is asked."""
    write(repository, ["Add a replica"])
    done = run("sync", "--yes", token=" ")  # noqa: S106  none at all
    assert done.returncode != 0
    assert "GITHUB_TOKEN" in done.stderr
    assert "Traceback" not in done.stderr
