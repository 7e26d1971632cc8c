"""`reminders:` in the configuration: comments that the plan shows, and that are made once."""

from __future__ import annotations

import pytest

from tests.cli.support import DB, Repo, document


@pytest.fixture
def late(empty: Repo) -> Repo:
    """An item long overdue, with its issue."""
    empty.write(DB, document("Add a replica (due 2026-01-31)", "Alert on lag"))
    assert empty.run("sync", "--yes").code == 0
    return empty


def comments(repo: Repo, number: int) -> str:
    """What the issue shows of its comments."""
    return repo.run("local", "show", str(number)).out


def test_without_thresholds_nobody_is_reminded(late: Repo) -> None:
    """It is off by default."""
    assert late.run("sync", "--yes").out == "Done: nothing to do; 2 unchanged.\n"


def test_plan_shows_the_comment_and_sync_makes_it_once(late: Repo) -> None:
    """The second run has nothing to say."""
    late.write("pm-sync.yaml", "version: 1\nreminders: [0d, 14d]\n")
    plan = late.run("plan").out
    assert "local#1" in plan
    assert "1 to comment on" in plan
    assert "1 commented on" in late.run("sync", "--yes").out
    assert comments(late, 1).count("was due on 2026-01-31") == 1
    assert late.run("sync", "--yes").out == "Done: nothing to do; 2 unchanged.\n"
    assert comments(late, 1).count("was due on 2026-01-31") == 1


def test_moved_date_reminds_anew(late: Repo) -> None:
    """A new promise that isn't kept either."""
    late.write("pm-sync.yaml", "version: 1\nreminders: [0d]\n")
    late.run("sync", "--yes")
    late.write(DB, late.read().replace("2026-01-31", "2026-02-28"))
    late.run("sync", "--yes")
    assert "1 commented on" in late.run("sync", "--yes").out
    assert "was due on 2026-02-28" in comments(late, 1)


def test_finished_item_is_let_be(late: Repo) -> None:
    """Also where it was finished late."""
    late.run("local", "close", "1")
    late.write("pm-sync.yaml", "version: 1\nreminders: [0d]\n")
    late.run("sync", "--yes")
    assert "was due" not in comments(late, 1)
