"""Ages, due dates and the gate: what time does to action items.

The gate and the filters have modules of their own, `pm_sync.status.gate` and `pm_sync.status.filters`.
"""

from pm_sync.status.items import LOST, STATES, UNREACHABLE, UNSYNCED, StatusItem, StatusReport, Tracked
from pm_sync.status.make import make_status
from pm_sync.status.sla import PRESETS, SlaRules, sla_rules

__all__ = [
    "LOST",
    "PRESETS",
    "STATES",
    "UNREACHABLE",
    "UNSYNCED",
    "SlaRules",
    "StatusItem",
    "StatusReport",
    "Tracked",
    "make_status",
    "sla_rules",
]
