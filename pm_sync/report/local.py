"""The embedded tracker's issues, for people and for scripts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC
from typing import TYPE_CHECKING

from pm_sync.model import IssueRef
from pm_sync.report.as_json import Json
from pm_sync.report.clean import clean
from pm_sync.report.style import Cell, Ink, Style, align

if TYPE_CHECKING:
    from pm_sync.trackers.local.people import Entry

_INKS = {"done": Ink.GREEN, "dropped": Ink.DIM, "in_progress": Ink.CYAN}
_PLAIN = Style()


def as_table(entries: Sequence[Entry], *, color: bool = False) -> str:
    """One line for each issue: number, state, title, due date, owners, postmortem."""
    if not entries:
        return "No issues.\n"
    return "".join(f"{line}\n" for line in align([_row(entry) for entry in entries], Style(color)))


def as_page(entry: Entry) -> str:
    """Everything known of one issue."""
    issue = entry.issue
    facts = align([(Cell(name), Cell(clean(value))) for name, value in _facts(entry) if value], _PLAIN)
    parts = [f"{issue.ref}  {clean(issue.title)}", "\n".join(facts), _lines(issue.details or "")]
    parts += [f"Comment: {_lines(comment)}" for comment in entry.comments]
    return "\n\n".join(part for part in parts if part) + "\n"


def as_json(entries: Iterable[Entry]) -> Json:
    """The stable form, whose members are only ever added to."""
    return {"schema": "pm-sync/local/1", "issues": [_members(entry) for entry in entries]}


def _row(entry: Entry) -> tuple[Cell, ...]:
    issue = entry.issue
    return (
        Cell(issue.ref.id, right=True),
        Cell(_state(entry), _INKS.get(issue.state)),
        Cell(clean(issue.title)),
        Cell(f"due {issue.due}" if issue.due else ""),
        Cell(clean(", ".join(entry.owners))),
        Cell(_place(entry), Ink.DIM),
    )


def _facts(entry: Entry) -> Iterator[tuple[str, str]]:
    issue = entry.issue
    yield "State", _state(entry)
    yield "Duplicate of", _name(entry.duplicate_of) or ""
    yield "Due", str(issue.due or "")
    yield "Priority", issue.priority or ""
    yield "Type", entry.type or ""
    yield "Owners", ", ".join(entry.owners)
    yield "Assignees", ", ".join(issue.assignees)
    yield "Labels", ", ".join(sorted(issue.labels))
    yield "Part of", _name(entry.parent) or ""
    yield "Incident", entry.incident
    yield "Postmortem", _place(entry)
    yield "Created", f"{issue.created.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _members(entry: Entry) -> Json:
    issue = entry.issue
    return {
        "number": int(issue.ref.id),
        "ref": str(issue.ref),
        "title": issue.title,
        "details": issue.details,
        "state": issue.state.value,
        "created": issue.created.isoformat(),
        "settled": issue.settled and issue.settled.isoformat(),
        "due": issue.due and issue.due.isoformat(),
        "priority": issue.priority,
        "type": entry.type,
        "labels": sorted(issue.labels),
        "owners": list(entry.owners),
        "assignees": list(issue.assignees),
        "parent": _name(entry.parent),
        "duplicate_of": _name(entry.duplicate_of),
        "incident": entry.incident,
        "path": entry.path or None,
        "line": entry.line or None,
        "comments": list(entry.comments),
    }


def _state(entry: Entry) -> str:
    settled = entry.issue.settled
    return f"{entry.issue.state.word} {settled}" if settled else entry.issue.state.word


def _place(entry: Entry) -> str:
    return clean(f"{entry.path}:{entry.line}") if entry.path else ""


def _name(ref: IssueRef | None) -> str | None:
    return str(ref) if ref else None


def _lines(text: str) -> str:
    return "\n".join(clean(line) for line in text.splitlines())
