"""Delivering on a branch that others use, and into the one pull request."""

from __future__ import annotations

from functools import partial

import pytest

from pm_sync.errors import WriteError
from pm_sync.publish import ROLLING
from pm_sync.publish.deliver import Mode, Work, message_of, propose, push, waiting
from pm_sync.publish.remote import SUBJECT, HeadMoved, PublishFailed
from tests.fakes.memory_remote import MemoryRemote


@pytest.fixture
def remote() -> MemoryRemote:
    """A repository with two postmortems on ``main``."""
    made = MemoryRemote()
    made.person("main", db=b"- [ ] Add a replica\n", api=b"- [ ] Add a limit\n")
    return made


def tick(path: str, data: bytes) -> bytes:
    """Record that everything is done."""
    return data.replace(b"[ ]", b"[x]")


def work(*paths: str, covers: frozenset[str] | None = None) -> Work:
    """Ticking the boxes of these postmortems."""
    return Work(paths, tick, frozenset(paths) if covers is None else covers)


def test_push_makes_one_commit_for_all_files(remote: MemoryRemote) -> None:
    """Both files change by one commit, upon what was there."""
    before = remote.branches["main"]
    done = push(remote, "main", work("db.md", "api.md"))
    assert (done.mode, done.commit, done.files) == (Mode.PUSH, remote.branches["main"], ("api.md", "db.md"))
    assert remote.commits[done.commit or ""][0] == before
    assert remote.files("main") == {"db.md": b"- [x] Add a replica\n", "api.md": b"- [x] Add a limit\n"}


def test_nothing_to_record_makes_no_commit(remote: MemoryRemote) -> None:
    """Where the branch says it already, nobody sees a commit: so a workflow that starts itself comes to rest."""
    push(remote, "main", work("db.md"))
    known = len(remote.commits)
    assert push(remote, "main", work("db.md")).commit is None
    assert (len(remote.commits), remote.moves) == (known, 1)


def test_moved_head_is_read_again(remote: MemoryRemote) -> None:
    """What somebody pushed in between stays, and the progress is recorded upon it."""
    remote.meanwhile = [lambda: remote.person("main", db=b"# New\n\n- [ ] Add a replica\n")]
    push(remote, "main", work("db.md"))
    assert remote.files("main")["db.md"] == b"# New\n\n- [x] Add a replica\n"


def test_branch_that_never_rests_is_given_up(remote: MemoryRemote) -> None:
    """After some attempts the run says so, and leaves the branch to those who use it."""
    remote.meanwhile = [partial(remote.person, "main", log=bytes([n])) for n in range(9)]
    with pytest.raises(HeadMoved, match="moved 5 times"):
        push(remote, "main", work("db.md"))
    assert remote.files("main")["db.md"] == b"- [ ] Add a replica\n"


def test_deleted_branch_is_not_made_again(remote: MemoryRemote) -> None:
    """A branch that somebody deleted stays deleted."""
    with pytest.raises(PublishFailed, match="gone is not there"):
        push(remote, "gone", work("db.md"))
    assert "gone" not in remote.branches


def test_protected_branch_gets_a_pull_request(remote: MemoryRemote) -> None:
    """The push that was refused becomes a pull request, and says so."""
    remote.protected = {"main"}
    done = push(remote, "main", work("db.md"))
    assert (done.mode, done.branch, done.pull_request) == (
        Mode.PULL_REQUEST,
        ROLLING,
        "https://github.com/acme/infra/pull/1",
    )
    assert done.notes == ("main is protected against pushes, so a pull request was made instead of a push",)
    assert remote.files(ROLLING)["db.md"] == b"- [x] Add a replica\n"
    assert remote.files("main")["db.md"] == b"- [ ] Add a replica\n"


def test_file_that_is_gone_is_left_to_the_next_run(remote: MemoryRemote) -> None:
    """A postmortem renamed meanwhile is not brought back under its old name."""
    done = push(remote, "main", work("db.md", "old.md"))
    assert done.files == ("db.md",)
    assert done.notes == ("old.md is not on the branch now; its progress is left for the run that finds it there",)


