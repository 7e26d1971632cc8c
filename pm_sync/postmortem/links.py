"""References to issues inside an item's text."""

from __future__ import annotations

import re
from datetime import date
from operator import attrgetter

from msgspec import Struct

from pm_sync.markdown.inlines import CODE, LINK, RichText
from pm_sync.model import Annotation, Link, LinkPosition, Span, State
from pm_sync.postmortem import vocabulary
from pm_sync.regex import regex

# GitHub and what resembles it, Jira; Linear and YouTrack, Phabricator, Bugzilla, Azure: listed, though nothing asks them.
_ISSUE = (
    r"(?:[\w.-]+/[\w.-]+/(?:-/)?(?:issues|work_items|pull|pulls|pull-requests|merge_requests)/\d+"
    r"|(?:browse|issue)/[A-Z][A-Z0-9_]+-\d+|T\d{3,9}|show_bug\.cgi\?id=\d+|_workitems/edit/\d+)(?![\w-])"
)
_ISSUE_URL = regex(rf"https?://[^\s/<>()\[\]]+(?:/[^\s/<>()\[\]]+)*?/{_ISSUE}[^\s<>()\[\]|]*")
_ISSUE_PATH = regex(rf"^https?://[^/\s]+/(?:\S+/)??{_ISSUE}")
_URL = regex(r"https?://[^\s<>\]|]+")
_BARE = regex(
    r"(?<![\w/#&.@-])(?:local#\d{1,9}|(?:[\w.-]{1,40}/[\w.-]{1,100})?#\d{1,9}|[A-Z][A-Z0-9_]{1,19}-\d{1,9})(?![\w-])"
)
_BARE_SIGN = regex(r"[#A-Z](?:(?<=#)\d|[A-Z0-9_]+-\d)")
"""A sign that each bare reference has; looked for first, as it is found to be missing in a tenth of the time."""
_OPENED = regex(r"[(\[,;|\n（【，；。]|\.\s|\s[-–—]\s")
_KEY = regex(r"[A-Z][A-Z0-9_]{1,19}-\d{1,9}")
_NO_PROJECT = frozenset(
    {
        "CVE",
        "CWE",
        "ADR",
        "RFC",
        "ISO",
        "SHA",
        "UTF",
        "SEV",
        "CAPEC",
        "GHSA",
        "PEP",
        "BCP",
        "FIPS",
        "PCI",
        "SOC",
        "MD",
        "AES",
        "RSA",
        "TLS",
        "HTTP",
        "IEEE",
        "ECMA",
        "ANSI",
        "NIST",
        "EN",
        "DIN",
        "COVID",
        "GPT",
        "BASE",
        "WINDOWS",
        "US",
        "EU",
        "AP",
        "ITU",
        "ES",
        "S",
        "P",
        "Q",
        "H",
        "V",
    }
)
COLUMN, ALONE, END, INLINE = LinkPosition
_COVERING = frozenset({LINK, CODE})
_OPENING = frozenset("([（【")
_CLOSING = frozenset(")]）】")
_FARTHEST = 8_000
_WORDS = {"open": State.OPEN, "in progress": State.IN_PROGRESS, "done": State.DONE, "dropped": State.DROPPED}
_STATES = r"(open|in progress|done|dropped)(?: (\d{4}-\d{2}-\d{2}))?"
_PLAIN_NOTE = regex(rf"\(([^\s()]{{1,200}}), {_STATES}\)")
_RAW_NOTE = regex(rf" \((?:\[([^\[\]\n]{{1,200}})\]\((https?://[^\s()<>]+)\)|(local#\d+)), {_STATES}\)".encode())
_RAW_CELL = regex(
    rf'(?:\[([^\[\]\n]{{1,200}})\]\((https?://[^\s()<>]+) "{_STATES}"\)|\((local#\d+), {_STATES}\))'.encode()
)


class Found(Struct, frozen=True, gc=False):
    """A reference and where it stands in the plain text."""

    begin: int
    end: int
    ref: str
    url: str | None
    start: int
    stop: int

    def link(self, position: LinkPosition) -> Link:
        """The reference as a link of the item."""
        return Link(self.ref, self.url, Span(self.start, self.stop), position)


def is_issue_url(url: str) -> bool:
    """Whether an address is that of an issue, pull request or Jira issue."""
    return _ISSUE_PATH.match(url) is not None


def is_bare_key(text: str) -> bool:
    """Whether a text is one Jira key, and not the number of a standard or a weakness (``CVE-2024-1``)."""
    return "-" in text and _KEY.fullmatch(text) is not None and text.partition("-")[0] not in _NO_PROJECT


