"""Lines of a paragraph that are headings to the eye: "Corrective measures:" right above the words that it stands over."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from pm_sync.markdown.inlines import STRONG, RichText
from pm_sync.markdown.text import LineStart
from pm_sync.postmortem import vocabulary
from pm_sync.postmortem.sections import CLOSERS, Label, meant, unnoted
from pm_sync.regex import regex

_FIRST = regex(rb"[ \t]*[*_]{0,3}[A-Z](?:[^\n.]{2,60}|[^\n.]{2,60}? \(\[[^\n]*\)\s*?)\n")
"""Our annotation behind the line not counted."""
_COLON = regex(rb":[*_]{0,3}[ \t]*\r?\n|:[*_]{0,3}[ \t]*\r?\Z")
_LEADING = regex(rb":\s*\Z")
_LABEL_BULLET = LineStart(
    rb"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\*\*|__)?[^\n*_:]{3,60}(?:[:*_\xef]|\xbc\x9a)+[ \t]*\r?$"
)
_LABEL_LINE = LineStart(rb"(?:\*\*|__)?[A-Z][^\n*_:]{2,60}(?:[:*_]+)[ \t]*\r?$")
"""A line below a bullet, not indented as the bullet's own lines are, that may be a heading to the eye."""
_LABEL_ENDS = b":*_\x9a \t\r"
_LABEL_END = regex(rb"\n(?<=[:*_\x9a \t\r]\n)")
"""The end of a line that may be a label; it begins with the line feed, so that the search can leap from one to the next."""
_HEAD = regex(r"\s*([^:：\n]{2,60}[:：])")
_WORDS = 8
_JOINING = frozenset({"and", "or", "&", "for", "to", "the", "of"})
_LEADS = 70
_LISTED = frozenset({"tasks", "improvements"})
_ACTION = frozenset({"action"})
_MEASURES = _ACTION | _LISTED


class Row(Struct, frozen=True, gc=False):
    """A label and the characters ``[begin, end)`` that it stands over; what is above the first label has none."""

    label: str
    begin: int
    end: int


def may_hold_labels(data: bytes, start: int, end: int) -> bool:
    """Whether a paragraph of several lines may have a label among them; most paragraphs haven't, and need not be read."""
    first = data.find(b"\n", start, end - 1)
    if first < 0:  # a lone line may be a label that leads on
        return 0 < data.find(b":", start, start + _LEADS) < end - 2 and _LEADING.search(data, start, end) is not None
    return _FIRST.match(data, start, end) is not None or _COLON.search(data, start, end) is not None


def holds_label(data: bytes, start: int, end: int) -> bool:
    """Whether a bullet of a list, or a line below one, is no more than a label; the signs that one ends with come first."""
    maybe = data[end - 1 : end] in _LABEL_ENDS or _LABEL_END.search(data, start, end) is not None
    return maybe and (_LABEL_BULLET.found(data, start, end) or _LABEL_LINE.found(data, start, end))


def rows(text: RichText) -> list[Row]:
    """Cut a paragraph at the lines that name a section."""
    found: list[Row] = []
    label, begin = "", 0
    for at, title, behind in _labels(text):
        if label or text.plain[begin:at].strip():
            found.append(Row(label, begin, at))
        label, begin = meant(title, text.plain[behind:].partition("\n")[0].lstrip(" \t•*-")), behind
    return [*found, Row(label, begin, len(text.plain))]


def _labels(text: RichText) -> Iterator[tuple[int, str, int]]:
    """Where a label begins, its words, and where what it stands over begins."""
    at, any_before, plain = 0, False, text.plain
    strong = {mark.begin: mark.end for mark in text.markup if mark.kind is STRONG}
    for line in plain.split("\n"):
        alone = line.rstrip().endswith((":", "：")) or not at or strong.get(at) == at + len(line.rstrip())
        alone = alone or _announces(line, _MEASURES if any_before else _ACTION)
        found = (_title_in(line) if alone else None) or (led(line) if any_before else None)
        if found:
            yield at, found[0], min(len(plain), at + found[1])
            any_before = True
        at += len(line) + 1


def _title_in(line: str) -> tuple[str, int] | None:
    """The title that a line is, or the label that it begins with, and where in it what that stands over begins.

    "Action items:" stands over the next lines, "Action items: rotate the keys" over its own words as well. A label may
    be led on: it says in a sentence that the measures follow, and ends in a colon.
    """
    said = unnoted(line)
    title, head = said.strip(CLOSERS), _HEAD.match(said)
    named = title[:1].isupper() and len(title.split()) <= _WORDS and bool(vocabulary.names("heading", title))
    if head is None or not (named or _opens(head[1].strip(CLOSERS))):
        return (title, len(line) + 1) if named else None
    label, told = head[1].strip(CLOSERS), said[head.end() :].strip(CLOSERS)
    if told and not vocabulary.concepts("heading", told) and not vocabulary.concepts("group", told):
        return None if _marks(label) else (label, head.end())
    return (title if named else label), len(line) + 1


def _marks(label: str) -> bool:
    """Whether a label says that a task follows it."""
    return "marker" in vocabulary.concepts("label", label)


def _announces(line: str, named: frozenset[str]) -> bool:
    """Whether a line is nothing but a title that names this, written as titles are: no sentence wraps so."""
    words = line.split() if line[:1].isupper() and len(line) <= _LEADS else []
    least = 2 if named is _ACTION else 1
    if not least <= len(words) <= _WORDS or not all(word[0].isupper() or word in _JOINING for word in words):
        return False
    return words[-1][-1].isalpha() and not named.isdisjoint(vocabulary.names("heading", line))


def _opens(title: str) -> bool:
    return title[:1].isupper() and "action" in vocabulary.names("heading", title)


def above_words(text: RichText) -> Label | None:
    """The first line of a bullet, if it names measures and others follow it."""
    line, _, below = text.plain.partition("\n")
    title = line.strip(CLOSERS)
    return Label(title, len(line), bold=False, alone=False) if below.lstrip()[:1].isupper() and _opens(title) else None


def led(plain: str) -> tuple[str, int] | None:
    """The label that a bullet begins with and that names a list, and where the rest begins."""
    head = _HEAD.match(plain)
    return (head[1].strip(CLOSERS), head.end()) if head and _lists(head[1].strip(CLOSERS)) else None


def _lists(title: str) -> bool:
    """Whether a word before a colon names a list ("Tasks: review the alerts"), not a task ("Task: …")."""
    listed = title[:1].isupper() and bool(vocabulary.concepts("heading", title) & _LISTED)
    return listed and not _marks(title)
