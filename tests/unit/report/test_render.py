"""Every kind of result in every format, and what start-up pays for it."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence

import pytest

from pm_sync.errors import UsageError
from pm_sync.mark import Mark, text_hash
from pm_sync.model import Postmortem
from pm_sync.report import Format, Options, Result, gate_lines, item_part, problem_lines, render, render_items
from pm_sync.report.words import ItemPart
from pm_sync.status.gate import Gate
from pm_sync.sync.changes import Plan, SyncResult
from tests.factories import PATH, change, item, postmortem
from tests.unit.report.samples import LINT, PLAN, POSTMORTEMS, STATUS, SYNC


@pytest.mark.parametrize("to", [Format.TEXT, Format.JSON, Format.MARKDOWN, Format.GITHUB])
@pytest.mark.parametrize(
    "result", [POSTMORTEMS, PLAN, SYNC, STATUS, LINT], ids=["items", "plan", "sync", "status", "lint"]
)
def test_every_result_has_every_format(result: Result, to: Format) -> None:
    """Each gives text that ends with one newline."""
    shown = render(result, to)
    assert shown.endswith("\n")
    assert not shown.endswith("\n\n")


@pytest.mark.parametrize("to", [Format.TEXT, Format.JSON, Format.MARKDOWN, Format.GITHUB])
@pytest.mark.parametrize("postmortems", [(), POSTMORTEMS, [*POSTMORTEMS, *POSTMORTEMS]], ids=["none", "some", "more"])
def test_items_in_pieces_are_the_same(postmortems: Sequence[Postmortem], to: Format) -> None:
    """What is written as it comes is, put together, what is rendered at once."""
    parts = (item_part(read, to) for read in postmortems)
    assert "".join(render_items(parts, to)) == render(postmortems, to)


def test_items_are_no_spreadsheet() -> None:
    """Nor are they in pieces."""
    with pytest.raises(UsageError, match="only status has the format csv"):
        render_items((), Format.CSV)
    with pytest.raises(UsageError, match="only lint has the format sarif"):
        item_part(POSTMORTEMS[0], Format.SARIF)


def test_json_is_written_before_all_is_read() -> None:
    """A postmortem is out before the next one is asked for."""
    asked: list[Postmortem] = []

    def each() -> Iterator[ItemPart[str]]:
        for read in POSTMORTEMS * 2:
            asked.append(read)
            yield item_part(read, Format.JSON)

    pieces = render_items(each(), Format.JSON)
    seen = [len(asked) for _ in zip(range(3), pieces, strict=False)]
    assert seen == [0, 1, 2]


def test_half_a_character_is_written() -> None:
    """YAML can escape one, which no other encoder would take."""
    broken = [postmortem(item("Add \ud83d"))]
    assert json.loads(render(broken, Format.JSON))["documents"][0]["items"][0]["text"] == "Add \ud83d"


def test_only_a_status_is_csv() -> None:
    """For the others the message says what to use."""
    assert render(STATUS, Format.CSV).startswith('"path","line"')
    with pytest.raises(UsageError, match="only status has the format csv; use --format json"):
        render(PLAN, Format.CSV)


def test_only_lint_is_sarif() -> None:
    """For the others the message says what to use."""
    assert json.loads(render(LINT, Format.SARIF))["version"] == "2.1.0"
    with pytest.raises(UsageError, match="only lint has the format sarif; use --format json"):
        render(PLAN, Format.SARIF)


def test_keys_are_made_with_the_source() -> None:
    """The same item has another key in another source."""
    shown = json.loads(render(POSTMORTEMS, Format.JSON, Options(src="example.com/a")))
    assert shown["documents"][0]["items"][0]["key"] == Mark("example.com/a", PATH, text_hash("Add a replica")).key


def test_problem_lines_of_a_plan() -> None:
    """Conflicts and lost issues, with a way out where the reason names none."""
    assert problem_lines(PLAN) == [
        'postmortems/net.md:7: “Page @oncall” conflict, perhaps reworded: #3 "Page"; link it',
        (
            "postmortems/db.md:160: local#8 lost, deleted; "
            "remove the link, or name another issue: `pm-sync link postmortems/db.md:160 REF`"
        ),
    ]


def test_problem_lines_of_a_run() -> None:
    """The plan's problems, then what failed, then the postmortems that could not be written."""
    assert problem_lines(SYNC) == [
        *problem_lines(PLAN),
        "postmortems/db.md:140: acme/infra#4 update failed, 503 from api.github.com; run `pm-sync sync` again",
        "postmortems/net.md: read-only file; make it writable",
    ]


def test_problem_lines_hold_no_escapes() -> None:
    """Errors of a tracker may quote anything."""
    result = SyncResult(Plan(), file_errors=("\x1b[31mno\nway",))
    assert problem_lines(result) == ["\ufffd[31mno way"]


def test_nothing_wrong_says_nothing() -> None:
    """A plan that only creates has no problem, nor has what was merely read or judged."""
    assert problem_lines(Plan((change(),))) == problem_lines(POSTMORTEMS) == problem_lines(STATUS) == []


def test_gate_lines() -> None:
    """One line for each item that fails the gate."""
    assert gate_lines(Gate.parse("overdue").failures(STATUS)) == [
        f"{PATH}:12: acme/infra#4 “Add a replica” was due on 2026-05-29 (sla:P1)"
    ]


def test_importing_reports_is_cheap() -> None:
    """No heavy library comes along, not even when plain text is rendered."""
    code = (
        "import sys; from pm_sync.report import *; from pm_sync.sync.changes import Plan; render(Plan(), Format.TEXT); "
        "print([m for m in ('rich', 'yaml', 'pydantic', 'requests', 'pyromark', 'typer') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
