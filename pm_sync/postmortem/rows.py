"""Lines of a paragraph that are headings to the eye: "Corrective measures:" right above the words that it stands over."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from pm_sync.markdown.inlines import RichText
from pm_sync.postmortem import vocabulary
from pm_sync.postmortem.sections import CLOSERS
from pm_sync.regex import regex

_FIRST = regex(rb"[ \t]*[*_]{0,3}[A-Z][^\n.]{2,60}\n")
_COLON = regex(rb":[*_]{0,3}[ \t]*\r?\n|:[*_]{0,3}[ \t]*\r?\Z")
_HEAD = regex(r"\s*([^:：\n]{2,60}[:：])")
_WORDS = 8
_LISTED = frozenset({"tasks", "improvements"})


class Row(Struct, frozen=True, gc=False):
    """A label and the characters ``[begin, end)`` that it stands over; what is above the first label has none."""

    label: str
    begin: int
    end: int


def may_label(data: bytes, start: int, end: int) -> bool:
    """Whether a paragraph of several lines may have a label among them; most paragraphs haven't, and need not be read."""
    first = data.find(b"\n", start, end - 1)
    if first < 0:
        return False
    return _FIRST.match(data, start, end) is not None or _COLON.search(data, start, end) is not None


def rows(text: RichText) -> list[Row]:
    """Cut a paragraph at the lines that name a section."""
    found: list[Row] = []
    label, begin = "", 0
    for at, title, behind in _labels(text.plain):
        if label or text.plain[begin:at].strip():
            found.append(Row(label, begin, at))
        label, begin = title, behind
    return [*found, Row(label, begin, len(text.plain))]


def _labels(plain: str) -> Iterator[tuple[int, str, int]]:
    """Where a label begins, its words, and where what it stands over begins."""
    at, any_before = 0, False
    for line in plain.split("\n"):
        title = line.strip(CLOSERS)
        alone = line.rstrip().endswith((":", "：")) or not at
        if alone and title[:1].isupper() and len(title.split()) <= _WORDS and vocabulary.names("heading", title):
            yield at, title, min(len(plain), at + len(line) + 1)
            any_before = True
        elif any_before and (head := _HEAD.match(line)) and _lists(head[1].strip(CLOSERS)):
            yield at, head[1].strip(CLOSERS), at + head.end()
        at += len(line) + 1


def _lists(title: str) -> bool:
    """Whether a word before a colon names a list ("Tasks: review the alerts"), not a task ("Task: …")."""
    listed = title[:1].isupper() and bool(vocabulary.names("heading", title) & _LISTED)
    return listed and "marker" not in vocabulary.concepts("label", title)
