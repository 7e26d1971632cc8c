"""What the numbers before lines tell: which bullets stand between two of them, and which lines are headings."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from pm_sync.markdown.blocks import HEADING, ITEM, LIST, PARAGRAPH, Block, Document, children
from pm_sync.markdown.inlines import rich_text
from pm_sync.postmortem import vocabulary
from pm_sync.postmortem.links import without_note
from pm_sync.postmortem.sections import Piece
from pm_sync.regex import regex

_NUMBER = regex(rb"(\d{1,9})[.)]")
_COLONS = (":", "：")
_NONE = 0
_LONGEST_HEADING = 80
_LOWEST = 6


def with_headings(document: Document) -> Sequence[Block]:
    """A document's blocks, with numbered lines as headings that are some to the eye: "1. Summary", "2. Root cause", ….

    Markdown takes each for a list of one item, as other words stand between them. Their numbers go on from one to the
    next, and most of them are called as the sections of a postmortem are.
    """
    data = document.source.data
    lines = [(at, block) for at, block in enumerate(document.blocks) if block.kind is LIST and _is_line(data, block)]
    titles: dict[int, str] = {}
    for at, block in lines:
        number = _NUMBER.match(data, block.start)
        if number and int(number[1]) == len(titles) + 1:
            titles[at] = data[number.end() : block.end].decode("utf-8", "replace").strip()
    named = sum(bool(vocabulary.names("heading", title)) for title in titles.values()) if len(titles) > 1 else 0
    if named < 2 or named * 2 < len(titles):  # noqa: PLR2004
        return document.blocks
    return [_heading(document, block) if at in titles else block for at, block in enumerate(document.blocks)]


def _is_line(data: bytes, block: Block) -> bool:
    """Whether a list is no more than one short line."""
    return block.end - block.start <= _LONGEST_HEADING and b"\n" not in data[block.start : block.end].strip()


def _heading(document: Document, block: Block) -> Block:
    words = children(document, children(document, block)[0])
    return replace(words[0], kind=HEADING, level=_LOWEST) if words else block


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
