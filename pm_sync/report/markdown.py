"""Reports for job summaries and comments: a sentence, and a table below it.

Untrusted text is shown as it was written, but does nothing: it can't break the table, style, link, mention people,
refer to issues or hold HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from pm_sync.lint.problems import LintReport, Problem
from pm_sync.model import ActionItem, IssueRef, Postmortem
from pm_sync.regex import regex
from pm_sync.report.base import Options
from pm_sync.report.clean import clean
from pm_sync.report.words import (
    DONE,
    ItemCount,
    ItemPart,
    due_text,
    item_facts,
    lint_summary,
    plan_summary,
    status_summary,
    sync_summary,
    title_of,
)
from pm_sync.status.items import StatusItem, StatusReport
from pm_sync.sync.changes import Change, ChangeKind, Outcome, Plan, SyncResult

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;", "$": "&#36;"}
_SPECIAL = regex(r"[\\`*_\[\]~]|[&<>|$]")
_SELF_LINKING = regex(r"@(?=\w)|#(?=\d)|(?<=\bGH-)(?=\d)|:(?=//)|\bwww(?=\.)", re.IGNORECASE)
_BLOCK_START = regex(r"^(\d+(?=[.)])|(?=[-+#=]))")
_INVISIBLE = "&#8203;"


def escape(text: str) -> str:
    """Untrusted text as one line of Markdown that renders as just that text."""
    # What GitHub turns into a link or a mention is found in the rendered text, so an escape can't stop it:
    # an invisible character between its two parts does.
    marked = _SELF_LINKING.sub(lambda found: f"{found[0]}\u200b", clean(text))
    escaped = _SPECIAL.sub(lambda found: _ENTITIES.get(found[0], f"\\{found[0]}"), marked)
    return _BLOCK_START.sub(r"\1\\", escaped).replace("\u200b", _INVISIBLE)


def item_part(postmortem: Postmortem, options: Options) -> ItemPart[tuple[str, str]]:  # noqa: ARG001 - every format's signature
    """A postmortem's heading, and the table of its items."""
    rows = [(str(item.line), *_item_cells(item)) for item in postmortem.items]
    rows += [(str(r.line), "rejected", escape(r.text), escape(r.reason)) for r in postmortem.rejected]
    rows.sort(key=lambda row: int(row[0]))
    heading = f"### {escape(postmortem.incident.title)}\n\n{_code(postmortem.path)}\n"
    return ItemPart.of(postmortem, (heading, _table(("Line", "Done", "Item", "Facts"), rows)))


def items(parts: Iterable[ItemPart[tuple[str, str]]], options: Options) -> Iterator[str]:  # noqa: ARG001 - every format's signature
    """What was read, a table for each postmortem."""
    count = ItemCount()
    # The sentence comes first, and is known last.
    tables = [text for shown in count.passing(parts) for text in shown if text]
    yield "\n".join([_summary(str(count)), *tables])


def plan(plan: Plan, options: Options) -> str:
    """What `sync` would do; unchanged items only where everything is asked for."""
    changes = [change for change in plan.changes if options.verbose or change.kind is not ChangeKind.UNCHANGED]
    rows = [(change.kind.value.replace("_", " "), *_change_cells(change), escape(change.reason)) for change in changes]
    rows += [("gone", _issue(gone.ref), escape(gone.title), _code(gone.path), "left alone") for gone in plan.removed]
    notices = "".join(f"- {escape(notice)}\n" for notice in plan.notices)
    table = _table(("Change", "Issue", "Item", "Where", "Why"), rows)
    return "\n".join(part for part in (_summary(plan_summary(plan)), notices, table) if part)


def sync(result: SyncResult, options: Options) -> str:
    """What was done, and what could not be; changes in files alone only where everything is asked for."""
    rows = [
        _outcome_cells(outcome)
        for outcome in result.outcomes
        if options.verbose or outcome.change.kind.remote or not outcome.ok
    ]
    errors = "".join(f"- {escape(error)}\n" for error in result.file_errors)
    table = _table(("Outcome", "Issue", "Item", "Where", "Notes"), rows)
    return "\n".join(part for part in (_summary(sync_summary(result)), errors, table) if part)


def status(report: StatusReport, options: Options) -> str:
    """How items stand; settled ones only where everything is asked for."""
    rows = [_status_cells(item) for item in report.items if item.active or options.verbose]
    table = _table(("State", "Issue", "Item", "Where", "Owners", "Priority", "Due", "Days old"), rows)
    return "\n".join(part for part in (_summary(status_summary(report)), table) if part)


def lint(report: LintReport, options: Options) -> str:  # noqa: ARG001 - every format's signature
    """What is wrong with postmortems."""
    table = _table(("Severity", "Where", "Problem", "Rule"), map(_problem_cells, report.problems))
    return "\n".join(part for part in (_summary(lint_summary(report)), table) if part)


def _problem_cells(problem: Problem) -> tuple[str, ...]:
    severity = f"**{problem.severity}**" if problem.severity == "error" else problem.severity.value
    rule = f"{problem.rule.id} {problem.rule.name}"
    return severity, _where(problem.path, problem.line), escape(problem.message), rule


def _summary(sentence: str) -> str:
    return f"**{escape(sentence)}**\n"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [_table_row(row) for row in rows]
    if not lines:
        return ""
    return "\n".join([_table_row(heads), _table_row(["---"] * len(heads)), *lines]) + "\n"


def _table_row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _code(text: str) -> str:
    """A path in code style; HTML does it, as backticks within could end a code span."""
    return f"<code>{escape(text)}</code>"


def _issue(ref: IssueRef | None, otherwise: str | None = None) -> str:
    if ref is None:
        return escape(otherwise or "")
    return f"[{escape(str(ref))}](<{_address(ref.url)}>)" if ref.url else escape(str(ref))


def _address(url: str) -> str:
    """An address that can't leave the angle brackets or the table cell it stands in."""
    return re.sub(r"[\s<>|\\]", lambda found: f"%{ord(found[0]):02X}", clean(url))


def _where(path: str, line: int) -> str:
    return _code(f"{path}:{line}" if line else path)


def _change_cells(change: Change) -> tuple[str, str, str]:
    return _issue(change.ref, change.tracker), escape(title_of(change)), _where(change.path, change.line)


def _outcome_cells(outcome: Outcome) -> tuple[str, ...]:
    change = outcome.change
    _, title, where = _change_cells(change)
    issue = _issue(outcome.ref or change.ref, change.tracker)
    if outcome.ok:
        return DONE[change.kind], issue, title, where, escape("; ".join(outcome.notes))
    what = change.kind.value.replace("_", " ")
    return f"**{what} failed**", issue, title, where, escape(outcome.error or "")


def _item_cells(item: ActionItem) -> tuple[str, str, str]:
    done = {True: "yes", False: "no", None: ""}[item.done]
    return done, escape(item.title), escape(", ".join(item_facts(item)))


def _status_cells(item: StatusItem) -> tuple[str, ...]:
    due = escape(due_text(item))
    return (
        item.state.replace("_", " "),
        _issue(item.ref),
        escape(item.title),
        _where(item.path, item.line),
        "**no owner**" if item.unowned else escape(", ".join(item.owners) or item.team or ""),
        escape(item.priority or ""),
        f"**overdue: {due}**" if item.overdue else due,
        "" if item.age_days is None else str(item.age_days),
    )
