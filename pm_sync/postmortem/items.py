"""Action items from candidates: each used once, with all that is said about it, or rejected with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import chain
from operator import attrgetter

from msgspec.structs import replace

from pm_sync.mark import normal_form
from pm_sync.markdown.blocks import Document
from pm_sync.markdown.text import Lines
from pm_sync.model import (
    ActionItem,
    Anchor,
    Annotation,
    Control,
    ControlKind,
    Link,
    RejectedItem,
    Span,
    State,
)
from pm_sync.postmortem import vocabulary
from pm_sync.postmortem.candidate import IN_HEADING, Candidate
from pm_sync.postmortem.candidates import Collector
from pm_sync.postmortem.dates import find_day, written_out
from pm_sync.postmortem.explicit import beside_tasks, wishes
from pm_sync.postmortem.grouped import group_values
from pm_sync.postmortem.links import COLUMN, INLINE, Found, find_cell_note, find_links, position_of
from pm_sync.postmortem.options import ReadOptions
from pm_sync.postmortem.sections import Part
from pm_sync.postmortem.tables import cell_state, row_values
from pm_sync.postmortem.tense import is_headline, says_done, tells_done
from pm_sync.postmortem.unread import unread
from pm_sync.postmortem.unusable import series, why_unusable
from pm_sync.postmortem.values import Values

OPEN, IN_PROGRESS, DONE, DROPPED = State
BOX, CELL = ControlKind
_GROUP_STATES = (
    ("done", DONE),
    ("dropped", DROPPED),
    ("progress", IN_PROGRESS),
    ("open", OPEN),
)


def read_items(
    document: Document,
    lines: Lines,
    parts: list[Part],
    sections: tuple[list[list[Part]], list[list[Part]]],
    options: ReadOptions,
) -> tuple[tuple[ActionItem, ...], tuple[RejectedItem, ...]]:
    """All items of a document's sections of measures, in the order they stand, and what looked like one but is none."""
    collector = Collector(document, options.jira_keys)
    measures, beside = sections
    found = list(chain.from_iterable(beside_tasks(measures, [collector.collect(section) for section in measures])))
    found += [candidate for section in beside for candidate in wishes(collector.collect(section))]
    found += [candidate for section in measures for candidate in unread(collector, section)]
    if not found:
        return (), ()
    return _Sorter(lines, options, parts).sort(sorted(found, key=lambda c: c.start))


class _Sorter:
    """Turns candidates into items or rejected items."""

    def __init__(self, lines: Lines, options: ReadOptions, parts: list[Part]) -> None:
        self.parts = parts
        self.lines = lines
        self.options = options
        self.items: list[ActionItem] = []
        self.rejected: list[RejectedItem] = []
        self.index: dict[int, int] = {}
        self.counts: dict[str, int] = {}
        self.groups: dict[int, Values] = {}
        self.first: dict[str, tuple[tuple[str, ...], int]] = {}

    def sort(self, candidates: Sequence[Candidate]) -> tuple[tuple[ActionItem, ...], tuple[RejectedItem, ...]]:
        named = series(candidates)
        for candidate in candidates:
            reason = why_unusable(candidate, named) or candidate.aside
            if reason is not None and candidate.reading.text and _has_note(candidate):
                reason = None  # whoever synced it meant it
            key = normal_form(candidate.reading.text)
            line, column = self.lines.place(candidate.start)
            if reason is None:
                reason = self.repeats(candidate, key, line)
            if reason is not None:
                text = candidate.reading.text or " ".join(candidate.text.plain.split())
                self.rejected.append(RejectedItem(text, line, reason, column))
                continue
            self.index[id(candidate)] = len(self.items)
            ordinal = self.counts.get(key, 0)
            self.counts[key] = ordinal + 1
            self.items.append(self.item(candidate, line, ordinal))
        return tuple(self.items), tuple(self.rejected)

    def repeats(self, candidate: Candidate, key: str, line: int) -> str | None:
        """Whether a second list of the same incident says an item again; one that bears a link of its own stays."""
        # Groups of one section may each have the same to do; two sections of one incident say it twice.
        section = self.parts[candidate.part.root].path
        first, where = self.first.setdefault(key, (section, line))
        if first[:-1] != section[:-1] or first[-1:] == section[-1:]:
            return None
        return None if _has_note(candidate) else f"says again what line {where} says"

    def item(self, candidate: Candidate, line: int, ordinal: int) -> ActionItem:
        reading, part = candidate.reading, candidate.part
        values = self.all_values(candidate)
        annotation, links = _links(candidate, self.options.jira_keys)
        control = _control(candidate)
        state = _state(candidate, values, control, self.group_state(part))
        told = state is DONE and candidate.row is not None and candidate.row.dated
        details = [reading.details, *candidate.details, *values.details]
        parent = self.index.get(id(candidate.parent)) if candidate.parent else None
        return ActionItem(
            text=reading.text,
            title=reading.title,
            line=line,
            span=Span(candidate.start, candidate.end),
            anchor=_anchor(candidate),
            details="\n".join(filter(None, details)),
            done=None if state is None else state.settled,
            control=control,
            owners=values.owners,
            due=None if told else values.due or self.day(values.due_text),
            due_text=None if told else values.due_text,
            priority=values.priority,
            type=values.type,
            team=values.team,
            deferral=values.deferral,
            links=links,
            annotation=annotation,
            parent=parent,
            ordinal=ordinal,
            section=part.path,
        )

    def all_values(self, candidate: Candidate) -> Values:
        """What is said about an item, the nearest place first: its columns, its text, what is nested, its group."""
        values = candidate.reading.values
        if candidate.row is not None:
            values = row_values(candidate.row).joined(values)
        values = values.joined(candidate.values)
        return values.joined(self.group_values(candidate.part))

    def group_values(self, part: Part) -> Values:
        """What a group's title says about each of its items; a label's group is in that of the heading above it."""
        group = self.groups.get(id(part))
        if group is None:
            group = group_values(part)
            above = self.parts[part.parent] if part.is_label and part.parent is not None else None
            if above is not None and above.root == part.root:
                group = group.joined(replace(self.group_values(above), type=None))
            self.groups[id(part)] = group
        return group

    def day(self, text: str | None) -> date | None:
        """A due date that may be of either 3 April or 4 March, where the file's other days tell which."""
        found = find_day(written_out(text, self.lines.data)) if text and ("/" in text or "-" in text) else None
        return found.day if found else None

    def group_state(self, part: Part) -> State | None:
        """How the items of a group stand by its title, else by that of the section around it ("Completed actions")."""
        while True:
            for role, state in _GROUP_STATES if part.roles else ():
                if role in part.roles:
                    return state
            if part.parent is None or self.parts[part.parent].root != part.root:
                return None
            part = self.parts[part.parent]


