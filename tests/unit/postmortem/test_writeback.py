"""Write-back: each form an item can have, before and after its progress is recorded, and read again as it was meant."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from pm_sync.markdown.edits import apply_edits
from pm_sync.model import ActionItem, IssueRef, State
from pm_sync.postmortem.read import read_postmortem
from pm_sync.postmortem.writeback import Progress, WriteBackOptions, check, item_edits, removal_edits
from tests.factories import PATH, github_ref, local_ref

N, P, D, X = State.OPEN, State.IN_PROGRESS, State.DONE, State.DROPPED
HEAD = "# Outage\n\n## Action items\n\n"
COLUMNS = "| Action | Issue | Status |\n| --- | --- | --- |\n"
URL = "https://github.com/acme/infra/issues/4"
DEFAULT = WriteBackOptions()


def says(state: State, ref: IssueRef | None = None, day: date | None = None, **fields: Any) -> Progress:
    """Progress of an issue of the embedded tracker, or of another."""
    ref = ref or local_ref()
    return replace(Progress(str(ref), ref.url, state, day), **fields)


def items(text: str) -> tuple[ActionItem, ...]:
    """The items of a postmortem with this section."""
    return read_postmortem((HEAD + text).encode(), PATH).items


def written(text: str, progress: Progress, options: WriteBackOptions = DEFAULT) -> str:
    """The section after the progress of its first item is recorded; checked as every write is."""
    data = (HEAD + text).encode()
    before = read_postmortem(data, PATH)
    new = apply_edits(data, item_edits(data, before.items[0], progress, options))
    assert check(before, read_postmortem(new, PATH), {0: progress} if options == DEFAULT else {}) is None
    return new.decode().removeprefix(HEAD)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("- Add a replica\n", "- Add a replica (local#4, open)\n", id="bullet"),
        pytest.param("- Add a replica", "- Add a replica (local#4, open)", id="no newline at the end"),
        pytest.param("- Add a replica\r\n", "- Add a replica (local#4, open)\r\n", id="CRLF"),
        pytest.param("1. Add a replica\n", "1. Add a replica (local#4, open)\n", id="numbered"),
        pytest.param("- Add a replica  \n", "- Add a replica (local#4, open)  \n", id="blanks at the end"),
        pytest.param("- Add\n  a replica\n", "- Add\n  a replica (local#4, open)\n", id="soft wrap"),
        pytest.param(
            "- Add a replica\n\n  It lagged.\n", "- Add a replica (local#4, open)\n\n  It lagged.\n", id="paragraphs"
        ),
        pytest.param("- **Add a replica**\n", "- **Add a replica** (local#4, open)\n", id="after emphasis"),
        pytest.param("- Add a replica.\n", "- Add a replica. (local#4, open)\n", id="after the full stop"),
        pytest.param(
            "- Add a replica <!-- soon -->\n", "- Add a replica (local#4, open) <!-- soon -->\n", id="before a comment"
        ),
        pytest.param("- [ ] Add a replica\n", "- [ ] Add a replica (local#4, open)\n", id="checkbox"),
        pytest.param("### Add a replica\n", "### Add a replica (local#4, open)\n", id="heading"),
        pytest.param("### Add a replica ###\n", "### Add a replica (local#4, open) ###\n", id="closed heading"),
    ],
)
def test_an_annotation_stands_at_the_end_of_the_item(before: str, after: str) -> None:
    """After the last inline of the first paragraph, before whatever closes it."""
    assert written(before, says(N, control=False)) == after


@pytest.mark.parametrize(
    ("progress", "annotation"),
    [
        (says(N), " (local#4, open)"),
        (says(P), " (local#4, in progress)"),
        (says(D, day=date(2026, 11, 22)), " (local#4, done 2026-11-22)"),
        (says(X, day=date(2026, 11, 22)), " (local#4, dropped 2026-11-22)"),
        (says(D), " (local#4, done)"),
        (says(P, day=date(2026, 11, 22)), " (local#4, in progress)"),
        (says(N, github_ref(), label="#4"), f" ([#4]({URL}), open)"),
        (says(N, github_ref()), f" ([acme/infra#4]({URL}), open)"),
        (
            says(D, IssueRef("jira", "https://jira.example.com", "OPS", "OPS-12"), date(2026, 11, 22)),
            " ([OPS-12](https://jira.example.com/browse/OPS-12), done 2026-11-22)",
        ),
    ],
)
def test_what_an_annotation_says(progress: Progress, annotation: str) -> None:
    """Label, address and state; the day with a settled one only."""
    assert written("- Add a replica\n", progress) == f"- Add a replica{annotation}\n"


@pytest.mark.parametrize(
    ("before", "progress", "after"),
    [
        pytest.param("- Add (local#4, open)\n", says(P), "- Add (local#4, in progress)\n", id="another state"),
        pytest.param("- Add (local#4, open)\n", says(N), "- Add (local#4, open)\n", id="the same"),
        pytest.param(
            "- Add (local#4, open)\n", says(N, github_ref()), f"- Add ([acme/infra#4]({URL}), open)\n", id="moved"
        ),
        pytest.param(
            "- Add (local#4, done 2026-11-20)\n", says(N), "- Add (local#4, open)\n", id="reopened: no day any more"
        ),
        pytest.param(
            f"- Add {URL}\n", says(N, github_ref()), f"- Add {URL} ([acme/infra#4]({URL}), open)\n", id="hand-written"
        ),
    ],
)
def test_only_our_own_annotation_is_replaced(before: str, progress: Progress, after: str) -> None:
    """A link written by hand stays, and the annotation follows it."""
    assert written(before, progress) == after


@pytest.mark.parametrize(
    ("box", "state", "after"),
    [
        (" ", N, " "), (" ", P, " "), (" ", D, "x"), (" ", X, " "),
        ("x", N, " "), ("x", P, " "), ("x", D, "x"), ("x", X, "x"),
        ("X", D, "X"), ("X", N, " "),
    ],
)  # fmt: skip
def test_a_checkbox_follows(box: str, state: State, after: str) -> None:
    """Ticked exactly when done; a dropped item's stays as it is, and a tick keeps its letter."""
    made = written(f"- [{box}] Add a replica (local#4, open)\n", says(state))
    assert made.startswith(f"- [{after}] Add a replica (local#4, ")


