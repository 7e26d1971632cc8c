"""What HTML in a postmortem says of what follows: our own comments, and what is folded away."""

from __future__ import annotations

import re

from pm_sync.postmortem.sections import CLOSERS
from pm_sync.regex import regex

_DIRECTIVE = regex(rb"<!--\s*pm-sync:\s*(ignore|items)\s*-->")
_SUMMARY = regex(rb"<summary>([^\n]{1,200}?)</summary>", re.IGNORECASE)
_FOLD_END = regex(rb"</details>", re.IGNORECASE)
_TAG = regex(r"<[^<>]*>")


def directive(source: bytes) -> str:
    """``ignore`` or ``items``, where one of our comments says so of the block that follows; else nothing."""
    found = _DIRECTIVE.search(source)
    return found[1].decode() if found else ""


def summary(source: bytes) -> str | None:
    """The words of a ``<summary>``, which name what is folded away below it; None where there is none."""
    found = _SUMMARY.search(source)
    return _TAG.sub("", found[1].decode()).strip(CLOSERS) if found else None


def ends_fold(source: bytes) -> bool:
    """Whether what was folded away ends here."""
    return _FOLD_END.search(source) is not None
