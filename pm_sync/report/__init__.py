"""Results as text, JSON, Markdown, GitHub annotations, CSV and SARIF: `render`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Any, Literal, Protocol

from pm_sync.errors import UsageError
from pm_sync.lint.problems import LintReport
from pm_sync.model import Postmortem
from pm_sync.report.base import Options, Result
from pm_sync.report.problems import gate_lines, problem_lines
from pm_sync.report.words import ItemPart
from pm_sync.status.items import StatusReport
from pm_sync.sync.changes import Plan, SyncResult

__all__ = ["Format", "Options", "Result", "gate_lines", "item_part", "problem_lines", "render", "render_items"]


class Format(StrEnum):
    """The values of ``--format``."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    GITHUB = "github"
    CSV = "csv"
    SARIF = "sarif"


class _Renderer(Protocol):
    """What the module of a format for people has to offer."""

    def item_part(self, postmortem: Postmortem, options: Options) -> ItemPart[Any]: ...
    def items(self, parts: Iterable[ItemPart[Any]], options: Options) -> Iterator[str]: ...
    def plan(self, plan: Plan, options: Options) -> str: ...
    def sync(self, result: SyncResult, options: Options) -> str: ...
    def status(self, report: StatusReport, options: Options) -> str: ...
    def lint(self, report: LintReport, options: Options) -> str: ...


_PLAIN = Options()


def render(result: Result, to: Format, options: Options = _PLAIN) -> str:
    """Write a result in a format; the text ends with a newline.

    Raises:
        UsageError: this format doesn't exist for this kind of result.

    """
    match to:
        case Format.JSON:
            from pm_sync.report import as_json  # noqa: PLC0415 - see `_renderer`

            return as_json.dumps(as_json.document(result, options.src))
        case Format.CSV:
            return _csv(result)
        case Format.SARIF:
            return _sarif(result)
        case _:
            return _render(result, _renderer(to), options)


def item_part(postmortem: Postmortem, to: Format, options: Options = _PLAIN) -> ItemPart[Any]:
    """What a format shows of one postmortem, for `render_items`: small, so that it can be made in another process.

    Raises:
        UsageError: this format doesn't exist for items.

    """
    match to:
        case Format.JSON:
            from pm_sync.report import as_json  # noqa: PLC0415 - see `_renderer`

            return as_json.item_part(postmortem, options.src)
        case Format.TEXT | Format.MARKDOWN | Format.GITHUB:
            return _renderer(to).item_part(postmortem, options)
        case _:
            raise _only_elsewhere(to)


def render_items(parts: Iterable[ItemPart[Any]], to: Format, options: Options = _PLAIN) -> Iterator[str]:
    """Write what was read as `render` does, in pieces: there may be more postmortems than should be held at once.

    Raises:
        UsageError: this format doesn't exist for items.

    """
    match to:
        case Format.JSON:
            from pm_sync.report import as_json  # noqa: PLC0415 - see `_renderer`

            return as_json.dump_items(parts)
        case Format.TEXT | Format.MARKDOWN | Format.GITHUB:
            return _renderer(to).items(parts, options)
        case _:
            raise _only_elsewhere(to)


def _renderer(to: Literal[Format.TEXT, Format.MARKDOWN, Format.GITHUB]) -> _Renderer:
    # One run writes one format: the modules of the others are not even read.
    match to:
        case Format.TEXT:
            from pm_sync.report import text  # noqa: PLC0415

            return text
        case Format.MARKDOWN:
            from pm_sync.report import markdown  # noqa: PLC0415

            return markdown
        case Format.GITHUB:
            from pm_sync.report import github  # noqa: PLC0415

            return github


def _render(result: Result, renderer: _Renderer, options: Options) -> str:
    match result:
        case Plan():
            return renderer.plan(result, options)
        case SyncResult():
            return renderer.sync(result, options)
        case StatusReport():
            return renderer.status(result, options)
        case LintReport():
            return renderer.lint(result, options)
        case _:
            return "".join(renderer.items((renderer.item_part(read, options) for read in result), options))


def _csv(result: Result) -> str:
    if not isinstance(result, StatusReport):
        raise _only_elsewhere(Format.CSV)
    from pm_sync.report import as_csv  # noqa: PLC0415

    return as_csv.status(result)


def _sarif(result: Result) -> str:
    if not isinstance(result, LintReport):
        raise _only_elsewhere(Format.SARIF)
    from pm_sync.report import sarif  # noqa: PLC0415

    return sarif.lint(result)


def _only_elsewhere(to: Format) -> UsageError:
    command = "status" if to is Format.CSV else "lint"
    return UsageError(f"only {command} has the format {to}", hint="use --format json")
