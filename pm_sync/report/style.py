"""Colours and columns on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum

from msgspec import Struct

from pm_sync.regex import regex

_NARROW = regex("[ -~\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u0559\u2010-\u2027]*")
"""Latin, Greek, Cyrillic and common punctuation: one column each, known without the tables."""


class Ink(Enum):
    """What a colour means; the value is its number in the ANSI escape."""

    BOLD = 1
    DIM = 2
    RED = 31
    GREEN = 32
    YELLOW = 33
    CYAN = 36


class Style(Struct, frozen=True):
    """Paints text, or leaves it as it is."""

    color: bool = False

    def __call__(self, ink: Ink | None, text: str) -> str:
        """The text in this ink; empty text stays empty."""
        return f"\x1b[{ink.value}m{text}\x1b[0m" if self.color and ink and text else text


class Cell(Struct, frozen=True):
    """One field of a line."""

    text: str
    ink: Ink | None = None
    right: bool = False
    """Align to the right."""


def width(text: str) -> int:
    """How many columns a terminal gives the text: two for each wide character, none for a combining one."""
    if (text.isascii() and text.isprintable()) or _NARROW.fullmatch(text):
        return len(text)
    from rich.cells import cell_len  # noqa: PLC0415 - only other scripts need its tables

    return cell_len(text)


def cut(text: str, columns: int) -> str:
    """The text, or so much of its beginning that it fits with an ellipsis."""
    if width(text) <= columns:
        return text
    kept = text[: columns - 1]
    while width(kept) > columns - 1:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


Column = tuple[int, bool, list[str]]
"""How wide it is, whether it stands to the right, and its cells, painted and each as wide as it: all that `lay_out` needs."""


def columns(rows: Iterable[Iterable[Cell]], style: Style, *, limit: int = 60) -> list[Column]:
    """Lay rows out for themselves; `lay_out` brings them in line with others, which may happen in another process.

    A column is as wide as its widest cell, but never wider than ``limit``: a longer cell pushes its own row only.
    """
    return [_column(cells, style, limit) for cells in zip(*rows, strict=True)]


def _column(cells: Sequence[Cell], style: Style, limit: int) -> Column:
    taken = [width(cell.text) for cell in cells]
    wide = min(limit, max(taken))
    return wide, cells[0].right, [_padded(cell, wide - own, style) for cell, own in zip(cells, taken, strict=True)]


def _padded(cell: Cell, missing: int, style: Style) -> str:
    text, blanks = style(cell.ink, cell.text), " " * missing
    return f"{blanks}{text}" if cell.right else f"{text}{blanks}"


def align(rows: Iterable[Iterable[Cell]], style: Style, *, limit: int = 60) -> list[str]:
    """Paint the rows, and lay them out."""
    return lay_out([columns(rows, style, limit=limit)])[0]


def lay_out(blocks: Sequence[Sequence[Column]]) -> list[list[str]]:
    """The lines of each block, all in the same columns two blanks apart, without those that are empty throughout."""
    widths = [_widest(same) for same in zip(*filter(None, blocks), strict=True)]
    return [_lines(block, widths) for block in blocks]


def _widest(same: Sequence[Column]) -> int | None:
    wide = max(own for own, _, _ in same)
    return wide if wide or any(any(cells) for _, _, cells in same) else None


def _lines(block: Sequence[Column], widths: Sequence[int | None]) -> list[str]:
    used = [_stretched(column, wide) for column, wide in zip(block, widths, strict=False) if wide is not None]
    return ["  ".join(cells).rstrip(" ") for cells in zip(*used, strict=True)]


def _stretched(column: Column, wide: int) -> list[str]:
    own, right, cells = column
    if own == wide:
        return cells
    more = " " * (wide - own)
    return [more + cell for cell in cells] if right else [cell + more for cell in cells]
