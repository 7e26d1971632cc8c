"""The status for spreadsheets."""

import csv
import io
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from pm_sync.report import as_csv
from pm_sync.report.clean import clean
from pm_sync.status import StatusReport
from tests.factories import status_item
from tests.unit.report.samples import STATUS


def rows(report: StatusReport) -> list[list[str]]:
    """The rows as a spreadsheet reads them."""
    return list(csv.reader(io.StringIO(as_csv.status(report)), strict=True))


def test_status() -> None:
    """A heading and one row for each item, settled ones too."""
    assert as_csv.status(STATUS).splitlines() == [
        '"path","line","title","state","ref","url","owners","team","priority","severity","due","due_source","age_days","overdue"',
        (
            '"postmortems/db.md","12","Add a replica","open","acme/infra#4","https://github.com/acme/infra/issues/4",'
            '"\'@alice; bob","","P1","SEV1","2026-05-29","sla:P1","31","yes"'
        ),
        '"postmortems/db.md","140","Write | a runbook","unsynced","","","","","","","","","","no"',
        (
            '"postmortems/db.md","141","Pick a region","done","acme/infra#4","https://github.com/acme/infra/issues/4",'
            '"","","","","","","1","no"'
        ),
        '"postmortems/net.md","12","\'=HYPERLINK(1)","lost","local#8","","","storage","","","2027-01-01","deferred","","no"',
    ]


@given(st.text(), st.sampled_from(["", "=", "+", "-", "@", '"', ",", "\n=", "＝"]))
def test_any_text_is_one_harmless_cell(text: str, start: str) -> None:
    """Quotes, commas and line ends stay within the cell, and no cell begins a formula."""
    title = start + text
    (_, row) = rows(StatusReport(date(2026, 6, 1), (status_item(title),)))
    assert len(row) == len(as_csv.COLUMNS)
    assert row[2].removeprefix("'") == clean(title).removeprefix("'")
    assert not row[2].startswith(("=", "+", "-", "@", "＝"))
