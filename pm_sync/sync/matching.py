"""Matching: which entry owns an issue, which issue belongs to an item whose link is gone, and what is left over.

Marks match exactly or not at all. Resemblance may stop a create, but it never makes a link.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from msgspec import Struct

from pm_sync.mark import Mark
from pm_sync.model import Issue, IssueRef
from pm_sync.sync.entries import Entry

RESEMBLANCE = 0.6
"""How alike (difflib's ratio, case-folded) an item and an issue's title must be to stop a create."""


def owner_of(mark: Mark | None, entries: Sequence[Entry], unread: frozenset[str]) -> Entry | None:
    """Choose whose issue it is, of all entries (in path and line order) that link it.

    The one that the mark names, else one of equal text, else one in the mark's postmortem (reworded), else the first.
    None where the mark's postmortem could not be read: its owner may well be there.
    """
    if mark is None:
        return entries[0]
    same_text = [entry for entry in entries if entry.text == mark.text]
    here = [entry for entry in entries if entry.path == mark.path]
    at_home = [entry for entry in same_text if entry.path == mark.path]
    exact = [entry for entry in at_home if entry.item.ordinal == mark.n]
    if not same_text and mark.path in unread:
        return None
    return next(iter((*exact, *at_home, *same_text, *here, *entries)))


class Matches(Struct, frozen=True):
    """What became of the entries without a link, and of the issues without an entry."""

    issues: Mapping[int, Issue]
    """By the entry's `id`: the issue that its mark names."""
    alike: Mapping[int, Issue]
    """By the entry's `id`: the unclaimed issue that may be its own, so that creating another might make a duplicate."""
    unclaimed: tuple[Issue, ...]
    """Issues whose mark matched no entry."""


def match_marks(
    unlinked: Sequence[Entry],
    free: Iterable[Issue],
    gone_paths: frozenset[str],
    creatable: Callable[[Entry], bool],
    is_orphan: Callable[[Mark], bool],
) -> Matches:
    """Match entries without a link with issues that no entry links.

    A mark matches where source and text are equal and its path is the entry's own, or one that no longer exists
    (a rename). Items of equal text in one postmortem take their marks in order, each first the one of its ordinal.

    Args:
        unlinked: Entries without a link, in path and line order.
        free: Issues with a believed mark that no entry links.
        gone_paths: Paths named by marks that no longer exist.
        creatable: Whether an entry would be given a new issue, if none is found.
        is_orphan: Whether the item that a mark names is gone from its postmortem.

    """
    left = _Left(free)
    issues: dict[int, Issue] = {}
    for fits in (_same_ordinal, _same_path, lambda mark, _: mark.path in gone_paths):
        for entry in unlinked:
            if id(entry) not in issues and (issue := left.take(entry, fits)) is not None:
                issues[id(entry)] = issue
    unclaimed = tuple(left)
    waiting = [entry for entry in unlinked if id(entry) not in issues and creatable(entry)]
    alike = _most_alike(waiting, unclaimed, gone_paths)
    rest = [entry for entry in waiting if id(entry) not in alike]
    stopping = {issue.ref for issue in alike.values()}
    moved = _moved(rest, [issue for issue in unclaimed if issue.ref not in stopping], is_orphan)
    return Matches(issues, alike | moved, unclaimed)


def _same_ordinal(mark: Mark, entry: Entry) -> bool:
    return mark.path == entry.path and mark.n == entry.item.ordinal


def _same_path(mark: Mark, entry: Entry) -> bool:
    return mark.path == entry.path


class _Left:
    """Issues not taken yet, by what their mark says; of several with one mark an open one goes first, then the oldest.

    What was closed as a twin may be older than the one that an item had and lost its link to.
    """

    def __init__(self, issues: Iterable[Issue]) -> None:
        self._groups: dict[tuple[str, str], list[tuple[Mark, Issue]]] = defaultdict(list)
        for issue in sorted(issues, key=lambda issue: (issue.state.settled, age(issue))):
            if issue.mark is not None:
                self._groups[issue.mark.src, issue.mark.text].append((issue.mark, issue))

    def take(self, entry: Entry, fits: Callable[[Mark, Entry], bool]) -> Issue | None:
        group = self._groups.get((entry.src, entry.text), [])
        for at, (mark, issue) in enumerate(group):
            if fits(mark, entry):
                del group[at]
                return issue
        return None

    def __iter__(self) -> Iterator[Issue]:
        return (issue for group in self._groups.values() for _, issue in group)


def age(issue: Issue) -> tuple[int, str]:
    """Sort key: the issue with the lowest number first."""
    digits = issue.ref.id.rpartition("-")[2]
    return (int(digits) if digits.isdigit() else 0, issue.ref.id)


def _most_alike(entries: Sequence[Entry], issues: Sequence[Issue], gone_paths: frozenset[str]) -> dict[int, Issue]:
    """Pair what resembles most, in one postmortem or a renamed one; each issue stops one entry at most."""
    by_place: dict[tuple[str, str | None], list[Issue]] = defaultdict(list)
    for issue in issues:
        if issue.mark is not None and not issue.state.settled:
            path = None if issue.mark.path in gone_paths else issue.mark.path
            by_place[issue.mark.src, path].append(issue)
    scored = [
        (ratio, order, entry, issue)
        for order, entry in enumerate(entries)
        for path in (entry.path, None)
        for issue in by_place.get((entry.src, path), ())
        if (ratio := resemblance(entry.item.title, issue.title)) >= RESEMBLANCE
    ]
    alike: dict[int, Issue] = {}
    taken: set[IssueRef] = set()
    for _, _, entry, issue in sorted(scored, key=lambda pair: (-pair[0], pair[1])):
        if id(entry) not in alike and issue.ref not in taken:
            alike[id(entry)] = issue
            taken.add(issue.ref)
    return alike


def _moved(entries: Sequence[Entry], issues: Sequence[Issue], is_orphan: Callable[[Mark], bool]) -> dict[int, Issue]:
    """Pair items with open issues of just their text, whose own postmortem has such an item no more.

    It may have been moved here and lost its link, or be another incident's measure in the same words: people know.
    """
    left = _Left(issue for issue in issues if not issue.state.settled)
    found = {id(entry): left.take(entry, lambda mark, _: is_orphan(mark)) for entry in entries}
    return {key: issue for key, issue in found.items() if issue is not None}


def resemblance(one: str, other: str) -> float:
    """How alike two titles are, from 0 to 1."""
    matcher = SequenceMatcher(None, one.casefold(), other.casefold(), autojunk=False)
    # The two quick ones are upper bounds, and spare most pairs the slow one.
    if matcher.real_quick_ratio() < RESEMBLANCE or matcher.quick_ratio() < RESEMBLANCE:
        return 0.0
    return matcher.ratio()


def twins_of(issues: Iterable[Issue], used: Collection[IssueRef]) -> tuple[tuple[Issue, Issue], ...]:
    """Issues that bear the key of another one, each with that one: the oldest of those that an item has, else of all.

    A run that didn't see the older one, as an index lagged, has written the younger one into the file: that one stays.
    """
    groups: dict[tuple[str, str], list[Issue]] = defaultdict(list)
    for issue in issues:
        if issue.mark is not None:
            groups[issue.mark.key, issue.ref.project].append(issue)
    twins = [sorted(group, key=lambda issue: (issue.ref not in used, age(issue))) for group in groups.values()]
    return tuple((twin, kept) for kept, *rest in twins for twin in rest)
