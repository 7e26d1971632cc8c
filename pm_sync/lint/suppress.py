"""Comments that turn rules off: ``<!-- pm-sync: disable=PM005,vague-wording -->`` and ``disable-file=…``.

A comment alone on its line speaks of the block behind it, before a heading of the whole section; one beside text speaks
of the block it stands in. Without names it turns off every rule.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from itertools import islice

from pm_sync.lint.catalog import BY_WORD, RULES, find_rule
from pm_sync.lint.problems import Finding
from pm_sync.lint.subject import Node, Subject
from pm_sync.markdown.blocks import Block, Kind
from pm_sync.markdown.inlines import MarkKind
from pm_sync.model import Span
from pm_sync.regex import regex

_COMMENT = regex(rb"<!--[ \t]*pm-sync:[ \t]*disable(-file)?(?:[ \t]*=[ \t]*([^>\r\n]{0,400}?))?[ \t]*-->")
_ALL = frozenset(rule.id for rule in RULES)


class Suppressions:
    """The lines at which rules are off."""

    def __init__(self, subject: Subject) -> None:
        self._spans: dict[str, list[tuple[int, int]]] = {}
        for match in _comments(subject):
            reach = (1, len(subject.starts)) if match[1] else _reach(subject, Span(*match.span()))
            rules = {rule.id for word in _words(match) if (rule := find_rule(word))}
            for name in _ALL if match[2] is None else rules:
                self._spans.setdefault(name, []).append(reach)
        self._spans = {rule: _merged(spans) for rule, spans in self._spans.items()}

    def cover(self, rule: str, line: int) -> bool:
        """Whether a rule is off at a line."""
        spans = self._spans.get(rule, [])
        at = bisect_right(spans, line, key=lambda span: span[0]) - 1
        return at >= 0 and line <= spans[at][1]


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same lines in spans that don't overlap, in order."""
    merged: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged


def unknown_rule(subject: Subject) -> Iterator[Finding]:
    """PM019."""
    for match in _comments(subject):
        for word in _words(match):
            if find_rule(word) is None:
                near = get_close_matches(word.casefold(), BY_WORD, n=1)
                meant = f"; did you mean “{near[0].upper() if near[0].startswith('pm') else near[0]}”?" if near else ""
                yield Finding(Span(*match.span()), f"there is no rule “{word}”{meant}")


def _comments(subject: Subject) -> Iterator[re.Match[bytes]]:
    """Those that are comments to Markdown as well, not examples in code."""
    for match in _COMMENT.finditer(subject.data):
        path = subject.path_to(match.start())
        if path and (path[-1].block.kind is Kind.HTML or _is_inline_comment(path[-1], match.start())):
            yield match


def _is_inline_comment(node: Node, offset: int) -> bool:
    marks = node.text.markup if node.text else ()
    return any(mark.kind is MarkKind.COMMENT and mark.start <= offset < mark.stop for mark in marks)


def _words(match: re.Match[bytes]) -> list[str]:
    text = (match[2] or b"").decode("utf-8", "replace")
    return [word for word in re.split(r"[\s,;]+", text) if word]


def _reach(subject: Subject, comment: Span) -> tuple[int, int]:
    line = subject.line_number(comment.start)
    start = subject.line_start(comment.start)
    rest = subject.data[start : subject.line_end(start)].replace(comment.cut(subject.data), b"")
    if _COMMENT.sub(b"", rest).strip(b" \t>-*+\xef\xbb\xbf"):
        block = next((n.block for n in reversed(subject.path_to(comment.start)) if n.block.kind is not Kind.CELL), None)
    else:
        block = subject.following(comment.end)
    if block is None:
        return line, line
    first, last = subject.line_number(block.start), subject.line_number(max(block.start, block.end - 1))
    return min(line, first), _section_end(subject, block) if block.kind is Kind.HEADING else last


def _section_end(subject: Subject, heading: Block) -> int:
    """The last line before the next heading of the same level or above."""
    at = bisect_right(subject.document.blocks, heading.start, key=lambda block: block.start)
    later = (
        block
        for block in islice(subject.document.blocks, at, None)
        if block.kind is Kind.HEADING and block.level <= heading.level
    )
    following = next(later, None)
    return subject.line_number(following.start) - 1 if following else len(subject.starts)
