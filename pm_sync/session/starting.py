"""Starting out: what a repository tells about itself, and the configuration and workflow that fit it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import date
from importlib.resources import files
from pathlib import PurePosixPath
from urllib.parse import quote, urlsplit

from msgspec import Struct

from pm_sync import __version__, git
from pm_sync.errors import TrackerError
from pm_sync.regex import regex
from pm_sync.session.home import find_home
from pm_sync.session.session import Session
from pm_sync.session.standing import today
from pm_sync.trackers.github import site_from

ACTION = f"pm-sync/pm-sync@v{__version__}"
"""The Action of this very version."""
CONFIG, WORKFLOW = "pm-sync.yaml", ".github/workflows/pm-sync.yml"
_NAME = regex(r"[\w.-]+/[\w.-]+", re.ASCII)
_ROOTS = frozenset({"", "."})


class Findings(Struct, frozen=True):
    """What was found out."""

    folders: tuple[str, ...]
    """Where postmortems are, relative to the root."""
    postmortems: int
    unlinked: int
    """Items that a first sync would create issues for."""
    repository: str | None
    """``owner/name``, where the repository is on GitHub."""
    branch: str
    protected: bool | None
    """Whether the branch takes no pushes; None where nobody could be asked."""
    day: date

    @property
    def sentences(self) -> tuple[str, ...]:
        """All of it, for people."""
        where = ", ".join(f"{folder}/" for folder in self.folders) or "none yet; postmortems/ is taken"
        asked = {True: "protected", False: "open to pushes", None: "not asked about (no GITHUB_TOKEN)"}[self.protected]
        return (
            f"postmortems: {self.postmortems}, in {where}" if self.postmortems else f"postmortems: {where}",
            f"issues: in {self.repository}" if self.repository else "issues: embedded, as origin is not on GitHub",
            f"branch: {self.branch}, {asked}",
        )


def look_around(session: Session) -> Findings:
    """Look at the repository; GitHub is asked one thing, where there is a credential."""
    reading = session.read()
    entries = [item for document in reading.documents for item in document.postmortem.items]
    branch = git.default_branch(session.root) or git.branch(session.root) or "main"
    return Findings(
        folders=_folders(document.path for document in reading.documents),
        postmortems=len(reading.documents),
        unlinked=sum(item.annotation is None and not item.done for item in entries),
        repository=_repository(session),
        branch=branch,
        protected=_protected(session, branch),
        day=today(session),
    )


def configuration(found: Findings) -> str:
    """The configuration that fits."""
    globs = ", ".join(_quoted(f"{folder}/**/*.md") for folder in found.folders or ("postmortems",))
    lines = ["# Every option is explained in config/README.md of pm-sync.", "version: 1"]
    lines += [f"postmortems: [{globs}]"]
    if found.unlinked > _MANY:
        lines += [f"since: {found.day} # older incidents stay as they are: {found.unlinked} items have no issue yet"]
    if found.repository:
        lines += ["trackers:", f"  issues: {{kind: github, repository: {found.repository}}}"]
    else:
        lines += ["trackers:", "  issues: {kind: local}"]
    return "\n".join([*lines, "routes:", "  - {to: issues}", ""])


_MANY = 25
"""More new issues than this are refused unless somebody asks for them, so they are no way to start."""


def workflow(found: Findings) -> str:
    """The workflow that fits, everything in it pinned."""
    text = (files("pm_sync") / "data/workflow.yml").read_text("utf-8")
    publish = "pull-request" if found.protected else "push"
    for word, value in {"BRANCH": _quoted(found.branch)[1:-1], "ACTION": ACTION, "PUBLISH": publish}.items():
        text = text.replace(f"@{word}@", value)
    return text


def _quoted(text: str) -> str:
    """Any text as YAML: a string of JSON is one of its strings."""
    return json.dumps(text, ensure_ascii=False)


def _folders(paths: Iterable[str]) -> tuple[str, ...]:
    """The topmost folders that hold them all."""
    parents = {str(PurePosixPath(path).parent) for path in paths}
    inside = {name for name in parents for other in parents if name != other and name.startswith(f"{other}/")}
    return tuple(sorted(parents - inside - _ROOTS))


def _repository(session: Session) -> str | None:
    home = session.policy.places.home
    web = site_from(session.world.environment).web
    known = home is not None and urlsplit(home.site).hostname in ("github.com", urlsplit(web).hostname)
    return home.project if home is not None and known and _NAME.fullmatch(home.project) else None


def _protected(session: Session, branch: str) -> bool | None:
    home = find_home(session)
    if home is None:
        return None
    with home:
        try:
            found = home.client.get(f"/repos/{home.repository}/branches/{quote(branch)}")
        except TrackerError:
            return None
    return bool(found.get("protected")) if isinstance(found, dict) else None
