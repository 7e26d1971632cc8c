"""Lists that stay folded until somebody looks into them: most of a postmortem's bullets tell what happened, and are no tasks.

A list whose extent its lines alone tell is shown to the parser as one bullet of as many bytes. That is right only where
nothing around it can claim its lines, and nothing inside it can reach beyond them; elsewhere the list is left as it is.
"""

from __future__ import annotations

import re

from pm_sync.regex import regex

FOLD = "\x1d"
"""Stands for each byte of a folded list."""

_REACHING = regex(r"\]:|```|~~~|<(?:[!?]|pre|script|style|textarea)", re.IGNORECASE)
"""What goes on over blank lines, or is known in the whole file: definitions, code, and some HTML."""
_SIGNS = "]`~<"
_BULLET = r" [^\w\n]{0,4}\w[^\n]*+\n"
"""One that is no rule ("- - -"): there is a word at its beginning."""
_LIST = regex(
    rf"(\n#{{1,6}}[ \t][^\n]*\n\n++)(([-*+]){_BULLET}(?:\3{_BULLET}){{2,}}+)(?=\Z|\n++(?![ \t\d]|[-*+](?:\s|\Z)))"
)
"""Right below a heading, which ends whatever was open; tight; and followed by what is no further bullet of it."""


def folded(text: str) -> str:
    """The text with its plain lists folded."""
    if "\r" in text or FOLD in text:
        return text
    first = min((at for sign in _SIGNS if (at := text.find(sign)) >= 0), default=-1)
    if first >= 0 and _REACHING.search(text, first):
        return text
    return _LIST.sub(_fold, text)


def _fold(found: re.Match[str]) -> str:
    bullets = found[2]
    size = len(bullets) if bullets.isascii() else len(bullets.encode())
    return f"{found[1]}{bullets[:2]}{FOLD * (size - 3)}\n"
