"""The whole program as a process, against both Jiras: what people see, what is called, and what the files say."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import ceil
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.counterparts import Fault, faulty
from tests.e2e.jira import DATA_CENTER, DataCenter, data_center, jira_process
from tests.e2e.jira_cloud import JiraCloud, jira_cloud
from tests.e2e.jira_program import CLOUD, PM_SYNC, Jira, Run, keys, program, repository, result, write, writes
from tests.fakes.front import Answer
from tests.fakes.jira_cloud_store import Project, rule
from tests.fakes.jira_layers import PROJECT
from tests.fakes.jira_trouble import Trouble

ARCHIVED = {"errorMessages": ["The project is archived."], "errors": {}}

__all__ = ["data_center", "jira_cloud", "jira_process", "repository"]


@pytest.fixture(params=["cloud", "data center"])
def jira(request: pytest.FixtureRequest) -> Jira:
    """Each of the two Jiras."""
    found: Jira = request.getfixturevalue(request.param.replace("cloud", "jira_cloud").replace(" ", "_"))
    found.environment = CLOUD if isinstance(found, JiraCloud) else dict(DATA_CENTER)
    return found


@pytest.fixture
def run(repository: Path, jira: Jira) -> Run:
    """Start the program in the repository."""
    return program(repository, jira)


@pytest.mark.parametrize("items", [3, 200])
def test_first_sync_second_sync_and_status_make_the_calls_promised(
    repository: Path, jira: Jira, run: Run, items: int
) -> None:
    """At most nine for 200 new items, then as few reads as pages, and not one write."""
    path = write(repository, *(f"Do thing number {n}" for n in range(items)))
    first = result(run("sync", "--yes", "--format", "json", "--max-creates", "1000"))
    assert first["summary"]["created"] == items
    assert len(jira.front.exchanges) <= ceil(items / 50) + 1 + 1 + 2 + 1
    assert len(set(keys(path))) == items
    text = path.read_text()
    for command in ("sync", "status"):
        jira.front.exchanges.clear()
        told = result(run(*([command, "--yes"] if command == "sync" else [command]), "--format", "json"))
        assert told["summary"]["unchanged" if command == "sync" else "open"] == items
        assert writes(jira) == []
        assert len(jira.front.exchanges) <= 2
        assert path.read_text() == text


def test_progress_on_both_sides(repository: Path, jira: Jira, run: Run) -> None:
    """Closed there: recorded here; ticked here: closed there; reworded here: retitled there, nothing made anew."""
    path = write(repository, "Add a replica", "Add alerts", "Write a runbook")
    assert run("sync", "--yes").returncode == 0
    from pm_sync.model import IssueRef  # noqa: PLC0415

    refs = [IssueRef("jira", jira.front.url, PROJECT, key) for key in keys(path)]
    jira.finish(refs[0])
    text = path.read_text().replace("- [ ] Add alerts", "- [x] Add alerts").replace("Write a run", "Write a long run")
    path.write_text(text)
    done = result(run("sync", "--yes", "--format", "json"))
    assert (done["summary"]["created"], done["summary"]["closed"], done["summary"]["updated"]) == (0, 1, 1)
    lines = path.read_text().splitlines()[4:]
    assert [line[:6] for line in lines] == ["- [x] ", "- [x] ", "- [ ] "]
    assert re.search(r", done \d{4}-\d\d-\d\d\)$", lines[0])
    jira.front.exchanges.clear()
    again = run("sync", "--yes")
    assert (again.returncode, writes(jira)) == (0, [])


def test_moving_renaming_and_losing_links_makes_nothing_anew(repository: Path, jira: Jira, run: Run) -> None:
    """Marks find what the file forgot."""
    path = write(repository, "Add a replica", "Add alerts", "Write a runbook")
    run("sync", "--yes")
    before = keys(path)
    path.unlink()
    shutil.rmtree(repository / ".pm-sync")
    renamed = write(repository, "Write a runbook", "Add alerts", "Add a replica", name="renamed.md")
    done = result(run("sync", "--yes", "--format", "json"))
    assert (done["summary"]["created"], done["summary"]["failed"]) == (0, 0)
    assert keys(renamed) == before[::-1]


FAULTS = {
    "502 after": Fault("after", "POST", r"/issue/bulk$", status=502, body="<html>"),
    "dropped after": Fault("after", "POST", r"/issue/bulk$", drop=True),
    "dropped before": Fault("before", "POST", r"/issue/bulk$", drop=True),
    "login page after": Fault("after", "POST", r"/issue/bulk$", status=200, body="<html>log in</html>"),
}


@pytest.fixture
def proxied(jira: Jira, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Any]:
    """A real proxy in front of the Jira."""

    @contextmanager
    def start() -> Iterator[Any]:
        with faulty(jira.front.url, tmp_path_factory.mktemp("mitmproxy")) as proxy:
            yield proxy

    return start


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_lost_answer_makes_no_duplicate_and_loses_no_item(
    repository: Path, jira: Jira, run: Run, proxied: Callable[[], Any], fault: Fault
) -> None:
    """Settled within the run or by the next one, each item has one issue, and the file says so."""
    path = write(repository, "Add a replica", "Add alerts")
    with proxied() as proxy:
        proxy.fail(fault)
        run("sync", "--yes", url=proxy.url)
        again = result(run("sync", "--yes", "--format", "json", url=proxy.url))
    assert again["summary"]["created"] == 0
    assert sorted(keys(path)) == sorted(jira.ours())
    assert len(jira.ours()) == 2


def test_a_create_lost_twice_waits_for_the_next_run(repository: Path, run: Run, proxied: Callable[[], Any]) -> None:
    """It is looked up, tried once more, and then left: the exit code says so."""
    write(repository, "Add a replica")
    with proxied() as proxy:
        proxy.fail(*[Fault("before", "POST", r"/issue/bulk$", drop=True)] * 2)
        first = run("sync", "--yes", url=proxy.url)
        second = result(run("sync", "--yes", "--format", "json", url=proxy.url))
    assert first.returncode == 11
    assert "the next run looks it up" in first.stderr
    assert second["summary"]["created"] == 1


def test_missing_fields_refuse_the_run_before_any_write(repository: Path, jira_cloud: JiraCloud) -> None:
    """The plan names them."""
    jira_cloud.environment = CLOUD
    jira_cloud.project.more = {"customfield_1": rule("Cost centre", "string", required=True)}
    write(repository, "Add a replica")
    planned = program(repository, jira_cloud)("plan")
    assert "requires fields that the configuration doesn't give: Cost centre" in planned.stderr
    done = program(repository, jira_cloud)("sync", "--yes")
    assert done.returncode == 12
    assert "Cost centre" in done.stderr
    assert jira_cloud.project.issues == {}


def test_a_moved_issue_is_relinked(repository: Path, jira_cloud: JiraCloud) -> None:
    """Its new key stands in the file, nothing is made anew, and the next run finds all in step."""
    jira_cloud.environment = CLOUD
    run = program(repository, jira_cloud)
    path = write(repository, "Add a replica", "Add alerts")
    assert run("sync", "--yes").returncode == 0
    held = jira_cloud.project.issues.pop("OPS-1")
    infra = jira_cloud.cloud.others["INFRA"] = Project("INFRA")
    held.key, held.fields["project"] = "INFRA-7", {"key": "INFRA"}
    infra.issues["INFRA-7"], infra.moved["OPS-1"] = held, "INFRA-7"
    moved = result(run("sync", "--yes", "--format", "json"))
    assert (moved["summary"]["relink"], moved["summary"]["created"]) == (1, 0)
    assert f"[INFRA-7]({jira_cloud.front.url}/browse/INFRA-7), open)" in path.read_text()
    assert result(run("sync", "--yes", "--format", "json"))["summary"]["unchanged"] == 2


def test_an_archived_project_is_told_in_its_own_words(repository: Path, jira_cloud: JiraCloud) -> None:
    """Jira says so when something is to be made; nothing is, and the exit code says so."""
    jira_cloud.environment = CLOUD
    said = {"issues": [], "errors": [{"status": 400, "elementErrors": ARCHIVED, "failedElementNumber": 0}]}
    jira_cloud.front.layers.insert(0, Trouble(before=[("POST .*/issue/bulk$", Answer(400, said))]))
    path = write(repository, "Add a replica")
    done = program(repository, jira_cloud)("sync", "--yes")
    assert done.returncode == 11
    assert "The project is archived." in done.stderr
    assert (keys(path), jira_cloud.project.issues) == ([], {})


def test_a_data_center_takes_name_and_password(repository: Path, data_center: DataCenter) -> None:
    """A name that is no address tells that this is no Cloud."""
    data_center.environment = {"JIRA_EMAIL": "robot", "JIRA_API_TOKEN": "a-long-password"}
    path = write(repository, "Add a replica")
    assert program(repository, data_center)("sync", "--yes").returncode == 0
    assert len(keys(path)) == 1
    assert all("/rest/api/2/" in call for call in data_center.front.calls)


def test_two_jiras_at_once_each_with_its_own_credential(
    repository: Path, jira_cloud: JiraCloud, data_center: DataCenter
) -> None:
    """Named connections read their own variables, and no token goes to the other host."""
    (repository / "pm-sync.yaml").write_text(
        "version: 1\ntrackers:\n  ops: {kind: jira, project: OPS, index_lag: 0s}\n"
        "  corp: {kind: jira, project: OPS, connection: corp, index_lag: 0s}\n"
        "routes: [{when: {path: 'postmortems/corp*'}, to: corp}, {to: ops}]\n"
    )
    here, there = write(repository, "Add a replica"), write(repository, "Add alerts", name="corp.md")
    jira_cloud.environment = CLOUD
    more = {"PM_SYNC_CORP_JIRA_BASE_URL": data_center.front.url, "PM_SYNC_CORP_JIRA_PAT": "a-pat"}
    done = program(repository, jira_cloud)("sync", "--yes", **more)
    assert done.returncode == 0, done.stderr
    assert f"{jira_cloud.front.url}/browse/OPS-1" in here.read_text()
    assert f"{data_center.front.url}/browse/OPS-" in there.read_text()


def test_no_secret_is_shown_at_any_verbosity(repository: Path, jira: Jira, run: Run) -> None:
    """Neither in logs nor in errors nor in the journal."""
    write(repository, "Add a replica")
    done = run("sync", "--yes", "-vv")
    shown = done.stdout + done.stderr + "".join(p.read_text() for p in (repository / ".pm-sync").rglob("*.json*"))
    secrets = [value for name, value in jira.environment.items() if name != "JIRA_EMAIL"]
    assert done.returncode == 0, done.stderr
    assert not any(secret in shown for secret in secrets)
    assert "Basic " not in shown
    assert "Bearer " not in shown


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"JIRA_BASE_URL": ""}, "set JIRA_BASE_URL"),
        ({"JIRA_API_TOKEN": "", "JIRA_PAT": ""}, "no credential for"),
        ({"JIRA_API_TOKEN": "wrong"}, "does not know this credential"),
    ],
    ids=["no address", "no credential", "wrong credential"],
)
def test_what_is_missing_in_the_environment_is_named(
    repository: Path, jira_cloud: JiraCloud, environment: dict[str, str], message: str
) -> None:
    """With what to set."""
    write(repository, "Add a replica")
    jira_cloud.environment = CLOUD
    command = [str(PM_SYNC), "sync", "--yes"]
    variables = {"PATH": os.environ["PATH"], "HOME": str(repository), "JIRA_BASE_URL": jira_cloud.front.url}
    variables |= CLOUD | environment
    done = subprocess.run(command, cwd=repository, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode in (1, 11), done.stderr
    assert message in done.stderr
    assert jira_cloud.project.issues == {}
