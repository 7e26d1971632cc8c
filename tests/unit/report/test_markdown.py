"""Reports for job summaries and comments."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pm_sync.report import Format, Options, markdown, render
from pm_sync.report.clean import clean
from pm_sync.sync.changes import Plan
from tests.factories import change
from tests.unit.report.samples import LINT, PLAN, POSTMORTEMS, STATUS, SYNC

QUIET = Options()
NOBODY = "&#8203;"


def test_items() -> None:
    """A table for each postmortem that has something, rejected items in line order among the others."""
    assert render(POSTMORTEMS, Format.MARKDOWN, QUIET) == (
        "**3 items in 2 postmortems, 1 rejected.**\n"
        "\n"
        "### Database outage\n"
        "\n"
        "<code>postmortems/db.md</code>\n"
        "\n"
        "| Line | Done | Item | Facts |\n"
        "| --- | --- | --- | --- |\n"
        "| 12 | no | Add a replica | @&#8203;alice, due 2026-06-01, P1 |\n"
        "| 13 | yes | Pick a region | \\#&#8203;4 (done) |\n"
        "| 31 | rejected | TBD | placeholder |\n"
        "| 140 |  | Write &#124; a runbook | deferred until 2027-01-01: no staff |\n"
        "\n"
        "### Database outage\n"
        "\n"
        "<code>postmortems/net.md</code>\n"
    )


def test_lint() -> None:
    """A table of problems, errors in bold."""
    assert markdown.lint(LINT, QUIET).splitlines()[2:6] == [
        "| Severity | Where | Problem | Rule |",
        "| --- | --- | --- | --- |",
        "| **error** | <code>postmortems/db.md:3</code> | “14:32 PM” is no time | PM015 impossible-time |",
        "| warning | <code>postmortems/db.md:12</code> | “Add &#124; it”: nobody owns it | PM005 no-owner |",
    ]


def test_plan() -> None:
    """The sentence first, then notices, then the table."""
    assert markdown.plan(PLAN, QUIET) == (
        "**Plan: 1 to create, 1 to update, 1 to write back, 1 conflict, 1 lost, 1 unchanged, "
        "4 baseline, 1 rejected, 1 gone.**\n"
        "\n"
        "- the visibility of the source is not known\n"
        "\n"
        "| Change | Issue | Item | Where | Why |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| create | infra | Add a replica | <code>postmortems/db.md:12</code> | no issue yet |\n"
        "| update | [acme/infra#&#8203;4](<https://github.com/acme/infra/issues/4>) | Rename #&#8203;12 "
        "| <code>postmortems/db.md:140</code> | reworded, was 'Old' |\n"
        "| conflict |  | Page @&#8203;oncall | <code>postmortems/net.md:7</code> "
        '| perhaps reworded: #&#8203;3 "Page"; link it |\n'
        "| lost | local#&#8203;8 | Old thing | <code>postmortems/db.md:160</code> | deleted |\n"
        "| write back | [acme/infra#&#8203;6](<https://github.com/acme/infra/issues/6>) | Fix it "
        "| <code>postmortems/db.md:2</code> | done on the tracker |\n"
        "| gone | [acme/infra#&#8203;9](<https://github.com/acme/infra/issues/9>) | Drop it "
        "| <code>postmortems/net.md</code> | left alone |\n"
    )


def test_a_plan_without_changes_has_no_table() -> None:
    """The sentence is enough."""
    assert markdown.plan(Plan(), QUIET) == "**Plan: nothing to do.**\n"


def test_sync() -> None:
    """Failures stand out, and postmortems that could not be written are listed."""
    assert markdown.sync(SYNC, QUIET) == (
        "**Done: 1 created, 1 written back; 1 failed, 1 conflict, 1 lost, 2 left for the next run, 1 file not written; "
        "files changed: postmortems/db.md.**\n"
        "\n"
        "- postmortems/net.md: read-only file; make it writable\n"
        "\n"
        "| Outcome | Issue | Item | Where | Notes |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| created | [acme/infra#&#8203;20](<https://github.com/acme/infra/issues/20>) | Add a replica "
        "| <code>postmortems/db.md:12</code> | the label was dropped |\n"
        "| **update failed** | [acme/infra#&#8203;4](<https://github.com/acme/infra/issues/4>) | Rename #&#8203;12 "
        "| <code>postmortems/db.md:140</code> | 503 from api.github.com |\n"
    )


def test_status() -> None:
    """Alarms are bold; settled items are left to the sentence."""
    assert markdown.status(STATUS, QUIET) == (
        "**On 2026-06-01: 1 open, 1 unsynced, 1 lost, 1 done, 4 baseline; "
        "1 overdue, 1 without owner, 1 without due date, 1 deferred.**\n"
        "\n"
        "| State | Issue | Item | Where | Owners | Priority | Due | Days old |\n"
        "| --- | --- | --- | --- | --- | --- | --- | --- |\n"
        "| open | [acme/infra#&#8203;4](<https://github.com/acme/infra/issues/4>) | Add a replica "
        "| <code>postmortems/db.md:12</code> | @&#8203;alice, bob | P1 | **overdue: 2026-05-29 (sla:P1)** | 31 |\n"
        "| unsynced |  | Write &#124; a runbook | <code>postmortems/db.md:140</code> | **no owner** |  |  |  |\n"
        "| lost | local#&#8203;8 | \\=HYPERLINK(1) | <code>postmortems/net.md:12</code> | storage |  "
        "| 2027-01-01 (deferred: no staff) |  |\n"
    )


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("plain text, 5 % (yes!)", "plain text, 5 % (yes!)"),
        ("@alice and @acme/team", f"@{NOBODY}alice and @{NOBODY}acme/team"),
        ("fixes #12 and GH-7", f"fixes #{NOBODY}12 and GH-{NOBODY}7"),
        ("https://x.y www.x.y", f"https:{NOBODY}//x.y www{NOBODY}.x.y"),
        ("<img src=x> a|b & $c$", "&lt;img src=x&gt; a&#124;b &amp; &#36;c&#36;"),
        ("*b* _i_ `c` ~s~ [l](u) \\", "\\*b\\* \\_i\\_ \\`c\\` \\~s\\~ \\[l\\](u) \\\\"),
        ("--> <!-- pm-sync", "\\--&gt; &lt;!-- pm-sync"),
        ("# head", "\\# head"),
        ("1. first", "1\\. first"),
        ("two\nlines", "two lines"),
    ],
)
def test_escape(text: str, escaped: str) -> None:
    """Text shows as it is and does nothing: no style, no link, no mention, no HTML."""
    assert markdown.escape(text) == escaped


def words(html: str) -> str:
    """What a reader sees of one table cell's HTML."""
    for entity, char in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        html = html.replace(entity, char)
    return html.replace("\u200b", "")


