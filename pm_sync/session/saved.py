"""Saved plans: a plan as a file with a digest of the world it was made from, and the check that it still holds."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from pm_sync.errors import Refused, UsageError
from pm_sync.session.runs import Planned
from pm_sync.session.scope import Scope
from pm_sync.sync.changes import Change
from pm_sync.sync.fields import draft_values

_LARGEST = 64 * 1024 * 1024
"""Bytes; the plan of a hundred thousand changes takes less."""


_FIRST = b'{\n  "schema": "pm-sync/plan/'
"""What each saved plan begins with, whichever version wrote it."""


def check_place(path: Path) -> Path:
    """A place for a plan: whoever leaves the file's name out has named a postmortem instead.

    Raises:
        UsageError: there is a file already, which is none.

    """
    if path.is_file():
        with path.open("rb") as file:
            first = file.read(len(_FIRST))
        if first not in {b"", _FIRST}:
            raise UsageError("holds something else than a plan", place=str(path), hint="name another file")
    return path


def digest(planned: Planned) -> str:
    """Sum up what would be done, and the files it was decided from."""
    files = [[d.path, hashlib.sha256(d.data).hexdigest()] for d in planned.facts.documents if d.selected]
    changes = [_fingerprint(change) for change in planned.plan.changes]
    data = json.dumps([files, changes], sort_keys=True)
    return hashlib.sha256(data.encode("utf-8", "surrogatepass")).hexdigest()


def _fingerprint(change: Change) -> list[object]:
    draft = draft_values(change.draft) if change.draft else None
    ref = str(change.ref) if change.ref else None
    state = change.state.value if change.state else None
    return [change.kind.value, change.path, change.line, change.tracker, ref, state, sorted(change.changed), draft]


def save(path: Path, rendered: str, scope: Scope, planned: Planned) -> None:
    """Write the plan's JSON with the command line and the digest beside it; ``path`` was checked.

    Raises:
        OSError: the file can't be written.

    """
    data = json.loads(rendered)
    data |= {"scope": scope.as_json(), "digest": digest(planned)}
    path.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def load(path: Path) -> tuple[Scope, str]:
    """Read a saved plan's command line and digest.

    Raises:
        UsageError: it isn't a plan that `save` wrote.

    """
    hint = "make one with: pm-sync plan --out FILE"
    try:
        with path.open("rb") as file:
            read = file.read(_LARGEST + 1)
        data: Any = json.loads(read) if len(read) <= _LARGEST else None
        return Scope.from_json(data["scope"]), str(data["digest"])
    except OSError as error:
        raise UsageError(f"can't be read: {error.strerror}", place=str(path), hint=hint) from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UsageError("is not a saved plan", place=str(path), hint=hint) from error


def verify(planned: Planned, expected: str, path: Path) -> None:
    """Check that what would be done now is what the saved plan says.

    Raises:
        Refused: the postmortems, the trackers or the configuration have changed since.

    """
    if digest(planned) != expected:
        hint = f"look at a new one: pm-sync plan --out {path}"
        raise Refused(
            "the saved plan is stale: postmortems, issues or configuration changed since", place=str(path), hint=hint
        )
