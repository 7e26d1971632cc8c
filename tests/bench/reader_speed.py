"""Time the reader on generated postmortems beside markdown-it-py, and on hostile input; print what was measured.

``python tests/bench/reader_speed.py``: fails where the command ``items`` takes more than a quarter of the time of a walk
through markdown-it-py's tokens, where it or the reader needs more than 64 MiB, or where reading grows faster than its
input. Each measurement has a process of its own, so that its peak is its own.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

FILES = 2_000
SHARE = 0.25
TRIES = 3
PEAK_MIB = 64
GROWTH = 3.0
"""How many times as long twice the input may take; 2 is linear, the rest is what a busy machine adds."""
SECONDS = 20.0

_WORDS = [
    "the",
    "queue",
    "of",
    "our",
    "checkout",
    "service",
    "grew",
    "until",
    "workers",
    "ran",
    "out",
    "of",
    "memory",
    "and",
    "requests",
    "to",
    "the",
    "primary",
    "database",
    "timed",
    "out",
    "while",
    "dashboards",
    "showed",
    "nothing",
    "because",
    "the",
    "exporter",
    "had",
    "been",
    "restarted",
    "by",
    "the",
    "deploy",
    "an",
    "hour",
    "before",
]
_MEASURES = (
    "Add an alert for",
    "Document",
    "Limit",
    "Replace",
    "Test",
    "Move",
    "Review",
    "Automate",
    "Remove",
    "Split",
)


def postmortem(seed: int) -> str:
    """One postmortem of about 5.5 KB: prose, a timeline, bullets, and items in one of several layouts."""
    rng = random.Random(seed)

    def words(count: int) -> str:
        return " ".join(rng.choices(_WORDS, k=count))

    parts = [f"# Incident {seed}: {words(5)}\n", f"**Date:** 2024-0{seed % 9 + 1}-11  \n**Severity:** SEV-{seed % 4}\n"]
    parts += [
        f"## {title}\n\n{words(70)}.\n\n{words(60)}.\n" for title in ("Summary", "Impact", "Root cause", "Detection")
    ]
    parts.append("## Timeline\n\n" + "\n".join(f"- **{hour}:0{hour % 6}** {words(9)}" for hour in range(10, 24)) + "\n")
    parts.append("## Action items\n\n" + "\n".join(_items(seed, rng)) + "\n")
    parts.append("## Lessons learned\n\n" + "\n".join(f"- {words(11)}" for _ in range(8)) + f"\n\n{words(40)}.\n")
    return "\n".join(parts)


def _items(seed: int, rng: random.Random) -> Iterator[str]:
    layout = seed % 4
    if layout == 0:
        yield from ("| Action | Owner | Due | Status |", "|---|---|---|---|")
    for number in range(rng.randint(4, 8)):
        what = f"{rng.choice(_MEASURES)} {' '.join(rng.choices(_WORDS, k=6))}"
        due = f"2024-1{number % 3}-0{number + 1}"
        yield (
            f"| {what} | @ann{number} | {due} | {rng.choice(('Open', 'Done', 'In progress'))} |",
            f"- [{rng.choice(' x')}] {what} (owner: Ann, due: {due}) #{number + 1}",
            f"{number + 1}. **{what}:** {' '.join(rng.choices(_WORDS, k=14))}.",
            f"- {what} [Issue](https://github.com/acme/app/issues/{number})\n  - because {' '.join(rng.choices(_WORDS, k=9))}",
        )[layout]


HOSTILE: dict[str, Callable[[int], str]] = {
    "one line of 5 MB": lambda n: "## Action items\n\n- " + "word and " * (n * 555_555),
    "one line of 5 MB prose": lambda n: "## Action items\n\n" + "We will do it. " * (n * 333_333),
    "one paragraph of links": lambda n: (
        "## Action items\n\n- " + "[a](https://github.com/a/b/issues/1) " * (n * 30_000)
    ),
    "100,000 nested brackets": lambda n: "## Action items\n\n- " + "[" * (n * 100_000),
    "100,000 nested quotes": lambda n: "## Action items\n\n" + "> " * (n * 50_000) + "x",
    "50,000 nested lists": lambda n: "## Action items\n\n" + "- " * (n * 50_000) + "x",
    "50,000 items": lambda n: (
        "## Action items\n\n" + "- [ ] Add an alert (owner: Ann, due: 2024-05-01) #3\n" * (n * 50_000)
    ),
    "10,000 rows": lambda n: (
        "## Action items\n\n|Task|Owner|Status|\n|-|-|-|\n" + "|Add it|@ann|Open|\n" * (n * 10_000)
    ),
    "20,000 headings": lambda n: "## Action items\n\n" + "### Add one more alert\n\ntext\n\n" * (n * 20_000),
    "spaces": lambda n: "## Action items\n\n- a" + " " * (n * 2_000_000) + "b (" * 20_000,
    "dashes and colons": lambda n: "## Action items\n\n- " + "a - b: c, " * (n * 200_000),
    "5,000 tables without tasks": lambda n: "## Action items\n\n" + "### x\n\n|a|b|\n|-|-|\n|c|d|\n\n" * (n * 5_000),
    "50,000 comments": lambda n: "## Action items\n\n" + "<!-- x -->\n\n" * (n * 50_000),
    "100,000 labels": lambda n: "## Action items\n\n" + "**Owner:** Jane\n\n" * (n * 50_000),
}


_WALK = """
import sys
from pathlib import Path
from markdown_it import MarkdownIt
parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
for path in sorted(Path(sys.argv[1]).rglob("*.md")):
    for token in parser.parse(path.read_text("utf-8")):
        for child in token.children or ():
            child.content
