"""Reports for a terminal, word for word."""

from msgspec.structs import replace

from pm_sync.lint.problems import LintReport
from pm_sync.report import Format, Options, render, text
from pm_sync.sync.changes import ChangeKind, Plan, SyncResult
from tests.factories import change, item, postmortem
from tests.unit.report.samples import LINT, PLAN, POSTMORTEMS, STATUS, SYNC

QUIET, VERBOSE = Options(), Options(verbose=True)


def test_items() -> None:
    """Items and rejected ones stand in line order, sub-tasks further in, with their fields behind them."""
    assert render(POSTMORTEMS, Format.TEXT, QUIET) == (
        "postmortems/db.md  Database outage\n"
        "  [ ]   12  Add a replica      @alice, due 2026-06-01, P1\n"
        "  [x]   13    Pick a region    #4 (done)\n"
        "   !    31  TBD                rejected: placeholder\n"
        "   -   140  Write | a runbook  deferred until 2027-01-01: no staff\n"
        "\n"
        "3 items in 2 postmortems, 1 rejected.\n"
    )


def test_lint() -> None:
    """Each problem begins with its place, as editors follow it, and untrusted text stays on its line."""
    assert text.lint(LINT, QUIET) == (
        "postmortems/db.md:3:5: error: “14:32 PM” is no time (PM015 impossible-time)\n"
        "postmortems/db.md:12:1: warning: “Add | it”: nobody owns it (PM005 no-owner)\n"
        "postmortems/db.md:14:1: warning: “Add | it”: nobody owns it (PM005 no-owner)\n"
        "postmortems/ö b.md:1:1: note: no due date ::error:: (PM006 no-due-date)\n"
        "4 problems in 3 postmortems: 1 error, 2 warnings, 1 note; 1 mended; 1 can be mended by --fix; "
        "2 turned off by comments.\n"
    )


def test_lint_without_problems() -> None:
    """One sentence."""
    assert text.lint(LintReport((), 1), QUIET) == "no problems in 1 postmortem.\n"


def test_plan() -> None:
    """What changes, by postmortem, with its reason; what stays out is counted."""
    assert text.plan(PLAN, QUIET) == (
        "postmortems/db.md\n"
        "  + create       12  infra         Add a replica  no issue yet\n"
        "  ~ update      140  acme/infra#4  Rename #12     reworded, was 'Old'\n"
        "  ! lost        160  local#8       Old thing      deleted\n"
        "  < write back    2  acme/infra#6  Fix it         done on the tracker\n"
        "\n"
        "postmortems/net.md\n"
        '  ! conflict      7                Page @oncall   perhaps reworded: #3 "Page"; link it\n'
        "  - gone             acme/infra#9  Drop it        its item is gone from the postmortem; left alone\n"
        "\n"
        "Note: the visibility of the source is not known\n"
        "Plan: 1 to create, 1 to update, 1 to write back, 1 conflict, 1 lost, 1 unchanged, 4 baseline, 1 rejected, 1 gone.\n"
    )


def test_a_verbose_plan_shows_everything() -> None:
    """Unchanged and rejected items have their line too."""
    shown = text.plan(PLAN, VERBOSE)
    assert "    unchanged   150  acme/infra#5  Test backups   in step\n" in shown
    assert "  - rejected     31                TBD            placeholder\n" in shown


def test_a_plan_with_nothing_to_do() -> None:
    """One sentence says so, and counts what is in step."""
    same = change(ChangeKind.UNCHANGED)
    assert text.plan(Plan((same, same)), QUIET) == "Plan: nothing to do; 2 unchanged.\n"
    assert text.plan(Plan(), QUIET) == "Plan: nothing to do.\n"


def test_several_conflicts_are_conflicts() -> None:
    """The noun follows its number."""
    conflict = change(ChangeKind.CONFLICT)
    assert text.plan(Plan((conflict, conflict)), QUIET).endswith("\nPlan: nothing to do; 2 conflicts.\n")


