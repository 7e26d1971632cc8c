"""Tables of action items: their rows, and what one row says."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from pm_sync.markdown.blocks import HEAD, Block, Document, children
from pm_sync.markdown.inlines import STRONG, rich_text
from pm_sync.model import Span, State
from pm_sync.postmortem import vocabulary
from pm_sync.postmortem.columns import COMPANY, Cell, Columns, columns_of, field_of, is_task, names_of, untitled
from pm_sync.postmortem.dates import find_day
from pm_sync.postmortem.people import is_nobody
from pm_sync.postmortem.sections import unnoted
from pm_sync.postmortem.states import leading_state, state_of
from pm_sync.postmortem.values import NOTHING, Values, column_value
from pm_sync.postmortem.wording import begins_with_verb
from pm_sync.regex import regex

_SIGNS = "\u2000"
_VALUED = frozenset({"owner", "due", "priority", "type"})
_CLAUSES = regex(r"\s*[;,，；]\s*")
_ASSIGNING = ("task", "owner", "due")
_ITEMS = regex(r"(?i:action|follow[- ]?up|remediation)[- ]items?\b")
_UNSETTLED = (State.OPEN, State.IN_PROGRESS)
_SLASH = regex(r"\s*/\s*")
_REMEMBERED = 512
"""Headers and states recur, from row to row and from file to file."""


class Row(Struct, frozen=True):
    """One row of a table of action items."""

    block: Block
    task: Cell
    cells: tuple[tuple[str, str, Cell], ...]
    """The other columns that say something: concept, header, cell."""
    state_words: tuple[tuple[State, str], ...] = ()

    def cell(self, concept: str) -> Cell | None:
        """The first cell of a column with this meaning."""
        for name, _, cell in self.cells:
            if name == concept:
                return cell
        return None

    @property
    def dated(self) -> bool:
        """Whether its day stands below "Date" alone, which for what is done is the day on which it was."""
        return any(name == "due" and "date" in vocabulary.concepts("fact", header) for name, header, _ in self.cells)

    @property
    def title(self) -> bool:
        """Whether it only names the rows below it: "**Short term**" or "Done" beside cells that are all empty."""
        if not self.cells or any(cell.plain for _, _, cell in self.cells):
            return False
        words, marks = self.task.plain, self.task.text.markup
        bold = any(mark.kind is STRONG and mark.end - mark.begin >= len(words) for mark in marks)
        emptied = any(cell.span is not None for _, _, cell in self.cells)
        return (bold or (emptied and bool(vocabulary.names("group", words)))) and not begins_with_verb(words)

    @property
    def empty(self) -> bool:
        """Whether the row says nothing but its number."""
        return not self.task.plain and not any(cell.plain for name, _, cell in self.cells if name != "id")


def read_table(document: Document, table: Block) -> list[Row] | None:
    """The rows of a table of action items; None for a table of anything else."""
    head, *rows = children(document, table) or (None,)
    if head is None or head.kind is not HEAD:
        return None
    headers = [" ".join(rich_text(document, cell).plain.split()) for cell in children(document, head)]
    body = [list(_cells(document, row)) for row in rows]
    columns = columns_of(headers, body)
    if columns is None and (columns := untitled(top := list(_cells(document, head)), body)) and is_task(top, columns):
        rows, body = [head, *rows], [top, *body]
    if columns is None:
        return None
    words = tuple(_state_words(columns, body))
    return [
        _row(row, cells, columns, words) for row, cells in zip(rows, body, strict=True) if len(cells) > columns.task
    ]


def assigns(document: Document, table: Block) -> bool:
    """Whether a table's columns say who is to do what by when, so that no heading need call it one of measures."""
    head = next(iter(children(document, table)), None)
    if head is None or head.kind is not HEAD:
        return False
    headers = [" ".join(rich_text(document, cell).plain.split()) for cell in children(document, head)]
    names = [names_of(header) for header in headers]
    told = {concept for found in names for concept in found}
    if "time" in told:
        return False
    # "Action item" alone says as much, beside a field.
    titled = any(_ITEMS.match(header) for header in headers) and bool(told & COMPANY)
    return titled or (len(headers) >= len(_ASSIGNING) and told.issuperset(_ASSIGNING))


