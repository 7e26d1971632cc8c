"""What both of Jira's text formats have in common: which text is parsed as Markdown, and where links may go."""

from __future__ import annotations

import re
from typing import Any

from msgspec import Struct

_UNSAFE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_BLANKS = re.compile(r"\s+")
_DELIMITER = re.compile(r"[*_\[\]`~<!>]")
_MOST_DELIMITERS = 2000
"""Beyond so many the parser, whose time grows with their square, would take seconds."""
_SAFE_TARGETS = ("http://", "https://", "mailto:")


class Run(Struct, frozen=True):
    """Words in one style."""

    text: str
    strong: bool = False
    href: str | None = None


def clean(text: str) -> str:
    """Text without the characters that Jira refuses."""
    return _UNSAFE.sub("", text)


def one_line(text: str) -> str:
    """Text whose blanks are single ones."""
    return _BLANKS.sub(" ", clean(text))


def is_parsable(text: str) -> bool:
    """Whether text can be parsed as Markdown in reasonable time; no person writes the other kind."""
    return len(_DELIMITER.findall(text)) <= _MOST_DELIMITERS


def paragraphs(text: str) -> list[str]:
    """Text that isn't parsed, at least in paragraphs."""
    return [part for part in re.split(r"\n\s*\n", text) if part.strip()]


def is_web_address(target: str) -> bool:
    """Whether a link may go there."""
    return target.startswith(_SAFE_TARGETS)


def plain_text(body: Any) -> str:  # noqa: ANN401  text or JSON
    """The words of a body or comment, without its markup."""
    parts: list[str] = []
    left: list[Any] = [body]
    while left:  # without recursion, whose depth anybody could exhaust who may edit an issue
        match left.pop():
            case str(text):
                parts.append(text.replace("\\", ""))
            case list(nodes):
                left += reversed(nodes)
            case dict(node):
                parts.append(str(node.get("text", "")))
                left += ["\n"] if node.get("type") in ("paragraph", "heading") else []
                left.append(node.get("content", []))
    return "".join(parts)
