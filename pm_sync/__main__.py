"""``python -m pm_sync``: the command ``pm-sync`` of this interpreter."""

from __future__ import annotations

from pm_sync.cli import main

main()
