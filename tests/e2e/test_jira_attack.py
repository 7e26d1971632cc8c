"""Our own fake of Jira Cloud under attack: whatever fits or breaks the contract, it answers, and as the contract says."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.e2e.counterparts import require
from tests.e2e.install import HOME
from tests.e2e.openapi import CONTRACTS
from tests.fakes.front import front_of
from tests.fakes.jira_cloud import API, EMAIL, TOKEN, Cloud
from tests.fakes.jira_cloud_store import Project

_SCHEMATHESIS = HOME / "schemathesis" / "bin" / "st"
_CONTRACT = CONTRACTS / "jira-cloud-openapi.json"
_ATTACKED = (
    ("search/jql", "POST"),
    ("issue/bulkfetch", "POST"),
    ("issue/bulk", "POST"),
    ("issue/{issueIdOrKey}", "PUT"),
    ("issue/{issueIdOrKey}/properties/{propertyKey}", "PUT"),
    ("issue/{issueIdOrKey}/comment", "POST"),
    ("issue/{issueIdOrKey}/transitions", "POST"),
    ("issue/{issueIdOrKey}/remotelink", "POST"),
    ("issue/createmeta/{projectIdOrKey}/issuetypes", "GET"),
    ("user/assignable/search", "GET"),
)


def test_answers_whatever_is_sent(tmp_path: Path) -> None:
    """Never a server's error or a broken connection, and nothing in an answer that the contract doesn't know."""
    require(_SCHEMATHESIS)
    if not _CONTRACT.exists():
        pytest.skip(f"{_CONTRACT.name} is not here")
    project = Project()
    project.create({"project": {"key": "OPS"}, "issuetype": {"id": "10001"}, "summary": "Attacked"})
    names = [word for path, method in _ATTACKED for word in ("--include-name", f"{method} {API}/{path}")]
    checks = ["--checks", "not_a_server_error,response_schema_conformance", "--phases", "fuzzing"]
    with front_of("", Cloud(project)) as front:
        target = [_CONTRACT, "--url", front.url, "--auth", f"{EMAIL}:{TOKEN}"]
        command = [_SCHEMATHESIS, "run", *target, *names, *checks, "--max-examples", "40", "--seed", "1", "--no-color"]
        done = subprocess.run(
            [str(word) for word in command],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stdout[-6000:]
    assert len(front.exchanges) > 100
