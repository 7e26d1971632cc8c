"""The facts of the incident: from front matter, headings, ``**Label:** value`` lines, bullets, and header tables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache
from pathlib import PurePosixPath

from pm_sync.markdown.blocks import LIST, PARAGRAPH, TABLE, Block, Document, children
from pm_sync.markdown.inlines import rich_text
from pm_sync.markdown.text import LineStart
from pm_sync.model import Incident
from pm_sync.postmortem import vocabulary
from pm_sync.postmortem.dates import find_day, written_out
from pm_sync.postmortem.frontmatter import read_front_matter
from pm_sync.postmortem.people import owners_of
from pm_sync.postmortem.sections import NO, Part
from pm_sync.postmortem.titles import join_lines
from pm_sync.regex import regex

_LINE = regex(r"\s*([^:：\n|]{2,40}?)\s*[:：]\s*(\S.*)")
_TIMES = ("date", "start", "end", "duration")
_CLOCK = regex(r"(?<!\d)(\d{1,2}):(\d{2})(?::\d{2})?\s*(AM|PM|am|pm)?(?!\d)")
_UNTIL = regex(r"\s+(?:to|until|till|through|bis|au|hasta|a|al|até|do|tot|до|по)\s+|\s*[–—~～→]\s*|\s-\s|から")
_RAW_LABEL = LineStart(rb"[\s>*+|-]*[^\d\s:|*>+-][^\n:|]{1,60}(?::|\xef\xbc\x9a|\|)")
_COLON, _BAR, _WIDE = b":|\xef"
"""Bytes that a label may end with; the wide colon begins with the last."""
_WIDEST = 4
_LONGEST = 4000
_NOON = 12


def read_incident(document: Document, parts: list[Part], path: str) -> Incident:
    """Gather the facts; of several places that tell one, front matter holds, then the first in the text."""
    facts: dict[str, str] = {}
    for name, text in _front(read_front_matter(document)):
        facts.setdefault(name, text)
    title = facts.get("title")
    for part in parts:
        if part.active is NO:
            for name, text in _part_facts(document, part):
                facts.setdefault(name, text)
    told = {name: written_out(facts[name], document.source.data) for name in _TIMES if name in facts}
    day, start, end = _times(told)
    return Incident(
        title=title or _heading_title(parts) or facts.get("title") or PurePosixPath(path).stem,
        day=day,
        start=start,
        end=end,
        duration=facts.get("duration"),
        severity=facts.get("severity"),
        status=facts.get("status"),
        impact=facts.get("impact"),
        root_cause=facts.get("cause"),
        services=owners_of(facts.get("services", "")),
        authors=owners_of(facts.get("authors", "")),
    )


def _front(values: dict[str, str]) -> Iterator[tuple[str, str]]:
    for key, text in values.items():
        if not text.strip():
            continue
        for name in vocabulary.concepts("fact", key.replace("_", " ")):
            yield name, " ".join(text.split())


def _heading_title(parts: list[Part]) -> str | None:
    """The first heading, or a later one that stands two levels above it or more."""
    headings = [part for part in parts if part.title and not part.is_label]
    if not headings:
        return None
    top = min(headings, key=lambda part: part.level)
    return headings[0].title if headings[0].level <= top.level + 1 else top.title


def _part_facts(document: Document, part: Part) -> list[tuple[str, str]]:
    """What stands below a heading that opens no measures: labelled lines, and the section itself by its title."""
    data = document.source.data
    facts: list[tuple[str, str]] = []
    for piece in part.pieces:
        block = piece.block
        if block.end - block.start <= _LONGEST and _may_tell(data, block.start, block.end):
            facts += _block_facts(document, block)
    named = _facts_of(part.title)
    if named and (words := _first_words(document, part)):
        facts += [(name, words) for name in named]
    return facts


@lru_cache(1 << 9)
def _facts_of(title: str) -> frozenset[str]:
    """The facts that a section with this title tells; a section is no title."""
    named = vocabulary.concepts("fact", vocabulary.strip_numbering(title)) if title else frozenset()
    return named if named != {"title"} else frozenset()


def _first_words(document: Document, part: Part) -> str:
    """What a section says first: its first paragraph, or its bullets if it has none."""
    for piece in part.pieces:
        if piece.block.kind is PARAGRAPH:
            return join_lines(rich_text(document, piece.block).plain)
        if bullets := list(_bullets(document, piece.block)):
            return "; ".join(map(join_lines, bullets))
    return ""


def _bullets(document: Document, block: Block) -> Iterator[str]:
    """What each bullet of a list says first."""
    for item in children(document, block) if block.kind is LIST else ():
        for child in children(document, item)[:1]:
            if child.kind is PARAGRAPH:
                yield rich_text(document, child).plain


def _block_facts(document: Document, block: Block) -> Iterator[tuple[str, str]]:
    if block.kind is PARAGRAPH:
        yield from _lines(rich_text(document, block).plain)
    elif block.kind is LIST:
        for bullet in _bullets(document, block):
            yield from _lines(bullet)
    elif block.kind is TABLE:
        yield from _table(document, block)


def _may_tell(data: bytes, start: int, end: int) -> bool:
    """Whether a line may be a label and a value."""
    # Most prose has no colon at all, and is not worth the search line by line.
    said = data[start:end]
    return (_COLON in said or _BAR in said or _WIDE in said) and _RAW_LABEL.found(data, start, end)


def _lines(text: str) -> Iterator[tuple[str, str]]:
    lines = text.split("\n")
    for at, line in enumerate(lines):
        match = _LINE.match(line)
        if match is None:
            continue
        names = vocabulary.concepts("fact", match[1])
        if names:
            follow = [] if len(lines) == at + 1 or _LINE.match(lines[at + 1]) else lines[at + 1 :] if at == 0 else []
            value = join_lines("\n".join([match[2], *follow]))
            for name in names:
                yield name, value


def _table(document: Document, table: Block) -> Iterator[tuple[str, str]]:
    """A header table: label and value side by side, perhaps two pairs in a row."""
    for row in children(document, table):
        cells = [join_lines(rich_text(document, cell).plain) for cell in children(document, row)]
        if len(cells) > _WIDEST:
            return
        for label, value in zip(cells[::2], cells[1::2], strict=False):
            if value:
                for name in vocabulary.concepts("fact", label.strip(" :：")):
                    yield name, value


def _times(facts: dict[str, str]) -> tuple[date | None, datetime | date | None, datetime | date | None]:
    """The day, or start and end: also from a date or duration given as a span ("… to …")."""
    start, end = _moment(facts.get("start")), _moment(facts.get("end"))
    for name in ("date", "duration"):
        whole = facts.get(name, "")
        pieces = _UNTIL.split(whole, maxsplit=1)
        if len(pieces) > 1 and start is None and end is None:
            start, end = _moment(pieces[0]), _moment(pieces[1])
            if start is None or end is None:
                start = end = None
    day = _moment(facts.get("date"))
    if start is not None or end is not None:
        return None, start, end
    return (day.date() if isinstance(day, datetime) else day), None, None


def _moment(text: str | None) -> datetime | date | None:
    """A day, with its time where there is one that can be."""
    found = find_day(text[:200]) if text else None
    if text is None or found is None:
        return None
    clock = _CLOCK.search(text, found.end) or _CLOCK.search(text, 0, found.begin)
    if clock is None:
        return found.day
    hour, minute = int(clock[1]), int(clock[2])
    half = (clock[3] or "").upper()
    if half and not 1 <= hour <= _NOON:
        half = ""
    hour = hour % _NOON + (_NOON if half == "PM" else 0) if half else hour
    if hour > 23 or minute > 59:  # noqa: PLR2004
        return found.day
    return datetime(found.day.year, found.day.month, found.day.day, hour, minute)  # noqa: DTZ001 -- the zone is the writer's
