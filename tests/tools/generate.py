"""Write the files, and the regions of files, that are made from the code; or check that they are up to date.

``python -m tests.tools.generate`` writes, ``python -m tests.tools.generate --check`` names what is out of date.
A region stands between ``<!-- generated: NAME -->`` and ``<!-- /generated: NAME -->``, each alone on its line.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pm_sync.config.schema import json_schema
from tests.tools import program_docs
from tests.tools.lint_docs import lint_rules
from tests.tools.option_docs import default_yaml, option_reference

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Target:
    """A file, or one region of it, and what belongs there."""

    path: str
    """Relative to the repository's root."""
    render: Callable[[], str]
    """Returns the text, with a newline at its end."""
    region: str | None = None

    def wanted(self, current: str) -> str:
        """What the whole file should be, ``current`` being what it is."""
        if self.region is None:
            return self.render()
        begin, end = f"<!-- generated: {self.region} -->\n", f"<!-- /generated: {self.region} -->\n"
        before, found, rest = current.partition(begin)
        _, closed, after = rest.partition(end)
        if not (found and closed):
            raise SystemExit(f"{self.path} has no region {self.region!r}")
        return f"{before}{begin}{self.render()}{end}{after}"


TARGETS = (
    Target("config/pm-sync.schema.json", lambda: json.dumps(json_schema(), indent=2) + "\n"),
    Target("config/default.yaml", default_yaml),
    Target("config/README.md", option_reference, region="options"),
    Target("config/commands.md", program_docs.commands_page),
    Target("config/lint-rules.md", lint_rules),
    Target("README.md", program_docs.trackers_table, region="trackers"),
    Target("README.md", program_docs.commands_table, region="commands"),
    Target("README.md", program_docs.exit_codes, region="exit-codes"),
)


def stale(root: Path = ROOT, targets: Sequence[Target] = TARGETS) -> Iterator[tuple[Path, str]]:
    """Each file that isn't as it should be, with the text that it should have."""
    for name in dict.fromkeys(target.path for target in targets):
        path = root / name
        current = path.read_text(encoding="utf-8") if path.exists() else ""
        wanted = current
        for target in targets:
            if target.path == name:
                wanted = target.wanted(wanted)
        if wanted != current:
            yield path, wanted


def main(arguments: list[str]) -> int:
    """Write, or with ``--check`` only tell; 1 if something was out of date and still is."""
    outdated = list(stale())
    for path, wanted in outdated:
        if "--check" in arguments:
            print(f"{path.relative_to(ROOT)} is out of date: run python -m tests.tools.generate")
        else:
            path.write_text(wanted, encoding="utf-8", newline="\n")
            print(f"wrote {path.relative_to(ROOT)}")
    return int("--check" in arguments and bool(outdated))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