def test_a_control_is_left_alone_when_told_so() -> None:
    """Creating an issue changes no box."""
    assert written("- [x] Add a replica\n", says(N, control=False)) == "- [x] Add a replica (local#4, open)\n"


class TestTables:
    """Link and state go into the columns that are there, and the padding stays."""

    @pytest.mark.parametrize(
        ("row", "progress", "after"),
        [
            pytest.param(
                "| Add a replica |       | Open   |", says(D, github_ref(), date(2026, 11, 22)),
                f'| Add a replica | [acme/infra#4]({URL} "done 2026-11-22")      | Done   |', id="both columns",
            ),
            pytest.param(
                "| Add a replica |  | Open |", says(N), "| Add a replica | (local#4, open) | Open |", id="no address",
            ),
            pytest.param(
                "| Add a replica || Open |", says(N), "| Add a replica |(local#4, open)| Open |", id="no room",
            ),
            pytest.param(
                "| Add a replica | see below | Open |", says(N),
                "| Add a replica | see below (local#4, open) | Open |", id="a link cell that isn't empty",
            ),
            pytest.param(
                "| Add a replica | (local#4, open) | Open |", says(P),
                "| Add a replica | (local#4, in progress) | In progress |", id="both follow",
            ),
            pytest.param(
                "| Add a replica | (local#4, open) |   |", says(N), "| Add a replica | (local#4, open) |   |",
                id="an empty state cell stays empty while open",
            ),
            pytest.param(
                "| Add a replica | (local#4, open) |   |", says(D, day=date(2026, 11, 22)),
                "| Add a replica | (local#4, done 2026-11-22) | Done  |", id="an empty state cell is filled when done",
            ),
            pytest.param(
                "| Add a replica | (local#4, open) | ✅ |", says(D), "| Add a replica | (local#4, done) | ✅ |",
                id="a word that says it already",
            ),
        ],
    )  # fmt: skip
    def test_rows(self, row: str, progress: Progress, after: str) -> None:
        """Only what differs is rewritten."""
        assert written(f"{COLUMNS}{row}\n", progress) == f"{COLUMNS}{after}\n"

    def test_the_column_goes_on_with_its_own_words(self) -> None:
        """A table in another language stays in it."""
        table = "| Aktion | Ticket | Status |\n|---|---|---|\n| {} | {} | {} |\n| Anders | | Erledigt |\n"
        before = table.format("Replikat", "(local#4, open)", "Offen")
        assert written(before, says(D)) == table.format("Replikat", "(local#4, done)", "Erledigt")

    def test_configured_words_come_next(self) -> None:
        """Where the column has no word for the state yet."""
        options = WriteBackOptions(state_words={D: "Shipped"})
        made = written(f"{COLUMNS}| Add a replica | (local#4, open) | Open |\n", says(D), options)
        assert made.endswith("| Add a replica | (local#4, done) | Shipped |\n")

    def test_without_a_link_column(self) -> None:
        """The annotation goes into the task's cell."""
        table = "| Action | Owner |\n| --- | --- |\n| Add a replica{} | Ann |\n"
        assert written(table.format(""), says(N)) == table.format(" (local#4, open)")


