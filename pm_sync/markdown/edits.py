"""Edits: replacements of byte ranges, applied all at once, everything else kept byte for byte."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from pm_sync.model import Span


class Edit(Struct, frozen=True, order=True):
    """Put ``new`` in place of what ``span`` covers; an empty span inserts."""

    span: Span
    new: bytes

    def changes(self, data: bytes) -> bool:
        """Whether the bytes would differ."""
        return self.span.cut(data) != self.new


def apply_edits(data: bytes, edits: Iterable[Edit]) -> bytes:
    """Apply ``edits`` in any order; those at one place in the order given.

    Raises:
        ValueError: two edits overlap, or one reaches beyond the data.

    """
    parts: list[bytes] = []
    at = 0
    # Sorting by place alone is stable: insertions at one offset stay as given, before a replacement that starts there.
    for edit in sorted(edits, key=lambda e: e.span):
        if edit.span.start < at or edit.span.end > len(data):
            msg = f"edits overlap or leave the data at {edit.span}"
            raise ValueError(msg)
        parts += (data[at : edit.span.start], edit.new)
        at = edit.span.end
    return b"".join((*parts, data[at:]))
