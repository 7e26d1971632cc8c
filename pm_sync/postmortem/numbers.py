"""Bullets between the numbers of one list, which Markdown takes for lists of their own when they aren't indented."""

from __future__ import annotations

from collections.abc import Sequence

from pm_sync.markdown.blocks import ITEM, PARAGRAPH, Block, Document, children
from pm_sync.markdown.inlines import rich_text
from pm_sync.postmortem.links import without_note
from pm_sync.postmortem.sections import Piece
from pm_sync.regex import regex

_NUMBER = regex(rb"(\d{1,9})[.)]")
_COLONS = (":", "：")
_NONE = 0


def with_bullets_below(document: Document, pieces: Sequence[Piece]) -> list[tuple[Piece, list[Block]]]:
    """Each piece, and with a numbered item the bullets that explain it.

    They do where the item ends with a colon, or where the numbers go on behind some of its list's bullets.
    """
    numbers = [_number(document.source.data, piece.block) for piece in pieces]
    found: list[tuple[Piece, list[Block]]] = []
    goes_on, counted = any(numbers) and _go_on(numbers, pieces), False
    for piece, number in zip(pieces, numbers, strict=True):
        explains = counted and not number and piece.block.kind is ITEM
        if explains and (goes_on or _ends_with_colon(document, found[-1][0].block)):
            found[-1][1].append(piece.block)
            continue
        found.append((piece, []))
        counted = number is not _NONE
    return found


def _number(data: bytes, block: Block) -> int:
    number = _NUMBER.match(data, block.start) if block.kind is ITEM else None
    return int(number[1]) if number else _NONE


def _go_on(numbers: list[int], pieces: Sequence[Piece]) -> bool:
    """Whether some number follows on the one before it with nothing but bullets between them."""
    last = between = 0
    for number, piece in zip(numbers, pieces, strict=True):
        if number:
            if between and number == last + 1:
                return True
            last, between = number, 0
        elif piece.block.kind is ITEM:
            between += 1
        else:
            last = between = 0
    return False


def _ends_with_colon(document: Document, item: Block) -> bool:
    first = next(iter(children(document, item)), None)
    return (
        first is not None
        and first.kind is PARAGRAPH
        and without_note(rich_text(document, first)).rstrip().endswith(_COLONS)
    )
