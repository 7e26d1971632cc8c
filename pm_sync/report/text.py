"""Reports for a terminal: a heading for each file, a line for each item, a sentence at the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter

from pm_sync.lint.catalog import Severity
from pm_sync.lint.problems import LintReport, Problem
from pm_sync.model import ActionItem, Postmortem, RejectedItem
from pm_sync.report.base import Options
from pm_sync.report.clean import clean
from pm_sync.report.style import Cell, Column, Ink, Style, align, columns, cut, lay_out
from pm_sync.report.words import (
    DONE,
    ItemCount,
    ItemPart,
    due_text,
    item_facts,
    lint_summary,
    plan_summary,
    plural,
    status_summary,
    sync_summary,
    title_of,
    where,
)
from pm_sync.status.items import StatusItem, StatusReport
from pm_sync.sync.changes import Change, ChangeKind, Outcome, Plan, Removed, SyncResult

_TITLE_COLUMNS = 100
_SIGNS: Mapping[ChangeKind, tuple[str, Ink | None]] = {
    ChangeKind.CREATE: ("+", Ink.GREEN),
    ChangeKind.UPDATE: ("~", Ink.YELLOW),
    ChangeKind.CLOSE: ("x", Ink.CYAN),
    ChangeKind.REOPEN: ("o", Ink.CYAN),
    ChangeKind.COMMENT: ('"', Ink.CYAN),
    ChangeKind.DUPLICATE: ("=", Ink.CYAN),
    ChangeKind.LINK: ("&", Ink.YELLOW),
    ChangeKind.RELINK: ("&", Ink.YELLOW),
    ChangeKind.WRITE_BACK: ("<", Ink.YELLOW),
    ChangeKind.CONFLICT: ("!", Ink.RED),
    ChangeKind.LOST: ("!", Ink.RED),
    ChangeKind.UNREACHABLE: ("?", Ink.YELLOW),
    ChangeKind.UNCHANGED: (" ", Ink.DIM),
}

_STATE_INKS = {"done": Ink.GREEN, "dropped": Ink.DIM, "in_progress": Ink.CYAN, "unsynced": Ink.YELLOW, "lost": Ink.RED}

_SEVERITY_INKS = {Severity.ERROR: Ink.RED, Severity.WARNING: Ink.YELLOW, Severity.NOTE: Ink.CYAN}

_BOXES = {True: Cell("[x]", Ink.GREEN), False: Cell("[ ]"), None: Cell(" - ")}

_Part = ItemPart[tuple[str, str, list[Column]]]
"""Of one postmortem path, title and lines."""
_NO_TITLES: Mapping[str, str] = {}


def item_part(postmortem: Postmortem, options: Options) -> _Part:
    """One postmortem's lines, rejected items among the others where they stand."""
    rows = columns(_item_rows(postmortem, options), Style(options.color))
    return ItemPart.of(postmortem, (postmortem.path, clean(postmortem.incident.title), rows))


def items(parts: Iterable[_Part], options: Options) -> Iterator[str]:
    """What was read."""
    count = ItemCount()
    read = [*count.passing(parts)]
    lines: dict[str, list[str]] = {}
    for (path, _, _), own in zip(read, lay_out([rows for _, _, rows in read]), strict=True):
        lines.setdefault(path, []).extend(own)
    yield _page(lines, str(count), Style(options.color), {path: title for path, title, _ in read})


def plan(plan: Plan, options: Options) -> str:
    """What `sync` would do; unchanged and rejected items only where everything is asked for."""
    style = Style(options.color)
    changes = [change for change in plan.changes if options.verbose or change.kind is not ChangeKind.UNCHANGED]
    rows = [(change.path, _change_row(change, options)) for change in changes]
    if options.verbose:
        rows += [(path, _rejected_row(rejected, options)) for path, rejected in plan.rejected]
    rows += [(gone.path, _gone_row(gone, options)) for gone in plan.removed]
    notices = "".join(f"{style(Ink.YELLOW, 'Note:')} {clean(notice)}\n" for notice in plan.notices)
    return _page(_lines(rows, style), plan_summary(plan), style, notices=notices)


def sync(result: SyncResult, options: Options) -> str:
    """What was done, and what could not be; changes in files alone only where everything is asked for."""
    outcomes = (
        outcome for outcome in result.outcomes if options.verbose or outcome.change.kind.remote or not outcome.ok
    )
    rows, style = [(outcome.change.path, _outcome_row(outcome, options)) for outcome in outcomes], Style(options.color)
    return _page(_lines(rows, style), sync_summary(result), style)


def status(report: StatusReport, options: Options) -> str:
    """How items stand; settled ones only where everything is asked for."""
    shown = [item for item in report.items if item.active or options.verbose]
    rows, style = [(item.path, _status_row(item, options)) for item in shown], Style(options.color)
    return _page(_lines(rows, style), status_summary(report), style)


def lint(report: LintReport, options: Options) -> str:
    """Each problem on a line that editors can follow: ``PATH:LINE:COLUMN: severity: message (PM005 no-owner)``."""
    style = Style(options.color)
    lines = [_problem_line(problem, style) for problem in report.problems]
    return "\n".join([*lines, style(Ink.BOLD, lint_summary(report))]) + "\n"


