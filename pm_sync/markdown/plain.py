"""Files of plain text, whose writers indent what stands below a label: to Markdown that is code, to the eye it is text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pm_sync.regex import regex

if TYPE_CHECKING:
    from pm_sync.markdown.blocks import Event

SIGN = "\x1e"
"""Stands for the first blank of an indented line while parsing, so that it begins a paragraph; one byte either way."""

_BELOW_LABEL = (":\n\n    ", ":\n\n\t", ":\r\n\r\n    ", ":\r\n\r\n\t")
_MARKED = regex(r"^ {0,3}(?:#|[-*+][ \t]|\d{1,9}[.)][ \t]|```|~~~|[|<>])", re.MULTILINE)
_INDENTED = regex(r"^(?: {4}|\t)(?=[ \t]*\S)", re.MULTILINE)


def unindented(text: str) -> str:
    """The text with the signs, if nothing in it is marked up and something is indented below a label; else as it is."""
    if _MARKED.match(text) or not any(below in text for below in _BELOW_LABEL) or _MARKED.search(text):
        return text  # most files begin with a heading, and need not be searched for more
    return _INDENTED.sub(lambda indent: SIGN + indent[0][1:], text)


def without_signs(events: list[Event]) -> list[Event]:
    """The parser's events, of which those that begin with a sign begin behind the blanks instead."""
    found: list[Event] = []
    for name, held, start, end in events:
        if name != "Text" or not held.startswith(SIGN):
            found.append((name, held, start, end))
            continue
        words = held.lstrip(SIGN + " \t")
        begin = start + len(held) - len(words)
        if found and found[-1][0] == "Paragraph":
            found[-1] = (*found[-1][:2], begin, found[-1][3])
        found.append((name, words, begin, end))
    return found
