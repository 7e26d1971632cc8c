"""`pm-sync lint`: what it says, how it ends, and what it writes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.cli.support import DB, Repo, document
from tests.unit.report.sarif_schema import LOG

CLEAN = document("Add a replica (owner: Jane, due: 2026-05-01, P1)")
NOTED = document("Add a replica (owner: Jane)")
WARNED = document("Add a replica (due: 2026-05-01, P1)")
WRONG = "# Outage\n\nIt broke.\n"
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("text", "options", "code"),
    [
        (CLEAN, [], 0),
        (NOTED, [], 0),
        (NOTED, ["--fail-on", "note"], 13),
        (WARNED, [], 13),
        (WARNED, ["--fail-on", "error"], 0),
        (WRONG, [], 13),
        (WRONG, ["--fail-on", "never"], 0),
    ],
)
def test_exit_codes(empty: Repo, text: str, options: list[str], code: int) -> None:
    """A problem as heavy as the bar, or heavier, fails the run; the flag moves the bar."""
    empty.write(DB, text)
    assert empty.run("lint", *options).code == code


def test_the_configuration_moves_the_bar_and_the_flag_wins(empty: Repo) -> None:
    """`lint.fail_on` holds where nobody says otherwise."""
    empty.write(DB, WARNED)
    empty.write("pm-sync.yaml", "lint: {fail_on: error}\n")
    assert empty.run("lint").code == 0
    assert empty.run("lint", "--fail-on", "warning").code == 13


def test_rules_are_configured(empty: Repo) -> None:
    """Off is silent, and a word that is no rule is told with its place."""
    empty.write(DB, WARNED)
    empty.write("pm-sync.yaml", "lint: {rules: {no-owner: off}}\n")
    assert empty.run("lint").out == "no problems in 1 postmortem.\n"
    empty.write("pm-sync.yaml", "lint: {rules: {no-ovner: off}}\n")
    done = empty.run("lint")
    assert done.code == 2
    assert done.told == [
        "error: pm-sync.yaml:1:16: lint.rules.no-ovner: there is no rule 'no-ovner'; did you mean 'no-owner'?"
    ]


def test_text(empty: Repo) -> None:
    """One line for each problem, that editors can follow, and a sentence."""
    empty.write(DB, WARNED)
    done = empty.run("lint")
    assert done.out.splitlines() == [
        (
            "postmortems/db.md:5:1: warning: “Add a replica”: nobody owns it; name a person or a team, "
            "such as `Owner: Jane` or `@jane` (PM005 no-owner)"
        ),
        "1 problem in 1 postmortem: 1 warning.",
    ]
    assert done.err == ""


def test_json_fits_its_schema(empty: Repo) -> None:
    """As `pm-sync schema lint` prints it."""
    empty.write(DB, WARNED)
    schema = empty.run("schema", "lint").json
    found = empty.run("lint", "--format", "json").json
    Draft202012Validator(schema).validate(found)
    (problem,) = found["problems"]
    assert found["schema"] == "pm-sync/lint/1"
    assert {name: problem[name] for name in ("rule", "severity", "path", "line", "column")} == {
        "rule": "PM005",
        "severity": "warning",
        "path": DB,
        "line": 5,
        "column": 1,
    }


@pytest.mark.parametrize(
    ("form", "begins"), [("github", "::warning file=postmortems/db.md,line=5"), ("markdown", "**1 ")]
)
def test_other_formats(empty: Repo, form: str, begins: str) -> None:
    """For pull requests and job summaries."""
    empty.write(DB, WARNED)
    assert empty.run("lint", "--format", form).out.startswith(begins)


def test_sarif_is_valid(empty: Repo) -> None:
    """With one result for each problem."""
    empty.write(DB, WARNED)
    log: Any = json.loads(empty.run("lint", "--format", "sarif").out)
    Draft202012Validator(LOG).validate(log)
    assert [result["ruleId"] for result in log["runs"][0]["results"]] == ["PM005"]


def test_fix_writes_only_the_mend(empty: Repo) -> None:
    """What is mended isn't told any more, and a second run writes nothing."""
    text = "# Outage\r\n\r\n## Action items\r\n\r\n- [] Add a replica (owner: Jane, due: 2026-05-01, P1)\r\n"
    file = empty.write(DB, text)
    assert empty.run("lint").out.endswith("; 1 can be mended by --fix.\n")
    done = empty.run("lint", "--fix")
    assert (done.code, done.out) == (0, "no problems in 1 postmortem; 1 mended.\n")
    assert file.read_bytes() == text.replace("[]", "[ ]").encode()
    before = file.stat().st_mtime_ns
    assert empty.run("lint", "--fix").out == "no problems in 1 postmortem.\n"
    assert file.stat().st_mtime_ns == before


def test_a_file_that_cannot_be_written_is_told(empty: Repo) -> None:
    """Its problems stay, the others' mends are written, and the run is only partly done."""
    text = CLEAN.replace("- [ ]", "- []")
    other = empty.write("postmortems/net.md", text)
    empty.write(DB, text).chmod(0o444)
    done = empty.run("lint", "--fix")
    assert (done.code, other.read_text(encoding="utf-8"), empty.read()) == (11, CLEAN, text)
    assert done.out.splitlines()[-1] == "1 problem in 2 postmortems: 1 warning; 1 mended; 1 can be mended by --fix."
    assert "postmortems/db.md: is read-only" in done.err


def test_an_unreadable_file_is_told_beside_the_others(empty: Repo) -> None:
    """The gate alone would be 13; partly done comes first."""
    empty.write(DB, WARNED)
    empty.write("postmortems/bad.md", b"\xff\xfe")
    done = empty.run("lint")
    assert done.code == 11
    assert "postmortems/bad.md:1:1: not UTF-8" in done.err


def test_no_postmortems_are_no_failure(empty: Repo) -> None:
    """Said on stderr."""
    done = empty.run("lint")
    assert done.code == 0
    assert "no postmortems found" in done.err


def test_lint_opens_no_tracker(empty: Repo) -> None:
    """It leaves nothing behind."""
    empty.write(DB, WARNED)
    empty.run("lint")
    assert not (empty.root / ".pm-sync").exists()


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("postmortems/2026/db.md", True),
        ("docs/Incident-Reports/db.markdown", True),
        ("2026-05-01-post-mortem-db.md", True),
        ("post_mortems/db.qmd", True),
        ("README.md", False),
        ("postmortems/data.json", False),
        ("src/coincidents/x.md", False),
    ],
)
def test_the_hook_looks_where_postmortems_are(path: str, meant: bool) -> None:
    """What it is given is what pre-commit's own regular expression finds."""
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert (hook["id"], hook["entry"], hook["language"]) == ("pm-sync-lint", "pm-sync lint", "python")
    assert (re.search(hook["files"], path) is not None) == meant
