"""The stable JSON of every command: scripts depend on these members, so they are only ever added to.

Each document says what it is in ``schema``. Paths are relative to the root with ``/``, lines are 1-based,
days are ISO dates, and what is unknown is ``null``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date

import msgspec

from pm_sync.lint.problems import LintReport, Problem
from pm_sync.mark import Mark, text_hash
from pm_sync.model import ActionItem, Annotation, Incident, IssueRef, Link, Postmortem, RejectedItem
from pm_sync.report.base import Result
from pm_sync.report.words import ItemCount, ItemPart
from pm_sync.status.items import StatusItem, StatusReport
from pm_sync.sync.changes import Change, Outcome, Plan, Removed, SyncResult

Json = dict[str, object]
_ITEMS = "pm-sync/items/1"
_DELETE = 0x7F
_OUTER = ("[\n  [\n    ", "\n  ]\n]")
"""What two lists write around what is in them, which is as deep there as a document is among the others."""


def dumps(document: Json) -> str:
    """Write a document as text: ASCII only, and harmless in a CI log.

    GitHub's runner obeys ``##[command]`` anywhere in a line, so that sequence is escaped; its value stays the same.
    """
    return f"{_indented(document)}\n"


def _indented(value: object) -> str:
    try:
        # The same as json's own indenting, which is written in Python, in a tenth of the time.
        text = msgspec.json.format(_line(value), indent=2).decode()
    except msgspec.DecodeError:
        # Half a character, which YAML can escape and a server may cut out.
        text = json.dumps(value, indent=2)
    return text.replace("##[", "##\\u005b")


def _line(value: object) -> bytes:
    with suppress(UnicodeEncodeError):
        line = msgspec.json.encode(value)
        # It leaves what is beyond ASCII as it is, and ASCII's last sign, which is no printed one.
        if line.isascii() and _DELETE not in line:
            return line
    return json.dumps(value).encode()


def document(result: Result, src: str = "") -> Json:
    """The document of any kind of result; ``src`` is the source that the items' keys are made with."""
    match result:
        case Plan():
            return plan(result)
        case SyncResult():
            return sync(result)
        case StatusReport():
            return status(result)
        case LintReport():
            return lint(result)
        case _:
            return items(result, src)


def items(postmortems: Iterable[Postmortem], src: str = "") -> Json:
    """Tell what was read."""
    return {"schema": _ITEMS, "documents": [_document(postmortem, src) for postmortem in postmortems]}


def item_part(postmortem: Postmortem, src: str = "") -> ItemPart[str]:
    """What is told of one postmortem, as text."""
    nested = _indented([[_document(postmortem, src)]])
    return ItemPart.of(postmortem, nested.removeprefix(_OUTER[0]).removesuffix(_OUTER[1]))


def dump_items(parts: Iterable[ItemPart[str]]) -> Iterator[str]:
    """The same as `items`, as text, a piece for each postmortem."""
    yield f'{{\n  "schema": "{_ITEMS}",\n  "documents": ['
    gap = end = ""
    for document in ItemCount().passing(parts):
        yield f"{gap}\n    {document}"
        gap, end = ",", "\n  "
    yield f"{end}]\n}}\n"


def plan(plan: Plan) -> Json:
    """Tell what `sync` would do."""
    return {"schema": "pm-sync/plan/1", **_plan_members(plan)}


def sync(result: SyncResult) -> Json:
    """Tell what a run did: the plan's members, and what became of them."""
    return {
        "schema": "pm-sync/sync/1",
        **_plan_members(result.plan),
        "summary": result.summary,
        "outcomes": [_outcome(outcome) for outcome in result.outcomes],
        "files_changed": list(result.files_changed),
        "file_errors": list(result.file_errors),
    }


def status(report: StatusReport) -> Json:
    """Tell how each item stands."""
    return {
        "schema": "pm-sync/status/1",
        "today": _day(report.today),
        "summary": report.summary,
        "items": [_status_item(item) for item in report.items],
    }


def lint(report: LintReport) -> Json:
    """Tell what is wrong with postmortems."""
    return {
        "schema": "pm-sync/lint/1",
        "summary": dict(report.summary),
        "problems": [_problem(problem) for problem in report.problems],
    }


def _problem(problem: Problem) -> Json:
    return {
        "rule": problem.rule.id,
        "name": problem.rule.name,
        "severity": problem.severity.value,
        "path": problem.path,
        "line": problem.line,
        "column": problem.column,
        "end_line": problem.end_line,
        "end_column": problem.end_column,
        "message": problem.message,
        "fixable": problem.fixable,
    }


