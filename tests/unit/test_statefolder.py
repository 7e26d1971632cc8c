"""The folder for our own state."""

from __future__ import annotations

from pathlib import Path

import pytest

from pm_sync import statefolder
from pm_sync.errors import WriteError


def test_a_torn_list_of_what_git_ignores_is_made_whole(tmp_path: Path) -> None:
    """Else git would see all of our state, as long as the folder is there."""
    (tmp_path / ".pm-sync").mkdir()
    (tmp_path / ".pm-sync" / ".gitignore").touch()
    assert (statefolder.make(tmp_path) / ".gitignore").read_text() == "*\n"


def test_git_ignores_it(tmp_path: Path) -> None:
    """By a file of its own, which is made once."""
    folder = statefolder.make(tmp_path)
    assert (folder / ".gitignore").read_text() == "*\n"
    (folder / ".gitignore").write_text("mine\n")
    statefolder.make(tmp_path)
    assert (folder / ".gitignore").read_text() == "mine\n"


def test_a_file_in_its_place(tmp_path: Path) -> None:
    """Is told."""
    (tmp_path / ".pm-sync").touch()
    with pytest.raises(WriteError, match=r"\.pm-sync: can't be made: file exists"):
        statefolder.make(tmp_path)


def test_sweep(tmp_path: Path) -> None:
    """What a killed run prepared is removed, and nothing else."""
    folder = statefolder.make(tmp_path)
    (folder / "write-abc.tmp").touch()
    (folder / "tracker.db").touch()
    statefolder.sweep(tmp_path)
    assert [path.name for path in folder.glob("[!.]*")] == ["tracker.db"]
