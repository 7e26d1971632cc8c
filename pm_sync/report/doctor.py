"""What ``doctor`` found: for people, and for scripts."""

from __future__ import annotations

from collections.abc import Iterator

from pm_sync.findings import Diagnosis, Finding, Level, Section
from pm_sync.report.clean import clean
from pm_sync.report.style import Cell, Ink, Style, align

Json = dict[str, object]

_INKS = {Level.OK: Ink.GREEN, Level.WARNING: Ink.YELLOW, Level.FAILURE: Ink.RED}


def as_text(diagnosis: Diagnosis, *, color: bool) -> str:
    """A line for each finding, and below it what to do next."""
    style = Style(color)
    parts = [
        "\n".join([style(Ink.BOLD, clean(section.name)), *_lines(section, style)]) for section in diagnosis.sections
    ]
    return "\n\n".join([*parts, _summary(diagnosis)]) + "\n"


def as_json(diagnosis: Diagnosis, run: str) -> Json:
    """All findings; ``run`` is this run's name in logs."""
    return {
        "schema": "pm-sync/doctor/1",
        "run": run,
        "summary": diagnosis.summary,
        "findings": [
            {
                "section": section.name,
                "level": finding.level.value,
                "about": finding.about,
                "what": finding.what,
                "hint": finding.hint or None,
            }
            for section in diagnosis.sections
            for finding in section.findings
        ],
    }


def _lines(section: Section, style: Style) -> Iterator[str]:
    rows = [_cells(finding) for finding in section.findings]
    for finding, line in zip(section.findings, align(rows, style), strict=True):
        yield f"  {line}"
        for more in _more(finding):
            yield f"           {more}"


def _cells(finding: Finding) -> list[Cell]:
    first = finding.what.splitlines()[0] if finding.what else ""
    return [Cell(finding.level.value, _INKS[finding.level]), Cell(clean(finding.about)), Cell(clean(first))]


def _more(finding: Finding) -> Iterator[str]:
    """Further lines: a configuration has one for each mistake."""
    yield from (clean(line) for line in finding.what.splitlines()[1:])
    if finding.hint:
        yield f"→ {clean(finding.hint)}"


def _summary(diagnosis: Diagnosis) -> str:
    counts = [(diagnosis.summary[level.value], level.value) for level in (Level.FAILURE, Level.WARNING)]
    bad = [f"{count} {word}{'s' if count > 1 else ''}" for count, word in counts if count]
    return f"{', '.join(bad)}." if bad else "All is well."
