"""Score the reader on the labelled corpus, where there is one beside the repository; fail below the bars reached.

``python tests/bench/corpus_score.py [--worst N]`` reads ``shared/corpus/dev`` beside the checkout and runs the corpus's own scorer.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from pm_sync.postmortem.read import read_postmortem
from pm_sync.report import as_json

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"

F1 = 0.97
EXACT = 0.95
CLEAN = 27
FIELD = 0.90


def main() -> int:
    """Read, score, and compare with the bars."""
    cli = argparse.ArgumentParser(description=__doc__)
    cli.add_argument("--worst", type=int, default=0, help="show the N documents with most mistakes")
    worst = cli.parse_args().worst
    if not CORPUS.is_dir():
        print(f"no corpus at {CORPUS}: nothing scored")
        return 0
    report = score(worst)
    print(report)
    missed = shortfalls(report)
    for line in missed:
        print(f"below the bar: {line}", file=sys.stderr)
    return 1 if missed else 0


def score(worst: int) -> str:
    """What the scorer says about all documents of the corpus."""
    postmortems = [read_postmortem(path.read_bytes(), path.name) for path in sorted((CORPUS / "dev").glob("*.md"))]
    with tempfile.TemporaryDirectory() as folder:
        items = Path(folder, "items.json")
        items.write_text(as_json.dumps(as_json.items(postmortems)), "utf-8")
        command: list[str | Path] = [
            sys.executable,
            CORPUS / "score.py",
            "--labels",
            CORPUS / "dev.yaml",
            "--items",
            items,
            "--worst",
            str(worst),
        ]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def shortfalls(report: str) -> list[str]:
    """The lines of the scorer's report that are below a bar."""
    found = []
    for line in report.splitlines():
        if field := re.fullmatch(r"(\w+): (\d+)/(\d+)", line):
            found += [line] if int(field[2]) < FIELD * int(field[3]) else []
        elif (
            ((invented := re.fullmatch(r"done invented: (\d+)", line)) and int(invented[1]))
            or ((clean := re.match(r"documents without a mistake: (\d+)/", line)) and int(clean[1]) < CLEAN)
            or ((exact := re.search(r"text exact ([\d.]+)", line)) and float(exact[1]) < EXACT)
            or ((f1 := re.search(r"F1 ([\d.]+)", line)) and float(f1[1]) < F1)
        ):
            found.append(line)
    return found


if __name__ == "__main__":
    sys.exit(main())
