"""State, three-way: what our annotation said last, what the file's box says now, what the tracker says now."""

from __future__ import annotations

from msgspec import Struct

from pm_sync.model import Control, ControlKind, State
from pm_sync.trackers.base import Capabilities


class StateMove(Struct, frozen=True):
    """What to do about one item's state."""

    record: State
    """What the file is to say."""
    remote: State | None = None
    """What the issue is to be brought to; None: it stays as it is."""
    control: bool = True
    """Whether box and state cell follow; False leaves them as they are."""
    reason: str = ""
    withheld: bool = False
    """The file asks for something that is not ours to do."""


def wish(control: Control | None, base: State, holds: Capabilities) -> State | None:
    """The state that the file's box or cell asks for, or None where it asks for nothing else than ``base``."""
    if control is None or control.state is None:
        return None
    wanted = holds.nearest(control.state)
    if control.kind is ControlKind.BOX:
        # A box has two states only: unticked it agrees with open and in progress, and a dropped item's is left alone.
        ticked = control.state is State.DONE
        if base is State.DROPPED or ticked == (base is State.DONE):
            return None
        return State.DONE if ticked else State.OPEN
    return None if wanted is holds.nearest(base) else wanted


def reconcile(
    base: State | None,
    control: Control | None,
    tracker: State,
    holds: Capabilities,
    *,
    found: str | None = None,
    manage: bool = True,
    file_wins: bool = False,
) -> StateMove:
    """Decide about one item's state.

    Args:
        base: What our annotation says; None where there is none yet.
        control: The file's box or state cell.
        tracker: What the issue says.
        holds: What its tracker can hold.
        found: The control's state when the issue was created, where the tracker could not hold it then.
        manage: Whether the issue is ours to write.
        file_wins: Who has the last word where both sides moved.

    """
    # What was found stays a difference that nobody made, until the issue has moved away from its first state.
    at_first = (base or tracker) is State.OPEN
    untouched = at_first and control is not None and control.state is not None and control.state.value == found
    if base is None:
        # Nothing was ever recorded, so nothing can be known to have changed in the file: the tracker's word counts.
        return StateMove(tracker, control=not untouched, reason=f"is {tracker.word}")
    asked = None if untouched else wish(control, base, holds)
    same = holds.nearest(tracker) is holds.nearest(base)
    if asked is None:
        # Only the tracker can have moved; a box left as it was found goes on being left until it does.
        record = base if same else tracker
        return StateMove(record, control=not (untouched and same), reason=f"is now {tracker.word}")
    # Nothing tells an issue that somebody began from one that a run of ours was cut off on its way to done with.
    begun = holds.by_steps and asked.settled and not (base.settled or tracker.settled)
    if (same or begun) and not manage:
        reason = f"the file says {asked.word}, but the issue is followed, not managed"
        return StateMove(base if same else tracker, control=False, reason=reason, withheld=True)
    if same or begun:
        return StateMove(asked, remote=asked, reason=f"the file says {asked.word}")
    if asked is holds.nearest(tracker):
        return StateMove(tracker, reason=f"both say {tracker.word}")
    if file_wins and manage:
        return StateMove(
            asked, remote=asked, reason=f"the file says {asked.word}, the issue {tracker.word}: the file wins"
        )
    return StateMove(
        tracker, reason=f"the file says {asked.word}, but the issue moved to {tracker.word}: the tracker wins"
    )
