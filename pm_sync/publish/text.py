"""Texts that have to fit where GitHub shows them."""

from __future__ import annotations


def fit(text: str, limit: int, more: str) -> str:
    """Cut a text at the end of a line so that it is no longer than ``limit`` characters.

    Args:
        text: The whole.
        limit: Characters.
        more: Said in place of the rest, with ``{lines}`` for how many lines that is.

    """
    text = text.strip()
    if len(text) <= limit:
        return text
    lines = text.split("\n")
    left = limit - len(more) - 10
    kept = 0
    while left >= len(lines[kept]) + 1:
        left -= len(lines[kept]) + 1
        kept += 1
    return "\n".join([*lines[:kept], "", more.format(lines=len(lines) - kept)]).strip()


def one_line(text: str, limit: int) -> str:
    """A text in one line of at most ``limit`` characters."""
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"
