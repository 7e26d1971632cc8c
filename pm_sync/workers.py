"""Work spread over processes: pieces in, results out, in the same order.

The pools of the standard library hang when a child of theirs is killed, and leave their children behind when they are
killed themselves. Here every child has a pipe of its own: a child whose parent is gone can't write and ends, and what
a child doesn't deliver, for whatever reason, the parent does itself. So results never depend on how many processors
there are.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any, BinaryIO, TypeVar

from msgspec import Struct

Piece = TypeVar("Piece")
Result = TypeVar("Result")

FEWEST = 200
"""Pieces; to spread fewer takes longer than it saves."""
MOST_CHILDREN = 8
"""Each needs some memory of its own."""
_BATCH = 4
"""Pieces whose results a child sends at once."""
_ROOM = 1 << 20
"""Bytes a pipe holds, so that a child goes on while those before it are slower: the results of some hundred pieces."""
_SIGNALS = frozenset({signal.SIGINT, signal.SIGTERM})


class _Child(Struct):
    """A process that does every n-th batch, and the end of the pipe that its results come out of."""

    process: int
    results: BinaryIO

    def take(self) -> list[Any] | None:
        """The results of its next batch; None where it has ended before."""
        import pickle  # noqa: PLC0415 - as most commands have no children

        try:
            taken: list[Any] = pickle.load(self.results)  # noqa: S301 - our own child wrote it
        except (EOFError, pickle.UnpicklingError):
            return None
        return taken

    def end(self) -> None:
        """End it, whatever it does."""
        self.results.close()
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)


def spread(work: Callable[[Piece], Result], pieces: Sequence[Piece], children: int | None = None) -> Iterator[Result]:
    """Do ``work`` on each piece, and give the results in the order of the pieces.

    Args:
        work: Writes nothing anywhere, as a piece may be done twice; its results can be pickled.
        pieces: What it is done on.
        children: How many processes to start; without, as many as there are processors, if that pays.

    Raises:
        Exception: whatever ``work`` raises, at its piece.

    """
    count = _children(len(pieces)) if children is None else children
    if count < 2:  # noqa: PLR2004 - one child would only do what we can do ourselves
        yield from map(work, pieces)
        return
    # One before there are children, so that these begin with everything loaded.
    yield from map(work, pieces[:1])
    batches = [pieces[at : at + _BATCH] for at in range(1, len(pieces), _BATCH)]
    started: list[_Child | None] = []
    try:
        for first in range(count):
            started.append(_start(work, batches[first::count]))  # noqa: PERF401 - those started are ended in any case
        for at, batch in enumerate(batches):
            child = started[at % count]
            results = child.take() if child else None
            yield from map(work, batch) if results is None else results
    finally:
        for child in filter(None, started):
            child.end()


def _children(pieces: int) -> int:
    """As many as there are processors; none where a fork isn't safe, as beside threads or macOS's own libraries."""
    if sys.platform != "linux" or pieces < FEWEST:
        return 0
    threading = sys.modules.get("threading")
    if threading is not None and threading.active_count() > 1:
        return 0
    return min(len(os.sched_getaffinity(0)), MOST_CHILDREN)


def _start(work: Callable[[Piece], Result], batches: Sequence[Sequence[Piece]]) -> _Child | None:
    """Start a child on these batches; None where the system allows no more processes or open files."""
    try:
        out, into = _pipe()
    except OSError:
        return None
    # Until it has its own way with signals, none may raise in the child what is meant for its parent.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        process = os.fork()
        if process == 0:
            _be_child(work, batches, (out, into))
    except OSError:
        os.close(out)
        return None
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        os.close(into)
    return _Child(process, os.fdopen(out, "rb"))


def _pipe() -> tuple[int, int]:
    """A pipe with room."""
    import fcntl  # noqa: PLC0415 - Windows has none

    out, into = os.pipe()
    with suppress(OSError):  # what the system allows a user of this is taken
        fcntl.fcntl(into, fcntl.F_SETPIPE_SZ, _ROOM)
    return out, into


def _be_child(work: Callable[[Piece], Result], batches: Sequence[Sequence[Piece]], pipe: tuple[int, int]) -> None:
    """Do the batches and end, without a word: neither the parent's buffers nor its farewells are the child's."""
    try:
        import pickle  # noqa: PLC0415 - as above

        for number in (*_SIGNALS, signal.SIGPIPE):
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
        # With nobody left to read, writing ends the child.
        os.close(pipe[0])
        with os.fdopen(pipe[1], "wb") as results:
            for batch in batches:
                results.write(pickle.dumps([work(piece) for piece in batch]))
                results.flush()
    finally:
        os._exit(0)
