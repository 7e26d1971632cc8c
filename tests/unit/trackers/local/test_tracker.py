"""What the embedded tracker does beyond the contract."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from msgspec.structs import replace

from pm_sync.errors import NotFound, TrackerError
from pm_sync.model import Issue, IssueDraft, IssueRef, Lost, State
from pm_sync.trackers.base import ReadRequest, Tracker
from pm_sync.trackers.local.tracker import LocalTracker
from pm_sync.trackers.registry import KINDS, Surroundings
from tests.factories import NOW, SRC, Clock, draft, github_ref, issue, local_ref, mark


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database will be."""
    return tmp_path / "tracker.db"


@pytest.fixture
def tracker(path: Path, clock: Clock) -> Iterator[LocalTracker]:
    """A tracker without issues."""
    with closing(LocalTracker.open(path, clock=clock)) as tracker:
        yield tracker


def make(tracker: Tracker, *drafts: IssueDraft) -> list[Issue]:
    """Create issues; an error fails the test."""
    made = tracker.create(drafts)
    return [result for result in made if isinstance(result, Issue)]


def read(tracker: Tracker, number: int = 1) -> Issue:
    """Read one issue by its number."""
    found = tracker.read(ReadRequest(linked=(local_ref(number),))).found[local_ref(number)]
    assert isinstance(found, Issue)
    return found


def sql(path: Path, statement: str) -> None:
    """What a person does with a program of their own."""
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(statement)


@pytest.mark.parametrize("read_only", [True, False])
def test_links_into_a_missing_database_are_an_error(path: Path, clock: Clock, read_only: bool) -> None:
    """Links without the database they lead into say that it was lost, not the issues."""
    with (
        closing(LocalTracker.open(path, clock=clock, read_only=read_only)) as tracker,
        pytest.raises(NotFound, match=r"is missing or empty, though .*; restore it from a backup"),
    ):
        tracker.read(ReadRequest(linked=(local_ref(1),)))
    assert not path.exists()


def test_links_into_an_empty_database_are_an_error(path: Path, tracker: LocalTracker) -> None:
    """A database that never held an issue is another than the links mean."""
    tracker.create([])
    with pytest.raises(TrackerError, match="is missing or empty"):
        tracker.read(ReadRequest(linked=(local_ref(1),)))


@pytest.mark.parametrize("ref", ["x", "", "-1", "1.0", "٣", "9" * 40, "1 OR 1=1"])
def test_an_address_that_is_no_number_is_lost(tracker: LocalTracker, ref: str) -> None:
    """Whatever a link says that can't be a number names no issue."""
    make(tracker, draft())
    strange = replace(local_ref(), id=ref)
    assert isinstance(tracker.read(ReadRequest(linked=(strange,))).found[strange], Lost)


def test_another_trackers_address_is_lost_here(tracker: LocalTracker) -> None:
    """The same number in another tracker is another issue."""
    make(tracker, draft())
    ref: IssueRef = github_ref(1)
    assert isinstance(tracker.read(ReadRequest(linked=(ref,))).found[ref], Lost)


def test_a_deleted_issues_number_is_never_given_again(path: Path, tracker: LocalTracker) -> None:
    """A link to a deleted issue never leads to a later one."""
    make(tracker, draft())
    sql(path, "DELETE FROM issues")
    [later] = make(tracker, draft("Another"))
    assert later.ref == local_ref(2)


def test_a_sub_task_knows_its_parent(path: Path, tracker: LocalTracker) -> None:
    """The parent is kept by number; one that isn't there, or elsewhere, is left out."""
    make(tracker, draft("Parent"))
    parents = (local_ref(1), local_ref(77), github_ref(1))
    make(tracker, *(draft(f"Child {n}", parent=parent) for n, parent in enumerate(parents)))
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT parent FROM issues ORDER BY number").fetchall() == [(None,), (1,), (None,), (None,)]


def test_days_and_times_are_in_utc(path: Path) -> None:
    """A clock in another zone makes no difference to what is recorded."""
    evening = datetime(2026, 11, 22, 23, 30, tzinfo=timezone(timedelta(hours=-5)))
    with closing(LocalTracker.open(path, clock=lambda: evening)) as tracker:
        [made] = make(tracker, draft())
        closed = tracker.move(made, State.DONE)
    assert made.created == datetime(2026, 11, 23, 4, 30, tzinfo=UTC)
    assert str(closed.settled) == "2026-11-23"


def test_only_what_was_made_since_is_told(tracker: LocalTracker, clock: Clock) -> None:
    """The check after creating leaves older issues out."""
    make(tracker, draft("Old"))
    clock.advance(seconds=1)
    make(tracker, draft("New"))
    assert [i.title for i in tracker.created_since(clock(), (mark("Old"), mark("New")))] == ["New"]


def test_closing_again_keeps_the_day(tracker: LocalTracker, clock: Clock) -> None:
    """An issue that is closed already is left as it is."""
    [made] = make(tracker, draft())
    closed = tracker.move(made, State.DONE)
    clock.advance(days=2)
    assert tracker.move(made, State.DONE) == closed


