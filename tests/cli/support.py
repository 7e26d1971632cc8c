"""Running commands within the test's own process, in a small repository."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pm_sync.cli.main import run

TASKS = ("Add a replica", "Alert on lag", "Write a runbook")
DB = "postmortems/db.md"


def document(*tasks: str, title: str = "Database outage") -> str:
    """A postmortem with these tasks, each a line of a list; the first stands in line 5."""
    return f"# {title}\n\n## Action items\n\n" + "".join(f"- [ ] {task}\n" for task in tasks)


@dataclass(frozen=True, slots=True)
class Done:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What stdout holds, which must be JSON and nothing else."""
        return json.loads(self.out)

    @property
    def told(self) -> list[str]:
        """The lines of stderr."""
        return self.err.splitlines()


@dataclass(frozen=True, slots=True)
class Repo:
    """A repository, as the current folder, in which commands are run."""

    root: Path
    capture: pytest.CaptureFixture[str]

    def run(self, *words: str) -> Done:
        """Run one command; whatever it comes to, no traceback is shown."""
        code = run(words)
        done = Done(code, *self.capture.readouterr())
        assert "Traceback" not in done.err
        assert "bug in pm-sync" not in done.err, done.err
        return done

    def write(self, path: str, text: str | bytes) -> Path:
        """Write a file, with the folders above it."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    def read(self, path: str = DB) -> str:
        """The text of a file."""
        return (self.root / path).read_text(encoding="utf-8")
