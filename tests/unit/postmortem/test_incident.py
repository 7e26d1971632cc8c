"""The facts of the incident."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from pm_sync.model import Incident
from pm_sync.postmortem.read import read_postmortem

SEED = Path(__file__).resolve().parents[4] / "shared" / "seed" / "database-outage.md"


def incident(text: str, path: str = "x.md") -> Incident:
    """The incident of a document."""
    return read_postmortem(text.encode(), path).incident


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: Login down\ndate: 2024-05-01\nseverity: SEV-1\nauthors: [Ann, Bo]\n---\n\n# Other\n",
        '+++\ntitle = "Login down"\ndate = 2024-05-01\nseverity = "SEV-1"\nauthors = ["Ann", "Bo"]\n+++\n',
        "# Login down\n\n**Date:** May 1, 2024  \n**Severity:** SEV-1  \n**Authors:** Ann, Bo\n",
        "# Login down\n\n- **Date**: 2024-05-01\n- **Severity**: SEV-1\n- **Authors**: Ann and Bo\n",
        "# Login down\n\n| Date | 2024-05-01 |\n|---|---|\n| Severity | SEV-1 |\n| Authors | Ann, Bo |\n",
        "# Login down\n\n## Date\n2024-05-01\n\n## Severity\nSEV-1\n\n## Authors\nAnn, Bo\n",
        "# Login down\n\n- **Datum:** 1. Mai 2024\n- **Schweregrad:** SEV-1\n- **Autoren:** Ann, Bo\n",
    ],
    ids=["yaml", "toml", "labels", "bullets", "table", "headings", "german"],
)
def test_facts_are_read_wherever_they_stand(text: str) -> None:
    """Title, day, severity and authors, from each of the usual places."""
    found = incident(text)
    assert (found.title, found.day, found.severity, found.authors) == (
        "Login down",
        date(2024, 5, 1),
        "SEV-1",
        ("Ann", "Bo"),
    )


def test_start_and_end_come_from_labels_or_a_span() -> None:
    """Two moments, each with its time where one is given."""
    found = incident("# X\n\n- Start: 2024-05-01 10:30\n- End: 2024-05-02\n")
    assert (found.start, found.end, found.day) == (datetime(2024, 5, 1, 10, 30), date(2024, 5, 2), None)  # noqa: DTZ001
    found = incident("# X\n\n**Duration:** May 1, 2024, 1:05 PM to May 1, 2024, 3 PM\n")
    assert found.start == datetime(2024, 5, 1, 13, 5)  # noqa: DTZ001


def test_impact_and_cause_come_from_their_sections() -> None:
    """The section's first paragraph, or its bullets."""
    found = incident(
        "# X\n\n## Impact\n\nNobody could\npay.\n\nMore.\n\n## 2. Root Causes\n\n- Disk full\n- No alert\n"
    )
    assert (found.impact, found.root_cause) == ("Nobody could pay.", "Disk full; No alert")


def test_a_file_without_any_heading_is_called_by_its_name() -> None:
    """There is always a title."""
    assert incident("hello\n", "pm/2024-05-01-login.md").title == "2024-05-01-login"


@pytest.mark.parametrize(
    "front",
    [
        "---\na: &x [1]\nb: *x\n---\n",
        "---\n[: {\n---\n",
        "+++\n= broken\n+++\n",
        "---\n- list\n---\n",
        "---\n" + "[" * 5000 + "\n---\n",
    ],
    ids=["alias", "broken-yaml", "broken-toml", "no-mapping", "deep"],
)
def test_front_matter_that_cannot_be_read_is_no_obstacle(front: str) -> None:
    """The text below is read as if there were none."""
    assert incident(front + "\n# Login down\n").title == "Login down"


@pytest.mark.skipif(not SEED.exists(), reason="the example postmortem is not beside this repository")
def test_the_example_reads_as_its_writer_meant() -> None:
    """Three tasks, none of the improvements, and the facts of its summary."""
    found = read_postmortem(SEED.read_bytes(), "database-outage.md")
    assert [item.line for item in found.items] == [50, 52, 54]
    assert found.incident.title.endswith("Database Outage Incident")
    assert found.incident.start == datetime(2023, 11, 10, 12, 13)  # noqa: DTZ001
    assert found.incident.impact is not None
    assert found.incident.impact.startswith("The database system crashed")
    assert found.incident.root_cause is not None
