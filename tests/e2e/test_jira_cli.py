"""The whole program as a process, against both Jiras: what people see, what is called, and what the files say."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from math import ceil
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.counterparts import Fault, faulty
from tests.e2e.jira import DATA_CENTER, DataCenter, data_center, jira_process
from tests.e2e.jira_cloud import JiraCloud, jira_cloud
from tests.fakes.front import Answer
from tests.fakes.jira_cloud import EMAIL, TOKEN
from tests.fakes.jira_cloud_store import rule
from tests.fakes.jira_layers import PROJECT
from tests.fakes.jira_trouble import Trouble

__all__ = ["data_center", "jira_cloud", "jira_process"]

_PM_SYNC = Path(sys.executable).with_name("pm-sync")
CLOUD = {"JIRA_EMAIL": EMAIL, "JIRA_API_TOKEN": TOKEN}
CONFIG = "version: 1\ntrackers: {ops: {kind: jira, project: OPS, index_lag: 0s}}\nroutes: [{to: ops}]\n"
Jira = JiraCloud | DataCenter
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(params=["cloud", "data center"])
def jira(request: pytest.FixtureRequest) -> Jira:
    """Each of the two Jiras."""
    found: Jira = request.getfixturevalue(request.param.replace("cloud", "jira_cloud").replace(" ", "_"))
    found.environment = CLOUD if isinstance(found, JiraCloud) else dict(DATA_CENTER)
    return found


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A folder with a configuration."""
    (tmp_path / "postmortems").mkdir()
    (tmp_path / "pm-sync.yaml").write_text(CONFIG)
    return tmp_path


@pytest.fixture
def run(repository: Path, jira: Jira) -> Run:
    """Start the program in the repository."""
    return program(repository, jira)


