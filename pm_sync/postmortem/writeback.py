"""Write-back: an issue's address and state put into the postmortem, by the smallest edits that say it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from msgspec import Struct, field

from pm_sync.markdown.edits import Edit
from pm_sync.model import ActionItem, Annotation, ControlKind, Postmortem, Span, State

WORDS: Mapping[State, str] = {
    State.OPEN: "Open",
    State.IN_PROGRESS: "In progress",
    State.DONE: "Done",
    State.DROPPED: "Dropped",
}
"""What an empty or unknown state cell is given where neither the column nor the configuration knows a word."""


class WriteBackOptions(Struct, frozen=True):
    """What may be written into a postmortem."""

    annotation: bool = True
    checkbox: bool = True
    table: bool = True
    headings: bool = True
    state_words: Mapping[State, str] = field(default_factory=dict)


class Progress(Struct, frozen=True):
    """What one item's line should say."""

    label: str
    url: str | None
    """None for the ``local`` tracker, whose issues have no address."""
    state: State
    day: date | None = None
    """When it was settled (UTC); written with done and dropped only."""
    control: bool = True
    """Whether box and state cell follow the state."""

    @property
    def annotation(self) -> str:
        """The annotation without its leading blank."""
        return f"({self._reference}, {self._state})"

    @property
    def cell(self) -> str:
        """The annotation in a table's issue column, where the state is the link's title."""
        return self.annotation if self.url is None else f'[{self.label}]({self.url} "{self._state}")'

    @property
    def _reference(self) -> str:
        return self.label if self.url is None else f"[{self.label}]({self.url})"

    @property
    def _state(self) -> str:
        day = f" {self.day.isoformat()}" if self.day and self.state.settled else ""
        return self.state.word + day


def item_edits(data: bytes, item: ActionItem, progress: Progress, options: WriteBackOptions) -> tuple[Edit, ...]:
    """The edits that make one item say ``progress``; none where it says so already."""
    edits = [*_annotation_edits(data, item, progress, options)]
    if progress.control:
        edits += _control_edits(data, item, progress.state, options)
    return tuple(edit for edit in edits if edit.changes(data))


def is_annotated(item: ActionItem, options: WriteBackOptions) -> bool:
    """Whether the item is to have an annotation at all."""
    return options.annotation and (options.headings or not item.anchor.heading)


def _annotation_edits(data: bytes, item: ActionItem, progress: Progress, options: WriteBackOptions) -> Iterator[Edit]:
    if not is_annotated(item, options):
        return
    cell = item.anchor.link_cell if options.table else None
    if item.annotation is not None:
        yield _replace_annotation(data, item.annotation.span, progress, in_cell=_in_cell(cell, item.annotation.span))
    elif cell is not None:
        yield _fill_cell(data, cell, progress.cell)
    else:
        yield Edit(Span(item.anchor.offset, item.anchor.offset), b" " + progress.annotation.encode())


def _in_cell(cell: Span | None, span: Span) -> bool:
    return cell is not None and cell.start <= span.start and span.end <= cell.end


def _replace_annotation(data: bytes, span: Span, progress: Progress, *, in_cell: bool) -> Edit:
    blank = b" " if span.cut(data).startswith(b" ") else b""
    return Edit(span, blank + (progress.cell if in_cell else progress.annotation).encode())


def _fill_cell(data: bytes, cell: Span, text: str) -> Edit:
    """Put ``text`` into the cell by adding bytes only, so that the padding stays and the annotation can be undone."""
    if cell.start != cell.end:
        return Edit(Span(cell.end, cell.end), b" " + text.encode())
    return _fill_empty(data, cell, text)


def _fill_empty(data: bytes, cell: Span, text: str) -> Edit:
    # Wherever in the blanks of an empty cell the reader sees its content: behind the first one it looks best.
    start = cell.start
    while data[start - 1 : start] in {b" ", b"\t"}:
        start -= 1
    at = start + (data[start : start + 1] in {b" ", b"\t"})
    return Edit(Span(at, at), text.encode())


def _control_edits(data: bytes, item: ActionItem, state: State, options: WriteBackOptions) -> Iterator[Edit]:
    control = item.control
    if control is None or control.state is state:
        return
    match control.kind:
        # Nobody decided for the writer whether a dropped item is ticked.
        case ControlKind.BOX if options.checkbox and state is not State.DROPPED:
            ticked = state is State.DONE
            if ticked != (control.state is State.DONE):
                yield Edit(control.span, b"x" if ticked else b" ")
        case ControlKind.CELL if options.table and not (control.state is None and state is State.OPEN):
            word = _word(item, state, options)
            empty = control.span.start == control.span.end
            yield _fill_empty(data, control.span, word) if empty else Edit(control.span, word.encode())
        case _:
            return


def _word(item: ActionItem, state: State, options: WriteBackOptions) -> str:
    return dict(item.anchor.state_words).get(state) or options.state_words.get(state) or WORDS[state]


def removal_edits(item: ActionItem) -> tuple[Edit, ...]:
    """Take our annotation out again, so that the line is as its writer left it."""
    return () if item.annotation is None else (Edit(item.annotation.span, b""),)


def check(before: Postmortem, after: Postmortem, progress: Mapping[int, Progress]) -> str | None:
    """Compare the postmortem before a write-back with what would be read after it.

    Args:
        before: As it was read.
        after: As the new bytes read.
        progress: By the item's index, what its annotation must say.

    Returns why the two don't say the same, or None where they do: nothing that we don't own may read differently,
    and each annotation must be read as what was written.
    """
    if len(before.items) != len(after.items):
        return f"{len(before.items)} items would read as {len(after.items)}"
    for index, (old, new) in enumerate(zip(before.items, after.items, strict=True)):
        if _own_words(old) != _own_words(new):
            return f"the item of line {old.line} would read as {new.text!r}"
        if index in progress and not _says(new.annotation, progress[index]):
            return f"the annotation of line {old.line} would not be read again"
    return None


def _says(annotation: Annotation | None, progress: Progress) -> bool:
    if annotation is None:
        return False
    link = annotation.link
    return (link.ref, link.url, annotation.state) == (progress.label, progress.url, progress.state)


def _own_words(item: ActionItem) -> tuple[object, ...]:
    links = tuple((link.ref, link.url) for link in item.links)
    return (item.text, item.owners, item.due, item.priority, item.type, item.parent, item.ordinal, links)
