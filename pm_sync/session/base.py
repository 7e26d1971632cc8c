"""The base commit: what a pull request is judged by. Its own files may say anything, so they decide nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pm_sync import git as repository
from pm_sync import io
from pm_sync.config import Config, parse_config
from pm_sync.config.load import NAMES
from pm_sync.errors import ConfigError, PmSyncError, Refused
from pm_sync.publish.command import Git
from pm_sync.publish.plain import has_commit, read_blob
from pm_sync.session.actions import PullRequest


def load_base_config(root: Path, config: Path | None, pull: PullRequest, environment: Mapping[str, str]) -> Config:
    """The configuration as the pull request's base has it.

    Args:
        root: The repository's root.
        config: The file that the command line names, else it is looked for.
        pull: The pull request.
        environment: Tells which commit the workflow was started for.

    Raises:
        Refused: the base isn't in this clone.
        ConfigError: the configuration there can't be used.
        ReadError: ``config`` lies outside of the repository.

    """
    git = Git(root, environment)
    base = base_commit(root, git, pull, environment)
    names = [io.inside(root, config)] if config is not None else NAMES
    found = {name: data for name in names if (data := read_blob(git, base, name)) is not None}
    if len(found) > 1:
        raise ConfigError(f"{' and '.join(found)}: more than one configuration", hint="keep one of them")
    for name, data in found.items():
        return parse_config(data.decode("utf-8-sig", "replace"), name)
    return Config()


def base_commit(root: Path, git: Git, pull: PullRequest, environment: Mapping[str, str]) -> str:
    """The commit that a pull request is made against.

    Raises:
        Refused: it isn't in this clone.

    """
    try:
        if pull.base and has_commit(git, pull.base):
            return pull.base
        # What GitHub merged by itself to start this run has the base as its first parent; any other merge may not.
        merged = git.run("rev-parse", "--verify", "--quiet", "HEAD^1").text
        if merged and environment.get("GITHUB_SHA") == repository.head(root):
            return merged
    except PmSyncError:
        pass
    raise Refused(
        "the commit that the pull request is made against is not in this clone, so nothing tells the configuration",
        hint="check out with fetch-depth: 0",
    )