def test_sync() -> None:
    """What was done and what failed, by postmortem; the sentence tells all the rest."""
    assert text.sync(SYNC, QUIET) == (
        "postmortems/db.md\n"
        "  + created         12  acme/infra#20  Add a replica  the label was dropped\n"
        "  ! update failed  140  acme/infra#4   Rename #12     503 from api.github.com\n"
        "\n"
        "Done: 1 created, 1 written back; 1 failed, 1 conflict, 1 lost, 2 left for the next run, 1 file not written; "
        "files changed: postmortems/db.md.\n"
    )


def test_a_verbose_sync_shows_what_happened_in_files_alone() -> None:
    """A state that was only written back has its line too."""
    assert "  < written back     2  acme/infra#6   Fix it\n" in text.sync(SYNC, VERBOSE)


def test_a_sync_with_nothing_to_do() -> None:
    """One sentence says so."""
    assert text.sync(SyncResult(Plan((change(ChangeKind.UNCHANGED),))), QUIET) == "Done: nothing to do; 1 unchanged.\n"


def test_many_changed_files_are_counted() -> None:
    """The first five are named."""
    files = tuple(f"{n}.md" for n in range(7))
    result = SyncResult(Plan(), files_changed=files)
    assert text.sync(result, QUIET) == "Done: files changed: 0.md, 1.md, 2.md, 3.md, 4.md, 2 more.\n"


def test_status() -> None:
    """Open items with who has them, when they are due and how old they are."""
    assert text.status(STATUS, QUIET) == (
        "postmortems/db.md\n"
        "  open       12  acme/infra#4  Add a replica      @alice, bob  P1  overdue: 2026-05-29 (sla:P1)         31 days old\n"
        "  unsynced  140                Write | a runbook  no owner\n"
        "\n"
        "postmortems/net.md\n"
        "  lost       12  local#8       =HYPERLINK(1)      storage          due 2027-01-01 (deferred: no staff)\n"
        "\n"
        "On 2026-06-01: 1 open, 1 unsynced, 1 lost, 1 done, 4 baseline; "
        "1 overdue, 1 without owner, 1 without due date, 1 deferred.\n"
    )


def test_a_verbose_status_shows_settled_items() -> None:
    """What is done has its line too."""
    line = next(line for line in text.status(STATUS, VERBOSE).splitlines() if line.startswith("  done"))
    assert line.split("  ")[-1] == "1 day old"


def test_a_status_without_items() -> None:
    """One sentence says so."""
    assert text.status(replace(STATUS, items=(), baseline=0), QUIET) == "On 2026-06-01: no items.\n"


def test_colours() -> None:
    """Headings and sentences are bold, and each kind of change has its colour."""
    shown = text.plan(Plan((change(),)), Options(color=True))
    assert shown == (
        "\x1b[1mpostmortems/db.md\x1b[0m\n"
        "  \x1b[32m+ create\x1b[0m  \x1b[2m12\x1b[0m  Add a replica  \x1b[2mno issue yet\x1b[0m\n"
        "\n"
        "\x1b[1mPlan: 1 to create.\x1b[0m\n"
    )


def test_long_titles_are_cut_unless_verbose() -> None:
    """A title is cut at 100 columns, and whole where everything is asked for."""
    plan = Plan((change(text="x" * 120),))
    assert f"  {'x' * 99}…  " in text.plan(plan, QUIET)
    assert f"  {'x' * 120}  " in text.plan(plan, VERBOSE)


def test_untrusted_text_is_cleaned_everywhere() -> None:
    """Escapes in paths, titles, owners, reasons and errors never reach the terminal."""
    evil = "\x1b[2J\n::error::x"
    one = postmortem(item(evil, owners=(evil,)), path=evil)
    plan = Plan((change(path=evil, text=evil, reason=evil, tracker=evil),), notices=(evil,))
    shown = render([one], Format.TEXT, QUIET) + text.plan(plan, QUIET)
    assert "\x1b" not in shown
    assert not [line for line in shown.splitlines() if line.lstrip().startswith("::")]


def test_lines_of_one_postmortem_stand_together() -> None:
    """Changes that come later in the plan join the postmortem's heading."""
    plan = Plan((change(path="a.md"), change(path="b.md"), change(path="a.md", line=3)))
    headings = [line for line in text.plan(plan, QUIET).splitlines() if line.endswith(".md")]
    assert headings == ["a.md", "b.md"]
