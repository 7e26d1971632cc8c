"""A bench to apply changes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.unit.sync.support import Bench, MakeBench


@pytest.fixture
def make_bench(tmp_path: Path) -> Iterator[MakeBench]:
    """Make benches whose tracker has these capabilities; they are closed after the test."""
    with ExitStack() as stack:

        def make(**capabilities: Any) -> Bench:
            bench = Bench(tmp_path, capabilities=capabilities)
            stack.callback(bench.tracker.close)
            return bench

        yield make


@pytest.fixture
def bench(make_bench: MakeBench) -> Bench:
    """An empty tracker."""
    return make_bench()