def _state(candidate: Candidate, values: Values, control: Control | None, group: State | None) -> State | None:
    """How an item stands: by its box, what is said about it, its group, or the tense it is worded in."""
    if values.state is DONE and (candidate.row is None or candidate.reading.values.state is DONE):
        return DONE
    if control is not None and control.state is not None:
        return control.state
    if values.state is not None:
        return values.state
    if group is not None:
        return group
    reading = candidate.reading
    if says_done(reading.title) or tells_done(reading.details):
        return DONE
    if candidate.layout is not IN_HEADING:
        return None
    body = candidate.details[0] if candidate.details else ""
    told = is_headline(reading.title) or (body and (vocabulary.starts("verb", "past", body) or says_done(body)))
    return DONE if told else None


def _control(candidate: Candidate) -> Control | None:
    if candidate.box is not None:
        at, ticked = candidate.box
        return Control(BOX, Span(at + 1, at + 2), DONE if ticked else OPEN)
    if candidate.reading.box is not None:
        at, state = candidate.reading.box
        return Control(BOX, Span(at, at + 1), state)
    if candidate.row is None:
        return None
    for concept, header, cell in candidate.row.cells:
        if concept == "state" and cell.span is not None:
            return Control(CELL, cell.span, cell_state(header, cell.plain))
    return None


def _anchor(candidate: Candidate) -> Anchor:
    reading, text = candidate.reading, candidate.text
    offset = text.behind(reading.end) if reading.end else candidate.start
    if reading.note is not None:
        offset = reading.note.annotation.span.start
    heading = candidate.layout is IN_HEADING
    if candidate.row is None:
        return Anchor(max(candidate.start, offset), heading)
    cell = candidate.row.cell("link")
    return Anchor(offset, heading, cell.span if cell else None, candidate.row.state_words)


def _has_note(candidate: Candidate) -> bool:
    if candidate.reading.note is not None:
        return True
    cell = candidate.row.cell("link") if candidate.row else None
    return (
        cell is not None
        and cell.span is not None
        and find_cell_note(cell.text.source, cell.span.start, cell.span.end) is not None
    )


def _links(candidate: Candidate, keys: frozenset[str]) -> tuple[Annotation | None, tuple[Link, ...]]:
    """Our annotation and the writer's references, in the order they stand."""
    reading, plain = candidate.reading, candidate.text.plain
    annotation = reading.annotation
    if not reading.links and not candidate.links and candidate.row is None:
        return annotation, ()
    links = [found.link(position_of(found, plain, reading.begin, reading.end)) for found in reading.links]
    links += [found.link(INLINE) for found in candidate.links]
    for concept, _, cell in candidate.row.cells if candidate.row else ():
        found = find_links(cell.text, 0, len(cell.text.plain), keys, alone=concept == "link")
        if concept == "link" and cell.span is not None and annotation is None:
            annotation = find_cell_note(cell.text.source, cell.span.start, cell.span.end)
        if found:
            position = COLUMN if concept == "link" else INLINE
            links += [f.link(position) for f in found if not _covers(annotation, f)]
    return annotation, tuple(sorted(links, key=attrgetter("span")) if len(links) > 1 else links)


def _covers(annotation: Annotation | None, found: Found) -> bool:
    return annotation is not None and annotation.span.start <= found.start < annotation.span.end
