"""Recording progress: each postmortem's edits made from a plan's outcomes, verified, and put in place in one step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from pm_sync.errors import PmSyncError, WriteError
from pm_sync.io import FileChangedError, read_file, replace_file
from pm_sync.mark import text_hash
from pm_sync.markdown.edits import Edit, apply_edits
from pm_sync.model import ActionItem, IssueRef, Postmortem
from pm_sync.postmortem.writeback import Progress, WriteBackOptions, check, is_annotated, item_edits
from pm_sync.sync.apply import Applied
from pm_sync.sync.changes import Change, ChangeKind, Outcome
from pm_sync.sync.entries import Document
from pm_sync.sync.identity import Places
from pm_sync.sync.linked import progress_of
from pm_sync.sync.policy import Policy
from pm_sync.sync.states import wish
from pm_sync.trackers.base import PARENT

_ATTEMPTS = 3

Reader = Callable[[bytes, str], Postmortem]
"""Reads a postmortem's bytes; the path is for its messages."""


class Recording(Struct, frozen=True):
    """How postmortems are written."""

    root: Path
    options: WriteBackOptions
    read: Reader
    also: Callable[[Document], Iterable[Edit]] = lambda _: ()
    """Edits besides those of single items."""


class Recorded(Struct, frozen=True):
    """What became of the files."""

    changed: tuple[str, ...]
    errors: tuple[WriteError, ...]


def progress_by_path(
    changes: Sequence[Change], applied: Applied, places: Places
) -> Mapping[str, Mapping[int, Progress]]:
    """What each item of each postmortem should say, by the item's index."""
    moves = {c.ref: at for at, c in enumerate(changes) if c.kind.remote and c.issue and c.state is not None}
    progress: dict[str, dict[int, Progress]] = defaultdict(dict)
    # As long as the file doesn't know of an issue, the next run sees to it that it has its place.
    unplaced = {(c.path, c.item) for at, c in enumerate(changes) if PARENT in c.changed and at not in applied.issues}
    for at, change in enumerate(changes):
        if change.item is None or not change.kind.pending or (change.path, change.item) in unplaced:
            continue
        written = _written(change, at, applied) if change.kind.remote else _followed(change, moves, applied)
        if written is not None:
            progress[change.path][change.item] = progress_of(written, places)
    return progress


def _written(change: Change, at: int, applied: Applied) -> Change | None:
    """A change to a tracker with the issue and state to record, or None where it has nothing to say in the file."""
    issue = applied.issues.get(at)
    if issue is None or (change.kind is ChangeKind.UPDATE and change.state is None):
        return None
    # Creating leaves box and state cell as the writer had them.
    control = change.kind is not ChangeKind.CREATE
    return replace(change, ref=issue.ref, state=issue.state, day=issue.settled, control=control)


def _followed(change: Change, moves: Mapping[IssueRef | None, int], applied: Applied) -> Change | None:
    """A change to the file alone; where another item moved the issue, what came of that counts for all that link it."""
    if change.ref not in moves:
        return change
    issue = applied.issues.get(moves[change.ref])
    return None if issue is None else replace(change, state=issue.state, day=issue.settled)


def standing(
    changes: Iterable[Change], documents: Iterable[Document], policy: Policy
) -> Mapping[str, Mapping[int, Progress]]:
    """What items that are in step say already, by path and index: for versions of their files that don't say it yet."""
    items = {document.path: document.postmortem.items for document in documents}
    told: dict[str, dict[int, Progress]] = defaultdict(dict)
    for change in changes:
        note = items[change.path][change.item].annotation if change.item is not None else None
        if change.kind is not ChangeKind.UNCHANGED or change.issue is None or note is None:
            continue
        ref, control = change.issue.ref, items[change.path][change.item or 0].control
        asked = wish(control, note.state, policy.trackers[change.tracker or ""].capabilities)
        told[change.path][change.item or 0] = Progress(
            policy.places.label(ref), ref.url, note.state, note.day, control=asked is None
        )
    return told