def _cells(document: Document, row: Block) -> Iterator[Cell]:
    data = document.source.data
    for cell in children(document, row):
        raw = data[cell.start : cell.end]
        bare = raw.strip()
        begin = cell.start + len(raw) - len(raw.lstrip())
        # A short row has its missing cells behind its end; nothing can be written there.
        there = bool(bare) or (cell.end < row.end and data[cell.end : cell.end + 1] == b"|")
        text = rich_text(document, cell)
        yield Cell(text, " ".join(text.plain.split()), Span(begin, begin + len(bare)) if there else None)


def _state_words(columns: Columns, body: list[list[Cell]]) -> Iterator[tuple[State, str]]:
    at = next((at for at, (concept, _) in columns.others.items() if concept == "state"), None)
    if at is None:
        return
    seen: set[State] = set()
    for cells in body:
        cell = cells[at] if at < len(cells) else None
        state = state_of(cell.plain) if cell else None
        if cell and cell.span and state is not None and state not in seen:
            seen.add(state)
            yield state, cell.span.cut(cell.text.source).decode()


def _row(block: Block, cells: list[Cell], columns: Columns, words: tuple[tuple[State, str], ...]) -> Row:
    others = tuple((concept, header, cells[at]) for at, (concept, header) in columns.others.items() if at < len(cells))
    return Row(block, cells[columns.task], others, words)


def row_values(row: Row) -> Values:
    """What the columns beside the task's say."""
    values = NOTHING
    for concept, header, cell in row.cells:
        # One name on each line
        plain = ", ".join(cell.text.plain.split("\n")) if concept == "owner" and "\n" in cell.text.plain else cell.plain
        if plain and (plain[0].isalnum() or any(c.isalnum() or c >= _SIGNS for c in plain)):
            parts = _joined(header, plain) if "/" in header and "/" in plain else ()
            for part in parts or ((concept, header, plain),):
                values = values.joined(_cell_values(*part))
    return values


def _joined(header: str, plain: str) -> list[tuple[str, str, str]]:
    """What a cell says under a header that joins several fields, as it does: "Ann / 2024-06-01" under "Owner / Due"."""
    heads, pieces = _SLASH.split(header), _SLASH.split(plain)
    if len(heads) != len(pieces):
        return []
    named = [(field_of(names_of(head)), head, piece) for head, piece in zip(heads, pieces, strict=True)]
    return [(name, head, piece) for name, head, piece in named if name] if all(name for name, _, _ in named) else []


def _cell_values(concept: str, header: str, plain: str) -> Values:
    if concept == "state":
        return Values(state=cell_state(header, plain))
    if concept == "details":
        return Values(details=(f"{header}: {plain}" if header else plain,))
    if concept == "link":
        return Values(state=_shouted(unnoted(plain)))
    return column_value(concept, plain) if concept in _VALUED and not is_nobody(plain) else NOTHING


def _shouted(plain: str) -> State | None:
    """The state written in capitals or brackets behind a reference: "Bug 55 DONE", "#55 (closed)"."""
    word = plain.rsplit(None, 1)[-1]
    bare = word.strip("()[]")
    # Our own annotation ends in a state as well, but its bracket opens before the number.
    return state_of(bare) if bare.isalpha() and ((bare == word and bare.isupper()) or word[0] in "([") else None


def _lasts(clause: str) -> bool:
    """Whether a further clause of a state says that something is left to do: "deployed; rollout pending"."""
    words = clause.split()
    return any(state_of(word) in _UNSETTLED for word in (*words[:1], *words[-1:]))


@lru_cache(_REMEMBERED)
def cell_state(header: str, plain: str) -> State | None:
    """The state that a cell of the state column reads as; a day below "Completed" means that it is."""
    state = leading_state(plain)
    if state is State.DONE and any(map(_lasts, _CLAUSES.split(plain)[1:])):
        return State.IN_PROGRESS
    if state is None and find_day(plain) and vocabulary.concepts("group", header) & {"done"}:
        return State.DONE
    # "Documented", "Hardened": what else was done says so in a word of its own.
    told = state is None and " " not in plain and "past" in vocabulary.concepts("verb", plain)
    return State.DONE if told else state
