"""The code blocks of a Markdown file. Uses nothing but Python itself: CI asks it what to run before all else.

``python3 tests/docs/blocks.py README.md "sh test"`` prints the block of that name.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(r"^```(?P<name>[a-z][a-z -]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Command:
    """A command of a console block and what it prints."""

    line: str
    output: str


def named(markdown: str, name: str) -> list[str]:
    """The texts of all blocks whose fence bears this name."""
    return [match["text"] for match in _BLOCK.finditer(markdown) if match["name"] == name]


def commands(block: str) -> Iterator[Command]:
    """The commands of a console block: each stands behind a ``$``, with its output below."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        line, _, output = part.partition("\n")
        yield Command(line, output)


def main(arguments: list[str]) -> int:
    """Print the one block of a file that bears a name; 1 if there are none or several."""
    path, name = arguments
    found = named(Path(path).read_text(encoding="utf-8"), name)
    if len(found) != 1:
        print(f"{path} has {len(found)} blocks named {name!r}", file=sys.stderr)
        return 1
    print(found[0], end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