@given(st.text(st.sampled_from(list("ab1@#|<>&*_`~[]()!\\$\"'-:/.w=+ \n\u200b")), max_size=40) | st.text(max_size=40))
def test_any_text_stays_within_its_cell_and_shows_as_it_is(text: str) -> None:
    """A CommonMark renderer with tables gives back just the cleaned text, in one cell of three."""
    table = f"| a | b | c |\n| --- | --- | --- |\n| x | {markdown.escape(text)} | z |\n"
    html = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(table)
    cells = re.findall(r"<td>(.*?)</td>", html)
    assert len(cells) == 3
    assert words(cells[1]).strip() == clean(text).replace("\u200b", "").strip()


@given(st.text(max_size=40))
def test_no_text_mentions_or_refers_to_anything(text: str) -> None:
    """After rendering no ``@name``, ``#12`` or address is left in one piece."""
    rendered = MarkdownIt("commonmark").render(markdown.escape(f"{text} @bob #12 http://x {text}"))
    assert not re.search(r"@\w|#\d|://|<a ", rendered)


def test_a_path_with_backticks_stays_code() -> None:
    """The code style is HTML, so nothing in the path can end it."""
    shown = markdown.plan(Plan((change(path="a`b</code>|.md"),)), QUIET)
    assert "| <code>a\\`b&lt;/code&gt;&#124;.md:12</code> |" in shown
