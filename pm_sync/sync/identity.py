"""Identity: which issue, if any, an item's links name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal
from urllib.parse import urlsplit

from msgspec import Struct

from pm_sync.model import ActionItem, IssueRef, Link, LinkPosition, Unreachable
from pm_sync.regex import regex

# What can't be a repository's name must not lead a request to another address, and servers count no further than this.
_PROJECT = r"(?!\.)[\w.-]+/(?!\.{1,2}(?:[/#]|$))[\w.-]+"
_NUMBER = r"0*[0-9]{1,18}"
_GITHUB_PATH = regex(rf"^/(?P<project>{_PROJECT})/(?:issues|pull)/(?P<number>{_NUMBER})/?$", re.ASCII)
_JIRA_PATH = regex(r"^(?P<prefix>.*)/browse/(?P<key>[A-Z][A-Z0-9_]+-[0-9]+)/?$", re.IGNORECASE)
_BARE = regex(
    rf"^(?:(?P<local>local)#(?P<local_number>{_NUMBER})"
    rf"|(?P<project>{_PROJECT})?#(?P<number>{_NUMBER})"
    r"|(?P<key>[A-Z][A-Z0-9_]+-[0-9]+))$",
    re.ASCII,
)
_STANDING_ALONE = (LinkPosition.ALONE, LinkPosition.COLUMN)
_DEFAULT_PORTS = {"http": 80, "https": 443}


class Place(Struct, frozen=True):
    """Where a configured tracker keeps its issues."""

    name: str
    kind: str
    site: str = ""
    """Web address; empty for ``local``."""
    project: str = ""
    """``owner/name`` in lower case, or the Jira project's key."""


class Linked(Struct, frozen=True):
    """An item's issue, and the tracker to ask about it."""

    ref: IssueRef
    tracker: str
    by: Literal["annotation", "link", "journal"]
    """What says so: our own annotation, a link that a person wrote, or the journal of a run that was cut off."""


class Places(Struct, frozen=True):
    """All that links are resolved against; nothing else is ever asked."""

    trackers: tuple[Place, ...]
    home: Place | None = None
    """The repository that holds the postmortems, which a bare ``#12`` means."""
    jira_keys: frozenset[str] = frozenset()
    """Jira projects whose bare keys (``OPS-12``) are links wherever they stand."""

    def identify(self, item: ActionItem) -> Linked | Unreachable | None:
        """Find the item's issue: our annotation's, else the first link that can be one; None where it has none."""
        astray: Unreachable | None = None
        for link, annotated in _candidates(item):
            match self._resolve(link):
                case (IssueRef() as ref, str(tracker)) if annotated or self._is_identity(link, ref):
                    return Linked(ref, tracker, "annotation" if annotated else "link")
                case Unreachable() as reason if annotated:
                    return reason  # what we wrote ourselves is the identity, even where nobody can be asked about it
                case Unreachable() as reason if link.position is not LinkPosition.INLINE:
                    astray = astray or reason
                case _:
                    continue
        return astray

    def resolve(self, link: Link) -> tuple[IssueRef, str] | None:
        """The issue a link names and the tracker that can be asked about it; None where nothing configured can."""
        found = self._resolve(link)
        return None if isinstance(found, Unreachable) else found

    def label(self, ref: IssueRef) -> str:
        """How an annotation names an issue: ``#12`` in the postmortem's own repository, else in full."""
        at_home = self.home is not None and (ref.site, ref.project) == (self.home.site, self.home.project)
        return f"#{ref.id}" if at_home and ref.kind == "github" else str(ref)

    def _is_identity(self, link: Link, ref: IssueRef) -> bool:
        if link.position is not LinkPosition.INLINE:
            return True
        return any(
            (place.kind, place.site, place.project) == (ref.kind, ref.site, ref.project) for place in self.trackers
        )

    def _resolve(self, link: Link) -> tuple[IssueRef, str] | Unreachable | None:
        ref = _from_url(link.url) if link.url else self._from_bare(link)
        if not isinstance(ref, IssueRef):
            return ref
        tracker = self._tracker_for(ref)
        if tracker is not None:
            return ref, tracker
        if link.url is None and ref.kind != "local":
            return None  # a bare reference that nothing configured can hold is a word like any other
        return Unreachable(f"no tracker of kind {ref.kind} is configured" + (f" for {ref.site}" if ref.site else ""))

    def _tracker_for(self, ref: IssueRef) -> str | None:
        at_site = [place for place in self.trackers if (place.kind, place.site) == (ref.kind, ref.site)]
        exact = [place for place in at_site if place.project == ref.project]
        return next((place.name for place in (*exact, *at_site)), None)

    def _from_bare(self, link: Link) -> IssueRef | None:
        match = _BARE.match(link.ref)
        if match is None:
            return None
        if match["local"]:
            return IssueRef("local", "", "", _plain(match["local_number"]))
        if match["key"]:
            return self._from_key(match["key"], link.position)
        return self._from_number(match["project"], _plain(match["number"]))

    def _from_key(self, key: str, position: LinkPosition) -> IssueRef | None:
        project = key.rpartition("-")[0]
        if project not in self.jira_keys and position not in _STANDING_ALONE:
            return None  # SHA-256 and UTF-8 are words
        jiras = [place for place in self.trackers if place.kind == "jira"]
        exact = [place for place in jiras if place.project == project]
        return next((IssueRef("jira", place.site, project, key) for place in (*exact, *jiras)), None)

    def _from_number(self, project: str | None, number: str) -> IssueRef | None:
        if project is None:
            return IssueRef("github", self.home.site, self.home.project, number) if self.home else None
        repositories = [place for place in self.trackers if place.kind == "github"]
        exact = [place for place in repositories if place.project == project.lower()]
        home = [self.home] if self.home else []
        sites = [place.site for place in (*exact, *home, *repositories)]
        return next((IssueRef("github", site, project.lower(), number) for site in sites), None)


def _candidates(item: ActionItem) -> Iterator[tuple[Link, bool]]:
    if item.annotation is not None:
        yield item.annotation.link, True
    for link in item.links:
        yield link, False


def _from_url(url: str) -> IssueRef | None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        return None
    site = site_of(parts.scheme, parts.hostname, port)
    if match := _GITHUB_PATH.match(parts.path):
        return IssueRef("github", site, match["project"].lower(), _plain(match["number"]))
    if match := _JIRA_PATH.match(parts.path):
        key = match["key"].upper()
        return IssueRef("jira", site + match["prefix"], key.rpartition("-")[0], key)
    return None


def _plain(number: str) -> str:
    return number.lstrip("0") or "0"


def site_of(scheme: str, host: str, port: int | None) -> str:
    """Write scheme, host and port one way only, so that equal sites compare equal."""
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}" + (f":{port}" if port and port != _DEFAULT_PORTS.get(scheme) else "")
