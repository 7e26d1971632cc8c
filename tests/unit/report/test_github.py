"""Annotations for GitHub's runner."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pm_sync.report import Format, Options, github, render
from pm_sync.sync.changes import Plan
from tests.unit.report.samples import LINT, PLAN, POSTMORTEMS, STATUS, SYNC

QUIET = Options()


def test_items() -> None:
    """Items are notices, rejected ones warnings."""
    assert render(POSTMORTEMS, Format.GITHUB, QUIET).splitlines() == [
        "::notice file=postmortems/db.md,line=12,title=Action item::Add a replica; @alice, due 2026-06-01, P1",
        "::notice file=postmortems/db.md,line=13,title=Action item::Pick a region; #4 (done)",
        "::notice file=postmortems/db.md,line=140,title=Action item::Write | a runbook; deferred until 2027-01-01: no staff",
        "::warning file=postmortems/db.md,line=31,title=Not an action item::TBD: placeholder",
        "3 items in 2 postmortems, 1 rejected.",
    ]


def test_plan() -> None:
    """Intended changes are notices, conflicts errors, lost issues warnings; unchanged items say nothing."""
    assert github.plan(PLAN, QUIET).splitlines() == [
        "::notice file=postmortems/db.md,line=12,title=Create infra::Add a replica: no issue yet",
        "::notice file=postmortems/db.md,line=140,title=Update acme/infra#4::Rename #12: reworded, was 'Old'",
        '::error file=postmortems/net.md,line=7,title=Conflict::Page @oncall: perhaps reworded: #3 "Page"; link it',
        "::warning file=postmortems/db.md,line=160,title=Lost local#8::Old thing: deleted",
        "::notice file=postmortems/db.md,line=2,title=Write back acme/infra#6::Fix it: done on the tracker",
        "Plan: 1 to create, 1 to update, 1 to write back, 1 conflict, 1 lost, 1 unchanged, 4 baseline, 1 rejected, 1 gone.",
    ]


def test_sync() -> None:
    """What the plan couldn't settle, then each outcome, then postmortems that could not be written."""
    assert github.sync(SYNC, QUIET).splitlines()[:-1] == [
        '::error file=postmortems/net.md,line=7,title=Conflict::Page @oncall: perhaps reworded: #3 "Page"; link it',
        "::warning file=postmortems/db.md,line=160,title=Lost local#8::Old thing: deleted",
        "::notice file=postmortems/db.md,line=12,title=Created acme/infra#20::Add a replica; the label was dropped",
        "::error file=postmortems/db.md,line=140,title=Update acme/infra#4 failed::Rename #12: 503 from api.github.com",
        "::notice file=postmortems/db.md,line=2,title=Written back acme/infra#6::Fix it",
        "::error::postmortems/net.md: read-only file; make it writable",
    ]


def test_status() -> None:
    """One annotation for each item with a concern; settled items have none."""
    assert github.status(STATUS, QUIET).splitlines()[:-1] == [
        (
            "::warning file=postmortems/db.md,line=12,title=Open action item acme/infra#4"
            "::Add a replica: overdue: 2026-05-29 (sla:P1)"
        ),
        (
            "::notice file=postmortems/db.md,line=140,title=Open action item"
            "::Write | a runbook: has no issue yet, no owner, no due date"
        ),
        "::warning file=postmortems/net.md,line=12,title=Open action item local#8::=HYPERLINK(1): its issue is gone",
    ]


def test_lint() -> None:
    """Severities are the runner's levels, and each annotation has its line and column."""
    assert github.lint(LINT, QUIET).splitlines() == [
        "::error file=postmortems/db.md,line=3,col=5,title=PM015 impossible-time::“14:32 PM” is no time",
        "::warning file=postmortems/db.md,line=12,col=1,title=PM005 no-owner::“Add | it”: nobody owns it",
        "::warning file=postmortems/db.md,line=14,col=1,title=PM005 no-owner::“Add | it”: nobody owns it",
        "::notice file=postmortems/ö b.md,line=1,col=1,title=PM006 no-due-date::no due date ::error::",
        "4 problems in 3 postmortems: 1 error, 2 warnings, 1 note; 1 mended; 1 can be mended by --fix; 2 turned off by comments.",
    ]


def test_only_the_sentence_where_nothing_happens() -> None:
    """No annotation, no empty line."""
    assert github.plan(Plan(), QUIET) == "Plan: nothing to do.\n"
    assert github.status(replace(STATUS, items=()), QUIET) == "On 2026-06-01: 4 baseline.\n"


def test_a_message_about_no_file_has_no_place() -> None:
    """Neither file nor line is given, as a line alone means nothing."""
    assert github.annotation("error", "", 3, "Oops", "what") == "::error title=Oops::what"
    assert github.annotation("error", "a.md", 0, "Oops", "what") == "::error file=a.md,title=Oops::what"


def test_special_characters_are_escaped_as_the_runner_asks() -> None:
    """The percent sign everywhere, colon and comma in properties only."""
    command = github.annotation("notice", "a,b:c%.md", 1, "50%: a, b", "100%: a, b")
    assert command == "::notice file=a%2Cb%3Ac%25.md,line=1,title=50%25%3A a%2C b::100%25: a, b"


@given(st.text(), st.text(), st.text())
def test_no_text_breaks_out_of_its_place(path: str, title: str, message: str) -> None:
    """One line, and what a runner would read from it are exactly our two properties and the message."""
    command = github.annotation("error", f"x{path}", 0, title, message)
    assert command.splitlines() == [command]
    head, _, _ = command.removeprefix("::").partition("::")
    level, _, properties = head.partition(" ")
    assert level == "error"
    assert [pair.partition("=")[0] for pair in properties.split(",")] == ["file", "title"]
    assert "##[" not in command
