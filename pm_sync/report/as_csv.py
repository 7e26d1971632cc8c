"""The status as comma-separated values, for spreadsheets."""

from __future__ import annotations

import csv
import io

from pm_sync.report.clean import clean
from pm_sync.status.items import StatusItem, StatusReport

COLUMNS = (
    "path",
    "line",
    "title",
    "state",
    "ref",
    "url",
    "owners",
    "team",
    "priority",
    "severity",
    "due",
    "due_source",
    "age_days",
    "overdue",
)
_FORMULA = tuple("=+-@＝＋－＠")  # noqa: RUF001 - spreadsheets take the wide forms for the same


def status(report: StatusReport) -> str:
    """One row for each item below a row of `COLUMNS`; unknown is empty, and several owners are separated by ``; ``."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_defused(value) for value in _row(item)] for item in report.items)
    return out.getvalue()


def _row(item: StatusItem) -> tuple[object, ...]:
    return (
        item.path,
        item.line,
        item.title,
        item.state,
        item.ref,
        item.ref.url if item.ref else None,
        "; ".join(item.owners),
        item.team,
        item.priority,
        item.severity,
        item.due,
        item.due_source,
        item.age_days,
        "yes" if item.overdue else "no",
    )


def _defused(value: object) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe makes it text."""
    text = "" if value is None else clean(str(value))
    return f"'{text}" if text.startswith(_FORMULA) else text