"""
"""What the command is measured against: the files parsed, and every token visited."""
_TREE = """
import sys
from pathlib import Path
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
for path in sorted(Path(sys.argv[1]).rglob("*.md")):
    for node in SyntaxTreeNode(parser.parse(path.read_text("utf-8"))).walk():
        node.type
"""
"""The same node by node, printed beside it: as the reader does, it knows what nests in what. The limit is not taken from it."""
_OTHERS = {"walk": _WALK, "tree": _TREE}


def _work(name: str) -> Callable[[str], object]:
    """The work to be measured; imported here, so that each process holds only its own."""
    if name == "reader":
        from pm_sync.postmortem.read import read_postmortem  # noqa: PLC0415

        return lambda text: read_postmortem(text.encode(), "x.md")
    from markdown_it import MarkdownIt  # noqa: PLC0415

    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    return lambda text: [child for token in parser.parse(text) for child in token.children or ()]


def measure(name: str, size: int) -> None:
    """Print the seconds that one piece of work takes, and the process's peak in MiB."""
    work = _work(name)
    spent = 0.0
    for seed in range(size):
        text = postmortem(seed)
        begin = time.process_time()
        work(text)
        spent += time.process_time() - begin
    print(spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def measure_hostile(name: str, size: int) -> None:
    """The same for one hostile text."""
    work = _work("reader")
    text = HOSTILE[name](size)
    work("## Action items\n\n- a\n")
    begin = time.process_time()
    work(text)
    print(time.process_time() - begin, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def measure_command(to: str, size: int) -> None:
    """Print the seconds on the clock that the whole command ``items`` takes, start-up and report included, and its peak.

    ``walk`` and ``tree`` are the same for programs that only read the files and go through what markdown-it-py makes
    of them. Each runs as an installed one does, whose modules have been compiled.
    """
    with tempfile.TemporaryDirectory() as files, tempfile.TemporaryDirectory() as compiled:
        for seed in range(size):
            Path(files, f"{seed:05}.md").write_text(postmortem(seed), "utf-8")
        program = ["-c", _OTHERS[to]] if to in _OTHERS else ["-m", "pm_sync", "items", "--format", to]
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for target in (Path(files, "00000.md"), Path(files)):  # the first time all is compiled
            begin = time.perf_counter()
            subprocess.run([sys.executable, *program, target], check=True, stdout=subprocess.DEVNULL, env=environment)
            spent = time.perf_counter() - begin
    print(spent, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)


def _run(*arguments: str) -> tuple[float, float]:
    done = subprocess.run([sys.executable, __file__, *arguments], check=True, capture_output=True, text=True)
    seconds, peak = done.stdout.split()
    return float(seconds), float(peak)


def main() -> int:
    """Measure everything and compare with the limits."""
    cli = argparse.ArgumentParser(description=__doc__)
    one = "reader | markdown-it | hostile NAME | items FORMAT | items walk | items tree, then a size: one measurement only"
    cli.add_argument("work", nargs="*", help=one)
    match cli.parse_args().work:
        case []:
            failures = [*_ordinary(), *_commands(), *_hostile()]
        case ["hostile", name, size]:
            measure_hostile(name, int(size))
            return 0
        case ["items", to, size]:
            measure_command(to, int(size))
            return 0
        case [name, size]:
            measure(name, int(size))
            return 0
        case _:
            cli.error(f"not {one}")
    for failure in failures:
        print(f"beyond the limit: {failure}", file=sys.stderr)
    return 1 if failures else 0


def _ordinary() -> Iterator[str]:
    size = sum(len(postmortem(seed)) for seed in range(FILES)) / 1e6
    reader, peak = _run("reader", str(FILES))
    other, _ = _run("markdown-it", str(FILES))
    print(f"{FILES:,} postmortems, {size:.1f} MB; seconds of one processor, and peak of one process:")
    print(f"  reader {reader:.2f} s, {peak:.0f} MiB; markdown-it-py {other:.2f} s; {reader / other:.3f} of it")
    if peak > PEAK_MIB:
        yield f"{peak:.0f} MiB"


def _commands() -> Iterator[str]:
    walk, tree = (min(_run("items", to, str(FILES))[0] for _ in range(TRIES)) for to in _OTHERS)
    print(f"the same as whole programs, on the clock, the best of {TRIES}, with {os.cpu_count()} processors:")
    print(f"  walk with markdown-it-py {walk:.2f} s; node by node of its tree {tree:.2f} s")
    for to in ("text", "json"):
        runs = [_run("items", to, str(FILES)) for _ in range(TRIES)]
        seconds, peak = min(run[0] for run in runs), max(run[1] for run in runs)
        print(
            f"  items --format {to} {seconds:.2f} s, {peak:.0f} MiB; {seconds / walk:.3f} and {seconds / tree:.3f} of them"
        )
        if seconds > SHARE * walk:
            yield f"items --format {to}: {seconds / walk:.3f} of the walk's time"
        if peak > PEAK_MIB:
            yield f"items --format {to}: {peak:.0f} MiB"


def _hostile() -> Iterator[str]:
    for name in HOSTILE:
        once, _ = _run("hostile", name, "1")
        twice, peak = _run("hostile", name, "2")
        print(
            f"{name}: {once:.2f} s, of twice the size {twice:.2f} s ({twice / max(once, 0.01):.1f} times), {peak:.0f} MiB"
        )
        if twice > SECONDS or (twice > 1 and twice > GROWTH * once):
            yield f"{name}: {twice:.1f} s"


if __name__ == "__main__":
    sys.exit(main())
