"""SARIF as the standard wants it and code scanning reads it."""

import json
from typing import Any

from jsonschema import Draft202012Validator
from msgspec.structs import replace

from pm_sync.lint.catalog import RULES
from pm_sync.lint.problems import LintReport
from pm_sync.report import Format, render
from tests.unit.report.samples import LINT
from tests.unit.report.sarif_schema import LOG


def run(report: LintReport = LINT) -> Any:
    """The one run that a report is written as."""
    log = json.loads(render(report, Format.SARIF))
    Draft202012Validator(LOG, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(log)
    (only,) = log["runs"]
    return only


def test_every_rule_comes_along() -> None:
    """Each result's index leads to its own rule."""
    found = run()
    rules = found["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [rule.id for rule in RULES]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in found["results"])


def test_a_result_has_its_place() -> None:
    """The path is an address relative to the root, lines and columns are those of the problem."""
    first, *_, last = run()["results"]
    assert first["level"] == "error"
    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "postmortems/db.md", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 13},
    }
    assert last["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "postmortems/%C3%B6%20b.md"


def test_fingerprints_outlive_a_move() -> None:
    """Equal problems of a file are told apart, and text added above changes none of their fingerprints."""
    moved = replace(LINT, problems=tuple(replace(p, line=p.line + 7, end_line=p.end_line + 7) for p in LINT.problems))
    prints = [tuple(result["partialFingerprints"].values()) for result in run()["results"]]
    assert len(set(prints)) == len(LINT.problems)
    assert [tuple(result["partialFingerprints"].values()) for result in run(moved)["results"]] == prints


def test_no_problems_are_a_whole_run() -> None:
    """A service learns that what it showed before is gone."""
    assert run(LintReport((), 1))["results"] == []
