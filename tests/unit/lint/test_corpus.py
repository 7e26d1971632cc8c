"""No rule cries wolf: what the rules that judge find in real postmortems was looked at by people, one by one."""

from __future__ import annotations

from pathlib import Path

import pytest

from pm_sync.lint.check import lint
from pm_sync.postmortem.read import read_postmortem

CORPUS = Path(__file__).resolve().parents[4] / "shared" / "corpus" / "dev"
COUNTING = frozenset({"placeholder", "no-owner", "no-due-date", "no-priority", "done-without-link"})
"""Rules that state what is not there, and a template's own marks: plenty in this corpus, and right."""
RIGHT = {
    ("003", 37, "no-preventive-item"),
    ("015", 79, "broken-checkbox"),
    ("015", 80, "broken-checkbox"),
    ("024", 9, "impossible-time"),
    ("027", 68, "no-items"),
    ("028", 1, "no-action-section"),
}


@pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpus of real postmortems beside the repository")
def test_findings_in_real_postmortems_are_right() -> None:
    """Exactly those that a reader of the document agrees with; placeholders only in what is a template."""
    found, templates = set(), set()
    for path in sorted(CORPUS.glob("*.md")):
        data = path.read_bytes()
        for problem in lint(read_postmortem(data, path.name), data).problems:
            if problem.rule.name not in COUNTING:
                found.add((path.name[:3], problem.line, problem.rule.name))
            elif problem.rule.name == "placeholder":
                templates.add(path.name[:3])
    assert found == RIGHT
    assert templates == {"007"}
