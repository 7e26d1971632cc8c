"""The rules by id and name, and how much each weighs. What the configuration needs to know of them, and no more."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from msgspec import Struct


class Severity(StrEnum):
    """How much a problem weighs."""

    NOTE = "note"
    """Worth a look."""
    WARNING = "warning"
    """Likely to make the postmortem fail its purpose."""
    ERROR = "error"
    """Wrong for sure, or the purpose is missed already."""

    @property
    def weight(self) -> int:
        """More for a heavier one."""
        return list(Severity).index(self)


class Rule(Struct, frozen=True):
    """One thing that is looked for."""

    id: str
    """Stable, as suppressions and other people's tools name it."""
    name: str
    severity: Severity
    """Unless the configuration says otherwise."""
    summary: str
    fixable: bool = False
    """Some of its problems can be mended for sure."""


_NOTE, _WARNING, _ERROR = Severity.NOTE, Severity.WARNING, Severity.ERROR

RULES = (
    Rule("PM001", "no-action-section", _ERROR, "No section holds action items."),
    Rule("PM002", "no-items", _ERROR, "The section for action items holds none."),
    Rule("PM003", "missing-section", _WARNING, "A section that this severity calls for is missing."),
    Rule("PM004", "placeholder", _WARNING, "Text that a template left is still there."),
    Rule("PM005", "no-owner", _WARNING, "Nobody owns an open action item."),
    Rule("PM006", "no-due-date", _NOTE, "An open action item has no due date."),
    Rule("PM007", "no-priority", _NOTE, "An open action item has no priority."),
    Rule("PM008", "vague-wording", _WARNING, "Nobody could tell whether the action item was done."),
    Rule("PM009", "duplicate-item", _WARNING, "An action item stands in the postmortem twice."),
    Rule("PM010", "no-preventive-item", _NOTE, "No action item keeps the incident from happening again."),
    Rule("PM011", "done-without-link", _NOTE, "A finished action item doesn't show what was done."),
    Rule("PM012", "repeated-link", _WARNING, "The same link is given twice.", fixable=True),
    Rule("PM013", "broken-link", _ERROR, "Something is written like a link but leads nowhere.", fixable=True),
    Rule("PM014", "unknown-person", _WARNING, "An owner is none of the people and teams in the configuration."),
    Rule("PM015", "impossible-time", _ERROR, "A time or a day that doesn't exist.", fixable=True),
    Rule("PM016", "end-before-start", _ERROR, "The incident ends before it starts."),
    Rule("PM017", "wrong-duration", _WARNING, "The duration disagrees with the times."),
    Rule("PM018", "broken-checkbox", _WARNING, "A checkbox is written so that it isn't one.", fixable=True),
    Rule("PM019", "unknown-rule", _WARNING, "A comment turns off a rule that doesn't exist."),
)

BY_WORD: Mapping[str, Rule] = MappingProxyType(
    {rule.id.casefold(): rule for rule in RULES} | {rule.name: rule for rule in RULES}
)
"""Every rule by its id and by its name, both in lower case."""


SectionName = Literal["summary", "impact", "timeline", "root-cause", "detection", "resolution", "lessons", "actions"]
"""The sections that can be called for."""


def find_rule(word: str) -> Rule | None:
    """The rule of this id or name, whatever the case."""
    return BY_WORD.get(word.strip().casefold())
