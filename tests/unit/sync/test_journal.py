"""The journal: what it says of a run that was cut off, wherever that was."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest

from pm_sync.errors import WriteError
from pm_sync.model import IssueRef
from pm_sync.sync.changes import Change, ChangeKind
from pm_sync.sync.journal import Journal
from tests.factories import NOW, change, github_ref, local_ref


def create(key: str = "k1") -> Change:
    """A create of the item of this key."""
    return change(ChangeKind.CREATE, key=key, tracker="local")


def opened(folder: Path, run: str = "2") -> Journal:
    """The journal of another run, which reads what is there."""
    return Journal(folder, run, NOW + timedelta(hours=1))


def test_an_empty_folder_says_nothing(tmp_path: Path) -> None:
    """Nor is anything made before there is something to say."""
    journal = opened(tmp_path / "journal")
    assert (journal.left, journal.created) == ((), {})
    assert not (tmp_path / "journal").exists()


def test_an_intent_without_a_result_is_unsettled(tmp_path: Path) -> None:
    """Nobody knows whether the call acted."""
    Journal(tmp_path, "1", NOW).intend([create()])
    assert opened(tmp_path).unsettled == {"k1": NOW}


@pytest.mark.parametrize("ref", [local_ref(4), github_ref(4)], ids=str)
def test_a_result_names_the_issue(tmp_path: Path, ref: IssueRef) -> None:
    """From then on the item is known to have it."""
    journal = Journal(tmp_path, "1", NOW)
    journal.intend([create()])
    journal.settle([(create(), ref)])
    assert (opened(tmp_path).created, opened(tmp_path).unsettled) == ({"k1": ref}, {})


def test_a_refusal_settles_as_well(tmp_path: Path) -> None:
    """The tracker said no, so nothing was made."""
    journal = Journal(tmp_path, "1", NOW)
    journal.intend([create()])
    journal.settle([(create(), None)])
    assert opened(tmp_path).left == ()


def test_other_calls_are_no_creates(tmp_path: Path) -> None:
    """A close of an item's issue says nothing of how the issue was made."""
    journal = Journal(tmp_path, "1", NOW)
    journal.intend([change(ChangeKind.CLOSE, key="k1")])
    journal.settle([(change(ChangeKind.CLOSE, key="k1"), local_ref())])
    assert (opened(tmp_path).created, opened(tmp_path).unsettled) == ({}, {})


@pytest.mark.parametrize("cut", range(2, 60, 7))
def test_a_torn_last_line_says_nothing(tmp_path: Path, cut: int) -> None:
    """The process died while it wrote: what stands before counts."""
    journal = Journal(tmp_path, "1", NOW)
    journal.intend([create("k1")])
    journal.settle([(create("k1"), local_ref(1))])
    journal.intend([create("k2")])
    [file] = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:-cut])
    assert opened(tmp_path).created == {"k1": local_ref(1)}
    assert opened(tmp_path).unsettled == {}


def test_a_run_goes_on_after_a_torn_line(tmp_path: Path) -> None:
    """Each run has a file of its own, so that its first line is whole."""
    (tmp_path / "1.jsonl").write_text('{"intent":"k1","ki')
    opened(tmp_path).intend([create("k2")])
    assert [attempt.key for attempt in opened(tmp_path, "3").left] == ["k2"]


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"null",
        b"[1, 2]",
        b"\xff\xfe",
        b'{"result":"unheard-of","kind":"create","ref":["local","","","1"]}',
        b'{"intent":"k1","kind":"dance","tracker":"","at":"2026-11-22T09:30:00+00:00"}',
        b'{"intent":"k1","kind":"create","tracker":"","at":"yesterday"}',
    ],
)
def test_what_makes_no_sense_is_passed_over(tmp_path: Path, line: bytes) -> None:
    """The lines after it are read."""
    journal = Journal(tmp_path, "1", NOW)
    journal.intend([create("k2")])
    [file] = tmp_path.iterdir()
    file.write_bytes(line + b"\n" + file.read_bytes())
    assert [attempt.key for attempt in opened(tmp_path).left] == ["k2"]


def test_two_runs_that_were_cut_off(tmp_path: Path) -> None:
    """Both say what they know, and the later one's word on a key counts."""
    first = Journal(tmp_path, "1", NOW)
    first.intend([create("k1"), create("k2")])
    first.settle([(create("k1"), local_ref(1))])
    second = Journal(tmp_path, "2", NOW)
    second.intend([create("k2")])
    second.settle([(create("k2"), local_ref(2))])
    assert opened(tmp_path, "3").created == {"k1": local_ref(1), "k2": local_ref(2)}
    assert opened(tmp_path, "3").unsettled == {}


def test_a_whole_run_ends_them_all(tmp_path: Path) -> None:
    """What earlier ones left is done by then."""
    Journal(tmp_path, "1", NOW).intend([create()])
    journal = opened(tmp_path)
    journal.intend([create()])
    journal.finish(whole=True)
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_left_something_keeps_everything(tmp_path: Path) -> None:
    """For the next one."""
    journal = Journal(tmp_path, "1", NOW)
    journal.intend([create()])
    journal.finish(whole=False)
    assert len(opened(tmp_path).left) == 1


def test_nothing_is_kept_but_what_is_needed(tmp_path: Path) -> None:
    """Keys and addresses: no text of the postmortem, and no credential."""
    Journal(tmp_path, "1", NOW).intend([change(ChangeKind.CREATE, key="k1", text="our secret plan", tracker="infra")])
    [line] = [json.loads(line) for line in (tmp_path / "1.jsonl").read_text().splitlines()]
    assert set(line) == {"intent", "kind", "tracker", "at"}


def test_a_journal_that_cannot_be_written_stops_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the call that it was to record."""

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WriteError, match="the journal can't be written: no space left on device; nothing is sent"):
        Journal(tmp_path, "1", NOW).intend([create()])
