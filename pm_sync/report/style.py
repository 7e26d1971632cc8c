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


Field = tuple[str, int, bool]
"""A cell as it is painted, the columns it takes, and whether it stands to the right: all that laying out needs of it."""


def measure(cells: Iterable[Cell], style: Style) -> list[Field]:
    """Make a row ready for `lay_out`, which may happen in another process."""
    return [(style(cell.ink, cell.text), width(cell.text), cell.right) for cell in cells]


def align(rows: Iterable[Iterable[Cell]], style: Style, *, limit: int = 60) -> list[str]:
    """Paint the rows, and lay them out."""
    return lay_out([measure(row, style) for row in rows], limit=limit)


def lay_out(rows: Iterable[Sequence[Field]], *, limit: int = 60) -> list[str]:
    """Lay the rows out in columns two blanks apart, leaving out columns that are empty in all of them.

    A column is as wide as its widest cell, but never wider than ``limit``: a longer cell pushes its own row only.
    """
    used = [column for column in zip(*rows, strict=True) if any(text for text, _, _ in column)]
    padded = (_padded(column, min(limit, max(taken for _, taken, _ in column))) for column in used)
    return ["  ".join(fields).rstrip(" ") for fields in zip(*padded, strict=True)]


def _padded(column: Iterable[Field], wide: int) -> list[str]:
    return [
        f"{' ' * (wide - taken)}{text}" if right else f"{text}{' ' * (wide - taken)}" for text, taken, right in column
    ]
