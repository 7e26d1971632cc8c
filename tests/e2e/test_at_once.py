"""Several at work at once: processes in one repository, machines on one tracker, and people in an editor meanwhile."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from pm_sync.cli.main import run
from pm_sync.model import IssueRef, State
from pm_sync.session import runs
from pm_sync.session.lock import hold_lock
from tests.cli.support import DB, document
from tests.contract.support import Remote, read_one
from tests.contract.support import run as opened
from tests.crash import scene
from tests.e2e.github import GitHubRemote
from tests.e2e.jira_cloud import JiraCloud, jira_cloud
from tests.fakes.front import Answer, Asked, Front, Layer
from tests.fakes.jira_cloud import EMAIL, TOKEN
from tests.house import House

__all__ = ["jira_cloud"]

_PM_SYNC = [sys.executable, "-c", "from pm_sync.cli import main; main()"]
_HOLD = """\
import sys
from datetime import UTC, datetime
from pathlib import Path
from pm_sync import statefolder
from pm_sync.session.lock import hold_lock

with hold_lock(statefolder.make(Path()), datetime.now(UTC)):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_two_at_once(tmp_path: Path, real_sleep: Callable[[float], None]) -> None:
    """The second waits for the first, finds nothing to do, and both end well."""
    house = House(tmp_path)
    scene.first(tmp_path)
    house.sync()
    scene.only(tmp_path)
    syncs = [
        subprocess.Popen([*_PM_SYNC, "sync", "--yes"], cwd=house.root, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [sync.communicate(timeout=60)[0] for sync in syncs]
    assert [sync.returncode for sync in syncs] == [0, 0]
    assert sum("created" in words for words in said) == 1
    assert sum("nothing to do" in words for words in said) == 1
    assert (len(house.issues()), house.strays()) == (16, [])


def test_who_is_at_work_is_told_until_it_dies(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    real_sleep: Callable[[float], None],
) -> None:
    """Nothing is done beside another process, whose number is told; killed, it is in nobody's way."""
    House(tmp_path).write(DB, document("Add a replica"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(runs, "hold_lock", partial(hold_lock, patience=0.1))
    command = [sys.executable, "-c", _HOLD]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert run(["sync", "--yes"]) == 1
        assert f"process {holder.pid} on " in capsys.readouterr().err
        assert (tmp_path / DB).read_text() == document("Add a replica")
        holder.kill()
    assert run(["sync", "--yes"]) == 0
    assert "(local#1, open)" in (tmp_path / DB).read_text()


@dataclass(slots=True)
class AtFirstCreate(Layer):
    """Somebody acts just before an issue is created for the first time: everything was read by then."""

    act: Callable[[], object] | None = None

    def answer(self, asked: Asked, front: Front) -> Answer | None:
        """Let them act, and leave the answer to the server."""
        if self.act is not None and asked.method == "POST" and re.search(r"/issues$|/issue/bulk$", asked.path):
            act, self.act = self.act, None
            act()
        return None


@dataclass(frozen=True, slots=True)
class Shared:
    """A tracker that several machines use."""

    remote: Remote
    meanwhile: AtFirstCreate
    tracker: str
    """Its part of the configuration."""
    environment: Mapping[str, str]
    refs: Callable[[int], IssueRef]
    """The address of the issue of a number."""

    def machine(self, folder: Path, text: str) -> Path:
        """A machine with a clone of its own, which holds this postmortem."""
        house = House(folder)
        house.write(DB, text)
        house.write("pm-sync.yaml", f"version: 1\nsource: acme\ntrackers: {{issues: {self.tracker}}}\n")
        return folder

    def sync(self, machine: Path) -> subprocess.CompletedProcess[str]:
        """Sync there, in a process of its own."""
        environment = {"PATH": os.environ["PATH"], "HOME": str(machine), **self.environment}
        command = [*_PM_SYNC, "sync", "--yes"]
        return subprocess.run(
            command, cwd=machine, env=environment, capture_output=True, text=True, timeout=60, check=False
        )


@pytest.fixture(params=["github", "jira_cloud"])
def shared(request: pytest.FixtureRequest) -> Shared:
    """GitHub, and a Jira on Cloud."""
    remote: GitHubRemote | JiraCloud = request.getfixturevalue(request.param)
    meanwhile = AtFirstCreate()
    remote.front.layers.insert(0, meanwhile)
    url = remote.front.url
    if isinstance(remote, GitHubRemote):
        tracker = f"{{kind: github, repository: {remote.repository}}}"
        access = {"GITHUB_TOKEN": remote.token, "GITHUB_API_URL": url}
        return Shared(remote, meanwhile, tracker, access, lambda n: IssueRef("github", url, remote.repository, str(n)))
    access = {"JIRA_BASE_URL": url, "JIRA_SITE_URL": url, "JIRA_EMAIL": EMAIL, "JIRA_API_TOKEN": TOKEN}
    tracker = "{kind: jira, project: OPS, index_lag: 0s}"
    return Shared(remote, meanwhile, tracker, access, lambda n: IssueRef("jira", url, "OPS", f"OPS-{n}"))


def test_two_machines_end_with_one_issue_for_each_item(shared: Shared, tmp_path: Path) -> None:
    """Both looked up before either created: the lower number stays, and the other is closed, explained and told."""
    text = document("Add a replica", "Alert on lag")
    here, there = (shared.machine(tmp_path / name, text) for name in ("here", "there"))
    shared.meanwhile.act = lambda: shared.sync(there)
    done = shared.sync(here)
    assert (done.returncode, "2 closed as duplicate" in done.stdout) == (0, True), done
    assert (here / DB).read_text() == (there / DB).read_text() != text
    for stays, closed in ((1, 3), (2, 4)):
        original = shared.refs(stays).url
        assert f"]({original}), open)" in (here / DB).read_text()
        with opened(shared.remote) as tracker:
            assert read_one(tracker, shared.refs(closed)).state is State.DROPPED
        [comment] = shared.remote.comments(shared.refs(closed))
        assert comment.startswith(f"Closed as a duplicate: {original} was made for the same action item")
        assert "pm-sync:" in comment
    assert "nothing to do" in shared.sync(here).stdout
    assert "nothing to do" in shared.sync(there).stdout


def test_what_is_typed_while_a_sync_is_at_work_is_kept(shared: Shared, tmp_path: Path) -> None:
    """Not a byte of it is lost; the item that got other words meanwhile is asked about, and made no second time."""
    machine = shared.machine(tmp_path / "here", document("Add a replica in Oslo", "Alert on lag"))
    edited = "Preface.\r\n\r\n" + document("Add two replicas in Oslo", "Alert on lag") + "\nLast words"
    shared.meanwhile.act = lambda: (machine / DB).write_bytes(edited.encode())
    assert shared.sync(machine).returncode == 0
    text = (machine / DB).read_bytes().decode()
    assert re.sub(r" \(\[.*?\), open\)", "", text) == edited
    assert text.count(", open)") == 1
    again = shared.sync(machine)
    assert (again.returncode, "perhaps reworded" in again.stderr) == (11, True)
    assert (machine / DB).read_bytes().decode() == text
