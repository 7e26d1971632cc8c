"""What a bullet is that is no task: a group's title, a step of how a task is done, a value of a form, a field of a task."""

from __future__ import annotations

from collections.abc import Sequence

from pm_sync.markdown.blocks import HEADING, PARAGRAPH, Block, Document, children
from pm_sync.markdown.inlines import RichText, rich_text
from pm_sync.postmortem import vocabulary, wording
from pm_sync.postmortem.sections import Piece
from pm_sync.postmortem.values import labelled

_LONGEST_LEAD = 40
_LONGEST_FIELD = 200


def first_words(inner: Sequence[Block]) -> Block | None:
    """The paragraph or heading of a bullet's blocks that says what it is about."""
    for block in inner:
        if block.kind is PARAGRAPH or block.kind is HEADING:
            return block
    return None


def names_group(plain: str) -> bool:
    """Whether a bullet over others only says when theirs is to be done: "Short-term:"."""
    label = plain.rstrip()
    return label.endswith((":", "：")) and "horizon" in vocabulary.concepts("group", label.rstrip(" :："))


def says_where(text: RichText | None) -> bool:
    """Whether a bullet says where to click: a step of how something is done, as what stands beside it."""
    return text is not None and vocabulary.starts("word", "step", text.plain)


def is_form(texts: Sequence[RichText | None]) -> bool:
    """Whether bullets are labels with values ("Threshold: …", "Action: …"), of which one looks like a task by chance."""
    leads = [text.plain.partition(":")[0] for text in texts if text is not None and ":" in text.plain[:_LONGEST_LEAD]]
    if len(leads) < len(texts) or len(set(leads)) < 2:  # noqa: PLR2004
        return False
    return not all("marker" in vocabulary.concepts("label", lead) or wording.begins_with_verb(lead) for lead in leads)


def is_field(document: Document, item: Block) -> bool:
    """Whether a bullet is only ``Owner: Jane`` or the like."""
    inner = children(document, item)
    if len(inner) != 1 or inner[0].kind is not PARAGRAPH or inner[0].end - inner[0].start > _LONGEST_FIELD:
        return False
    return labelled(rich_text(document, inner[0]).plain) is not None


def only_fields(document: Document, piece: Piece) -> bool:
    """Whether a paragraph says nothing but fields of the item above it, line by line."""
    block = piece.block
    if block.kind is not PARAGRAPH or block.end - block.start > _LONGEST_FIELD:
        return False
    lines = piece.text(document).plain[piece.begin :].split("\n")
    return all(labelled(line) is not None for line in lines)