def program(repository: Path, jira: Jira) -> Run:
    """A way to start the program in a repository, its issues in this Jira."""

    def start(*arguments: str, url: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": os.environ["PATH"], "HOME": str(repository), **jira.environment, **more}
        environment |= {"JIRA_BASE_URL": url or jira.front.url, "JIRA_SITE_URL": jira.front.url}
        command = [str(_PM_SYNC), *arguments]
        return subprocess.run(
            command, cwd=repository, env=environment, capture_output=True, text=True, timeout=300, check=False
        )

    return start


def write(repository: Path, *items: str, name: str = "db.md") -> Path:
    """Write a postmortem with these items."""
    path = repository / "postmortems" / name
    path.write_text("# Database outage\n\n## Action items\n\n" + "".join(f"- [ ] {item}\n" for item in items))
    return path


def result(done: subprocess.CompletedProcess[str], *codes: int) -> Any:
    """What a command printed as JSON."""
    assert done.returncode in (codes or (0,)), (done.returncode, done.stdout, done.stderr)
    return json.loads(done.stdout)


def writes(jira: Jira) -> list[str]:
    """What was written."""
    reads = ("/search/jql", "/issue/bulkfetch")
    return [call for call in jira.front.calls if not call.startswith("GET ") and not call.endswith(reads)]


def keys(path: Path) -> list[str]:
    """The issues that a file links, in order."""
    return re.findall(r"\[(OPS-\d+)\]\(\S+/browse/\1\)", path.read_text())


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
    done = program(repository, jira_cloud)("sync", "--yes")
    assert done.returncode == 12
    assert "Cost centre" in done.stderr
    assert jira_cloud.project.issues == {}


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


def test_a_search_that_lags_undoes_nothing(repository: Path, jira_cloud: JiraCloud) -> None:
    """What a run has just closed the next one may still be told to be open: that is not believed."""
    jira_cloud.environment = CLOUD
    (repository / "pm-sync.yaml").write_text(CONFIG.replace(", index_lag: 0s", ""))
    run = program(repository, jira_cloud)
    path = write(repository, "Add a replica", "Add alerts")
    assert run("sync", "--yes").returncode == 0
    path.write_text(path.read_text().replace("- [ ] Add a replica", "- [x] Add a replica"))
    jira_cloud.project.lag = timedelta(seconds=30)
    jira_cloud.project.ahead += timedelta(seconds=60)
    assert result(run("sync", "--yes", "--format", "json"))["summary"]["closed"] == 1
    text, before = path.read_text(), jira_cloud.written()
    again = result(run("sync", "--yes", "--format", "json"))
    assert (again["summary"]["unchanged"], path.read_text(), jira_cloud.written()) == (2, text, before)


def test_words_written_a_moment_ago_are_kept(repository: Path, jira_cloud: JiraCloud) -> None:
    """Search doesn't know of them yet; the description is read again before our part of it is replaced."""
    jira_cloud.environment = CLOUD
    (repository / "pm-sync.yaml").write_text(CONFIG.replace(", index_lag: 0s", ""))
    run = program(repository, jira_cloud)
    path = write(repository, "Add a replica: one was not enough", "Add alerts: nobody noticed")
    assert run("sync", "--yes").returncode == 0
    jira_cloud.project.lag = timedelta(seconds=30)
    jira_cloud.project.ahead += timedelta(seconds=60)
    for held in jira_cloud.project.issues.values():
        words = {"type": "paragraph", "content": [{"type": "text", "text": "Written by hand"}]}
        held.fields["description"] = {**held.fields["description"]}
        held.fields["description"]["content"] = [words, *held.fields["description"]["content"]]
        jira_cloud.project.touch(held)
    path.write_text(path.read_text().replace("was not enough", "is too few").replace("nobody", "no one"))
    jira_cloud.front.exchanges.clear()
    assert result(run("sync", "--yes", "--format", "json"))["summary"]["updated"] == 2
    for held in jira_cloud.project.issues.values():
        assert "Written by hand" in str(held.fields["description"])
        assert re.search("is too few|no one", str(held.fields["description"]))
    asked = [call.rpartition("/rest/api/3")[2] for call in jira_cloud.front.calls]
    assert asked == ["/search/jql", "/issue/bulkfetch", "/issue/OPS-1", "/issue/OPS-2"]


def on_a_terminal(repository: Path, jira: Jira, answer: str, *arguments: str) -> int:
    """Start the program on a terminal and type an answer; the code that it ends with."""
    ours, theirs = pty.openpty()
    environment = {"PATH": os.environ["PATH"], "HOME": str(repository), "JIRA_BASE_URL": jira.front.url}
    os.write(ours, f"{answer}\n".encode())
    with subprocess.Popen(
        [str(_PM_SYNC), *arguments],
        cwd=repository,
        env=environment | jira.environment,
        stdin=theirs,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        code = process.wait(60)
    os.close(theirs)
    os.close(ours)
    return code


@pytest.mark.parametrize("forgotten", [False, True], ids=["linked", "link lost"])
def test_a_mark_cut_short_is_completed_with_consent_only(
    repository: Path, data_center: DataCenter, forgotten: bool
) -> None:
    """The plan says so; looking, a "no" and a guard send nothing; a yes completes it, once."""
    data_center.properties.in_creates = False
    data_center.environment = dict(DATA_CENTER)
    run = program(repository, data_center)
    path = write(repository, "Add a replica")
    bare = path.read_text()
    assert run("sync", "--yes").returncode == 0
    data_center.properties.values.clear()
    if forgotten:
        path.write_text(bare)
    before = data_center.written()
    planned = result(run("plan", "--format", "json"))
    told = [(change["change"], change["reason"]) for change in planned["changes"]]
    assert ("update", "its creation was cut short, its mark is completed") in told
    assert run("status").returncode == 0
    assert run("sync").returncode == 2
    assert run("sync", "--yes", "--max-updates", "0").returncode == 12
    assert on_a_terminal(repository, data_center, "n", "sync") == 12
    assert data_center.written() == before
    assert on_a_terminal(repository, data_center, "y", "sync") == 0
    [mark] = data_center.properties.values.values()
    assert mark["pm-sync"]["base"]["title"]
    before = data_center.written()
    assert result(run("sync", "--yes", "--format", "json"))["summary"]["unchanged"] == 1
    assert data_center.written() == before


def test_a_property_refused_after_the_create_is_set_by_the_next_run(repository: Path, data_center: DataCenter) -> None:
    """The file has its link by then: the labels tell whose issue it is."""
    data_center.properties.in_creates = False
    data_center.environment = dict(DATA_CENTER)
    trouble = Trouble(before=[("PUT .*/properties/pm-sync$", Answer(403, {"errorMessages": ["No."]}))])
    data_center.front.layers.insert(0, trouble)
    run = program(repository, data_center)
    path = write(repository, "Add a replica")
    first = run("sync", "--yes")
    assert (first.returncode, len(keys(path))) == (0, 1)
    assert "its mark is not whole yet, the next run completes it" in first.stdout + first.stderr
    second = result(run("sync", "--yes", "--format", "json"))
    assert (second["summary"]["updated"], second["summary"]["created"]) == (1, 0)
    assert len(data_center.properties.values) == 1
    path.write_text(path.read_text().replace("Add a replica", "Add two replicas"))
    assert result(run("sync", "--yes", "--format", "json"))["summary"]["updated"] == 1


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
    command = [str(_PM_SYNC), "sync", "--yes"]
    variables = {"PATH": os.environ["PATH"], "HOME": str(repository), "JIRA_BASE_URL": jira_cloud.front.url}
    variables |= CLOUD | environment
    done = subprocess.run(command, cwd=repository, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode in (1, 11), done.stderr
    assert message in done.stderr
    assert jira_cloud.project.issues == {}
