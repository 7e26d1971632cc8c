"""What every tracker promises, as one test class that each of them inherits.

A tracker's test module needs one fixture::

    class TestLocal(TrackerContract):
        @pytest.fixture
        def remote(self, tmp_path: Path, clock: Clock) -> Remote:
            return LocalRemote(tmp_path / "tracker.db", clock)

and a `Remote`: its server as the people see it who work there.
What a tracker says it can't hold (`Capabilities`) is not asked of it; nothing is skipped by a tracker's name.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pm_sync.model import State
from pm_sync.trackers.base import FIELDS, Tracker
from tests.contract.creating import Creating
from tests.contract.diagnosing import Diagnosing
from tests.contract.reading import Reading
from tests.contract.support import Remote, run
from tests.contract.writing import Writing


class TrackerContract(Creating, Diagnosing, Reading, Writing):
    """Inherit, and override `remote`."""

    @pytest.fixture
    def remote(self) -> Remote:
        """The remote system, empty."""
        raise NotImplementedError

    @pytest.fixture
    def tracker(self, remote: Remote) -> Iterator[Tracker]:
        """A tracker for the whole test, as one run has it."""
        with run(remote) as tracker:
            yield tracker

    def test_holds_the_states_it_creates_in(self, tracker: Tracker) -> None:
        """A state that an issue can be created in is one that the tracker holds, and open is one of them."""
        can = tracker.capabilities
        assert State.OPEN in can.create_states <= can.states

    @pytest.mark.parametrize("state", State)
    def test_stands_in_for_a_state_with_one_it_holds(self, tracker: Tracker, state: State) -> None:
        """The nearest of a state is held, and is the state itself where that is held."""
        can = tracker.capabilities
        assert can.nearest(state) in can.states
        assert (can.nearest(state) is state) == (state in can.states)

    def test_names_the_fields_it_holds(self, tracker: Tracker) -> None:
        """Only fields that a postmortem owns are declared."""
        assert {"title"} <= tracker.capabilities.holds <= set(FIELDS)

    def test_lets_issues_be_created(self, tracker: Tracker) -> None:
        """An ordinary target refuses nothing."""
        assert tracker.target().refusal is None