def find_links(text: RichText, begin: int, end: int, keys: frozenset[str], *, alone: bool = False) -> list[Found]:
    """All references between two places of the plain text, in order.

    A bare key (``OPS-12``) is one where its project is in ``keys``, or where it stands alone: in brackets, or, with
    ``alone``, as the whole content of an issue column's cell.
    """
    plain = text.plain
    addressed, signed = "://" in plain, "#" in plain or "-" in plain
    if not text.markup and not addressed and not signed:
        return []
    if end - begin > _FARTHEST:
        end = begin + _FARTHEST
    found = [
        Found(m.begin, m.end, _label(plain[m.begin : m.end].strip(), m.url), m.url, m.start, m.stop)
        for m in text.markup
        if m.kind is LINK and begin <= m.begin and m.end <= end and is_issue_url(m.url)
    ]
    sign = _BARE_SIGN.search(plain, begin, end) if signed else None
    if not addressed and sign is None:
        return found  # in order, as no link stands in another
    covered = [(m.begin, m.end) for m in text.markup if m.kind in _COVERING]
    if addressed:
        for match in _ISSUE_URL.finditer(plain, begin, end):
            if not _within(match.start(), covered):
                address = match[0].rstrip(".,;:!?'\"*_")
                found.append(bare(text, match.start(), match.start() + len(address), address, address))
                covered.append((match.start(), match.end()))
        covered += [(m.start(), m.end()) for m in _URL.finditer(plain, begin, end)]
    if sign is not None:
        # There is no blank in a reference, so the first can't begin before the last blank before its sign.
        first = max(begin, plain.rfind(" ", begin, sign.start()))
        found += [
            bare(text, match.start(), match.end(), match[0])
            for match in _BARE.finditer(plain, first, end)
            if not _within(match.start(), covered) and _is_reference(match, (begin, end), keys, alone=alone)
        ]
    return sorted(found, key=attrgetter("begin")) if len(found) > 1 else found


def _label(label: str, url: str) -> str:
    """How a link is called: by its label, unless that is the item's own words ("[Add an alert](…)")."""
    short = " " not in label or (label.count(" ") == 1 and any(c.isdigit() for c in label))
    return label if label and (short or "reference" in vocabulary.concepts("word", label)) else url


def _within(at: int, covered: list[tuple[int, int]]) -> bool:
    return any(begin <= at < end for begin, end in covered)


def bare(text: RichText, begin: int, end: int, ref: str, url: str | None = None) -> Found:
    """A reference that is written out at ``[begin, end)`` of the plain text."""
    return Found(begin, end, ref, url, text.offset(begin), text.offset(end - 1) + 1)


def _is_reference(match: re.Match[str], within: tuple[int, int], keys: frozenset[str], *, alone: bool) -> bool:
    word, plain = match[0], match.string
    begin, end = within
    if "#" in word:
        return True
    if word.rpartition("-")[0] in keys:
        return True
    if not is_bare_key(word):
        return False
    before, after = plain[begin : match.start()].rstrip(), plain[match.end() : end].lstrip()
    if alone or not before:
        return alone
    if before.endswith((":", "：")):
        return "link" in vocabulary.concepts("label", _OPENED.split(before[:-1])[-1].strip(" \t*_-"))
    if after[:1] != "," and after[:1] not in _CLOSING:
        return False
    return before[-1] in "([,（【" or "reference" in vocabulary.concepts("word", _OPENED.split(before)[-1])


def position_of(found: Found, plain: str, begin: int, end: int) -> LinkPosition:
    """Where a reference stands within the item's text ``[begin, end)``."""
    before, after = plain[begin : found.begin].rstrip(), plain[found.end : end].lstrip()
    if (before[-1:] in _OPENING and after[:1] in _CLOSING) or not (before.strip("-–—: ") or after.strip(".:;,")):
        return ALONE
    if not after.strip(".,;:!?)]）】。"):
        return END
    return INLINE


class Note(Struct, frozen=True):
    """Our annotation and where it stands in the plain text."""

    begin: int
    end: int
    annotation: Annotation


def find_note(text: RichText, begin: int, end: int) -> Note | None:
    """The annotation at the very end of ``[begin, end)``; anything else, however similar, is the writer's."""
    window = text.plain[begin:end].rstrip()
    opening = window.rfind("(") if window.endswith(")") else -1
    match = _PLAIN_NOTE.fullmatch(window, opening) if opening > 0 else None
    if match is None or window[opening - 1] != " ":
        return None
    start, stop = text.offset(begin + opening - 1), text.offset(begin + len(window) - 1) + 1
    raw = _RAW_NOTE.fullmatch(text.source, start, stop)
    if raw is None:
        return None
    label, url = (raw[1] or raw[3]).decode(), raw[2].decode() if raw[2] else None
    annotation = _annotation(Link(label, url, Span(start, stop), ALONE), raw[4], raw[5])
    return Note(begin + opening - 1, begin + len(window), annotation) if annotation else None


def without_note(text: RichText) -> str:
    """A block's plain text without our annotation at its end: it reads the same before and after a write-back."""
    note = find_note(text, 0, len(text.plain)) if text.plain.rstrip().endswith(")") else None
    return text.plain[: note.begin] if note else text.plain


def find_cell_note(source: bytes, start: int, end: int) -> Annotation | None:
    """The annotation at the end of an issue column's cell: the link's title is the state."""
    cell = source[start:end].rstrip()
    match = next((m for m in _RAW_CELL.finditer(cell) if m.end() == len(cell)), None)
    if match is None:
        return None
    before = cell[: match.start()]
    if before.strip() and not before.endswith(b" "):
        return None
    begin = start + match.start() - (1 if before.strip() else 0)
    label, url, state, day = (
        (match[1], match[2], match[3], match[4]) if match[2] else (match[5], None, match[6], match[7])
    )
    link = Link(label.decode(), url.decode() if url else None, Span(begin, start + match.end()), COLUMN)
    return _annotation(link, state, day)


def _annotation(link: Link, state: bytes, day: bytes | None) -> Annotation | None:
    try:
        when = date.fromisoformat(day.decode()) if day else None
    except ValueError:
        return None
    return Annotation(link, _WORDS[state.decode()], when, link.span)
