"""Results as text, JSON, Markdown, GitHub annotations and CSV: `render`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Protocol

from pm_sync.errors import UsageError
from pm_sync.model import Postmortem
from pm_sync.report import as_csv, as_json, github, markdown, text
from pm_sync.report.options import Options
from pm_sync.report.problems import gate_lines, problem_lines
from pm_sync.status.items import StatusReport
from pm_sync.sync.changes import Plan, SyncResult

__all__ = ["Format", "Options", "Result", "gate_lines", "problem_lines", "render"]

Result = Sequence[Postmortem] | Plan | SyncResult | StatusReport


class Format(StrEnum):
    """The values of ``--format``."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    GITHUB = "github"
    CSV = "csv"


class _Renderer(Protocol):
    """What a module of a format for people has to offer."""

    def items(self, postmortems: Sequence[Postmortem], options: Options) -> str: ...
    def plan(self, plan: Plan, options: Options) -> str: ...
    def sync(self, result: SyncResult, options: Options) -> str: ...
    def status(self, report: StatusReport, options: Options) -> str: ...


_RENDERERS: Mapping[Format, _Renderer] = {Format.TEXT: text, Format.MARKDOWN: markdown, Format.GITHUB: github}


_PLAIN = Options()


def render(result: Result, to: Format, options: Options = _PLAIN) -> str:
    """Write a result in a format; the text ends with a newline.

    Raises:
        UsageError: this format doesn't exist for this kind of result.

    """
    if to is Format.JSON:
        return as_json.dumps(_document(result, options))
    if to is Format.CSV:
        if isinstance(result, StatusReport):
            return as_csv.status(result)
        raise UsageError("only status has the format csv", hint="use --format json")
    renderer = _RENDERERS[to]
    match result:
        case Plan():
            return renderer.plan(result, options)
        case SyncResult():
            return renderer.sync(result, options)
        case StatusReport():
            return renderer.status(result, options)
        case _:
            return renderer.items(result, options)


def _document(result: Result, options: Options) -> as_json.Json:
    match result:
        case Plan():
            return as_json.plan(result)
        case SyncResult():
            return as_json.sync(result)
        case StatusReport():
            return as_json.status(result)
        case _:
            return as_json.items(result, options.src)
