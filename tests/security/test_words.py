"""Words: names, branches, git's own words and a workflow's event do nothing where they are quoted."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from pm_sync.config import parse_config
from pm_sync.errors import ConfigError
from pm_sync.publish.command import hide_credentials
from pm_sync.publish.deliver import message_of
from pm_sync.session.actions import read_event
from pm_sync.session.starting import Findings, configuration, workflow
from tests.security.attacks import ACTING_NAMES, CREDENTIALS_IN_ADDRESSES

OBEYED = re.compile(r"#\d|#\w|@\w|GH-\d|\[skip ci\]", re.IGNORECASE)


@pytest.mark.parametrize("name", ACTING_NAMES)
def test_the_name_of_a_file_does_nothing_in_a_commit(name: str) -> None:
    """A merge would close issues, notify people, or skip the checks of the branch."""
    for paths in ([name], [name, "b.md"]):
        said = message_of(paths)
        assert OBEYED.search(said) is None
        assert name in said.replace("\u200b", "")


@pytest.mark.parametrize("said", CREDENTIALS_IN_ADDRESSES)
def test_git_tells_no_credential(said: str) -> None:
    """Whatever characters it has, and however often it stands there."""
    shown = hide_credentials(said)
    assert not re.search("SE|CRET|slashes", shown)
    assert shown.split(":")[0] == said.split(":", maxsplit=1)[0]


@pytest.mark.parametrize(
    "payload",
    ["[" * 100_000, '{"a":' * 100_000, '{"repository": {"id": ' + "9" * 5000 + "}}", "\x00", "{}", "[]", '"'],
    ids=["lists", "objects", "a long number", "no text", "nothing", "a list", "cut off"],
)
def test_an_event_of_any_kind_lets_nobody_in(tmp_path: Path, payload: str) -> None:
    """What can't be read says nothing: the pull request counts as a stranger's, and no default branch is known."""
    file = tmp_path / "event.json"
    file.write_text(payload, encoding="utf-8")
    environment = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_PATH": str(file), "GITHUB_REF": "refs/heads/main"}
    pull = read_event(environment | {"GITHUB_EVENT_NAME": "pull_request"})
    assert pull is not None
    assert pull.pull_request is not None
    assert pull.pull_request.from_fork
    push = read_event(environment | {"GITHUB_EVENT_NAME": "push"})
    assert push is not None
    assert not push.on_default_branch


@pytest.mark.parametrize("sha", ["--output=x", "main", "a" * 39, "a" * 40 + "\n", "../x", ["a"], None])
def test_a_commit_that_is_none_is_no_base(tmp_path: Path, sha: object) -> None:
    """It would stand in commands of git and in addresses."""
    file = tmp_path / "event.json"
    pull = {"number": 1, "base": {"sha": sha}, "head": {"sha": sha, "repo": {"full_name": "a/b"}}}
    file.write_text(json.dumps({"repository": {"full_name": "a/b"}, "pull_request": pull}), encoding="utf-8")
    names = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_PATH": str(file), "GITHUB_EVENT_NAME": "pull_request"}
    event = read_event(names)
    assert event is not None
    assert event.pull_request is not None
    assert (event.pull_request.base, event.pull_request.head) == ("", "")


@pytest.mark.parametrize("folder", ['x"]\ntrackers: {a: {kind: local}}\n#', "a: b", "#x", "*&!%@`", "über"])
def test_no_folder_writes_its_own_configuration(folder: str) -> None:
    """What `init` writes holds it as a text."""
    found = Findings((folder,), 1, 0, None, "main", None, date(2026, 11, 22))
    assert yaml.safe_load(configuration(found)) == {
        "version": 1,
        "postmortems": [f"{folder}/**/*.md"],
        "trackers": {"issues": {"kind": "local"}},
        "routes": [{"to": "issues"}],
    }


@pytest.mark.parametrize("branch", ['a"b', "a'b", "${{github.token}}", '"]}#', "über"])
def test_no_branch_writes_its_own_workflow(branch: str) -> None:
    """What `init` writes holds it as a text."""
    found = Findings(("pm",), 1, 0, "acme/infra", branch, None, date(2026, 11, 22))
    plain = yaml.safe_load(workflow(found))
    assert plain[True]["push"] == {"branches": [branch]}  # YAML 1.1 reads `on` so


@pytest.mark.parametrize(
    "text",
    [
        "trackers: {a: {kind: github, repository: acme/..}}",
        "trackers: {a: {kind: github, repository: acme/.}}",
        'trackers: {a: {kind: github, repository: "acme/infra\\n"}}',
        "trackers: {a: {kind: github, repository: acme/../../user}}",
        "trackers: {a: {kind: github, repository: 'acme/infra?x=1'}}",
        "trackers: {a: {kind: github, repository: https://evil.example/acme/infra}}",
        'trackers: {a: {kind: jira, project: "OPS\\n"}}',
        "trackers: {a: {kind: jira, project: 'OPS\" OR project = \"SECRET'}}",
        "tracking_label: 'x\"'",
        "tracking_label: 'x\\'",
        "trackers: {a: {kind: github, repository: acme/infra, url: https://evil.example}}",
        "trackers: {a: {kind: github, repository: acme/infra, host: evil.example}}",
        "trackers: {a: {kind: jira, project: OPS, base_url: https://evil.example}}",
        "trackers: {a: {kind: jira, project: OPS, token: x}}",
        "trackers: {a: {kind: jira, project: OPS, connection: 'x y'}}",
        "trackers: {a: {kind: jira, project: OPS, connection: ../corp}}",
    ],
)
def test_no_configuration_names_a_host_or_leaves_its_place(text: str) -> None:
    """Each is a mistake with its place: values stand in addresses, queries and names of variables."""
    with pytest.raises(ConfigError, match=r"^pm-sync\.yaml:1:\d+: "):
        parse_config(text)
