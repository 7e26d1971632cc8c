"""One result of each kind, with something of everything in it, that all formats are shown with."""

from datetime import date

from pm_sync.lint.catalog import BY_WORD, Severity
from pm_sync.lint.problems import LintReport, Problem
from pm_sync.markdown.edits import Edit
from pm_sync.model import Annotation, Deferral, Link, LinkPosition, Postmortem, RejectedItem, Span, State
from pm_sync.status import StatusReport
from pm_sync.sync.changes import ChangeKind, Outcome, Plan, Removed, SyncResult
from tests.factories import PATH, change, github_ref, item, local_ref, postmortem, status_item

OTHER = "postmortems/net.md"

POSTMORTEMS: list[Postmortem] = [
    postmortem(
        item(done=False, owners=("@alice",), due=date(2026, 6, 1), priority="P1"),
        item(
            "Pick a region",
            line=13,
            parent=0,
            done=True,
            annotation=Annotation(
                Link("#4", "https://github.com/acme/infra/issues/4", Span(0, 1), LinkPosition.END),
                State.DONE,
                date(2026, 5, 2),
                Span(0, 1),
            ),
        ),
        item("Write | a runbook", line=140, deferral=Deferral(date(2027, 1, 1), "no staff")),
        rejected=(RejectedItem("TBD", 31, "placeholder"),),
    ),
    postmortem(path=OTHER),
]

PLAN = Plan(
    (
        change(tracker="infra"),
        change(ChangeKind.UPDATE, line=140, text="Rename #12", ref=github_ref(), reason="reworded, was 'Old'"),
        change(
            ChangeKind.CONFLICT, path=OTHER, line=7, text="Page @oncall", reason='perhaps reworded: #3 "Page"; link it'
        ),
        change(ChangeKind.UNCHANGED, line=150, text="Test backups", ref=github_ref(5), reason="in step"),
        change(ChangeKind.LOST, line=160, text="Old thing", ref=local_ref(8), reason="deleted"),
        change(ChangeKind.WRITE_BACK, line=2, text="Fix it", ref=github_ref(6), reason="done on the tracker"),
    ),
    baseline=4,
    rejected=((PATH, RejectedItem("TBD", 31, "placeholder")),),
    removed=(Removed(github_ref(9), "Drop it", OTHER),),
    notices=("the visibility of the source is not known",),
)

SYNC = SyncResult(
    PLAN,
    (
        Outcome(PLAN.changes[0], github_ref(20), notes=("the label was dropped",)),
        Outcome(PLAN.changes[1], error="503 from api.github.com"),
        Outcome(PLAN.changes[5]),
    ),
    files_changed=(PATH,),
    file_errors=(f"{OTHER}: read-only file; make it writable",),
    left=2,
)

STATUS = StatusReport(
    date(2026, 6, 1),
    (
        status_item(
            owners=("@alice", "bob"),
            priority="P1",
            severity="SEV1",
            due=date(2026, 5, 29),
            due_source="sla:P1",
            age_days=31,
            overdue=True,
        ),
        status_item("Write | a runbook", line=140, ref=None, state="unsynced"),
        status_item("Pick a region", line=141, state="done", active=False, age_days=1),
        status_item(
            "=HYPERLINK(1)",
            path=OTHER,
            ref=local_ref(8),
            state="lost",
            team="storage",
            due=date(2027, 1, 1),
            due_source="deferred",
            deferral=Deferral(date(2027, 1, 1), "no staff"),
            deferred=True,
        ),
    ),
    baseline=4,
)

LINT = LintReport(
    (
        Problem(BY_WORD["pm015"], Severity.ERROR, PATH, 3, 5, 3, 13, "“14:32 PM” is no time", (Edit(Span(0, 3), b""),)),
        Problem(BY_WORD["no-owner"], Severity.WARNING, PATH, 12, 1, 12, 20, "“Add | it”: nobody owns it"),
        Problem(BY_WORD["no-owner"], Severity.WARNING, PATH, 14, 1, 14, 20, "“Add | it”: nobody owns it"),
        Problem(BY_WORD["no-due-date"], Severity.NOTE, "postmortems/ö b.md", 1, 1, 1, 1, "no due date\n::error::"),
    ),
    postmortems=3,
    suppressed=2,
    fixed=1,
)
