"""A database to try things with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pm_sync.trackers.local.tracker import LocalTracker
from tests.factories import Clock, draft


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with one issue, in a folder of its own."""
    folder = tmp_path / "state #1?"
    folder.mkdir()
    path = folder / "tracker.db"
    with closing(LocalTracker.open(path, clock=Clock())) as tracker:
        tracker.create([draft()])
    return path


@pytest.fixture
def reader(path: Path) -> Iterator[LocalTracker]:
    """The tracker as ``plan`` opens it."""
    with closing(LocalTracker.open(path, clock=Clock(), read_only=True)) as tracker:
        yield tracker


@pytest.fixture
def writer(path: Path) -> Iterator[LocalTracker]:
    """The tracker as ``sync`` opens it, without much patience."""
    with closing(LocalTracker.open(path, clock=Clock(), patience=0.01)) as tracker:
        yield tracker
