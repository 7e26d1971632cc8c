"""What all formats share: the results they show, and what a caller may choose about them."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from pm_sync.lint.problems import LintReport
from pm_sync.model import Postmortem
from pm_sync.status.items import StatusReport
from pm_sync.sync.changes import Plan, SyncResult

Result = Sequence[Postmortem] | Plan | SyncResult | StatusReport | LintReport


class Options(Struct, frozen=True):
    """Each format heeds what it has a use for."""

    color: bool = False
    """Paint text with ANSI colours."""
    verbose: bool = False
    """Show everything: unchanged and settled items too, and long titles whole."""
    src: str = ""
    """The source that the keys of items are made with."""
