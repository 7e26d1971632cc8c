"""Ages, due dates and the gate: what time does to action items."""

from pm_sync.status.filters import StatusFilter
from pm_sync.status.gate import Failure, Gate
from pm_sync.status.items import LOST, STATES, UNREACHABLE, UNSYNCED, StatusItem, StatusReport, Tracked
from pm_sync.status.make import make_status
from pm_sync.status.sla import PRESETS, SlaRules, sla_rules

__all__ = [
    "LOST",
    "PRESETS",
    "STATES",
    "UNREACHABLE",
    "UNSYNCED",
    "Failure",
    "Gate",
    "SlaRules",
    "StatusFilter",
    "StatusItem",
    "StatusReport",
    "Tracked",
    "make_status",
    "sla_rules",
]
