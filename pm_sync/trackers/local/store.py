"""The rows: each function is one step inside a transaction that its caller has opened."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

from msgspec.structs import replace

from pm_sync.errors import NotFound, TrackerError
from pm_sync.mark import Mark
from pm_sync.model import Issue, IssueDraft, IssueRef, State
from pm_sync.trackers.base import PARENT, SAID

KIND = "local"

_DIGITS = 18
"""No number is longer: SQLite's have 64 bits."""


def ref_of(number: int) -> IssueRef:
    """The address of the issue of this number."""
    return IssueRef(KIND, "", "", str(number))


def number_of(ref: IssueRef | None) -> int | None:
    """The number that an address names here, or None where it can't be one of ours."""
    if ref is None or ref.kind != KIND or not (ref.id.isascii() and ref.id.isdigit()) or len(ref.id) > _DIGITS:
        return None
    return int(ref.id)


# Reading


def has_held_any(db: sqlite3.Connection) -> bool:
    """Whether any issue was ever created in this database."""
    return db.execute("SELECT 1 FROM sqlite_sequence WHERE name = 'issues'").fetchone() is not None


def by_numbers(db: sqlite3.Connection, numbers: Iterable[int]) -> dict[int, Issue]:
    """Those of the numbered issues that are there."""
    query = "SELECT * FROM issues WHERE number IN (SELECT value FROM json_each(?))"
    return {row["number"]: issue_of(row) for row in db.execute(query, [json.dumps(list(numbers))])}


def by_marks(db: sqlite3.Connection, marks: Iterable[Mark], src: str | None) -> tuple[Issue, ...]:
    """Issues with the text of one of the marks, in any file, and the open ones of ``src`` if that isn't None."""
    query = """
        SELECT * FROM issues
        WHERE mark_text_key IN (SELECT value FROM json_each(:texts))
           OR (mark_src = :src AND state IN ('open', 'in_progress'))
        ORDER BY number
    """
    rows = db.execute(query, {"texts": _texts(marks), "src": src})
    return tuple(issue_of(row) for row in rows)


def since(db: sqlite3.Connection, start: datetime, marks: Iterable[Mark]) -> tuple[Issue, ...]:
    """Issues with the text of one of the marks, made at ``start`` or later."""
    query = """
        SELECT * FROM issues
        WHERE mark_text_key IN (SELECT value FROM json_each(?)) AND created >= ?
        ORDER BY number
    """
    return tuple(issue_of(row) for row in db.execute(query, [_texts(marks), _moment(start)]))


def issue_of(row: sqlite3.Row) -> Issue:
    """Read one row.

    Raises:
        TrackerError: somebody wrote into it what no issue can have.

    """
    try:
        state = State(row["state"])
        return Issue(
            ref=ref_of(row["number"]),
            title=row["title"],
            state=state,
            created=_aware(row["created"]),
            settled=_day(row["settled"]) if state.settled else None,
            details=row["details"],
            due=_day(row["due"]),
            priority=row["priority"],
            labels=frozenset(json.loads(row["labels"])),
            assignees=tuple(json.loads(row["assignees"])),
            parents=(ref_of(row["parent"]),) if row["parent"] else (),
            mark=Mark.from_json(row["mark"]) if row["mark"] else None,
            untouched=row["touched"] == 0,
        )
    except (ValueError, TypeError) as error:
        what = f"issue {row['number']} holds a value that can't be read: {error}"
        raise TrackerError(what, hint="put it right with sqlite3") from error


def row_of(db: sqlite3.Connection, number: int | None, name: str) -> sqlite3.Row:
    """The whole row of one issue.

    Raises:
        NotFound: there is no such issue; ``name`` is what the message calls it.

    """
    held = number if number is not None and len(str(number)) <= _DIGITS else None
    row: sqlite3.Row | None = db.execute("SELECT * FROM issues WHERE number = ?", [held]).fetchone()
    if row is None:
        raise NotFound(f"there is no {name}", hint="`pm-sync local list` shows what there is")
    return row


# Writing


def insert(db: sqlite3.Connection, drafts: Sequence[IssueDraft], now: datetime) -> list[Issue]:
    """Create an issue for each draft, in order; where one has the draft's key already, that one is meant."""
    query = """
        INSERT INTO issues (
            title, details, state, created, settled, due, priority, type, labels, owners, assignees, extra,
            parent, incident, path, line, url, mark, mark_key, mark_text_key, mark_src
        ) VALUES (
            :title, :details, :state, :created, :settled, :due, :priority, :type, :labels, :owners, :assignees, :extra,
            (SELECT number FROM issues WHERE number = :parent),
            :incident, :path, :line, :url, :mark, :mark_key, :mark_text_key, :mark_src
        ) ON CONFLICT (mark_key) DO NOTHING
    """
    db.executemany(query, [_new(draft, now) for draft in drafts])
    keys = json.dumps([draft.mark.key for draft in drafts])
    rows = db.execute("SELECT * FROM issues WHERE mark_key IN (SELECT value FROM json_each(?))", [keys])
    issues = {row["mark_key"]: issue_of(row) for row in rows}
    return [issues[draft.mark.key] for draft in drafts]


