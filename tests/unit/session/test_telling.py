"""What a commit's status says."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pm_sync.errors import Refused, UsageError
from pm_sync.publish.checks import Standing
from pm_sync.publish.remote import PublishFailed
from pm_sync.session.session import Session, World
from pm_sync.session.telling import find_commit, standing, tell_commit
from pm_sync.status.items import Failure, StatusReport
from tests.actions import COMMIT, actions, pull_payload
from tests.factories import Clock, status_item
from tests.fakes.bare import git, make_bare
from tests.house import never_wait

DAY = date(2026, 11, 22)
LATE = status_item(due=DAY, overdue=True)


def report(*items: object) -> StatusReport:
    """A report of these items."""
    return StatusReport(DAY, items)  # type: ignore[arg-type]  # they are


def session(root: Path, environment: dict[str, str]) -> Session:
    """A session in ``root``."""
    return Session.open(World(root, environment, Clock(), never_wait))


def test_green_counts_what_is_open() -> None:
    """Without a gate nothing is red."""
    settled = status_item(state="done", active=False)
    assert standing(report(LATE, status_item(), settled), (), {}) == Standing("success", "2 open, 1 overdue")


def test_red_names_the_first_that_fails() -> None:
    """There is room for one line."""
    failures = (Failure(LATE, "was due on 2026-11-01"), Failure(LATE, "has no owner"))
    said = standing(report(LATE), failures, {})
    assert said == Standing("failure", "1 open, 1 overdue; postmortems/db.md:12 was due on 2026-11-01 and 1 more")


def test_unread_tracker_is_neither() -> None:
    """Nobody could look, so nobody says that all is well."""
    assert standing(report(), (), {"infra": "can't be reached"}).state == "error"


def test_commit_may_be_named(tmp_path: Path) -> None:
    """By its hash, or as this clone knows it."""
    bare = make_bare(tmp_path, {"README.md": b"#\n"})
    here = session(bare.clone, {})
    assert find_commit(here, "HEAD") == git(bare.clone, "rev-parse", "HEAD") == bare.head()
    assert find_commit(here, COMMIT) == COMMIT
    with pytest.raises(UsageError, match="git knows no commit"):
        find_commit(here, "--output=x")


def test_fork_sets_no_status(tmp_path: Path) -> None:
    """Whatever token it was given."""
    bare = make_bare(tmp_path, {"README.md": b"#\n"})
    environment = actions(tmp_path, "pull_request", pull_payload(base=bare.head(), source="mallory/infra"))
    here = session(bare.clone, {**environment, "GITHUB_TOKEN": "x"})
    with pytest.raises(Refused, match="a fork's run"):
        tell_commit(here, COMMIT, Standing("success", ""))


def test_without_a_credential_there_is_nowhere_to_say_it(tmp_path: Path) -> None:
    """The message tells what is missing."""
    bare = make_bare(tmp_path, {"README.md": b"#\n"})
    with pytest.raises(PublishFailed, match="GITHUB_TOKEN"):
        tell_commit(session(bare.clone, actions(tmp_path, "push")), COMMIT, Standing("success", ""))
