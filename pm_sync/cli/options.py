"""The options that commands share, and what they come to."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

if TYPE_CHECKING:
    from pm_sync.session.scope import Scope
    from pm_sync.session.session import World


class Format(StrEnum):
    """How results are written."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    GITHUB = "github"


class StatusFormat(StrEnum):
    """How ``status`` is written."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    GITHUB = "github"
    CSV = "csv"


class Publish(StrEnum):
    """What becomes of the postmortems that ``sync`` changed."""

    NONE = "none"
    COMMIT = "commit"
    PUSH = "push"
    PULL_REQUEST = "pull-request"


def _path(word: str) -> Path:
    # Python takes it for the current folder; whoever gives it has a variable that is empty, and means less than all.
    if not word:
        raise typer.BadParameter("a path is empty; leave it out to mean what the configuration names")
    return Path(word)


Paths = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="PATH...",
        help="Postmortems, or folders of them. Default: what the configuration names.",
        parser=_path,
    ),
]
ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="Use this configuration instead of the repository's pm-sync.yaml."),
]
TrackerOption = Annotated[
    str | None,
    typer.Option(
        "--tracker",
        metavar="TRACKER",
        help="Send everything to local, github:OWNER/REPO or jira:PROJECT, whatever the routes say.",
    ),
]
FormatOption = Annotated[Format, typer.Option("--format", help="How to write the result on stdout.")]
NoColorOption = Annotated[bool, typer.Option("--no-color", help="No colours (nor with NO_COLOR in the environment).")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing on stderr but errors.")]
VerboseOption = Annotated[
    int,
    typer.Option(
        "--verbose",
        "-v",
        count=True,
        show_default=False,
        help="Show more: also what is unchanged, and the run's name; -vv: each request, too.",
    ),
]
LogFileOption = Annotated[
    Path | None,
    typer.Option(
        "--log-file",
        metavar="FILE",
        help="Append all that happens, a line of JSON for each event; PM_SYNC_LOG_FILE does the same.",
    ),
]
AllowBranchOption = Annotated[
    bool, typer.Option("--allow-branch", help="In GitHub Actions: write although this isn't the default branch.")
]
OfflineOption = Annotated[bool, typer.Option("--offline", help="Ask no tracker: tell what the files say.")]
ChangedSinceOption = Annotated[
    str | None,
    typer.Option(
        "--changed-since", metavar="REV", help="Create issues only for files that differ from this git revision."
    ),
]
NewOption = Annotated[
    list[str] | None,
    typer.Option("--new", metavar="PATH:LINE", help="This item is new, although it resembles an issue. Repeatable."),
]
MaxCreatesOption = Annotated[
    int | None,
    typer.Option("--max-creates", metavar="N", min=0, help="Refuse to create more issues than this (25)."),
]
MaxUpdatesOption = Annotated[
    int | None,
    typer.Option("--max-updates", metavar="N", min=0, help="Refuse to update more issues than this (50)."),
]
MaxClosesOption = Annotated[
    int | None,
    typer.Option(
        "--max-closes",
        metavar="N",
        min=0,
        help="Refuse to close more issues than this (the larger of 5 and a fifth of the linked items).",
    ),
]
MaxWaitOption = Annotated[
    str | None,
    typer.Option(
        "--max-wait",
        metavar="DURATION",
        help="Wait no longer than this for rate limits, together (10m); the rest is left.",
    ),
]
AllowEmptyOption = Annotated[
    list[str] | None,
    typer.Option("--allow-empty", metavar="PATH", help="This postmortem may have lost all its items. Repeatable."),
]


class Look(NamedTuple):
    """How a command shows its result. No struct, as help and version would load msgspec for this one."""

    format: str
    no_color: bool
    quiet: bool
    verbose: int


def path_of(place: str) -> str:
    """The path of ``PATH:LINE``, whatever follows the last colon."""
    return place.rpartition(":")[0] or place


def make_scope(
    paths: Sequence[Path] | None,
    tracker: str | None,
    changed_since: str | None,
    new: Sequence[str] | None,
    allow_empty: Sequence[str] | None,
    limits: tuple[int | None, int | None, int | None],
    max_wait: str | None = None,
) -> Scope:
    """What the command line limits a run to; ``limits`` are those of creates, updates and closes."""
    from pm_sync.session.scope import Scope  # noqa: PLC0415 - help and version don't need it

    names = tuple(str(path) for path in paths or ())
    return Scope(names, tracker, changed_since, tuple(new or ()), tuple(allow_empty or ()), *limits, max_wait)


def make_world(*, quiet: bool = False, verbose: int = 0, log_file: Path | None = None) -> World:
    """The world as it is; what happens in it from now on is told as far as these options of the command say.

    Raises:
        UsageError: the log can't be written.

    """
    from pm_sync.cli.log import start_log  # noqa: PLC0415 - help and version don't need it
    from pm_sync.io import current_folder  # noqa: PLC0415
    from pm_sync.session.session import World  # noqa: PLC0415

    start_log(verbose=verbose, quiet=quiet, log_file=log_file)
    return World(current_folder(), os.environ, lambda: datetime.now(UTC), time.sleep, _tell_wait)


def _tell_wait(why: str, seconds: float) -> None:
    from pm_sync.cli.terminal import say  # noqa: PLC0415 - help and version don't need it

    say(f"waiting {seconds:.0f} s: {why}")
