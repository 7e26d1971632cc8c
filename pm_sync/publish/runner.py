"""What a step gives to GitHub's runner: outputs for later steps, and the job's summary."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from pathlib import Path

from pm_sync.publish.text import fit

_SUMMARY_LIMIT = 1_000_000
"""Bytes; the runner refuses a step's summary above 1 MiB as a whole."""
_MORE = "… and {lines} more lines."


def write_outputs(path: str, outputs: Mapping[str, str]) -> None:
    """Append outputs to the file that the runner reads; nothing in a value can end it or begin another.

    Raises:
        OSError: the file can't be written.

    """
    with Path(path).open("a", encoding="utf-8", newline="\n") as file:
        for name, value in outputs.items():
            # Nobody who wrote the value could know the word that ends it.
            end = f"end-{uuid.uuid4().hex}"
            file.write(f"{name}<<{end}\n{value}\n{end}\n")


def append_summary(path: str, text: str) -> None:
    """Append to the job's summary.

    Raises:
        OSError: the file can't be written.

    """
    file = Path(path)
    room = _SUMMARY_LIMIT - (file.stat().st_size if file.exists() else 0)
    # The worst character takes four bytes.
    limit = room if len(text.encode()) <= room else room // 4
    with file.open("a", encoding="utf-8", newline="\n") as opened:
        opened.write(fit(text, max(limit, 0), _MORE) + "\n")
