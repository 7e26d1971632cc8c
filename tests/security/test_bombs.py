"""Bombs: input that is small and costs much, or that breaks what reads it."""

from __future__ import annotations

import time

import pytest

from pm_sync.errors import RateLimited, TrackerError
from pm_sync.postmortem.read import read_postmortem
from pm_sync.publish.command import hide_credentials
from pm_sync.trackers.github.body import find_block, write_body
from pm_sync.trackers.github.records import from_rest
from pm_sync.trackers.github.template import load_template
from pm_sync.trackers.jira.access import access_from as jira_access
from pm_sync.trackers.jira.connection import Connection, Reply
from pm_sync.trackers.jira.failures import Asked, failure
from pm_sync.trackers.jira.markup import plain_text
from tests.factories import draft
from tests.security.attacks import FRONT_MATTER_BOMBS, SLOW_BODIES

BELOW = "\n# Login down\n\n## Action items\n\n- [ ] Add a replica\n"


@pytest.mark.parametrize("front", FRONT_MATTER_BOMBS.values(), ids=FRONT_MATTER_BOMBS)
def test_no_front_matter_keeps_its_postmortem_from_being_read(front: str) -> None:
    """The text below is read as if the front matter said nothing."""
    found = read_postmortem((front + BELOW).encode(), "x.md")
    assert found.incident.title == "Login down"
    assert [item.text for item in found.items] == ["Add a replica"]


def test_reading_time_grows_with_the_number_of_headings_and_not_with_its_square() -> None:
    """Four times as many take about four times as long."""

    def seconds(headings: int) -> float:
        data = ("# X\n\n## Action items\n\n" + "### x\n" * headings).encode()
        started = time.process_time()
        read_postmortem(data, "x.md")
        return time.process_time() - started

    assert seconds(40_000) < 10 * seconds(10_000)


@pytest.mark.parametrize("body", SLOW_BODIES.values(), ids=SLOW_BODIES)
def test_an_outsiders_issue_takes_no_time(body: str) -> None:
    """A hundred such issues are looked at before anything is created."""
    started = time.process_time()
    block = find_block(body)
    assert block is None or block.mark is None
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize("said", ["://" * 100_000, "://a" * 100_000, "https://" + "@" * 100_000, "x" * 300_000])
def test_what_git_says_takes_no_time(said: str) -> None:
    """It may be a server's own words."""
    started = time.process_time()
    assert "@" not in hide_credentials(said)
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize("unit", ["&#64;", "<!--", "@", "fixes #1 "])
def test_details_of_megabytes_take_no_time(unit: str) -> None:
    """What an issue can't hold is cut before it is made harmless."""
    started = time.process_time()
    body = write_body("", draft(details=unit * (5_000_000 // len(unit))), load_template(None))
    assert len(body) <= 65_536
    assert time.process_time() - started < 3


@pytest.mark.parametrize("date", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
def test_a_date_beyond_the_calendar_breaks_nothing_off(date: str) -> None:
    """A server's answer with such a date is none, and a limit without an end waits as one that names none."""
    reset = Reply(429, {"x-ratelimit-reset": date}, None, is_json=True)
    access = jira_access({"JIRA_BASE_URL": "https://jira.example.com", "JIRA_PAT": "not-a-token"})
    told = failure(Asked(Connection(access), "GET", "/rest/api/2/issue/1"), reset)
    assert isinstance(told, RateLimited)
    issue = {"number": 1, "title": "x", "state": "open", "repository_url": "https://x/repos/a/b", "created_at": date}
    with pytest.raises(TrackerError, match="no GitHub issue"):
        from_rest(issue)
    with pytest.raises(TrackerError, match="no GitHub issue"):
        from_rest(issue | {"number": float("inf")})


def test_a_document_nested_without_end_is_read() -> None:
    """Anybody who may edit an issue of Jira's could write one."""
    node: dict[str, object] = {"type": "text", "text": "deep"}
    for _ in range(5000):
        node = {"type": "paragraph", "content": [node]}
    assert (
        plain_text({"type": "doc", "content": [node, {"type": "text", "text": "after"}]})
        == "deep" + "\n" * 5000 + "after"
    )