def test_file_that_cannot_be_annotated_stops_no_other(remote: MemoryRemote) -> None:
    """The others are published, and the reason is told."""

    def choosy(path: str, data: bytes) -> bytes:
        if path == "api.md":
            raise WriteError("can't be annotated safely", place=path)
        return tick(path, data)

    done = push(remote, "main", Work(("api.md", "db.md"), choosy, frozenset()))
    assert done.files == ("db.md",)
    assert done.notes == ("api.md: can't be annotated safely; left for the next run",)


def test_rolling_branch_is_always_one_commit_upon_the_base(remote: MemoryRemote) -> None:
    """A second run replaces the first one's commit instead of stacking another on it, in the same pull request."""
    propose(remote, "main", work("db.md", covers=frozenset({"db.md", "api.md"})))
    head = remote.person("main", news=b"x")
    done = propose(remote, "main", work("db.md", "api.md"))
    assert remote.commits[remote.branches[ROLLING]][0] == head
    assert remote.files(ROLLING)["news.md"] == b"x"
    assert remote.pulls == [(ROLLING, "main")]
    assert done.files == ("api.md", "db.md")


def test_pull_request_that_says_it_already_is_left_alone(remote: MemoryRemote) -> None:
    """No push, no notification, though the base has moved on."""
    propose(remote, "main", work("db.md"))
    remote.person("main", news=b"x")
    done = propose(remote, "main", work("db.md"))
    assert (remote.moves, done.commit, done.pull_request) == (1, None, "https://github.com/acme/infra/pull/1")


def test_what_waits_for_other_postmortems_is_kept(remote: MemoryRemote) -> None:
    """A run about one postmortem doesn't throw away what waits for another."""
    propose(remote, "main", work("db.md"))
    propose(remote, "main", work("api.md"))
    assert remote.tip(remote.branches[ROLLING]).paths == {"db.md", "api.md"}


def test_what_waits_for_a_changed_postmortem_is_dropped(remote: MemoryRemote) -> None:
    """A waiting version of a file that was edited on the base meanwhile would undo that edit."""
    propose(remote, "main", work("db.md"))
    remote.person("main", db=b"- [ ] Add two replicas\n")
    propose(remote, "main", work("api.md"))
    assert remote.tip(remote.branches[ROLLING]).paths == {"api.md"}
    assert remote.files(ROLLING)["db.md"] == b"- [ ] Add two replicas\n"


def test_somebody_elses_commit_on_the_rolling_branch_is_never_lost(remote: MemoryRemote) -> None:
    """It is not forced away; the run says what to do."""
    propose(remote, "main", work("db.md"))
    theirs = remote.person(ROLLING, "Fix a typo", db=b"- [x] Add a replica!\n")
    with pytest.raises(PublishFailed, match="somebody else has committed"):
        propose(remote, "main", work("db.md", "api.md"))
    assert remote.branches[ROLLING] == theirs
    assert waiting(remote, "main") == {}


def test_waiting_files_are_those_of_the_rolling_branch(remote: MemoryRemote) -> None:
    """Nothing but what our commit changed counts as waiting."""
    assert waiting(remote, "main") == {}
    propose(remote, "main", work("db.md"))
    assert waiting(remote, "main") == {"db.md": b"- [x] Add a replica\n"}


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["db.md"], f"{SUBJECT} in db.md\n"),
        (["b.md", "a.md"], f"{SUBJECT} in 2 postmortems\n\n- a.md\n- b.md\n"),
    ],
)
def test_message_names_the_files(paths: list[str], expected: str) -> None:
    """One file stands in the subject, several below it."""
    assert message_of(paths) == expected


def test_message_stays_short() -> None:
    """Hundreds of files are counted."""
    assert message_of(f"{n:03}.md" for n in range(100)).splitlines()[-1] == "- and 80 more"


def test_merged_branch_waits_for_nothing(remote: MemoryRemote) -> None:
    """A branch that nobody deleted after its merge doesn't bring back links that were taken out since."""
    propose(remote, "main", work("db.md"))
    remote.merged = True
    assert waiting(remote, "main") == {}