def _problem_line(problem: Problem, style: Style) -> str:
    place = style(Ink.BOLD, clean(f"{problem.path}:{problem.line}:{problem.column}:"))
    rule = style(Ink.DIM, f"({problem.rule.id} {problem.rule.name})")
    severity = style(_SEVERITY_INKS[problem.severity], f"{problem.severity.value}:")
    return f"{place} {severity} {clean(problem.message)} {rule}"


def _lines(rows: Sequence[tuple[str, list[Cell]]], style: Style) -> dict[str, list[str]]:
    """The lines of each path, in the order in which the paths first come."""
    lines: dict[str, list[str]] = {}
    for (path, _), line in zip(rows, align([row for _, row in rows], style), strict=True):
        lines.setdefault(path, []).append(line)
    return lines


def _page(
    lines: Mapping[str, list[str]],
    summary: str,
    style: Style,
    titles: Mapping[str, str] = _NO_TITLES,
    *,
    notices: str = "",
) -> str:
    """A block for each path that has lines, and the summary."""
    pages = []
    for path, own in lines.items():
        heading = f"{style(Ink.BOLD, clean(path))}  {style(Ink.DIM, titles.get(path, ''))}".rstrip()
        pages += ["\n  ".join([heading, *own]) + "\n"] if own else []
    return "\n".join([*pages, f"{notices}{style(Ink.BOLD, summary)}\n"])


def _row(mark: Cell, line: int, ref: str, title: str, why: Cell) -> list[Cell]:
    """The columns of a plan or a run; an item that is gone has the line 0."""
    return [mark, _line_cell(line), Cell(ref), Cell(title), why]


def _line_cell(line: int) -> Cell:
    return Cell(str(line or ""), Ink.DIM, right=True)


def _short(title: str, options: Options) -> str:
    return title if options.verbose else cut(title, _TITLE_COLUMNS)


def _change_row(change: Change, options: Options) -> list[Cell]:
    sign, ink = _SIGNS[change.kind]
    mark, why = Cell(f"{sign} {change.kind.value.replace('_', ' ')}", ink), Cell(clean(change.reason), Ink.DIM)
    return _row(mark, change.line, where(change), _short(title_of(change), options), why)


def _rejected_row(rejected: RejectedItem, options: Options) -> list[Cell]:
    mark, why = Cell("- rejected", Ink.DIM), Cell(clean(rejected.reason), Ink.DIM)
    return _row(mark, rejected.line, "", _short(clean(rejected.text), options), why)


def _gone_row(gone: Removed, options: Options) -> list[Cell]:
    mark, why = Cell("- gone", Ink.YELLOW), Cell("its item is gone from the postmortem; left alone", Ink.DIM)
    return _row(mark, 0, clean(str(gone.ref)), _short(clean(gone.title), options), why)


def _outcome_row(outcome: Outcome, options: Options) -> list[Cell]:
    change = outcome.change
    sign, ink = _SIGNS[change.kind]
    ref = clean(str(outcome.ref)) if outcome.ref else where(change)
    if outcome.ok:
        mark, why = Cell(f"{sign} {DONE[change.kind]}", ink), Cell(clean("; ".join(outcome.notes)), Ink.YELLOW)
    else:
        word = change.kind.value.replace("_", " ")
        mark, why = Cell(f"! {word} failed", Ink.RED), Cell(clean(outcome.error or ""), Ink.RED)
    return _row(mark, change.line, ref, _short(title_of(change), options), why)


def _item_rows(postmortem: Postmortem, options: Options) -> Iterator[list[Cell]]:
    rows = [(item.line, _item_row(item, _depth(postmortem.items, item), options)) for item in postmortem.items]
    for rejected in postmortem.rejected:
        why = Cell(clean(f"rejected: {rejected.reason}"), Ink.YELLOW)
        rows.append(
            (rejected.line, _read_row(Cell(" ! ", Ink.YELLOW), rejected.line, clean(rejected.text), why, options))
        )
    for _, row in sorted(rows, key=itemgetter(0)):
        yield row


def _item_row(item: ActionItem, depth: int, options: Options) -> list[Cell]:
    title, facts = "  " * depth + clean(item.title), Cell(", ".join(item_facts(item)), Ink.DIM)
    return _read_row(_BOXES[item.done], item.line, title, facts, options)


def _read_row(mark: Cell, line: int, title: str, facts: Cell, options: Options) -> list[Cell]:
    return [mark, _line_cell(line), Cell(_short(title, options)), facts]


def _depth(items: Sequence[ActionItem], item: ActionItem) -> int:
    """How many items stand above this one."""
    depth = 0
    while item.parent is not None and depth < len(items):
        item, depth = items[item.parent], depth + 1
    return depth


def _status_row(item: StatusItem, options: Options) -> list[Cell]:
    due = due_text(item)
    return [
        Cell(item.state.replace("_", " "), _STATE_INKS.get(item.state)),
        _line_cell(item.line),
        Cell(clean(str(item.ref or ""))),
        Cell(_short(clean(item.title), options)),
        Cell("no owner", Ink.YELLOW) if item.unowned else Cell(clean(", ".join(item.owners) or item.team or "")),
        Cell(clean(item.priority or "")),
        Cell(f"overdue: {due}", Ink.RED) if item.overdue else Cell(f"due {due}" if due else ""),
        Cell("" if item.age_days is None else f"{plural(item.age_days, 'day')} old", Ink.DIM, right=True),
    ]
