"""Asking the doctor, within the test's own process and as one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from pm_sync.findings import Diagnosis, Finding, Level
from pm_sync.session.doctor import diagnose
from pm_sync.session.session import World
from tests.fakes.front import Answer, Asked, Layer
from tests.house import never_wait

_PM_SYNC = Path(sys.executable).with_name("pm-sync")


class Told:
    """What a doctor said."""

    def __init__(self, diagnosis: Diagnosis) -> None:
        self.code = int(diagnosis.code)
        self.findings = [(section.name, finding) for section in diagnosis.sections for finding in section.findings]

    @property
    def bad(self) -> dict[str, Level]:
        """What isn't as it should be, with its level, by subject."""
        return {finding.about: finding.level for _, finding in self.findings if finding.level is not Level.OK}

    def of(self, about: str, section: str = "") -> Finding:
        """The finding about something."""
        [found] = [one for name, one in self.findings if one.about == about and name.startswith(section)]
        return found


class Headers(Layer):
    """Adds headers to each answer."""

    def __init__(self, **headers: str) -> None:
        self._headers = {name.replace("_", "-"): value for name, value in headers.items()}

    def amend(self, asked: Asked, answer: Answer) -> Answer:
        """Add them."""
        return Answer(answer.status, answer.content, {**answer.headers, **self._headers})


def ask_doctor(folder: Path, environment: Mapping[str, str]) -> Told:
    """Ask about the repository in a folder; who looks waits for nothing."""
    return Told(diagnose(World(folder, environment, lambda: datetime.now(UTC), never_wait)))


def start(folder: Path, environment: Mapping[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """Start the program in a folder."""
    whole = {"PATH": os.environ["PATH"], "HOME": str(folder), **environment}
    return subprocess.run(
        [str(_PM_SYNC), *words], cwd=folder, env=whole, capture_output=True, text=True, timeout=120, check=False
    )
