"""Rules about single action items, and about all of them together."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pm_sync.lint import words
from pm_sync.lint.problems import Finding
from pm_sync.lint.subject import Subject
from pm_sync.mark import text_hash
from pm_sync.markdown.blocks import Block
from pm_sync.markdown.inlines import rich_text
from pm_sync.model import ActionItem, Span, State
from pm_sync.postmortem import vocabulary
from pm_sync.postmortem.sections import Active

_SHOWN = 50


def no_owner(subject: Subject) -> Iterator[Finding]:
    """PM005. The issue of an item that has one knows who works on it."""
    for item in subject.open_items:
        owned = any(above.owners or above.team or _linked(above) for above in _line_up(subject, item))
        if not owned and not _all_parts(subject, item, lambda part: bool(part.owners or part.team)):
            yield _about(subject, item, "nobody owns it; name a person or a team, such as `Owner: Jane` or `@jane`")


def no_due_date(subject: Subject) -> Iterator[Finding]:
    """PM006. An issue that somebody else made has its own due date."""
    if subject.options.due_by_priority:
        return
    for item in subject.open_items:
        above = _line_up(subject, item)
        if any(one.due or one.deferral or _followed(one) for one in above):
            continue
        if item.due_text:
            yield _about(subject, item, f"“{item.due_text}” is no day; write it as YYYY-MM-DD")
        elif not _all_parts(subject, item, lambda part: bool(part.due)):
            yield _about(subject, item, "it has no due date; add one, such as `Due: 2026-05-01`")


def no_priority(subject: Subject) -> Iterator[Finding]:
    """PM007. An issue that somebody else made has its own priority."""
    for item in subject.open_items:
        if not any(one.priority or _followed(one) for one in _line_up(subject, item)):
            yield _about(subject, item, "it has no priority; add one, such as `[P1]` or `Priority: high`")


def vague_wording(subject: Subject) -> Iterator[Finding]:
    """PM008. What was done already was concrete enough to do."""
    for item in subject.open_items:
        if words.holds("vague", "phrases", item.text):
            yield _about(subject, item, "nobody can check it off: say what to change so that care isn't needed")
        elif not item.details and not _parts(subject, item) and words.is_vague(item.text):
            yield _about(subject, item, "nobody can tell when it is done: say what exactly will be there then")
    yield from _vague_prose(subject)


def _vague_prose(subject: Subject) -> Iterator[Finding]:
    """What a section of measures promises beside its items."""
    spans = [item.span for item in subject.items]
    for part in subject.parts:
        for piece in part.pieces if part.active is not Active.NO else ():
            for block in subject.leaves((piece.block,)):
                block_span = Span(block.start, block.end)
                if not any(_overlap(span, block_span) for span in spans):
                    yield from _vague_sentence(subject, block)


def _vague_sentence(subject: Subject, block: Block) -> Iterator[Finding]:
    text = " ".join(rich_text(subject.document, block).plain.split())
    if words.holds("vague", "phrases", text):
        message = f"“{_short(text)}”: nobody can check it off: say what to change so that care isn't needed"
        yield Finding(subject.line_span(block.start), message)


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def duplicate_item(subject: Subject) -> Iterator[Finding]:
    """PM009. The same words under another parent or for another team are another item."""
    first: dict[tuple[str, int | None, str | None], int] = {}
    texts: dict[str, int] = {}
    for item in subject.items:
        text = text_hash(item.text)
        line = first.setdefault((text, item.parent, item.team), item.line)
        texts.setdefault(text, item.line)
        if line != item.line:
            yield _about(subject, item, f"line {line} says the same; keep one of them")
    for rejected in subject.postmortem.rejected:
        if (line := texts.get(text_hash(rejected.text), rejected.line)) < rejected.line:
            span = subject.line_span(subject.offset(rejected.line))
            yield Finding(span, f"“{_short(rejected.text)}”: line {line} says the same; keep one of them")


def no_preventive_item(subject: Subject) -> Iterator[Finding]:
    """PM010. Said only where each item is known to be of another kind."""
    if subject.items and all(_is_other(item) for item in subject.items):
        message = "no action item prevents it: all of them detect, investigate, document or mitigate"
        yield _about(subject, subject.items[0], message)


def _is_other(item: ActionItem) -> bool:
    if any(words.holds("kind", "preventive", text) for text in (item.text, item.type or "", *item.section[-1:])):
        return False
    if item.type:
        return words.begins("kind", "other", item.type)
    first, _, rest = vocabulary.fold(item.text).partition(" ")
    made = words.is_one_of("kind", "makes", first) and words.holds("kind", "other_objects", " ".join(rest.split()[:4]))
    return made or words.is_one_of("kind", "other", first)


def done_without_link(subject: Subject) -> Iterator[Finding]:
    """PM011. What was decided against needs no proof."""
    for item in subject.items:
        dropped = item.control is not None and item.control.state is State.DROPPED
        if item.done and not dropped and not any(_linked(one) for one in _line_up(subject, item)):
            yield _about(subject, item, "it is done, but nothing shows how; link its issue or pull request")


def unknown_person(subject: Subject) -> Iterator[Finding]:
    """PM014. Said only where the configuration names people."""
    known = {_person(name) for name in subject.options.people}
    if not known:
        return
    for item in subject.items:
        for owner in item.owners:
            if _person(owner) not in known:
                yield _about(subject, item, f"“{owner}” is none of the people and teams in the configuration")


def _person(name: str) -> str:
    return vocabulary.fold(name.lstrip("@"))


def _linked(item: ActionItem) -> bool:
    return bool(item.links or item.annotation)


def _followed(item: ActionItem) -> bool:
    """Whether the item's issue was there first; one that we made takes its fields from the postmortem."""
    return bool(item.links) and item.annotation is None


def _line_up(subject: Subject, item: ActionItem) -> list[ActionItem]:
    """The item and those it is a part of, from the inside out."""
    line: list[ActionItem] = []
    above: ActionItem | None = item
    while above is not None and above not in line:
        line.append(above)
        above = subject.parent(above)
    return line


def _parts(subject: Subject, item: ActionItem) -> list[ActionItem]:
    at = next(n for n, one in enumerate(subject.items) if one is item)
    return [one for one in subject.items if one.parent == at]


def _all_parts(subject: Subject, item: ActionItem, holds: Callable[[ActionItem], bool]) -> bool:
    """Whether an item consists of parts for each of which something holds."""
    parts = _parts(subject, item)
    return bool(parts) and all(map(holds, parts))


def _about(subject: Subject, item: ActionItem, what: str) -> Finding:
    end = subject.line_span(item.span.start).end
    return Finding(
        Span(item.span.start, max(item.span.start, min(end, item.span.end))), f"“{_short(item.title)}”: {what}"
    )


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1].rstrip()}…"
