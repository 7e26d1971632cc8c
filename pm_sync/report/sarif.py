"""Lint problems as SARIF 2.1.0, which code scanning services read."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from urllib.parse import quote

from pm_sync import __version__
from pm_sync.lint.catalog import RULES
from pm_sync.lint.pages import Page, pages
from pm_sync.lint.problems import LintReport, Problem
from pm_sync.report.as_json import Json, dumps

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_INDEX = {rule.id: n for n, rule in enumerate(RULES)}
_PRINT = "pmSyncProblem/v1"


def lint(report: LintReport) -> str:
    """Write one run; the rules come with it, so that a service can explain what it shows."""
    return dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(report)]})


def _run(report: LintReport) -> Json:
    return {
        "tool": {"driver": {"name": "pm-sync", "semanticVersion": __version__, "rules": [_rule(p) for p in pages()]}},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The root of the repository."}}},
        "results": list(_results(report)),
    }


def _rule(page: Page) -> Json:
    rule = page.rule
    return {
        "id": rule.id,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": page.why},
        "help": {"text": page.why, "markdown": _help(page)},
        "defaultConfiguration": {"level": rule.severity.value},
    }


def _help(page: Page) -> str:
    return f"{page.why}\n\nInstead of\n\n```markdown\n{page.bad}```\n\nwrite\n\n```markdown\n{page.good}```\n"


def _results(report: LintReport) -> Iterator[Json]:
    seen: Counter[str] = Counter()
    for problem in report.problems:
        # Without the line, so that a result stays the same while text is added above it.
        said = f"{problem.rule.id}\0{problem.path}\0{problem.message}"
        yield _result(problem, f"{said}\0{seen[said]}")
        seen[said] += 1


def _result(problem: Problem, identity: str) -> Json:
    return {
        "ruleId": problem.rule.id,
        "ruleIndex": _INDEX[problem.rule.id],
        "level": problem.severity.value,
        "message": {"text": problem.message},
        "locations": [{"physicalLocation": {"artifactLocation": _file(problem.path), "region": _region(problem)}}],
        "partialFingerprints": {_PRINT: hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()},
    }


def _file(path: str) -> Json:
    return {"uri": quote(path), "uriBaseId": "%SRCROOT%"}


def _region(problem: Problem) -> Json:
    return {
        "startLine": problem.line,
        "startColumn": problem.column,
        "endLine": problem.end_line,
        "endColumn": problem.end_column,
    }