def test_a_change_overtaken_by_a_person_is_not_made(path: Path, tracker: LocalTracker) -> None:
    """A field or state that somebody changed since it was read is overwritten by nobody."""
    [made] = make(tracker, draft())
    sql(path, "UPDATE issues SET title = 'By hand', state = 'dropped'")
    with pytest.raises(TrackerError, match="somebody changed the title of local#1 meanwhile; run again"):
        tracker.update(made, draft("By pm-sync"), frozenset({"title", "labels"}))
    with pytest.raises(TrackerError, match="local#1 is dropped by now; run again"):
        tracker.move(made, State.DONE)
    assert (read(tracker).title, read(tracker).state) == ("By hand", State.DROPPED)


def test_a_change_that_a_person_made_already_is_made(path: Path, tracker: LocalTracker) -> None:
    """Somebody who did the same by hand is no obstacle."""
    [made] = make(tracker, draft())
    sql(path, "UPDATE issues SET title = 'New', state = 'done'")
    assert tracker.update(made, draft("New"), frozenset({"title"})).mark == mark("New")
    assert tracker.move(made, State.DONE).state is State.DONE


def test_files_that_swap_their_names_keep_both_issues(tracker: LocalTracker) -> None:
    """While another issue still bears the new mark, the old one stays, with its new base; then both are right."""
    marks = [mark("Same", path="a.md"), mark("Same", path="b.md")]
    one, two = make(tracker, *(draft("Same", mark=own) for own in marks))
    swapped = [draft("Same", details="New", mark=replace(own, base={"details": "1"})) for own in reversed(marks)]
    first = tracker.update(one, swapped[0], frozenset({"details"}))
    assert first.mark is not None
    assert (first.mark, dict(first.mark.base)) == (marks[0], {"details": "1"})
    tracker.void_mark(two)
    assert tracker.update(first, swapped[0], frozenset({"details"})).mark == marks[1]


def test_an_issue_without_a_mark_can_be_given_one(path: Path, tracker: LocalTracker) -> None:
    """An update marks its issue, unless another one bears that mark."""
    make(tracker, draft())
    sql(path, "INSERT INTO issues (title) VALUES ('By hand')")
    sql(path, "INSERT INTO issues (title) VALUES ('By hand too')")
    assert tracker.update(read(tracker, 2), draft("Two"), frozenset()).mark == mark("Two")
    assert tracker.update(read(tracker, 3), draft("Two"), frozenset()).mark is None


def test_a_time_that_sqlite_wrote_is_utc(path: Path, tracker: LocalTracker) -> None:
    """A row inserted by hand has SQLite's own time, with or without its zone."""
    tracker.create([])
    sql(path, "INSERT INTO issues (title) VALUES ('By hand')")
    sql(path, "INSERT INTO issues (title, created) VALUES ('By hand', '2026-11-22 09:30:00')")
    assert read(tracker, 1).created.tzinfo is not None
    assert read(tracker, 2).created == NOW


def test_a_value_that_nobody_can_read_is_told(path: Path, tracker: LocalTracker) -> None:
    """A row broken by hand gives an error that names it."""
    make(tracker, draft())
    sql(path, "UPDATE issues SET created = 'yesterday'")
    with pytest.raises(TrackerError, match=r"issue 1 holds a value that can't be read: .*yesterday.*; put it right"):
        read(tracker)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE issues SET state = 'started'",
        "UPDATE issues SET due = 'soon'",
        "UPDATE issues SET settled = '2026-13-01'",
        "UPDATE issues SET labels = 'x'",
        "UPDATE issues SET owners = '{}'",
    ],
)
def test_the_database_refuses_what_no_issue_can_have(path: Path, tracker: LocalTracker, change: str) -> None:
    """Mistakes made by hand are caught where they are made."""
    make(tracker, draft())
    with pytest.raises(sqlite3.DatabaseError):
        sql(path, change)


@pytest.mark.parametrize("call", ["update", "move", "comment", "void_mark"])
def test_nothing_is_written_to_what_is_not_there(path: Path, tracker: LocalTracker, call: str) -> None:
    """Without a database, or without the issue, every write says so, and makes neither."""
    calls: dict[str, Callable[[], object]] = {
        "update": lambda: tracker.update(issue(7), draft(), frozenset({"title"})),
        "move": lambda: tracker.move(issue(7), State.DONE),
        "comment": lambda: tracker.comment(issue(7), "Gone.", "gone"),
        "void_mark": lambda: tracker.void_mark(issue(7)),
    }
    with pytest.raises(NotFound, match="there is no local#7"):
        calls[call]()
    assert not path.exists()
    make(tracker, draft())
    with pytest.raises(NotFound, match="there is no local#7"):
        calls[call]()


def test_marks_of_another_source_are_not_ours(tracker: LocalTracker) -> None:
    """Open issues of another source are not told as ours; neither is anything if nobody asks."""
    make(tracker, draft("Ours"), draft("Theirs", mark=mark("Theirs", src="elsewhere")))
    assert [i.title for i in tracker.read(ReadRequest(src=SRC)).marked] == ["Ours"]
    assert tracker.read(ReadRequest(src=SRC, gone=False)).marked == ()


def test_the_registry_opens_it(tmp_path: Path, clock: Clock) -> None:
    """The registry knows the kind, and opens the configured file below the root."""

    class Settings:
        database = "folder/issues.db"

    (tmp_path / "folder").mkdir()
    run = Surroundings(tmp_path, clock, read_only=False, environment={})
    with closing(KINDS["local"].open("todo", Settings(), run)) as tracker:
        tracker.create([draft()])
    assert (tracker.name, tracker.kind) == ("todo", "local")
    assert (tmp_path / "folder" / "issues.db").exists()
