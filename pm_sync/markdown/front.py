"""Front matter: what stands between two lines of ``---`` (YAML) or ``+++`` (TOML) at the very beginning of a file.

The parser's own option for it takes any such lines in the middle of a file for front matter as well, where they are
rules, and swallows the sections between them.
"""

from __future__ import annotations

import re

from msgspec import Struct

from pm_sync.regex import regex

_OPENING = regex(r"(---|\+\+\+)[ \t]*\r?\n(?![ \t]*\r?\n)")
_CLOSING = {
    "---": regex(r"^(?:---|\.\.\.)(?=[ \t]*\r?$)", re.MULTILINE),
    "+++": regex(r"^\+\+\+(?=[ \t]*\r?$)", re.MULTILINE),
}
_MARKDOWN = regex(
    r"^(?:\#{2,6}[ \t]|\#[ \t][^\n]*\n[ \t]*\r?\n|[-*+][ \t]\[[ xX]\][ \t]|\*\*\w"  # a heading, a box, a label in bold type
    r"|[A-Za-z][\w']*,?(?:[ ][\w']+,?){3}[^\n:=]*$)",  # a sentence
    re.MULTILINE,
)
"""What no front matter has: then the first line is a rule above the text. A comment, which looks like a heading, may
stand in front matter, right above what it is about."""


class FrontMatter(Struct, frozen=True, gc=False):
    """Where front matter ends, in characters, and whether it is ``yaml`` or ``toml``."""

    end: int
    kind: str


def find_front_matter(text: str) -> FrontMatter | None:
    """The front matter that a text begins with."""
    opening = _OPENING.match(text) if text.startswith(("---", "+++")) else None
    closing = _CLOSING[opening[1]].search(text, opening.end()) if opening else None
    if opening is None or closing is None or _MARKDOWN.search(text, opening.end(), closing.start()):
        return None
    return FrontMatter(closing.end(), "yaml" if opening[1] == "---" else "toml")
