"""What the contract's tests stand on: the remote system, runs of a tracker, and drafts to try it with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Protocol

import pytest

from pm_sync.errors import TrackerError
from pm_sync.mark import Mark
from pm_sync.model import Issue, IssueDraft, IssueRef
from pm_sync.trackers.base import ReadRequest, Snapshot, Tracker
from tests.factories import SRC, draft, mark


class Remote(Protocol):
    """The remote system of one test, as its administrator and the people who work there see it.

    The verbs of people go past the tracker under test: through the server's own interface or its storage.
    """

    def open(self) -> Tracker:
        """Open a tracker as a new run does: knowing nothing of earlier ones. The contract closes it."""
        ...

    def now(self) -> datetime:
        """The time on the remote system's clock, with its zone."""
        ...

    def wait(self) -> None:
        """Let the shortest time pass that the remote system can tell apart."""
        ...

    def add(self, title: str) -> IssueRef:
        """A person opens an issue, without any mark."""
        ...

    def retitle(self, ref: IssueRef, title: str) -> None:
        """A person changes the title."""
        ...

    def label(self, ref: IssueRef, label: str) -> None:
        """A person adds a label."""
        ...

    def finish(self, ref: IssueRef) -> None:
        """A person closes the issue as done."""
        ...

    def delete(self, ref: IssueRef) -> None:
        """The issue is deleted for good."""
        ...

    def cut_short(self, ref: IssueRef) -> None:
        """The run that made the issue was killed right after the creating call: what it wrote later is not there."""
        ...

    def comments(self, ref: IssueRef) -> Sequence[str]:
        """The texts of the issue's comments, oldest first."""
        ...

    def written(self) -> object:
        """What changes with each write that reaches the remote system, and with nothing else."""
        ...


@contextmanager
def run(remote: Remote) -> Iterator[Tracker]:
    """Open a tracker as a new run does, and close it."""
    tracker = remote.open()
    try:
        yield tracker
    finally:
        tracker.close()


def create(tracker: Tracker, *drafts: IssueDraft) -> list[Issue]:
    """Create all drafts in batches of the declared size; any error fails the test."""
    size = tracker.capabilities.create_batch
    results: list[Issue] = []
    for at in range(0, len(drafts), size):
        for result in tracker.create(drafts[at : at + size]):
            if isinstance(result, TrackerError):
                raise result
            results.append(result)
    assert len(results) == len(drafts)
    return results


def read_one(tracker: Tracker, ref: IssueRef) -> Issue:
    """Read one linked issue."""
    return issue_of(tracker.read(ReadRequest(linked=(ref,), src=SRC, gone=False)), ref)


def issue_of(snapshot: Snapshot, ref: IssueRef) -> Issue:
    """The issue found at ``ref``; anything else fails the test."""
    found = snapshot.found[ref]
    assert isinstance(found, Issue), found
    return found


def look_up(tracker: Tracker, *marks: Mark) -> Snapshot:
    """Look marks up as a run does before its creates."""
    return tracker.read(ReadRequest(wanted=marks, src=SRC))


def full_draft() -> IssueDraft:
    """A draft with every field a postmortem owns."""
    return draft(
        details="The replica lagged by *two* hours.",
        due=date(2026, 12, 24),
        priority="P1",
        labels=("postmortem",),
    )


def other_draft() -> IssueDraft:
    """The same item with another value in every field, and one label more, as labels are only added."""
    return draft(
        title="Add two replicas",
        mark=mark(),
        details="One was not enough.",
        due=date(2027, 1, 31),
        priority="P0",
        labels=("postmortem", "database"),
    )


def requires_field(tracker: Tracker, field: str) -> None:
    """Skip the test where the tracker has no place of its own for ``field``."""
    if field not in tracker.capabilities.holds:
        pytest.skip(f"holds no {field}")


def said(issue: Issue, tracker: Tracker) -> dict[str, object]:
    """The fields of an issue that the tracker holds; labels of its own bookkeeping are not among them."""
    return {name: getattr(issue, name) for name in tracker.capabilities.holds}


def said_by(wish: IssueDraft, tracker: Tracker) -> dict[str, object]:
    """The same fields of a draft, as an issue has them."""
    fields = {name: getattr(wish, name) for name in tracker.capabilities.holds}
    return fields | {"labels": frozenset(wish.labels)} if "labels" in fields else fields


def refs_of(issues: Sequence[Issue]) -> list[IssueRef]:
    """The addresses, in order."""
    return [issue.ref for issue in issues]


def number(ref: IssueRef) -> int:
    """The number at the end of an issue's address."""
    return int(ref.id.rpartition("-")[2])


def utc_day(moment: datetime) -> date:
    """The day in UTC."""
    return moment.astimezone(UTC).date()
