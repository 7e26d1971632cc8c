"""What was cut short, and what a lagging search tells: made whole with consent, and never believed over the truth."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from pm_sync.model import IssueRef
from pm_sync.session.runs import make_run, sync_run
from pm_sync.session.scope import Scope
from pm_sync.session.session import Session, World
from tests.e2e.jira import DATA_CENTER, DataCenter, data_center, jira_process
from tests.e2e.jira_cloud import JiraCloud, jira_cloud
from tests.e2e.jira_program import CLOUD, CONFIG, keys, on_a_terminal, program, repository, result, write
from tests.fakes.front import Answer
from tests.fakes.jira_trouble import Trouble

__all__ = ["data_center", "jira_cloud", "jira_process", "repository"]


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


def test_what_was_fetched_is_not_fetched_again(repository: Path, jira_cloud: JiraCloud) -> None:
    """What people closed no search for open issues tells: it is read by its key, once."""
    jira_cloud.environment = CLOUD
    (repository / "pm-sync.yaml").write_text(CONFIG.replace(", index_lag: 0s", ""))
    run = program(repository, jira_cloud)
    path = write(repository, "Add a replica", "Add alerts")
    assert run("sync", "--yes").returncode == 0
    jira_cloud.finish(IssueRef("jira", jira_cloud.front.url, "OPS", "OPS-1"))
    jira_cloud.front.exchanges.clear()
    assert run("sync", "--yes").returncode == 0
    assert "- [x] Add a replica" in path.read_text()
    asked = [call.rpartition("/rest/api/3")[2] for call in jira_cloud.front.calls]
    assert asked == ["/search/jql", "/issue/bulkfetch"]


def test_a_lost_answer_is_looked_up_when_search_has_caught_up(repository: Path, jira_cloud: JiraCloud) -> None:
    """Search is 30 s behind: the run waits once for all that is lost, and nothing is made twice."""
    jira_cloud.project.lag = timedelta(seconds=30)
    jira_cloud.front.layers.insert(0, Trouble(after=[("POST .*/issue/bulk$", Answer(504, b""))]))
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        jira_cloud.project.ahead += timedelta(seconds=seconds)

    (repository / "pm-sync.yaml").write_text(CONFIG.replace(", index_lag: 0s", ""))
    path = write(repository, "Add a replica", "Add alerts", "Write a runbook")
    environment = {**CLOUD, "JIRA_BASE_URL": jira_cloud.front.url}
    with Session.open(World(repository, environment, jira_cloud.now, wait), read_only=False) as session:
        done = sync_run(session, make_run(session, Scope()), lambda _: None).result
    assert (done.summary["created"], done.left, waits) == (3, 0, [60.0])
    assert keys(path) == list(jira_cloud.project.issues) == ["OPS-1", "OPS-2", "OPS-3"]
