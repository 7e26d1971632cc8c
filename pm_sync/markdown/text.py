"""A file's bytes as text, with the way back from every offset to a line and a column."""

from __future__ import annotations

import re
from bisect import bisect_right

from msgspec import Struct

from pm_sync.errors import ReadError
from pm_sync.regex import regex

BOM = b"\xef\xbb\xbf"
_LINE_END = regex(rb"\r\n|\n|\r")
_SMALL = 1 << 15
_LONE_CR = regex(rb"\r(?!\n)")


class SourceText(Struct, frozen=True):
    """One file as read; offsets are byte offsets into ``data``, byte order mark included."""

    path: str
    data: bytes
    text: str
    """Without the byte order mark, and with a lone CR as LF (one byte either way), as not every parser knows it."""
    shift: int
    """What to add to a byte offset into ``text`` to get one into ``data``: the length of the byte order mark."""

    @classmethod
    def decode(cls, data: bytes, path: str) -> SourceText:
        """Decode a file.

        Raises:
            ReadError: at the first byte that isn't UTF-8, with its line and column.
        """
        shift = len(BOM) if data.startswith(BOM) else 0
        body = _LONE_CR.sub(b"\n", data[shift:]) if b"\r" in data else data[shift:]
        try:
            return cls(path, data, body.decode("utf-8"), shift)
        except UnicodeDecodeError as error:
            at = shift + error.start
            line, column = Lines(data).place(at)
            raise ReadError(
                f"not UTF-8 (byte 0x{data[at]:02x})",
                place=f"{path}:{line}:{column}",
                hint="save the file as UTF-8",
            ) from error


class Lines:
    """Where a file's lines start: only LF, CRLF and CR end one, as in CommonMark (``str.splitlines`` knows more)."""

    __slots__ = ("data", "last", "starts")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.last = (0, 1)
        # Of a small file a few lines are wanted, and counting is cheaper than a table of all.
        small = len(data) < _SMALL and b"\r" not in data
        self.starts = [] if small else [0, *(end.end() for end in _LINE_END.finditer(data))]

    def place(self, offset: int) -> tuple[int, int]:
        """The 1-based line and column (in characters) of a byte offset."""
        if self.starts:
            line = bisect_right(self.starts, offset)
            start = self.starts[line - 1]
        else:
            before, number = self.last if self.last[0] <= offset else (0, 1)
            line = number + self.data.count(b"\n", before, offset)
            self.last = (offset, line)
            start = self.data.rfind(b"\n", 0, offset) + 1
        if start == offset:
            return line, 1
        if line == 1 and self.data.startswith(BOM) and offset >= len(BOM):
            start = len(BOM)
        return line, len(self.data[start:offset].decode("utf-8", "replace")) + 1


class LineStart:
    """An expression for what a line begins with.

    The line feed before it is the first thing looked for, which takes a tenth of the time of trying every place.
    """

    __slots__ = ("later", "very_first")

    def __init__(self, source: bytes) -> None:
        self.very_first = regex(source, re.MULTILINE)
        self.later = regex(b"\n" + source, re.MULTILINE)

    def found(self, data: bytes, start: int, end: int) -> bool:
        """Whether a line that begins in ``[start, end)`` has it there."""
        if not start and self.very_first.match(data, start, end):
            return True
        return self.later.search(data, max(0, start - 1), end) is not None
