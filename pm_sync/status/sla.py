"""When an item without a due date of its own is due: so many days after its incident, by priority or severity."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType

from msgspec import Struct, field

from pm_sync.levels import priority_name, rule_name, severity_name

DEFAULT = "default"
"""The rule for items that no other rule knows."""

_ATLASSIAN = {"P0": 28, "P1": 28, "P2": 56, "P3": 56, "P4": 56, "SEV0": 28, "SEV1": 28, DEFAULT: 56}
_GITLAB = {
    "P0": 30,
    "P1": 30,
    "P2": 60,
    "P3": 90,
    "P4": 90,
    "SEV0": 30,
    "SEV1": 30,
    "SEV2": 60,
    "SEV3": 90,
    DEFAULT: 90,
}
PRESETS: Mapping[str, Mapping[str, int]] = MappingProxyType({"atlassian": _ATLASSIAN, "gitlab": _GITLAB})
"""Days by rule, as these companies publish them for their own follow-ups: 4 or 8 weeks; 30, 60 or 90 days."""

_WEEK = 7
_WORK_WEEK = 5


class SlaRules(Struct, frozen=True):
    """Days by rule: ``P1``, ``SEV2``, a word of one's own as `rule_name` folds it, or ``default``. Empty: no SLA."""

    days: Mapping[str, int] = field(default_factory=dict)
    business_days: bool = False
    """Count Monday to Friday only."""

    def rule(self, priority: str | None, severity: str | None) -> str | None:
        """Choose the rule: by the item's priority, else by its incident's severity, else ``default``, else none."""
        names = (priority_name(priority), severity_name(severity), DEFAULT)
        return next((name for name in names if name in self.days), None)

    def due(self, rule: str, start: date) -> date:
        """The last day on which an item under ``rule`` is in time."""
        days = self.days[rule]
        return add_business_days(start, days) if self.business_days else start + timedelta(days)


def sla_rules(preset: str | None, days: Mapping[str, int], *, business_days: bool = False) -> SlaRules:
    """Make rules of a preset (a name in `PRESETS`) and days of one's own, which win."""
    base = PRESETS[preset] if preset else {}
    if business_days:
        base = {rule: _working(count) for rule, count in base.items()}
    own = {DEFAULT if rule == DEFAULT else rule_name(rule): count for rule, count in days.items()}
    return SlaRules({**base, **own}, business_days)


def add_business_days(start: date, days: int) -> date:
    """Go on by so many days from Monday to Friday; a weekend's day counts as the Friday before it."""
    weekday = min(start.weekday(), _WORK_WEEK - 1)
    friday_or_before = start - timedelta(start.weekday() - weekday)
    weeks, rest = divmod(weekday + days, _WORK_WEEK)
    return friday_or_before + timedelta(weeks * _WEEK + rest - weekday)


def _working(days: int) -> int:
    """Whole weeks have five working days each; other periods are numbers of days whichever are counted."""
    weeks, rest = divmod(days, _WEEK)
    return days if rest else weeks * _WORK_WEEK
