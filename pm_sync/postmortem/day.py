"""The day an incident counts by, as its postmortem or the postmortem's path tells."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from pm_sync.model import Incident
from pm_sync.regex import regex

_DAY_IN_PATH = regex(r"(?<!\d)(\d{4})([-_./]?)(\d{2})\2(\d{2})(?!\d)")


def incident_day(incident: Incident, path: str) -> date | None:
    """The day an incident counts by: its end, else its start, else its date, else the date in the postmortem's path."""
    known = incident.end or incident.start or incident.day
    if known is not None:
        return known.date() if isinstance(known, datetime) else known
    return next(_days_in(path), None)


def _days_in(path: str) -> Iterator[date]:
    """The dates in a path, those nearest to the file's name first."""
    for match in reversed(list(_DAY_IN_PATH.finditer(path))):
        try:
            yield date(int(match[1]), int(match[3]), int(match[4]))
        except ValueError:
            continue