def file_outcomes(changes: Sequence[Change], recorded: Recorded) -> tuple[Outcome, ...]:
    """What became of the changes that are to files alone."""
    errors = {(error.place or "").partition(":")[0]: str(error) for error in recorded.errors}
    alone = (change for change in changes if change.kind.pending and not change.kind.remote)
    return tuple(Outcome(change, change.ref, errors.get(change.path)) for change in alone)


def record(
    recording: Recording, documents: Iterable[Document], progress: Mapping[str, Mapping[int, Progress]]
) -> Recorded:
    """Write each postmortem that has something to record; one that can't be written stops no other."""
    changed: list[str] = []
    errors: list[WriteError] = []
    for document in documents:
        try:
            if _record_one(recording, document, progress.get(document.path, {})):
                changed.append(document.path)
        except WriteError as error:
            errors.append(error)
        except PmSyncError as error:
            errors.append(WriteError(error.what, place=error.place or document.path, hint=error.hint))
    return Recorded(tuple(changed), tuple(errors))


def _record_one(recording: Recording, document: Document, progress: Mapping[int, Progress]) -> bool:
    for attempt in range(_ATTEMPTS):
        data = edited(recording, document, progress)
        if data == document.data:
            return False
        try:
            replace_file(recording.root, document.path, data, document.data)
        except FileChangedError:
            if attempt == _ATTEMPTS - 1:
                raise
            again = read_file(recording.root, document.path)
            fresh = Document(recording.read(again, document.path), again)
            document, progress = fresh, _carry_over(document, progress, fresh)
        else:
            return True
    return False


def rewriter(
    recording: Recording,
    documents: Iterable[Document],
    progress: Mapping[str, Mapping[int, Progress]],
    told: Mapping[str, Mapping[int, Progress]],
) -> Callable[[str, bytes], bytes]:
    """What records the same progress in another version of one of these postmortems: its path, and its bytes there.

    It raises PmSyncError where that version can't be read or annotated.

    Args:
        recording: How postmortems are written.
        documents: The postmortems as they are here.
        progress: What this run has to record, by path and index.
        told: What they said before, which other versions may not say yet.

    """
    known = {document.path: document for document in documents}

    def rewrite(path: str, data: bytes) -> bytes:
        document, wanted, before = known[path], progress.get(path, {}), told.get(path, {})
        if data != document.data:
            here, document = document, Document(recording.read(data, path), data)
            wanted, before = _carry_over(here, wanted, document), _carry_over(here, before, document)
        # Box and cell follow only where the annotation is news: else they say what somebody asks for there.
        before = {index: said for index, said in before.items() if not _says(document, index, said, recording.options)}
        return edited(recording, document, {**before, **wanted})

    return rewrite


def _says(document: Document, index: int, said: Progress, options: WriteBackOptions) -> bool:
    return not item_edits(document.data, document.postmortem.items[index], replace(said, control=False), options)


def edited(recording: Recording, document: Document, progress: Mapping[int, Progress]) -> bytes:
    """The postmortem's bytes with all progress recorded.

    Raises:
        WriteError: they would read as something else than what we mean, so nothing must be written.

    """
    items, options = document.postmortem.items, recording.options
    edits = [
        edit for index, wanted in progress.items() for edit in item_edits(document.data, items[index], wanted, options)
    ]
    edits += recording.also(document)
    if not edits:
        return document.data
    data = apply_edits(document.data, edits)
    annotated = {index: wanted for index, wanted in progress.items() if is_annotated(items[index], options)}
    wrong = check(document.postmortem, recording.read(data, document.path), annotated)
    if wrong:
        hint = "nothing was written; please report this postmortem's layout"
        raise WriteError(f"can't be annotated safely: {wrong}", place=document.path, hint=hint)
    return data


def _carry_over(old: Document, progress: Mapping[int, Progress], new: Document) -> Mapping[int, Progress]:
    """Find the items again in a file that somebody else changed; what isn't there any more is left to the next run."""
    places = {name: index for index, name in _names(new.postmortem.items)}
    names = dict(_names(old.postmortem.items))
    return {places[names[index]]: wanted for index, wanted in progress.items() if names[index] in places}


def _names(items: Sequence[ActionItem]) -> Iterator[tuple[int, tuple[str, int]]]:
    return ((index, (text_hash(item.text), item.ordinal)) for index, item in enumerate(items))
