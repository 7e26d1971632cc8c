"""What a workflow's event tells, and which runs may write."""

from __future__ import annotations

from pathlib import Path

import pytest

from pm_sync.errors import Refused
from pm_sync.session.actions import Event, PullRequest, read_event, refuse_writes
from tests.actions import COMMIT, OTHER, actions, payload, pull_payload


def test_elsewhere_there_is_no_event() -> None:
    """On a person's machine nothing is held back."""
    assert read_event({"GITHUB_EVENT_NAME": "push"}) is None
    refuse_writes(None, allow_branch=False)


def test_push_tells_where_the_branch_was(tmp_path: Path) -> None:
    """Which is what ``--changed-since`` wants to know."""
    event = read_event(actions(tmp_path, "push", payload(before=COMMIT)))
    assert event == Event("push", "refs/heads/main", "main", private=True, before=COMMIT)


@pytest.mark.parametrize("before", ["0" * 40, "--output=/etc/passwd", "", None, 7])
def test_new_branch_was_nowhere_before(tmp_path: Path, before: object) -> None:
    """Zeros stand for no commit, and nothing but a commit's hash is taken for one."""
    event = read_event(actions(tmp_path, "push", payload(before=before)))
    assert event is not None
    assert event.before is None


def test_pull_request_of_a_branch(tmp_path: Path) -> None:
    """Somebody with rights here wrote it."""
    event = read_event(actions(tmp_path, "pull_request", pull_payload()))
    assert event is not None
    assert event.pull_request == PullRequest(7, COMMIT, OTHER, from_fork=False)


@pytest.mark.parametrize("name", ["pull_request", "pull_request_target", "pull_request_review"])
@pytest.mark.parametrize("source", ["mallory/infra", None])
def test_pull_request_of_a_fork(tmp_path: Path, name: str, source: str | None) -> None:
    """Also of a fork that is deleted already."""
    event = read_event(actions(tmp_path, name, pull_payload(source=source)))
    assert event is not None
    assert event.pull_request is not None
    assert event.pull_request.from_fork


@pytest.mark.parametrize("text", ["", "[]", "{", '{"pull_request": 3}', '{"repository": {"full_name": 3}}'])
def test_pull_request_that_tells_too_little_is_a_strangers(tmp_path: Path, text: str) -> None:
    """What can't be read is trusted with nothing."""
    environment = actions(tmp_path, "pull_request")
    (tmp_path / "event.json").write_text(text)
    event = read_event(environment)
    assert event is not None
    assert event.pull_request is not None
    assert event.pull_request.from_fork


@pytest.mark.parametrize("name", ["push", "schedule", "workflow_dispatch", "issues", "repository_dispatch"])
def test_events_of_the_default_branch_may_write(tmp_path: Path, name: str) -> None:
    """Whoever caused them could write here anyway, or changed nothing of what runs."""
    refuse_writes(read_event(actions(tmp_path, name)), allow_branch=False)


@pytest.mark.parametrize(
    "name", ["pull_request", "pull_request_target", "workflow_run", "issue_comment", "merge_group", ""]
)
def test_other_events_may_not(tmp_path: Path, name: str) -> None:
    """Not even where the branch would be let pass."""
    with pytest.raises(Refused, match="must not write"):
        refuse_writes(read_event(actions(tmp_path, name)), allow_branch=True)


def test_other_branches_may_not_unless_told(tmp_path: Path) -> None:
    """The message names the option."""
    event = read_event(actions(tmp_path, "push", GITHUB_REF="refs/heads/topic"))
    with pytest.raises(Refused, match="--allow-branch"):
        refuse_writes(event, allow_branch=False)
    refuse_writes(event, allow_branch=True)


def test_forks_may_not(tmp_path: Path) -> None:
    """A fork's schedule would fill the fork with issues."""
    event = payload()
    event["repository"]["fork"] = True
    with pytest.raises(Refused, match="a fork's workflow"):
        refuse_writes(read_event(actions(tmp_path, "schedule", event)), allow_branch=True)
