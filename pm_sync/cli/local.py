"""``pm-sync local``: how a person plays the tracker's side where the tracker is the embedded one."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pm_sync.cli.options import ConfigOption, NoColorOption
from pm_sync.cli.terminal import emit, may_color

if TYPE_CHECKING:
    from pm_sync.config import Config, LocalSettings
    from pm_sync.trackers.local.database import Database

app = typer.Typer(name="local", no_args_is_help=True)


class Format(StrEnum):
    """How the issues are printed."""

    TEXT = "text"
    JSON = "json"


class StateWord(StrEnum):
    """The values of `pm_sync.model.State`, which neither help nor version should need to import."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    DROPPED = "dropped"


def _number(text: str) -> int:
    digits = text.removeprefix("local").removeprefix("#")
    if not (digits.isascii() and digits.isdigit()):
        raise typer.BadParameter(f"{text!r} is not an issue's number, like 12 or local#12")
    return int(digits)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a day, like 2026-11-22") from None


def _text(text: str) -> str:
    # A terminal can hand over bytes that are no text.
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise typer.BadParameter("not text in the terminal's encoding")
    return text.strip()


Number = Annotated[int, typer.Argument(parser=_number, metavar="NUMBER", help="The issue's number, as in local#12.")]
Numbers = Annotated[
    list[int], typer.Argument(parser=_number, metavar="NUMBER...", help="Numbers of issues, as in local#12.")
]
FormatOption = Annotated[Format, typer.Option("--format", help="For people, or for scripts.")]
ReasonOption = Annotated[str, typer.Option("--reason", parser=_text, metavar="TEXT", help="Why; kept as a comment.")]
DayOption = Annotated[
    date | None, typer.Option("--on", parser=_date, metavar="YYYY-MM-DD", help="The day it was done; else today.")
]


@app.callback()
def choose(
    context: typer.Context,
    config: ConfigOption = None,
) -> None:
    """Look at the embedded tracker's issues and move them.

    \b
    Examples:
      pm-sync local list
      pm-sync local close 2 && pm-sync sync
    """
    from pm_sync.cli.log import start_log  # noqa: PLC0415 - see `_opened`

    start_log()
    context.obj = config


@app.command("list")
def list_issues(
    context: typer.Context,
    state: Annotated[
        list[StateWord] | None, typer.Option("--state", help="Only issues in this state; may be given again.")
    ] = None,
    output: FormatOption = Format.TEXT,
    no_color: NoColorOption = False,
) -> None:
    """List the issues.

    \b
    Examples:
      pm-sync local list
      pm-sync local list --state open --state in_progress --format json
    """
    from pm_sync.model import State  # noqa: PLC0415 - see `_opened`
    from pm_sync.report import as_json, local  # noqa: PLC0415 - see `_opened`
    from pm_sync.trackers.local import people  # noqa: PLC0415 - see `_opened`

    with _opened(context, read_only=True) as database:
        entries = people.entries(database, {State(word) for word in state} if state else frozenset(State))
    json = output is Format.JSON
    color = may_color(sys.stdout, no_color=no_color)
    emit(as_json.dumps(local.as_json(entries)) if json else local.as_table(entries, color=color))


@app.command()
def show(context: typer.Context, number: Number, output: FormatOption = Format.TEXT) -> None:
    """Show all of one issue.

    \b
    Example:
      pm-sync local show 12
    """
    from pm_sync.report import as_json, local  # noqa: PLC0415 - see `_opened`
    from pm_sync.trackers.local import people  # noqa: PLC0415 - see `_opened`

    with _opened(context, read_only=True) as database:
        entry = people.entry(database, number)
    json = output is Format.JSON
    emit(as_json.dumps(local.as_json([entry])) if json else local.as_page(entry))


@app.command()
def start(context: typer.Context, numbers: Numbers) -> None:
    """Say that somebody works on it.

    \b
    Example:
      pm-sync local start 12
    """
    _move(context, numbers, StateWord.IN_PROGRESS)


