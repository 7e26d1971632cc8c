"""Killed at any moment and run again, pm-sync ends as one run that nothing disturbed: a sample for each tracker.

The whole matrix takes longer: ``python -m tests.bench.crashes``.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.crash.dying import Dying
from tests.crash.matrix import Matrix, sample
from tests.crash.worlds import WORLDS

STEPS = {"local": 6, "local-first": 6, "jira-data-center-plain": 25}
"""Of so many moments one is tried, besides all around creates."""
KINDS = {"open", "flush", "os.rename", "os.remove"}


@pytest.mark.parametrize("name", WORLDS)
def test_the_next_run_ends_as_a_clean_one(name: str, tmp_path: Path, real_sleep: Callable[[float], None]) -> None:
    """On the same machine, without its state, and on a fresh clone."""
    with WORLDS[name](tmp_path) as world, Dying() as dying:
        matrix = Matrix(world, tmp_path / "matrix", dying)
        tally = matrix.try_out(sample(matrix.moments, STEPS.get(name, 12)))
    assert tally.complaints == []
    assert tally.good
    assert {moment.split()[1] for moment in matrix.moments} >= KINDS
    assert any(" POST /" in moment for moment in matrix.moments) is not name.startswith("local")
