"""Comments that turn rules off: ``<!-- pm-sync: disable=PM005,vague-wording -->`` and ``disable-file=…``.

A comment alone on its line speaks of the block behind it, before a heading of the whole section; one beside text speaks
of the block it stands in. Without names it turns off every rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from pm_sync.lint.catalog import BY_WORD, RULES, find_rule
from pm_sync.lint.problems import Finding
from pm_sync.lint.subject import Subject
from pm_sync.markdown.blocks import Block, Kind, children
from pm_sync.model import Span

_COMMENT = re.compile(rb"<!--[ \t]*pm-sync:[ \t]*disable(-file)?(?:[ \t]*=[ \t]*([^>\r\n]{0,400}?))?[ \t]*-->")
_ALL = frozenset(rule.id for rule in RULES)
_LEAVES = frozenset({Kind.PARAGRAPH, Kind.HEADING, Kind.CELL})


@dataclass(frozen=True, slots=True)
class Suppression:
    """Rules that are off within some lines."""

    rules: frozenset[str]
    first: int
    last: int

    def covers(self, rule: str, line: int) -> bool:
        """Whether it turns this rule off at this line."""
        return rule in self.rules and self.first <= line <= self.last


def suppressions(subject: Subject) -> list[Suppression]:
    """All that the postmortem turns off."""
    found = []
    for match in _comments(subject):
        first, last = (1, len(subject.starts)) if match[1] else _reach(subject, Span(*match.span()))
        rules = frozenset(rule.id for word in _words(match) if (rule := find_rule(word)))
        found.append(Suppression(rules if match[2] is not None else _ALL, first, last))
    return found


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
        line = subject.line_start(match.start())
        in_code = subject.data.count(b"`", line, match.start()) % 2 == 1
        if not in_code and not any(block.kind in {Kind.CODE, Kind.META} for block in path):
            yield match


def _words(match: re.Match[bytes]) -> list[str]:
    text = (match[2] or b"").decode("utf-8", "replace")
    return [word for word in re.split(r"[\s,;]+", text) if word]


def _reach(subject: Subject, comment: Span) -> tuple[int, int]:
    line, _ = subject.lines.place(comment.start)
    start = subject.line_start(comment.start)
    rest = subject.data[start : subject.line_end(start)].replace(comment.cut(subject.data), b"")
    if _COMMENT.sub(b"", rest).strip(b" \t>-*+\xef\xbb\xbf"):
        block = next((b for b in reversed(subject.path_to(comment.start)) if b.kind is not Kind.CELL), None)
    else:
        block = _following(subject, subject.document.blocks, comment.end)
    if block is None:
        return line, line
    first, last = subject.lines.place(block.start)[0], subject.lines.place(max(block.start, block.end - 1))[0]
    return min(line, first), _section_end(subject, block) if block.kind is Kind.HEADING else last


def _following(subject: Subject, blocks: tuple[Block, ...], offset: int) -> Block | None:
    """The next block behind an offset, in the innermost block that holds it and another one."""
    for block in blocks:
        if block.start >= offset and block.kind is not Kind.HTML:
            return block
        if block.start < offset < block.end and block.kind not in _LEAVES:
            inner = _following(subject, children(subject.document, block), offset)
            if inner is not None:
                return inner
    return None


def _section_end(subject: Subject, heading: Block) -> int:
    """The last line before the next heading of the same level or above."""
    later = (
        block
        for block in subject.document.blocks
        if block.kind is Kind.HEADING and block.start > heading.start and block.level <= heading.level
    )
    following = next(later, None)
    return subject.lines.place(following.start)[0] - 1 if following else len(subject.starts)
