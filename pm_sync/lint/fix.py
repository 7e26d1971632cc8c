"""Mend what can be mended for sure, and prove that nothing else changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import Struct

from pm_sync.lint.problems import Problem
from pm_sync.markdown.edits import Edit, apply_edits
from pm_sync.model import ActionItem, Postmortem, Span

Reader = Callable[[bytes], Postmortem]


class Mended(Struct, frozen=True):
    """A postmortem's new bytes, and how many problems are gone by them."""

    data: bytes
    problems: int


def mend(postmortem: Postmortem, data: bytes, problems: Iterable[Problem], read: Reader) -> Mended | None:
    """Apply every sure edit; None where there is none, or where the result doesn't read as what it was.

    Args:
        postmortem: As it was read from ``data``.
        data: The file's bytes.
        problems: What was found in it.
        read: Reads the new bytes as the old ones were read.

    """
    edits, mended = _disjoint(problem for problem in problems if problem.edits)
    new = apply_edits(data, edits)
    if not mended or not _same_items(postmortem, read(new), [edit.span for edit in edits]):
        return None
    return Mended(new, mended)


def _disjoint(problems: Iterable[Problem]) -> tuple[list[Edit], int]:
    """The edits of all problems but those that touch another one's; these wait for the next run."""
    kept: list[Edit] = []
    count = 0
    for problem in problems:
        if not any(_touch(edit.span, other.span) for edit in problem.edits for other in kept):
            kept += problem.edits
            count += 1
    return kept, count


def _touch(one: Span, other: Span) -> bool:
    return one.start <= other.end and other.start <= one.end


def _same_items(before: Postmortem, after: Postmortem, touched: list[Span]) -> bool:
    """Whether every item that no edit touches is still there, as it was and in its order, and none was lost."""
    rest = iter(after.items)
    untouched = [item for item in before.items if not any(_touch(item.span, span) for span in touched)]
    in_order = all(any(_facts(other) == _facts(item) for other in rest) for item in untouched)
    return in_order and len(after.items) >= len(before.items)


def _facts(item: ActionItem) -> tuple[object, ...]:
    links = tuple((link.ref, link.url) for link in item.links)
    own = (item.annotation.link.ref, item.annotation.state, item.annotation.day) if item.annotation else None
    fields = (item.title, item.details, item.done, item.owners, item.due, item.due_text, item.priority, item.type)
    return (item.text, *fields, item.team, item.deferral, links, own)