class TestOptions:
    """What may be written is configurable."""

    TABLE = COLUMNS + "| Add a replica | (local#4, open) | Open |\n"

    @pytest.mark.parametrize(
        ("before", "options", "after"),
        [
            pytest.param(
                "- [ ] Add\n", WriteBackOptions(annotation=False), "- [x] Add\n", id="no annotation, but the box"
            ),
            pytest.param(
                "- [ ] Add\n", WriteBackOptions(checkbox=False), "- [ ] Add (local#4, done)\n", id="no checkbox"
            ),
            pytest.param("### Add a replica\n", WriteBackOptions(headings=False), "### Add a replica\n", id="no headings"),
            pytest.param(
                COLUMNS + "| Add | | Open |\n", WriteBackOptions(table=False),
                COLUMNS + "| Add (local#4, done) | | Open |\n", id="no table cells",
            ),
        ],
    )  # fmt: skip
    def test_each(self, before: str, options: WriteBackOptions, after: str) -> None:
        """The rest is written all the same."""
        assert written(before, says(D), options) == after


@pytest.mark.parametrize(
    "text",
    [
        "- Add a replica\n",
        "- **Add a replica** <!-- soon -->\n",
        "### Add a replica ##\n",
        COLUMNS + "| Add a replica |       | Open |\n",
        COLUMNS + "| Add a replica | see below | Open |\n",
        f"- Add a replica {URL}\n",
    ],
)
@pytest.mark.parametrize("ref", [local_ref(), github_ref()], ids=str)
def test_an_annotation_can_be_taken_out_again(text: str, ref: IssueRef) -> None:
    """The file is then what it was, byte for byte."""
    annotated = written(text, says(N, ref, control=False))
    [item] = items(annotated)
    data = (HEAD + annotated).encode()
    assert apply_edits(data, removal_edits(item)) == (HEAD + text).encode()


def test_an_item_without_an_annotation_has_none_to_take_out() -> None:
    """No edit."""
    [item] = items("- Add a replica\n")
    assert removal_edits(item) == ()


class TestCheck:
    """A write is made only if the new bytes read as what is meant."""

    PROGRESS = says(N, github_ref(), label="#4")
    BEFORE = read_postmortem(f"{HEAD}- Add a replica\n- Write a runbook\n".encode(), PATH)

    @pytest.mark.parametrize(
        ("after", "reason"),
        [
            pytest.param(f"- Add a replica ([#4]({URL}), open)\n- Write a runbook\n", None, id="as meant"),
            pytest.param(f"- Add a replica ([#4]({URL}), open)\n", "2 items would read as 1", id="an item less"),
            pytest.param(
                f"- Add a replica ([#4]({URL}), open)\n- Write a book\n",
                "the item of line 6 would read as 'Write a book'", id="other words",
            ),
            pytest.param(
                "- Add a replica\n- Write a runbook\n", "the annotation of line 5 would not be read again", id="none",
            ),
            pytest.param(
                f"- Add a replica ([#4]({URL}), done)\n- Write a runbook\n",
                "the annotation of line 5 would not be read again", id="another state",
            ),
            pytest.param(
                f"- Add a replica ([#5]({URL[:-1]}5), open)\n- Write a runbook\n",
                "the annotation of line 5 would not be read again", id="another issue",
            ),
        ],
    )  # fmt: skip
    def test_each(self, after: str, reason: str | None) -> None:
        """Why it is not, with the line as it was read."""
        assert check(self.BEFORE, read_postmortem((HEAD + after).encode(), PATH), {0: self.PROGRESS}) == reason

    def test_another_issue_without_an_address(self) -> None:
        """Issues of the embedded tracker are told apart by their numbers."""
        after = read_postmortem(f"{HEAD}- Add a replica (local#5, open)\n- Write a runbook\n".encode(), PATH)
        assert check(self.BEFORE, after, {0: says(N)}) == "the annotation of line 5 would not be read again"