def rewrite(db: sqlite3.Connection, issue: Issue, draft: IssueDraft, changed: frozenset[str]) -> Issue:
    """Write the ``changed`` fields of the draft, its mark, and where the item stands.

    Raises:
        TrackerError: the issue is gone, or a changed field is not any more what ``issue`` says.

    """
    row = _current_row(db, issue)
    current = issue_of(row)
    _refuse_if_overtaken(issue, current, draft, changed)
    added = frozenset(draft.labels) if "labels" in changed else frozenset()
    values = {name: getattr(draft if name in changed else current, name) for name in ("title", "details", "priority")}
    values |= {"due": _text(draft.due if "due" in changed else current.due)}
    values |= {"labels": _list(sorted(current.labels | added))}
    values |= {"parent": number_of(draft.parent) if PARENT in changed else row["parent"]}
    values |= _mark_values(_free_mark(db, row, draft.mark)) | _source_values(draft)
    query = """
        UPDATE issues SET title = :title, details = :details, due = :due, priority = :priority, labels = :labels,
            parent = (SELECT number FROM issues WHERE number = :parent),
            incident = :incident, path = :path, line = :line, url = :url,
            mark = :mark, mark_key = :mark_key, mark_text_key = :mark_text_key, mark_src = :mark_src
        WHERE number = :number
    """
    db.execute(query, values | {"number": row["number"]})
    return issue_of(_current_row(db, issue))


def move(db: sqlite3.Connection, issue: Issue, state: State, day: date, duplicate_of: IssueRef | None) -> Issue:
    """Bring an issue into a state, settled on ``day`` if that is a settled one; already there, it stays as it is.

    Raises:
        TrackerError: the issue is gone, or somebody moved it since ``issue`` was read.

    """
    current = issue_of(_current_row(db, issue))
    if current.state is state:
        return current
    if current.state is not issue.state:
        raise TrackerError(f"{issue.ref} is {current.state.word} by now", hint="run again")
    query = """
        UPDATE issues SET state = :state, settled = :settled,
            duplicate_of = (SELECT number FROM issues WHERE number = :duplicate_of)
        WHERE number = :number
    """
    settled = _text(day if state.settled else None)
    values = {"state": state.value, "settled": settled, "duplicate_of": number_of(duplicate_of)}
    db.execute(query, values | {"number": number_of(issue.ref)})
    return issue_of(_current_row(db, issue))


def comment(db: sqlite3.Connection, issue: Issue, text: str, key: str | None, now: datetime) -> None:
    """Add a comment, unless the issue has one with this key; its mark notes the key."""
    row = _current_row(db, issue)
    query = "INSERT INTO comments (issue, key, text, created) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
    db.execute(query, [row["number"], key, text, _moment(now)])
    mark = Mark.from_json(row["mark"] or "")
    if key is not None and mark is not None:
        said = replace(mark, base={**mark.base, SAID: key})
        db.execute("UPDATE issues SET mark = ? WHERE number = ?", [said.to_json(), row["number"]])


def void_mark(db: sqlite3.Connection, issue: Issue) -> None:
    """Forget the issue's mark."""
    query = "UPDATE issues SET mark = NULL, mark_key = NULL, mark_text_key = NULL, mark_src = NULL WHERE number = ?"
    db.execute(query, [_current_row(db, issue)["number"]])


def _current_row(db: sqlite3.Connection, issue: Issue) -> sqlite3.Row:
    return row_of(db, number_of(issue.ref), str(issue.ref))


def _refuse_if_overtaken(read: Issue, current: Issue, draft: IssueDraft, changed: frozenset[str]) -> None:
    # Labels are only added, so nobody's are overwritten.
    for name in sorted(changed - {"labels", PARENT}):
        if getattr(current, name) not in (getattr(read, name), getattr(draft, name)):
            raise TrackerError(f"somebody changed the {name} of {read.ref} meanwhile", hint="run again")


def _free_mark(db: sqlite3.Connection, row: sqlite3.Row, wanted: Mark) -> Mark | None:
    """The mark to write: the wanted one, or the issue's own with its new base while another issue bears the wanted.

    That happens where files swapped their names, and ends when the other issue's mark is refreshed.
    """
    query = "SELECT 1 FROM issues WHERE mark_key = ? AND number <> ?"
    if db.execute(query, [wanted.key, row["number"]]).fetchone() is None:
        return wanted
    own = Mark.from_json(row["mark"] or "")
    return own and Mark(own.src, own.path, own.text, own.n, wanted.base, own.v)


def _new(draft: IssueDraft, now: datetime) -> dict[str, object]:
    return {
        "title": draft.title,
        "details": draft.details,
        "state": draft.state.value,
        "created": _moment(now),
        "settled": _text(now.astimezone(UTC).date() if draft.state.settled else None),
        "due": _text(draft.due),
        "priority": draft.priority,
        "type": draft.type,
        "labels": _list(sorted(set(draft.labels))),
        "owners": _list(draft.owners),
        "assignees": _list(draft.assignees),
        "extra": json.dumps(dict(draft.extra), ensure_ascii=False),
        "parent": number_of(draft.parent),
        **_mark_values(draft.mark),
        **_source_values(draft),
    }


def _mark_values(mark: Mark | None) -> dict[str, str | None]:
    if mark is None:
        return dict.fromkeys(("mark", "mark_key", "mark_text_key", "mark_src"))
    return {"mark": mark.to_json(), "mark_key": mark.key, "mark_text_key": mark.text_key, "mark_src": mark.src}


def _source_values(draft: IssueDraft) -> dict[str, object]:
    source = draft.source
    return {"incident": draft.incident.title, "path": source.path, "line": source.line, "url": source.url}


def _texts(marks: Iterable[Mark]) -> str:
    return json.dumps([mark.text_key for mark in marks])


def _list(values: Sequence[str]) -> str:
    return json.dumps(list(values), ensure_ascii=False)


def _moment(moment: datetime) -> str:
    # All of one length and zone, so that they sort as text.
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _aware(text: str) -> datetime:
    # SQLite's own functions write UTC and don't say so.
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
