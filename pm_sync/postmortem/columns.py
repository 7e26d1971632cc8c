"""Which column of a table of action items says what: by its header, or, without one, by what its cells say."""

from __future__ import annotations

from msgspec import Struct, field

from pm_sync.markdown.inlines import RichText
from pm_sync.model import Span
from pm_sync.postmortem import vocabulary
from pm_sync.postmortem.values import NOTHING, read_values
from pm_sync.postmortem.wording import begins_with_verb
from pm_sync.regex import regex

_FIELDS = ("owner", "due", "priority", "state", "link", "type", "id", "details")
_CLOCK = regex(r"(?<!\d)\d{1,2}\s?[:：]\d{2}(?!\d)")
_WORDED = 4
"""Words that a cell with more than a reference in it has at least."""
COMPANY = frozenset({"owner", "due", "state", "link"})
"""What stands beside a task: how severe it is is said of risks and alerts as well."""


class Cell(Struct, frozen=True, gc=False):
    """One cell; ``span`` is its content without the blanks around it, None where the row is too short to have it."""

    text: RichText
    plain: str
    """The cell's words on one line."""
    span: Span | None


class Columns(Struct):
    """Where a table says what is to be done, and what its other columns say: concept and header."""

    task: int
    others: dict[int, tuple[str, str]] = field(default_factory=dict)


def columns_of(headers: list[str], body: list[list[Cell]]) -> Columns | None:
    """What the columns say; None where none of them says what is to be done."""
    names = [names_of(header) for header in headers]
    fields = {at: found for at, found in ((at, field_of(n)) for at, n in enumerate(names)) if found}
    by = [at for at, header in enumerate(headers) if "by" in vocabulary.concepts("label", header)]
    fields |= dict.fromkeys(by, "due" if "owner" in fields.values() else "owner")
    task = _task_column(names, fields, body)
    if task is None:
        return None
    others = {at: (concept, headers[at]) for at, concept in fields.items() if at != task}
    for at, header in enumerate(headers):
        if at != task and at not in others and (concept := "details" if header else _told_by(body, at)):
            others[at] = (concept, header)
    return Columns(task, others)


def untitled(top: list[Cell], body: list[list[Cell]]) -> Columns | None:
    """The columns of a table without headers, whose first row is empty or one of the others, by what their cells say."""
    whole = [cells for cells in (top, *body) if any(cell.plain for cell in cells)]
    others = {at: (told, "") for at in range(len(top)) if (told := _told_by(whole, at))}
    named = [at for at, (concept, _) in others.items() if concept != "details"]
    free = [at for at in range(len(top)) if others.get(at, ("details",))[0] == "details"]
    if not free or (any(cell.plain for cell in top) and not named):
        return None
    columns = Columns(_longest(whole, free), others)
    others.pop(columns.task, None)
    return columns if all(is_task(cells, columns) for cells in whole) else None


def is_task(cells: list[Cell], columns: Columns) -> bool:
    """Whether a row without a header says what to do."""
    return columns.task < len(cells) and begins_with_verb(cells[columns.task].plain)


def _told_by(body: list[list[Cell]], column: int) -> str | None:
    """What the cells of a column without a header say, if all that say anything say the same; numbers only count."""
    told = [plain for cells in body if column < len(cells) and (plain := cells[column].plain)]
    if not told or all(plain.strip("#.)").isdigit() for plain in told):
        return None
    first, *others = map(_concept, told)
    return first if first and all(concept == first for concept in others) else "details"


def _concept(plain: str) -> str | None:
    values = read_values(plain, bracketed=True) or NOTHING
    known = {"state": values.state, "owner": values.owners, "due": values.due_text, "priority": values.priority}
    return next((concept for concept, value in known.items() if value), None)


def names_of(header: str) -> frozenset[str]:
    """What a header names: as a whole, by its parts, else by its last or first word ("Completion status")."""
    bare = header.split("(", maxsplit=1)[0] or header
    words = vocabulary.fold(bare).split()
    if not words:
        return frozenset({"id"}) if header else frozenset()
    return (
        vocabulary.concepts("label", bare)
        or vocabulary.names("label", header)
        or vocabulary.concepts("label", words[-1])
        or vocabulary.concepts("label", words[0]) - _foretold(words[0])
    )


def _foretold(word: str) -> frozenset[str]:
    """What a header's first word doesn't tell alone: a "target" is a day as well as a file or a system."""
    return frozenset({"due"}) if "aimed" in vocabulary.concepts("word", word) else frozenset()


def field_of(names: frozenset[str]) -> str | None:
    """The field that a header with these names stands over."""
    if "task" in names:
        return None
    return next((name for name in _FIELDS if name in names), None)


def _task_column(names: list[frozenset[str]], fields: dict[int, str], body: list[list[Cell]]) -> int | None:
    """The column headed as a task; else, beside an owner's or the like, the one with the longest text."""
    tasks = [at for at, found in enumerate(names) if "task" in found]
    times = [at for at, found in enumerate(names) if "time" in found]
    if times and (not set(fields.values()) - {"details"} or any(_is_clock(body, at) for at in times)):
        return None
    if tasks:
        sure = [at for at in tasks if "details" not in names[at]] or tasks
        return max(sure, key=lambda at: (_length(body, at) > 0, -at)) if len(sure) == 1 else _longest(body, sure)
    if not COMPANY & set(fields.values()):
        return None
    free = [at for at in range(len(names)) if fields.get(at, "link") in {"link", "details"}]
    # A column headed "Issue" that says what is to be done, and not only where that is tracked.
    worded = [at for at in free if fields.get(at) == "link" and _is_worded(body, at)]
    return _longest(body, worded or free) if free else None


def _is_clock(body: list[list[Cell]], column: int) -> bool:
    """Whether most cells of a column tell the time of day, as those of a timeline do whatever is beside them."""
    told = [_CLOCK.search(cells[column].plain) is not None for cells in body if column < len(cells)]
    return sum(told) * 2 > len(told)


def _is_worded(body: list[list[Cell]], column: int) -> bool:
    cells = [cells[column].text.plain for cells in body if column < len(cells)]
    return sum(len(cell.split()) >= _WORDED for cell in cells) * 2 > len(cells)


def _longest(body: list[list[Cell]], columns: list[int]) -> int:
    return max(columns, key=lambda at: (_length(body, at), -at))


def _length(body: list[list[Cell]], column: int) -> int:
    return sum(len(cells[column].text.plain) for cells in body if column < len(cells))
