"""Rules about single action items, and about all of them together."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator

from pm_sync.lint import words
from pm_sync.lint.problems import Finding
from pm_sync.lint.subject import Subject
from pm_sync.mark import text_hash
from pm_sync.markdown.blocks import Block
from pm_sync.markdown.inlines import RichText
from pm_sync.model import ActionItem, Span, State
from pm_sync.postmortem import vocabulary
from pm_sync.postmortem.sections import Active

Test = Callable[[ActionItem], bool]

_SHOWN = 50


def no_owner(subject: Subject) -> Iterator[Finding]:
    """PM005. The issue of an item that has one knows who works on it."""
    for item in _lacking(subject, _owned, lambda item: _owned(item) or _linked(item)):
        yield _about(subject, item, "nobody owns it; name a person or a team, such as `Owner: Jane` or `@jane`")


def no_due_date(subject: Subject) -> Iterator[Finding]:
    """PM006. An issue that somebody else made has its own due date."""
    if subject.options.due_by_priority:
        return
    for item in _lacking(subject, _timed, lambda item: _timed(item) or _followed(item)):
        said = f"“{item.due_text}” is no day; write it as YYYY-MM-DD" if item.due_text else ""
        yield _about(subject, item, said or "it has no due date; add one, such as `Due: 2026-05-01`")


def no_priority(subject: Subject) -> Iterator[Finding]:
    """PM007. An issue that somebody else made has its own priority."""
    for item in _lacking(subject, _weighed, lambda item: _weighed(item) or _followed(item)):
        yield _about(subject, item, "it has no priority; add one, such as `[P1]` or `Priority: high`")


def _owned(item: ActionItem) -> bool:
    return bool(item.owners or item.team)


def _timed(item: ActionItem) -> bool:
    return item.due is not None or item.deferral is not None


def _weighed(item: ActionItem) -> bool:
    return bool(item.priority)


def _lacking(subject: Subject, says: Test, settles: Test) -> Iterator[ActionItem]:
    """The open items that something holds neither for, nor for what they are a part of, nor for all of their parts.

    Args:
        subject: Whose items.
        says: What each part of an item must say.
        settles: What an item, or one above it, must say; that may be less.

    """
    settled = _inherited(subject, settles)
    parts = _parts(subject)
    for at, item in enumerate(subject.items):
        split = at in parts and all(map(says, parts[at]))
        if item.done is not True and not settled[at] and not split:
            yield item


def _inherited(subject: Subject, holds: Test) -> list[bool]:
    """Whether something holds for each item or for one above it; an item stands behind what it is a part of."""
    found: list[bool] = []
    for item in subject.items:
        above = item.parent is not None and item.parent < len(found) and found[item.parent]
        found.append(above or holds(item))
    return found


def _parts(subject: Subject) -> dict[int, list[ActionItem]]:
    parts: dict[int, list[ActionItem]] = {}
    for item in subject.items:
        if item.parent is not None:
            parts.setdefault(item.parent, []).append(item)
    return parts


def vague_wording(subject: Subject) -> Iterator[Finding]:
    """PM008. What was done already was concrete enough to do."""
    parts = _parts(subject)
    for at, item in enumerate(subject.items):
        if item.done is True:
            continue
        if words.holds("vague", "phrases", item.text):
            yield _about(subject, item, "nobody can check it off: say what to change so that care isn't needed")
        elif not item.details and at not in parts and words.is_vague(item.text):
            yield _about(subject, item, "nobody can tell when it is done: say what exactly will be there then")
    yield from _vague_prose(subject)


def _vague_prose(subject: Subject) -> Iterator[Finding]:
    """What a section of measures promises beside its items."""
    pieces = (piece.block for part in subject.parts if part.active is not Active.NO for piece in part.pieces)
    spans = sorted((block.start, block.end) for block in pieces)
    for block, text in subject.texts:
        at = bisect_right(spans, block.start, key=lambda span: span[0]) - 1
        if at >= 0 and block.start < spans[at][1] and not subject.holds_item(block):
            yield from _vague_sentence(subject, block, text)


def _vague_sentence(subject: Subject, block: Block, text: RichText) -> Iterator[Finding]:
    if words.holds("vague", "phrases", text.plain):
        said = _short(" ".join(text.plain.split()))
        message = f"“{said}”: nobody can check it off: say what to change so that care isn't needed"
        yield Finding(subject.line_span(block.start), message)


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
    proven = _inherited(subject, _linked)
    for at, item in enumerate(subject.items):
        dropped = item.control is not None and item.control.state is State.DROPPED
        if item.done and not dropped and not proven[at]:
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


def _about(subject: Subject, item: ActionItem, what: str) -> Finding:
    end = subject.line_span(item.span.start).end
    return Finding(
        Span(item.span.start, max(item.span.start, min(end, item.span.end))), f"“{_short(item.title)}”: {what}"
    )


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1].rstrip()}…"
