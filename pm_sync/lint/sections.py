"""Rules about what a postmortem must hold: sections, items, and no remains of a template."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pm_sync.lint import words
from pm_sync.lint.problems import Finding
from pm_sync.lint.subject import Subject
from pm_sync.mark import text_hash
from pm_sync.markdown.blocks import Kind
from pm_sync.model import RejectedItem, Span
from pm_sync.postmortem.sections import Active, Part, sections
from pm_sync.regex import regex

_REMAINS = regex(
    rb"\{\{(?![<%])(?![^{}\n]{0,200}(?:site|page|include)\.)[^{}\n]{1,200}\}\}"
    rb"|(?<![\w-])(?:YYYY-MM-DD|YYYY/MM/DD|DD/MM/YYYY|MM/DD/YYYY|DD\.MM\.YYYY)(?![\w-])"
    rb"|(?i:\blorem ipsum\b)"
    rb"|\[(?i:tbd|tbc|placeholder|insert)\](?![(\[:])"
    rb"|\[(?i:insert|your|enter|fill in|describe) [^\]\[<>\n]{1,120}\](?![(\[:])"
    rb"|<(?i:insert|your|enter|fill in|describe) [^\]\[<>\n]{1,120}>"
)
_VALUE = regex(r"[^:\uff1a\n]{2,60}[:\uff1a]\s*(.+)", re.DOTALL)
_FACTS = {"impact": "impact", "root-cause": "root_cause"}


def action_section(subject: Subject) -> Part | None:
    """The first section for action items, with or without any."""
    sure = next((part for part in subject.parts if part.active is Active.YES), None)
    return sure or next((part for group in sections(subject.parts)[0] for part in group), None)


def no_action_section(subject: Subject) -> Iterator[Finding]:
    """PM001."""
    if action_section(subject) is None and not subject.items and not subject.postmortem.rejected:
        yield Finding(subject.title_span, "there is no section for action items; add one, even to say that none follow")


def no_items(subject: Subject) -> Iterator[Finding]:
    """PM002. A section that says itself that nothing follows has said enough."""
    section = action_section(subject)
    if section is None or subject.items or any(_says_something(r) for r in subject.postmortem.rejected):
        return
    span = subject.line_span(section.block.start) if section.block else subject.title_span
    yield Finding(span, "the section holds no action items; list them, or say “None” and why")


def _says_something(rejected: RejectedItem) -> bool:
    return any(character.isalnum() for character in rejected.text)


def missing_section(subject: Subject) -> Iterator[Finding]:
    """PM003."""
    wanted = subject.options.sections
    if not wanted:
        return
    titles = list(subject.titles)
    severity = subject.postmortem.incident.severity
    for section in wanted:
        if not _has(subject, section, titles):
            message = f"no section tells the {section.replace('-', ' ')}, which “{severity}” calls for"
            yield Finding(subject.title_span, message)


def _has(subject: Subject, section: str, titles: list[str]) -> bool:
    if section == "actions":
        return action_section(subject) is not None
    if section in _FACTS and getattr(subject.postmortem.incident, _FACTS[section]):
        return True
    return any(words.names_section(section, title) for title in titles)


def placeholder(subject: Subject) -> Iterator[Finding]:
    """PM004."""
    found = [*_rejected(subject), *_remains(subject), *_values(subject)]
    taken: set[int] = set()
    for finding in sorted(found, key=lambda f: f.span):
        line = subject.line_number(finding.span.start)
        if line not in taken:
            yield finding
        taken.add(line)


def _rejected(subject: Subject) -> Iterator[Finding]:
    """What the reader took for a template's own example of an item."""
    known = {text_hash(item.text) for item in subject.items}
    for rejected in subject.postmortem.rejected:
        if "placeholder" in rejected.reason and text_hash(rejected.text) not in known:
            span = subject.line_span(subject.offset(rejected.line))
            yield Finding(span, f"“{_short(rejected.text)}” is a placeholder; write the action item, or take it out")


def _remains(subject: Subject) -> Iterator[Finding]:
    """Marks that no finished text holds."""
    for match in _REMAINS.finditer(subject.data):
        span = Span(match.start(), match.end())
        # What a template writes as <insert name> is a tag to Markdown, so people don't see it.
        if subject.is_seen(span.start) or (match[0].startswith(b"<") and subject.is_shown(span.start)):
            yield Finding(span, f"“{_short(match[0].decode())}” was left by the template; fill it in, or take it out")


def _values(subject: Subject) -> Iterator[Finding]:
    """Cells, paragraphs and ``Label: value`` lines that only say that something is still to be said."""
    labels = {part.block.start for part in subject.parts if part.block is not None}
    for block, text in subject.texts:
        if block.kind is Kind.HEADING or block.start in labels or subject.holds_item(block):
            continue
        at = 0
        for line in text.plain.split("\n"):
            value = _placeholder_in(line)
            if value:
                begin = text.offset(at + line.rindex(value))
                span = Span(begin, begin + len(value.encode()))
                yield Finding(span, f"“{value}” is a placeholder; say what is known, or that nothing is")
            at += len(line) + 1


def _placeholder_in(line: str) -> str:
    """The part of a line that is a placeholder: the whole of it, or what stands behind its label."""
    # "TODO:" over a list is a heading in all but name.
    if line.rstrip(" *_`").endswith((":", "\uff1a")):
        return ""
    labelled = _VALUE.fullmatch(line.strip())
    for value in (line.strip(), labelled[1].strip() if labelled else ""):
        bare = value.strip(" *_`.[]()<>")
        if bare and len(bare) < 40 and words.is_one_of("placeholder", "values", bare):  # noqa: PLR2004 - longer than any
            return bare
    return ""


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"  # noqa: PLR2004 - so much fits a line
