"""What a run stands on here: git, the state folder, the lock, and what a run that was cut off left behind."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from pm_sync import git, statefolder
from pm_sync.errors import WriteError
from pm_sync.findings import Finding, failure, fine, warning
from pm_sync.session.lock import who_holds
from pm_sync.sync.journal import read_journal


class Grounds(Struct, frozen=True):
    """What was seen."""

    root: Path
    git: str | None
    """Its version; None where it isn't installed."""
    in_git: bool
    origin: str | None
    """``host/owner/name``."""
    trouble: str
    """Why the state folder can't be used; empty where it can, or can be made."""
    committed: bool
    """Whether git tracks it, so that others could have written it."""
    holder: str | None
    """Who is syncing just now."""
    shared: bool
    """Issues go to a server, where they have to be told from those of other repositories."""
    unsettled: int
    """Calls of which a run that was cut off left no end."""


def look(root: Path, *, shared: bool = False) -> list[Finding]:
    """Look, and judge.

    Args:
        root: The repository's root.
        shared: Issues go to a server, and nothing but git's origin tells them from those of other repositories.

    """
    return list(judge(see(root, shared=shared)))


def see(root: Path, *, shared: bool = False) -> Grounds:
    """Look at a repository. Nothing is made or written."""
    state = root / statefolder.NAME
    origin, trouble = git.origin(root), _trouble(root)
    return Grounds(
        root=root,
        git=git.version(root),
        in_git=(root / ".git").exists(),
        origin=origin.source if origin else None,
        trouble=trouble,
        committed=state.exists() and git.tracks(root, statefolder.NAME),
        holder=None if trouble else who_holds(state),
        shared=shared,
        unsettled=0 if trouble else sum(1 for _ in read_journal(state / "journal")),
    )


def _trouble(root: Path) -> str:
    state = root / statefolder.NAME
    try:
        statefolder.check(root)
    except WriteError as error:
        return f"{error.place} {error.what}"
    return "" if os.access(state if state.exists() else root, os.W_OK | os.X_OK) else f"{state} can't be written"


def judge(seen: Grounds) -> Iterator[Finding]:
    """Say how it stands."""
    yield _of_git(seen)
    if seen.origin is not None:
        yield fine("origin", seen.origin)
    elif seen.shared:
        hint = "set `source:` in pm-sync.yaml, or clone from a server"
        yield warning("origin", "there is none, by which issues would know their repository", hint)
    else:
        yield fine("origin", "there is none, and none is needed")
    yield _of_state(seen)
    if not seen.trouble:
        yield from _of_runs(seen)


def _of_runs(seen: Grounds) -> Iterator[Finding]:
    """Who is at work, and what was left; where the state can't be used, neither was looked at."""
    if seen.holder is not None:
        yield warning("lock", f"{seen.holder} is syncing this repository", "wait until it has ended, or stop it")
    else:
        yield fine("lock", "free")
    if seen.unsettled:
        what = f"a run was cut off; {seen.unsettled} of its calls are to be settled"
        yield warning("journal", what, "run `pm-sync sync`: it begins with that")
    else:
        yield fine("journal", "nothing is left of earlier runs")


def _of_git(seen: Grounds) -> Finding:
    if seen.git is None:
        return warning(
            "git", "is not installed", "install it: without it renamed postmortems can't be told from new ones"
        )
    if not seen.in_git:
        return warning(
            "git", f"{seen.root} is no repository of git", "run pm-sync in the repository of your postmortems"
        )
    return fine("git", f"{seen.git}, {seen.root}")


def _of_state(seen: Grounds) -> Finding:
    folder = seen.root / statefolder.NAME
    if seen.trouble:
        return failure("state", seen.trouble, "a sync keeps its journal there: make it a folder that you may write")
    if seen.committed:
        what = f"{folder} is committed, so that anybody who proposes a change can write it"
        return failure("state", what, f"take it out: git rm -r --cached {statefolder.NAME}")
    return fine("state", f"{folder} can be written")
