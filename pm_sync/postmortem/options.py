"""What a reader may be told beside the file."""

from __future__ import annotations

from msgspec import Struct


class ReadOptions(Struct, frozen=True):
    """How to read postmortems; the defaults read any."""

    include: tuple[str, ...] = ()
    """Regular expressions: headings that match open a section of measures."""
    exclude: tuple[str, ...] = ()
    """Regular expressions: what stands below headings that match is never read for items."""
    jira_keys: frozenset[str] = frozenset()
    """Jira projects whose bare keys (``OPS-12``) are links wherever they stand."""
