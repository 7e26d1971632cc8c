"""Rules about links, and about checkboxes: what is written so that it doesn't do what it looks like."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pm_sync.lint.problems import Finding
from pm_sync.lint.subject import Subject
from pm_sync.markdown.edits import Edit
from pm_sync.model import ActionItem, Link, Span
from pm_sync.postmortem import vocabulary
from pm_sync.regex import regex

_BLANKS = b" \t"
_EMPTY = regex(
    rb"\[([^\]\[\n]{0,200})\]\(\s*(?:#|(?i:tbd|tbc|todo|url|link|xxx|issue|ticket|here|\.{3}|\xe2\x80\xa6))?\s*\)"
)
_APART = regex(rb"\[([^\]\[\n]{1,80})\]([ \t]+)\(https?://[^\s()]{1,500}\)")
_SCHEME = regex(
    rb"(?<![\w/.])(?:https?:/(?!/)|https?;?//|https?:\\\\|(?!https?:)h?[htp]{1,5}s?://)[\w.-]{1,100}", re.IGNORECASE
)
_NO_SCHEME = regex(
    rb"(?<![\w/.@:-])(?:www\.)?(?:github|gitlab)\.com/[\w.-]{1,100}/[\w.-]{1,100}/(?:-/)?(?:issues|pull|merge_requests)/\d{1,9}"
)
_NO_NUMBER = regex(
    rb"https?://[^\s()<>\[\]|]{1,300}/(?:(?:issues|pull|merge_requests)/(?:new|#|[xX]+|[nN]+|\?+|(?i:tbd|todo|number|id))|browse/[A-Z][A-Z0-9_]{1,19}-(?:[xX]+|[nN]+|\?+|#+|0+|(?i:tbd|todo)))(?![\w-])"
)
_REFERENCE = regex(rb"(?<![\w\]\[!])\[([^\]\[\n]{1,120})\]\[([^\]\[\n]{1,120})\]")
_DEFINITION = regex(rb"^[ \t>]*\[([^\]\n]{1,120})\]:[ \t]*\S", re.MULTILINE)
_BOX = regex(
    rb"^([ \t>]*(?:[-*+]|\d{1,9}[.)]))(?:([ \t]+)(\[\]|\[[xX][ \t]+\]|\[[ \t]+[xX][ \t]*\]|\[[ \t]{2,}\])(?=[ \t]+\S)|()(\[[ xX]?\])(?=[ \t]+\S)|([ \t]+)(\[[ xX]\])(?=\w))",
    re.MULTILINE,
)


def repeated_link(subject: Subject) -> Iterator[Finding]:
    """PM012. Our own annotation may name the issue that a link before it names."""
    owners: dict[str, ActionItem] = {}
    for item in subject.items:
        yield from _within(subject, item)
        if item.annotation is not None:
            other = owners.setdefault(_target(item.annotation.link), item)
            if other is not item:
                message = f"{item.annotation.link.ref} is the issue of line {other.line} already; remove it here to get another"
                yield Finding(item.annotation.span, message)


def _within(subject: Subject, item: ActionItem) -> Iterator[Finding]:
    seen: dict[str, Link] = {}
    # A status report nested below may name the issue once more.
    for link in (link for link in item.links if link.span in item.span):
        first = seen.setdefault(_target(link), link)
        if first is not link and first.span != link.span:
            yield Finding(link.span, f"{link.ref} is given twice for one item", _without(subject.data, first, link))


def _target(link: Link) -> str:
    return (link.url or link.ref).casefold().rstrip("/")


def _without(data: bytes, first: Link, second: Link) -> tuple[Edit, ...]:
    """Take out the second, if it says byte for byte what stands right before it."""
    one, other = _with_brackets(data, first.span), _with_brackets(data, second.span)
    between = data[one.end : other.start]
    if one.cut(data) != other.cut(data) or between.strip(_BLANKS + b",") or not between:
        return ()
    return (Edit(Span(one.end, other.end), b""),)


def _with_brackets(data: bytes, span: Span) -> Span:
    if data[span.start - 1 : span.start] == b"(" and data[span.end : span.end + 1] == b")":
        return Span(span.start - 1, span.end + 1)
    return span


def broken_link(subject: Subject) -> Iterator[Finding]:
    """PM013. Looked for in what stands at an action item, where a link is meant to lead to its issue."""
    defined = {_label(match[1]) for match in _DEFINITION.finditer(subject.data)}
    for item in subject.items:
        for finding in _broken(subject.data, item.span, defined):
            if subject.is_shown(finding.span.start):
                yield finding


def _broken(data: bytes, span: Span, defined: set[str]) -> Iterator[Finding]:
    start, end = span.start, span.end
    for match in _EMPTY.finditer(data, start, end):
        yield _found(match, "leads nowhere; give it an address, or take the brackets away")
    for match in _APART.finditer(data, start, end):
        if "reference" in vocabulary.concepts("word", match[1].decode()) or match[1].startswith(b"#"):
            edit = Edit(Span(match.start(2), match.end(2)), b"")
            yield _found(match, "is no link, as a blank stands between its label and its address", edit)
    for match in _SCHEME.finditer(data, start, end):
        yield _found(match, "is no address; it should begin with https://")
    for match in _NO_SCHEME.finditer(data, start, end):
        yield _found(
            match, "is no link without https:// before it", Edit(Span(match.start(), match.start()), b"https://")
        )
    for match in _NO_NUMBER.finditer(data, start, end):
        yield _found(match, "leads to no issue; put the issue's own address")
    for match in _REFERENCE.finditer(data, start, end):
        if _label(match[2]) not in defined:
            yield _found(match, f"is no link, as nothing says where [{match[2].decode()}] leads")


def _found(match: re.Match[bytes], what: str, *edits: Edit) -> Finding:
    return Finding(Span(*match.span()), f"“{match[0].decode('utf-8', 'replace')}” {what}", edits)


def _label(raw: bytes) -> str:
    return " ".join(raw.decode("utf-8", "replace").casefold().split())


def broken_checkbox(subject: Subject) -> Iterator[Finding]:
    """PM018. Each of these can only be meant as one of the two boxes that there are."""
    for match in _BOX.finditer(subject.data):
        group = 3 if match[3] else 5 if match[5] else 7
        box = match[group]
        if not subject.is_shown(match.start(group)):
            continue
        right = b"[x]" if b"x" in box.lower() else b"[ ]"
        before = b" " if group == 5 else b""  # noqa: PLR2004 - the group without a blank before its box
        after = b" " if group == 7 else b""  # noqa: PLR2004 - the group without one behind it
        span = Span(match.start(group), match.end(group))
        shown = (match[1].strip() + (match[group - 1] or b"") + box).decode()
        message = f"“{shown}” is no checkbox; write “{match[1].strip().decode()} {right.decode()} ”"
        yield Finding(span, message, (Edit(span, before + right + after),))