def _document(postmortem: Postmortem, src: str) -> Json:
    return {
        "path": postmortem.path,
        "title": postmortem.incident.title,
        "incident": _incident(postmortem.incident),
        "items": [_item(item, postmortem.path, src) for item in postmortem.items],
        "rejected": [_rejected(rejected) for rejected in postmortem.rejected],
    }


def _incident(incident: Incident) -> Json:
    return {
        "title": incident.title,
        "date": _day(incident.day),
        "start": _day(incident.start),
        "end": _day(incident.end),
        "duration": incident.duration,
        "severity": incident.severity,
        "status": incident.status,
        "impact": incident.impact,
        "root_cause": incident.root_cause,
        "services": list(incident.services),
        "authors": list(incident.authors),
    }


def _item(item: ActionItem, path: str, src: str) -> Json:
    return {
        "key": Mark(src, path, text_hash(item.text), item.ordinal).key,
        "text": item.text,
        "title": item.title,
        "details": item.details,
        "line": item.line,
        "done": item.done,
        "owners": list(item.owners),
        "due": _day(item.due),
        "due_text": item.due_text,
        "priority": item.priority,
        "type": item.type,
        "team": item.team,
        "deferred_until": _day(item.deferral.until) if item.deferral else None,
        "deferred_reason": item.deferral.reason if item.deferral else None,
        "links": _links(item),
        "annotation": _annotation(item.annotation) if item.annotation else None,
        "parent": item.parent,
        "section": list(item.section),
    }


def _links(item: ActionItem) -> list[Json]:
    """Every reference of the item, each once; our own annotation's comes last, as in the file."""
    links = [_link(link) for link in item.links]
    own = _link(item.annotation.link) if item.annotation else None
    return links if own is None or own in links else [*links, own]


def _link(link: Link) -> Json:
    return {"ref": link.ref, "url": link.url}


def _annotation(annotation: Annotation) -> Json:
    return {**_link(annotation.link), "state": annotation.state.value, "day": _day(annotation.day)}


def _rejected(rejected: RejectedItem) -> Json:
    return {
        "text": rejected.text,
        "line": rejected.line,
        "column": rejected.column,
        "reason": rejected.reason,
    }


def _plan_members(plan: Plan) -> Json:
    return {
        "summary": plan.summary,
        "changes": [_change(change) for change in plan.changes],
        "rejected": [{"path": path, **_rejected(rejected)} for path, rejected in plan.rejected],
        "removed": [_removed(removed) for removed in plan.removed],
        "notices": list(plan.notices),
    }


def _change(change: Change) -> Json:
    return {
        "change": change.kind.value,
        "path": change.path,
        "line": change.line,
        "text": change.text,
        "tracker": change.tracker,
        **_issue(change.ref),
        "reason": change.reason,
        "key": change.key or None,
        "changed": sorted(change.changed),
        "state": change.state.value if change.state else None,
    }


def _removed(removed: Removed) -> Json:
    return {**_issue(removed.ref), "title": removed.title, "path": removed.path}


def _outcome(outcome: Outcome) -> Json:
    change = outcome.change
    return {
        "change": change.kind.value,
        "path": change.path,
        "line": change.line,
        "text": change.text,
        **_issue(outcome.ref or change.ref),
        "ok": outcome.ok,
        "error": outcome.error,
        "notes": list(outcome.notes),
    }


def _status_item(item: StatusItem) -> Json:
    return {
        "path": item.path,
        "line": item.line,
        "text": item.text,
        "title": item.title,
        "state": item.state,
        **_issue(item.ref),
        "owners": list(item.owners),
        "team": item.team,
        "priority": item.priority,
        "severity": item.severity,
        "due": _day(item.due),
        "due_source": item.due_source,
        "age_days": item.age_days,
        "overdue": item.overdue,
        "unowned": item.unowned,
        "deferred": item.deferred,
        "deferred_until": _day(item.deferral.until) if item.deferral else None,
        "deferred_reason": item.deferral.reason if item.deferral else None,
    }


def _issue(ref: IssueRef | None) -> Json:
    return {"ref": str(ref) if ref else None, "url": ref.url if ref else None}


def _day(value: date | None) -> str | None:
    """A day, or a day with its time, as ISO says it."""
    return value.isoformat() if value else None
