"""Recording: files written once, verified, and found again when somebody wrote meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pm_sync import io
from pm_sync.markdown.edits import Edit
from pm_sync.model import Postmortem, Span, State
from pm_sync.postmortem.read import read_postmortem
from pm_sync.postmortem.writeback import Progress, WriteBackOptions
from pm_sync.sync.apply import Applied
from pm_sync.sync.changes import Change, ChangeKind
from pm_sync.sync.entries import Document
from pm_sync.sync.identity import Places
from pm_sync.sync.record import Recorded, Recording, progress_by_path, record
from pm_sync.trackers.base import PARENT
from tests.factories import PATH, issue

HEAD = "# Outage\n\n## Action items\n\n"
TWO = HEAD + "- Add a replica\n- Write a runbook\n"


def opened(root: Path, text: str, path: str = PATH) -> Document:
    """A postmortem, on disk and as read."""
    (root / path).parent.mkdir(exist_ok=True)
    (root / path).write_bytes(text.encode())
    return Document(read_postmortem(text.encode(), path), text.encode())


def said(number: int) -> Progress:
    """An open issue of this number."""
    return Progress(f"local#{number}", None, State.OPEN)


BOTH = {0: said(1), 1: said(2)}


def recorded(root: Path, *documents: Document, read: Callable[[bytes, str], Postmortem] = read_postmortem) -> Recorded:
    """Record both items of each."""
    recording = Recording(root, WriteBackOptions(), read)
    return record(recording, documents, {document.path: BOTH for document in documents})


def now(root: Path) -> str:
    """What the postmortem says."""
    return (root / PATH).read_text(encoding="utf-8").removeprefix(HEAD)


def test_all_items_at_once(tmp_path: Path) -> None:
    """One replacement for all of a file's items."""
    result = recorded(tmp_path, opened(tmp_path, TWO))
    assert result == Recorded((PATH,), ())
    assert now(tmp_path) == "- Add a replica (local#1, open)\n- Write a runbook (local#2, open)\n"


def test_nothing_to_say(tmp_path: Path) -> None:
    """The file is not touched."""
    document = opened(tmp_path, HEAD + "- Add a replica (local#1, open)\n- Write a runbook (local#2, open)\n")
    before = (tmp_path / PATH).stat().st_mtime_ns
    assert recorded(tmp_path, document) == Recorded((), ())
    assert (tmp_path / PATH).stat().st_mtime_ns == before


class TestChangedMeanwhile:
    """Somebody saved the file after it was read: it is read again, and each item found by its words."""

    @pytest.mark.parametrize(
        ("theirs", "after"),
        [
            pytest.param(
                "- Write a runbook\n- Add a replica\n",
                "- Write a runbook (local#2, open)\n- Add a replica (local#1, open)\n",
                id="moved",
            ),
            pytest.param(
                "- Buy more disks\n- Add a replica\n- Write a runbook\n",
                "- Buy more disks\n- Add a replica (local#1, open)\n- Write a runbook (local#2, open)\n",
                id="a line more",
            ),
            pytest.param("- Write a runbook\n", "- Write a runbook (local#2, open)\n", id="one is gone"),
            pytest.param(
                "- Add two replicas\n- Write a runbook\n",
                "- Add two replicas\n- Write a runbook (local#2, open)\n",
                id="one was reworded: left to the next run",
            ),
            pytest.param("Nothing to do.\n", "Nothing to do.\n", id="all are gone"),
        ],
    )
    def test_each(self, tmp_path: Path, theirs: str, after: str) -> None:
        """Their words stay, and ours go where they belong."""
        document = opened(tmp_path, TWO)
        (tmp_path / PATH).write_bytes((HEAD + theirs).encode())
        assert recorded(tmp_path, document).errors == ()
        assert now(tmp_path) == after

    def test_again_and_again(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A file that changes all the time is left to the next run, and nobody's words are lost."""
        document = opened(tmp_path, TWO)
        count = iter(range(99))
        real = io.replace_file

        def racing(root: Path, path: str, data: bytes, expected: bytes) -> None:
            text = f"{TWO}- Line {next(count)} of somebody else\n"
            (root / path).write_bytes(text.encode())
            real(root, path, data, expected)

        monkeypatch.setattr("pm_sync.sync.record.replace_file", racing)
        [error] = recorded(tmp_path, document).errors
        assert str(error).startswith(f"{PATH}: was changed by somebody else; run again")
        assert "somebody else" in now(tmp_path)
        assert "local#" not in now(tmp_path)

    def test_into_what_cannot_be_read(self, tmp_path: Path) -> None:
        """That is told with its place, and the file stays theirs."""
        document = opened(tmp_path, TWO)
        (tmp_path / PATH).write_bytes(b"# \xff\n")
        [error] = recorded(tmp_path, document).errors
        assert str(error).startswith(f"{PATH}:1:3: not UTF-8")
        assert (tmp_path / PATH).read_bytes() == b"# \xff\n"


class TestVerified:
    """New bytes that would read as something else are never written."""

    def test_the_file_stays(self, tmp_path: Path) -> None:
        """And the message asks for a report."""

        def misread(data: bytes, path: str) -> Postmortem:
            return read_postmortem(data.replace(b"(local#2, open)", b""), path)

        [error] = recorded(tmp_path, opened(tmp_path, TWO), read=misread).errors
        assert str(error) == (
            f"{PATH}: can't be annotated safely: the annotation of line 6 would not be read again; "
            "nothing was written; please report this postmortem's layout"
        )
        assert now(tmp_path) == TWO.removeprefix(HEAD)

    def test_further_edits_are_verified_as_well(self, tmp_path: Path) -> None:
        """Whoever makes them."""
        document = opened(tmp_path, TWO)
        at = len(HEAD) + len("- Add a")
        recording = Recording(tmp_path, WriteBackOptions(), read_postmortem, lambda _: [Edit(Span(at, at), b" big")])
        [error] = record(recording, [document], {}).errors
        assert "the item of line 5 would read as 'Add a big replica'" in str(error)

    def test_others_go_on(self, tmp_path: Path) -> None:
        """One file that can't be written stops no other."""
        one, two = opened(tmp_path, TWO), opened(tmp_path, TWO, "postmortems/net.md")
        (tmp_path / PATH).unlink()
        result = recorded(tmp_path, one, two)
        assert result.changed == ("postmortems/net.md",)
        assert [error.place for error in result.errors] == [PATH]


@pytest.mark.parametrize("placed", [True, False])
def test_a_link_waits_for_the_place_of_its_issue(placed: bool) -> None:
    """While the file doesn't know of the issue, the next run sees to it again."""
    made = issue(5)
    restored = Change(ChangeKind.WRITE_BACK, PATH, 12, "", "", ref=made.ref, item=0, issue=made, state=State.OPEN)
    update = Change(ChangeKind.UPDATE, PATH, 12, "", "", ref=made.ref, item=0, issue=made, changed=frozenset({PARENT}))
    applied = Applied(issues={0: made} if placed else {})
    progress = progress_by_path((update, restored), applied, Places(()))
    assert bool(progress.get(PATH)) is placed
