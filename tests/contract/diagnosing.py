"""Diagnosing: what a tracker finds out about itself and its credential, by reading alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pm_sync.findings import Finding, Level
from pm_sync.model import IssueRef
from pm_sync.trackers.base import Tracker
from tests.contract.support import Remote, create, read_one, run
from tests.factories import draft


def now() -> datetime:
    """The time on the clock of this machine, where every counterpart runs."""
    return datetime.now(UTC)


def about(findings: list[Finding], subject: str) -> list[Finding]:
    """The findings about something."""
    return [finding for finding in findings if finding.about == subject]


class Diagnosing:
    """What a tracker promises about its diagnosis."""

    def test_an_ordinary_tracker_is_well(self, tracker: Tracker) -> None:
        """Nothing is in the way, and that creates are allowed is said."""
        findings = list(tracker.diagnose(now, ()))
        assert [finding for finding in findings if finding.level is not Level.OK] == []
        assert [finding.what for finding in about(findings, "create")] == ["allowed"]

    def test_findings_are_told_apart(self, tracker: Tracker) -> None:
        """Each thing is looked at once, and each finding says something."""
        findings = tracker.diagnose(now, ())
        subjects = [finding.about for finding in findings]
        assert len(set(subjects)) == len(subjects)
        assert all(finding.what.strip() for finding in findings)

    def test_diagnosis_writes_nothing(self, tracker: Tracker, remote: Remote) -> None:
        """An issue of ours is as it was."""
        [made] = create(tracker, draft())
        with run(remote) as before:
            issue = read_one(before, made.ref)
            before.diagnose(now, [made.ref])
        with run(remote) as after:
            assert read_one(after, made.ref) == issue
        assert remote.comments(made.ref) == []

    def test_a_clock_that_differs_is_told(self, tracker: Tracker) -> None:
        """By how much, and to which side, by a tracker that has a clock of its own to compare with."""
        for ahead, told in ((timedelta(minutes=10), "10 minutes ahead of"), (timedelta(days=-3), "3 days behind")):

            def ours(ahead: timedelta = ahead) -> datetime:
                return now() + ahead

            clocks = about(list(tracker.diagnose(ours, ())), "clock")
            assert all(
                (clock.level, told in clock.what, bool(clock.hint)) == (Level.WARNING, True, True) for clock in clocks
            )

    def test_links_to_issues_that_are_there_are_no_trouble(self, tracker: Tracker, remote: Remote) -> None:
        """Whoever made them."""
        linked: list[IssueRef] = [remote.add("By hand"), create(tracker, draft())[0].ref]
        assert not any(finding.level is Level.FAILURE for finding in tracker.diagnose(now, linked))
