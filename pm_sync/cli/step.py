"""What a step of the Action leaves behind: annotations in its log, outputs for later steps, and the job's summary."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping

from msgspec import Struct

from pm_sync import trace
from pm_sync.cli.show import reading_code
from pm_sync.cli.terminal import emit
from pm_sync.errors import ExitCode
from pm_sync.publish.runner import append_summary, write_outputs
from pm_sync.report import Format, Result, render
from pm_sync.report.github import annotation
from pm_sync.session.session import Reading
from pm_sync.status.items import StatusReport
from pm_sync.sync.changes import ChangeKind, SyncResult

_OUTPUTS = ("created", "updated", "closed", "open", "overdue", "files-changed")
_JSON_LIMIT = 900_000
"""Characters; the runner takes 1 MiB of outputs from a job."""


class Told(Struct, frozen=True):
    """What a step came to."""

    code: ExitCode
    summary: str
    outputs: Mapping[str, str]


def annotate(level: str, message: str, path: str = "", line: int = 0) -> None:
    """Say something in the log that GitHub shows on its own, too: an ``error``, a ``warning`` or a ``notice``."""
    from pm_sync.redact import hider  # noqa: PLC0415 - most runs have nothing to annotate

    trace.tell("said", f"{level}: {message}", level=trace.INFO, path=path or None, line=line or None)
    emit(annotation(level, path, line, "pm-sync", hider(os.environ)(message)) + "\n")


def annotate_reading(reading: Reading) -> ExitCode:
    """Annotate what could not be read, and what that comes to."""
    for error in reading.errors:
        path, _, line = (error.place or "").partition(":")
        annotate("error", str(error), path, int(line) if line.isdecimal() else 0)
    if not reading.documents and not reading.errors:
        annotate("notice", "no postmortems found; set `paths`, or `postmortems:` in pm-sync.yaml")
    return reading_code(reading)


def annotate_failures(failures: Mapping[str, str]) -> None:
    """Annotate the trackers that could not be read."""
    for name, reason in sorted(failures.items()):
        annotate("error", f"{name}: {reason}")


def leave(environment: Mapping[str, str], summary: str, given: Mapping[str, str] | None = None) -> None:
    """Leave summary and outputs where the runner looks for them, if there is one, without our secrets."""
    from pm_sync.redact import hider  # noqa: PLC0415 - as above

    hide = hider(environment)
    if path := environment.get("GITHUB_STEP_SUMMARY"):
        append_summary(path, hide(summary))
    if given and (path := environment.get("GITHUB_OUTPUT")):
        write_outputs(path, {name: hide(value) for name, value in given.items()})


def outputs(result: Result, counts: Mapping[str, str] | None = None) -> Mapping[str, str]:
    """All outputs: counts are 0 where this mode has none; the JSON is that of ``--format json``, in one line."""
    document = json.dumps(json.loads(render(result, Format.JSON)), separators=(",", ":"))
    if len(document) > _JSON_LIMIT:
        annotate("warning", "the result is too large for the output `json`, which is empty")
        document = ""
    return {**dict.fromkeys(_OUTPUTS, "0"), "pull-request": "", **(counts or {}), "json": document}


def standing_counts(report: StatusReport, done: SyncResult | None = None) -> dict[str, str]:
    """How many items are still to be done, and how many of those are overdue; ``done`` is what happened since."""
    outcomes = [outcome.change for outcome in done.outcomes if outcome.ok] if done else []
    closed = {(change.path, change.line) for change in outcomes if change.kind is ChangeKind.CLOSE}
    reopened = {(change.path, change.line) for change in outcomes if change.kind is ChangeKind.REOPEN}
    still = [
        item
        for item in report.items
        if (item.path, item.line) in reopened or (item.active and (item.path, item.line) not in closed)
    ]
    return {"open": str(len(still)), "overdue": str(sum(item.overdue for item in still))}
