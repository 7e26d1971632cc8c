"""The questions that we put to Jira's search."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

T = TypeVar("T")

CHUNK = 200
"""Labels or keys in one question, so that it fits into the longest line that servers read."""


def chunks(things: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Cut into lists of at most ``size``."""
    iterator = iter(things)
    while chunk := list(islice(iterator, size)):
        yield chunk


def open_ones(project: str, label: str) -> str:
    """All open issues of ours in a project."""
    return f'project = "{project}" AND labels = "{label}" AND statusCategory != Done'


def look_up(project: str, labels: Sequence[str], tracking_label: str | None) -> str:
    """All issues with one of the labels; and with a tracking label, all open ones of ours besides."""
    hits = f"labels in ({','.join(labels)})"
    if tracking_label:
        hits = f'({hits} OR (labels = "{tracking_label}" AND statusCategory != Done))'
    return f'project = "{project}" AND {hits}'


def made_within(project: str, label: str, minutes: int) -> str:
    """Our issues made in the last minutes: relative, as Jira reads moments in the account's time zone."""
    return f'project = "{project}" AND labels = "{label}" AND created >= "-{minutes}m"'


def with_keys(keys: Sequence[str]) -> str:
    """The issues of these keys."""
    return f"key in ({','.join(keys)})"
