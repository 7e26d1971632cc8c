"""The tally: how many items are done, kept in a line below the section's heading or in the front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from pm_sync.markdown.edits import Edit
from pm_sync.model import Postmortem, Section, Span
from pm_sync.regex import regex

_WORDS = rb"\d+ of \d+ done(?:, \d+ overdue)?"
# Atomic, so that CRLF is never taken for two line ends.
_BELOW_HEADING = regex(rb"((?>\r\n|\n|\r){2})" + _WORDS + rb"(?=\r|\n|\Z)")
_IN_FRONT_MATTER = regex(rb"(^action_items[ \t]*[:=][ \t]*\"?)" + _WORDS, re.MULTILINE)
_NEWLINE = regex(rb"\r\n|\n|\r")
_BLANK_LINE_NEXT = regex(rb"(?>\r\n|\n|\r)[ \t]*(?:\r|\n|\Z)|\Z")


class Tally(Struct, frozen=True):
    """Counts of action items; dropped ones are in none of them."""

    total: int
    done: int
    overdue: int

    def __str__(self) -> str:
        overdue = f", {self.overdue} overdue" if self.overdue else ""
        return f"{self.done} of {self.total} done{overdue}"


def section_of(postmortem: Postmortem, offset: int) -> Section | None:
    """The section that what stands at ``offset`` belongs to; None where a label opened it, or nothing did."""
    return next((section for section in reversed(postmortem.sections) if section.start <= offset), None)


def section_edits(data: bytes, tallies: Mapping[Section, Tally]) -> Iterator[Edit]:
    """Keep each section's tally in a line of its own below the heading."""
    for section, tally in tallies.items():
        kept = _BELOW_HEADING.match(data, section.end)
        if kept is not None:
            yield Edit(Span(kept.end(1), kept.end()), str(tally).encode())
            continue
        newline = _newline(data)
        # A list that begins right below the heading must not become the continuation of our line.
        gap = b"" if _BLANK_LINE_NEXT.match(data, section.end) else newline
        yield Edit(Span(section.end, section.end), newline * 2 + str(tally).encode() + gap)


def front_matter_edits(data: bytes, postmortem: Postmortem, tally: Tally) -> Iterator[Edit]:
    """Keep the whole postmortem's tally under ``action_items`` in the front matter, where there is one."""
    where = postmortem.front_matter
    if where is None:
        return
    kept = _IN_FRONT_MATTER.search(data, where.start, where.end)
    if kept is not None:
        yield Edit(Span(kept.end(1), kept.end()), str(tally).encode())
        return
    matter = where.cut(data).rstrip()
    entry = f'action_items = "{tally}"' if matter.startswith(b"+++") else f"action_items: {tally}"
    at = where.start + len(matter) - len(b"---")
    yield Edit(Span(at, at), entry.encode() + _newline(data))


def _newline(data: bytes) -> bytes:
    found = _NEWLINE.search(data)
    return found[0] if found else b"\n"
