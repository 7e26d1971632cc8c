"""JSON Schema (2020-12) of each JSON document, for ``pm-sync schema NAME`` and for those who read our output.

Members are only ever added, so readers should let members pass that they don't know; the schemas do.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pm_sync.errors import UsageError
from pm_sync.findings import Diagnosis, Level
from pm_sync.lint.catalog import RULES, Severity
from pm_sync.lint.problems import LintReport
from pm_sync.model import State
from pm_sync.status.items import STATES, StatusReport
from pm_sync.sync.changes import ChangeKind, Plan, SyncResult

Schema = dict[str, object]

_TEXT: Schema = {"type": "string"}
_TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
_FLAG: Schema = {"type": "boolean"}
_FLAG_OR_NULL: Schema = {"type": ["boolean", "null"]}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_COUNT_OR_NULL: Schema = {"type": ["integer", "null"], "minimum": 0}
_LINE: Schema = {"type": "integer", "minimum": 0, "description": "1-based; 0 where there is no item in the file."}
_DAY: Schema = {"type": ["string", "null"], "format": "date"}
_TIME: Schema = {"type": ["string", "null"], "description": "An ISO 8601 day, or day and time."}
_TEXTS: Schema = {"type": "array", "items": _TEXT}
_ISSUE = {"ref": _TEXT_OR_NULL, "url": _TEXT_OR_NULL}
_DEFERRAL = {"deferred_until": _DAY, "deferred_reason": _TEXT_OR_NULL}


def json_schema(name: str) -> Schema:
    """The schema of the document ``pm-sync/NAME/1``.

    Raises:
        UsageError: there is no document of this name.

    """
    if name not in _DOCUMENTS:
        raise UsageError(f"there is no JSON document “{name}”", hint=f"choose from {', '.join(_DOCUMENTS)}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"pm-sync {name} --format json",
        **_object({"schema": {"const": f"pm-sync/{name}/1"}, **_DOCUMENTS[name]}),
    }


def names() -> tuple[str, ...]:
    """The names that `json_schema` knows."""
    return tuple(_DOCUMENTS)


def _object(members: Mapping[str, object]) -> Schema:
    """An object in which each of these members is always there."""
    return {"type": "object", "properties": dict(members), "required": list(members)}


def _array(members: Mapping[str, object]) -> Schema:
    return {"type": "array", "items": _object(members)}


def _counts(names: Mapping[str, int]) -> Schema:
    return _object(dict.fromkeys(names, _COUNT))


_INCIDENT = {
    "title": _TEXT,
    "date": _DAY,
    "start": _TIME,
    "end": _TIME,
    "duration": _TEXT_OR_NULL,
    "severity": _TEXT_OR_NULL,
    "status": _TEXT_OR_NULL,
    "impact": _TEXT_OR_NULL,
    "root_cause": _TEXT_OR_NULL,
    "services": _TEXTS,
    "authors": _TEXTS,
}
_LINK = {"ref": _TEXT, "url": _TEXT_OR_NULL}
_ANNOTATION = _object({**_LINK, "state": {"enum": [state.value for state in State]}, "day": _DAY})
_ITEM = {
    "key": {"type": "string", "pattern": "^[0-9a-f]{20}$"},
    "text": _TEXT,
    "title": _TEXT,
    "details": _TEXT,
    "line": _LINE,
    "done": _FLAG_OR_NULL,
    "owners": _TEXTS,
    "due": _DAY,
    "due_text": _TEXT_OR_NULL,
    "priority": _TEXT_OR_NULL,
    "type": _TEXT_OR_NULL,
    "team": _TEXT_OR_NULL,
    **_DEFERRAL,
    "links": _array(_LINK),
    "annotation": {"oneOf": [{"type": "null"}, _ANNOTATION]},
    "parent": {**_COUNT_OR_NULL, "description": "Index into this document's items."},
    "section": _TEXTS,
}
_REJECTED = {"text": _TEXT, "line": _LINE, "column": _COUNT, "reason": _TEXT}
_CHANGE = {
    "change": {"enum": [kind.value for kind in ChangeKind]},
    "path": _TEXT,
    "line": _LINE,
    "text": _TEXT,
    "tracker": _TEXT_OR_NULL,
    **_ISSUE,
    "reason": _TEXT,
    "key": _TEXT_OR_NULL,
    "changed": _TEXTS,
    "state": {"enum": [*(state.value for state in State), None]},
}
_PLAN = {
    "summary": _counts(Plan().summary),
    "changes": _array(_CHANGE),
    "rejected": _array({"path": _TEXT, **_REJECTED}),
    "removed": _array({**_ISSUE, "title": _TEXT, "path": _TEXT}),
    "notices": _TEXTS,
}
_OUTCOME = {
    "change": _CHANGE["change"],
    "path": _TEXT,
    "line": _LINE,
    "text": _TEXT,
    **_ISSUE,
    "ok": _FLAG,
    "error": _TEXT_OR_NULL,
    "notes": _TEXTS,
}
_STATUS_ITEM = {
    "path": _TEXT,
    "line": _LINE,
    "text": _TEXT,
    "title": _TEXT,
    "state": {"enum": list(STATES)},
    **_ISSUE,
    "owners": _TEXTS,
    "team": _TEXT_OR_NULL,
    "priority": _TEXT_OR_NULL,
    "severity": _TEXT_OR_NULL,
    "due": _DAY,
    "due_source": {"type": ["string", "null"], "pattern": "^(item|sla:.+|deferred)$"},
    "age_days": _COUNT_OR_NULL,
    "overdue": _FLAG,
    "unowned": _FLAG,
    "deferred": _FLAG,
    **_DEFERRAL,
}
_LOCAL_ISSUE = {
    "number": _COUNT,
    "ref": _TEXT,
    "title": _TEXT,
    "details": _TEXT_OR_NULL,
    "state": {"enum": [state.value for state in State]},
    "created": {"type": "string", "format": "date-time"},
    "settled": _DAY,
    "due": _DAY,
    "priority": _TEXT_OR_NULL,
    "type": _TEXT_OR_NULL,
    "labels": _TEXTS,
    "owners": _TEXTS,
    "assignees": _TEXTS,
    "parent": _TEXT_OR_NULL,
    "duplicate_of": _TEXT_OR_NULL,
    "incident": _TEXT_OR_NULL,
    "path": _TEXT_OR_NULL,
    "line": _COUNT_OR_NULL,
    "comments": _TEXTS,
}
_PROBLEM = {
    "rule": {"enum": [rule.id for rule in RULES]},
    "name": {"enum": [rule.name for rule in RULES]},
    "severity": {"enum": [severity.value for severity in Severity]},
    "path": _TEXT,
    "line": _LINE,
    "column": {"type": "integer", "minimum": 1, "description": "1-based, in characters."},
    "end_line": _LINE,
    "end_column": {"type": "integer", "minimum": 1, "description": "The column behind the last character."},
    "message": _TEXT,
    "fixable": _FLAG,
}
_FINDING = {
    "section": {
        "type": "string",
        "description": "`pm-sync`, `configuration`, `repository`, `tracker NAME`, `publishing`.",
    },
    "level": {"enum": [level.value for level in Level]},
    "about": _TEXT,
    "what": _TEXT,
    "hint": _TEXT_OR_NULL,
}
_DOCUMENTS: Mapping[str, Mapping[str, object]] = {
    "items": {
        "documents": _array(
            {
                "path": _TEXT,
                "title": _TEXT,
                "incident": _object(_INCIDENT),
                "items": _array(_ITEM),
                "rejected": _array(_REJECTED),
            }
        )
    },
    "plan": _PLAN,
    "sync": {
        **_PLAN,
        "summary": _counts(SyncResult(Plan()).summary),
        "outcomes": _array(_OUTCOME),
        "files_changed": _TEXTS,
        "file_errors": _TEXTS,
    },
    "status": {
        "today": {"type": "string", "format": "date"},
        "summary": _counts(StatusReport(date.min).summary),
        "items": _array(_STATUS_ITEM),
    },
    "lint": {"summary": _counts(LintReport((), 0).summary), "problems": _array(_PROBLEM)},
    "local": {"issues": _array(_LOCAL_ISSUE)},
    "doctor": {
        "run": {"type": "string", "description": "This run's name in logs, and in the User-Agent of its requests."},
        "summary": _counts(Diagnosis(()).summary),
        "findings": _array(_FINDING),
    },
}
