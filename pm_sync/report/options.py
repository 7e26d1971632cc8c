"""What a caller may choose about a report, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """Each format heeds what it has a use for."""

    color: bool = False
    """Paint text with ANSI colours."""
    verbose: bool = False
    """Show everything: unchanged and settled items too, and long titles whole."""
    src: str = ""
    """The source that the keys of items are made with."""
