"""What the matrix wants of a tracker: a past that can be had again, and facts that don't depend on numbers and days."""

from __future__ import annotations

import re
import shutil
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from tests.crash.scene import People

_DAY = re.compile(r"\b20\d\d-\d\d-\d\d\b(?= *[)\"|])")
"""A day within an annotation or a state's cell; days that people wrote stand elsewhere."""


class Held(Struct, frozen=True):
    """One issue as its tracker has it, with all that a sync may have to do with."""

    number: int
    names: tuple[str, ...]
    """What postmortems call it."""
    title: str
    state: str
    is_open: bool
    body: str = ""
    labels: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    """Their titles: each link counts, so that one that was made twice is told from one."""
    more: str = ""


class World(ABC):
    """One tracker, as it is around a sync."""

    name: str
    settings: str
    """The tracker's entry in the configuration."""
    clock: str = ""
    """The address of a server with a clock of its own, else nothing."""
    lag: float = 0.0
    """Seconds that its search is behind."""
    words: Sequence[str] = ("sync", "--yes")
    """The command that is tried."""
    first_day: bool = False
    """Nothing was synced before."""

    @property
    def ahead(self) -> float:
        """Seconds that its clock is ahead of ours."""
        return 0.0

    @abstractmethod
    def environment(self) -> Mapping[str, str]:
        """What the program needs to get there."""

    @abstractmethod
    def people(self, root: Path) -> People:
        """Those who work there; the repository is for trackers that live in it."""

    @abstractmethod
    def issues(self, root: Path) -> Iterable[Held]:
        """All issues there are."""

    def begin(self, root: Path) -> None:  # noqa: B027  some have nothing to do
        """The repository is there, and nothing was synced yet."""

    def save(self, root: Path) -> None:  # noqa: B027  as above
        """People have done their work in the repository."""

    def renew(self, root: Path, template: Path) -> None:
        """Let the postmortems be those of a fresh clone."""
        shutil.copytree(template / "postmortems", root / "postmortems", dirs_exist_ok=True)

    def elsewhere(self, root: Path) -> Mapping[str, str]:
        """Texts outside of the repository that a run leaves behind, by name."""
        return {}

    def keep(self) -> None:  # noqa: B027  some have nothing to do
        """Remember how all is."""

    def rewind(self) -> None:  # noqa: B027  as above
        """Let all be again as it was then."""

    def wait(self) -> None:  # noqa: B027  as above
        """Let time pass until searches know everything."""

    def forget(self, root: Path) -> None:
        """Take away what a fresh machine lacks."""
        shutil.rmtree(root / ".pm-sync", ignore_errors=True)


def facts(issues: Iterable[Held], texts: Mapping[str, str]) -> dict[str, str]:
    """All that a run leaves behind, each fact by its name; numbers, days and closed twins don't matter."""
    issues = sorted(issues, key=lambda issue: (not issue.is_open, issue.number))
    told: dict[str, str] = {}
    for issue in issues:
        name = f"issue {issue.title}"
        if f"{name}: state" in told:
            # Of two one stays open, and the other one is none of what a clean run leaves.
            continue
        told |= {
            f"{name}: {fact}": scrub(str(value), issues)
            for fact, value in (
                ("state", issue.state),
                ("body", issue.body),
                ("labels", issue.labels),
                ("comments", issue.comments),
                ("parents", issue.parents),
                ("more", issue.more),
            )
        }
    return told | {f"file {name}": scrub(text, issues) for name, text in texts.items()}


def duplicates(issues: Iterable[Held]) -> int:
    """Open issues beyond the first of each title."""
    counts = Counter(issue.title for issue in issues if issue.is_open)
    return sum(count - 1 for count in counts.values())


def files(root: Path) -> dict[str, str]:
    """The postmortems."""
    return {path.name: path.read_bytes().decode() for path in sorted((root / "postmortems").iterdir())}


def scrub(text: str, issues: Iterable[Held]) -> str:
    """A text with titles in place of links, and without the days that annotations tell."""
    titles = {word: issue.title for issue in issues for word in issue.names}
    if titles:
        words = "|".join(map(re.escape, sorted(titles, key=len, reverse=True)))
        text = re.sub(rf"(?:{words})(?!\d)", lambda found: f"<{titles[found[0]]}>", text)
    return _DAY.sub("DAY", text)