@app.command()
def close(context: typer.Context, numbers: Numbers, day: DayOption = None) -> None:
    """Say that it is done.

    \b
    Examples:
      pm-sync local close 12
      pm-sync local close 12 13 --on 2026-11-20
    """
    _move(context, numbers, StateWord.DONE, day=day)


@app.command()
def drop(context: typer.Context, numbers: Numbers, reason: ReasonOption = "") -> None:
    """Decide against it.

    \b
    Example:
      pm-sync local drop 12 --reason "The service is going away."
    """
    _move(context, numbers, StateWord.DROPPED, reason=reason)


@app.command()
def reopen(context: typer.Context, numbers: Numbers) -> None:
    """Take it up again.

    \b
    Example:
      pm-sync local reopen 12
    """
    _move(context, numbers, StateWord.OPEN)


@app.command()
def edit(
    context: typer.Context,
    number: Number,
    title: Annotated[str | None, typer.Option("--title", parser=_text, metavar="TEXT", help="The new title.")] = None,
    due: Annotated[
        str | None, typer.Option("--due", metavar="YYYY-MM-DD", help="The new due date; empty for none.")
    ] = None,
    priority: Annotated[
        str | None, typer.Option("--priority", parser=_text, metavar="TEXT", help="The new priority; empty for none.")
    ] = None,
) -> None:
    """Change the title, due date or priority.

    \b
    Example:
      pm-sync local edit 12 --due 2026-12-01 --priority P1
    """
    from pm_sync.report.clean import clean  # noqa: PLC0415 - see `_opened`
    from pm_sync.trackers.local import people  # noqa: PLC0415 - see `_opened`

    values = _edited(title, due, priority)
    with _opened(context) as database:
        issue = people.edit(database, number, values)
    emit(f"{issue.ref} changed: {clean(issue.title)}\n")


def _edited(title: str | None, due: str | None, priority: str | None) -> Mapping[str, str | None]:
    if title == "":
        raise typer.BadParameter("an issue needs a title")
    if due:
        _date(due)
    given = {"title": title, "due": due, "priority": priority}
    values = {name: value or None for name, value in given.items() if value is not None}
    if not values:
        raise typer.BadParameter("say what to change: --title, --due or --priority")
    return values


def _move(
    context: typer.Context, numbers: list[int], word: StateWord, *, day: date | None = None, reason: str = ""
) -> None:
    from pm_sync.model import State  # noqa: PLC0415 - see `_opened`
    from pm_sync.report.clean import clean  # noqa: PLC0415 - see `_opened`
    from pm_sync.trackers.local import people  # noqa: PLC0415 - see `_opened`

    state, now = State(word), datetime.now(UTC)
    with _opened(context) as database:
        moves = people.move(database, numbers, state, now, day=day or now.date(), reason=reason)
    for move in moves:
        already = "is already" if move.before is state else "is now"
        emit(f"{move.issue.ref} {already} {state.word}: {clean(move.issue.title)}\n")


@contextmanager
def _opened(context: typer.Context, *, read_only: bool = False) -> Iterator[Database]:
    """Open the database that is meant. SQLite, the configuration and the reports are imported only by now."""
    from pm_sync.config import load_config  # noqa: PLC0415
    from pm_sync.io import current_folder, find_root  # noqa: PLC0415
    from pm_sync.trackers.local.database import Database, database_path  # noqa: PLC0415

    chosen: Path | None = context.obj
    root = find_root(current_folder(), chosen)
    database = Database(database_path(root, _settings(load_config(root, chosen)).database), read_only=read_only)
    try:
        yield database
    finally:
        database.close()


def _settings(config: Config) -> LocalSettings:
    """The settings of the embedded tracker, of which there is one at most, else its defaults."""
    from pm_sync.config import LocalSettings  # noqa: PLC0415 - see `_opened`

    configured = (settings for settings in config.trackers.values() if isinstance(settings, LocalSettings))
    return next(configured, None) or LocalSettings(kind="local")
