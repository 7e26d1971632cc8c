"""Bullets that name a group of measures, and are none themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pm_sync.markdown.blocks import LIST, PARAGRAPH, TABLE, Block, Document, children
from pm_sync.markdown.inlines import RichText, rich_text
from pm_sync.postmortem import vocabulary
from pm_sync.postmortem.rows import above_words, led
from pm_sync.postmortem.sections import CLOSERS, LONGEST_LABEL, Label, label_of, roles_of
from pm_sync.postmortem.tense import tells_task
from pm_sync.postmortem.values import labelled
from pm_sync.postmortem.wording import continues, leads_back

_NAMED = frozenset({"tasks", "improvements", "never", "action", "inside"})
_GROUPED = frozenset({"horizon", "done", "progress", "open", "dropped"})
_FEW_WORDS = 3
LONGEST_GROUP = 24
"""Characters of a bullet that names a group without a sign of it."""


def group_label(document: Document, text: RichText, nested: Sequence[Block], *, within: bool) -> Label | None:
    """The label that a bullet begins with, if it names a group."""
    label = label_of(text)
    if label is None and (lead := led(text.plain)):
        label = Label(*lead, bold=False, alone=False)
    if label is None and within and nested and nested[0].kind is LIST and _names_group(text.plain):
        return Label(text.plain.strip(CLOSERS), len(text.plain), bold=False, alone=True)
    if label is None:
        return above_words(text)
    grouped = label.text and labels_a_group(document, label, text, nested, within=within)
    return label if grouped else None


def _names_group(plain: str) -> bool:
    """Whether a bullet over others says no more than when theirs is to be done, or how it stands: "Short term", "Done"."""
    return len(plain) <= LONGEST_GROUP and not _GROUPED.isdisjoint(vocabulary.concepts("group", plain))


def labels_a_group(document: Document, label: Label, text: RichText, nested: Sequence[Block], *, within: bool) -> bool:
    """Whether a bullet's label names a group: by its word, or, ``within`` a section of measures, by the list below it."""
    if not label.alone and not text.plain.startswith("\n", label.end) and led(text.plain) is None:
        return False
    if _is_marked(label.text) or leads_back(label.text):
        return False
    roles = roles_of(label.text)
    named = bool(roles & _NAMED)
    if not label.alone:
        if "never" in roles and len(label.text.split()) > _FEW_WORDS:
            return False  # "Root cause found and isolated", above what was done about it
        return named and "marker" not in vocabulary.concepts("label", label.text)
    lists = [child for child in nested if child.kind in {LIST, TABLE}]
    if named or not lists or not within:
        return named
    # "Improve the alerts:" is a task with others below it, or with an explanation; "Owner: Jane" belongs to one.
    below = [line for block in lists if block.kind is LIST for line in _lines(document, block)]
    fields = any(labelled(line) is not None for line in below if len(line) <= LONGEST_LABEL)
    explained = sum(map(continues, below)) * 2 > len(below)
    return not fields and not explained and not tells_task(label.text, below)


def _is_marked(label: str) -> bool:
    """Whether a task stands behind its mark: "TODO: Add a test for:"."""
    mark, _, task = label.partition(":")
    return bool(task.strip()) and "marker" in vocabulary.concepts("label", mark)


def _lines(document: Document, block: Block) -> Iterator[str]:
    """What a list's items begin with."""
    for item in children(document, block):
        first = next(iter(children(document, item)), None)
        if first and first.kind is PARAGRAPH:
            yield rich_text(document, first).plain
