"""Headings that are tasks themselves, and those that only stand over tasks."""

from __future__ import annotations

from collections.abc import Sequence

from pm_sync.markdown.blocks import PARAGRAPH, Document
from pm_sync.markdown.inlines import STRONG, RichText
from pm_sync.postmortem import vocabulary, wording
from pm_sync.postmortem.sections import Label, Part
from pm_sync.postmortem.values import labelled
from pm_sync.postmortem.window import Reading

_FEW_WORDS = 3
_LONGEST_FIELD = 200


def bears_fields(document: Document, part: Part) -> bool:
    """Whether what stands right below a heading says who does it or how urgent it is, as below a task's title."""
    first = part.pieces[0] if part.pieces else None
    if first is None or first.block.kind is not PARAGRAPH or first.block.end - first.block.start > _LONGEST_FIELD:
        return False
    said = labelled(first.text(document).plain[first.begin :].partition("\n")[0])
    return said is not None and bool(said.owners or said.due_text or said.priority)


def is_title(text: RichText, reading: Reading) -> bool:
    """Whether a paragraph is the bold title of a measure, by its number or its wording, above what explains it."""
    if not any(m.kind is STRONG and m.begin == 0 and m.end >= len(text.plain.rstrip()) for m in text.markup):
        return False
    return vocabulary.strip_numbering(text.plain) != text.plain or wording.begins_with_verb(reading.text)


def begins_bold(text: RichText) -> bool:
    """Whether a text begins in bold type."""
    return any(mark.kind is STRONG and mark.begin == 0 for mark in text.markup)


def is_worded(title: str) -> bool:
    """Whether a title is worded as an instruction, or as a report of what was done ("Added a limit to the retries")."""
    return wording.instructs(title) or (title.count(" ") > 1 and vocabulary.starts("verb", "past", title))


def is_numbered(label: Label) -> bool:
    """Whether a label in bold type is one of several, whatever stands below it: "**2. Added a limit**" above code."""
    return label.bold and vocabulary.strip_numbering(label.text) != label.text


def _is_decorated(part: Part, reading: Reading) -> bool:
    """Whether a sign before a heading ("✅ Good practices") is all that says how it stands, above what it names in common."""
    title = vocabulary.strip_numbering(part.title)
    return not title[:1].isalnum() and reading.box is None and not wording.is_told(reading.text)


def is_task(part: Part, reading: Reading, numbering: int, *, lists: bool) -> bool:
    """Whether a heading is a task: it bears a task's fields, or a number, or is worded as an instruction."""
    values = reading.values
    named = bool(values.owners) and not (lists and not part.is_label and not wording.begins_with_verb(reading.text))
    # "Owners TBD" says of the tasks below it what is missing.
    stated = values.state is not None and not (lists and (_is_decorated(part, reading) or not reading.text.count(" ")))
    # "Urgent – Implement:" only says what the list below it is for.
    urgent = bool(values.priority) and not (part.is_label and len(reading.text.split()) == 1)
    due = values.due is not None or (bool(values.due_text) and not lists)  # "JD - next quarter"
    if named or stated or due or urgent or reading.links or reading.note or reading.box:
        return True
    if part.is_label:
        return bool(numbering) and part.bold and not lists
    if reading.marked:
        return True
    if lists:
        return False
    return bool(numbering) or (wording.begins_with_verb(reading.text) and len(reading.text.split()) >= _FEW_WORDS)


def is_urgency(reading: Reading, texts: Sequence[RichText | None]) -> bool:
    """Whether a heading only says how urgent the tasks below it are: "Readiness (P2)" over a list of them."""
    values = reading.values
    told = values.owners or values.state or values.due_text or reading.links or reading.note or reading.box
    if not texts or not values.priority or told or wording.begins_with_verb(reading.text):
        return False
    return all(text is not None and wording.commits(text.plain) for text in texts)
