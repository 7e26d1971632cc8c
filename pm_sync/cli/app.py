"""The commands, put together."""

from __future__ import annotations

from importlib import import_module
from typing import Annotated, Final

import typer

from pm_sync import __version__
from pm_sync.cli.terminal import emit

_COMMANDS: Final = (
    "init",
    "items",
    "lint",
    "plan",
    "sync",
    "status",
    "link",
    "unlink",
    "explain",
    "doctor",
    "local",
    "schema",
)
"""In the order of the help."""
_HOME: Final = {"unlink": "link"}
"""The module of a command that has none of its own name."""


def make_app(word: str = "") -> typer.Typer:
    """The program for a command line that begins with ``word``.

    It has only the commands that such a line can be about: to put together the others would take a sixth of the time
    to start.
    """
    app = typer.Typer(
        name="pm-sync",
        help="Turn the action items of Markdown postmortems into tracked issues, and keep the postmortems true about "
        "them.",
        epilog="Exit codes: 0 fine, 1 failed, 2 usage or configuration, 3 a bug, 10 changes pending, 11 partly applied, "
        "12 refused, 13 gate or lint failed, 130 interrupted.",
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_options)
    for name in _about(word):
        module = import_module(f"pm_sync.cli.{_HOME.get(name, name)}")
        if hasattr(module, "app"):
            app.add_typer(module.app, name=name)
        else:
            app.command(name)(getattr(module, name))
    return app


def _about(word: str) -> tuple[str, ...]:
    if word == "--version":
        return ()
    return (word,) if word in _COMMANDS else _COMMANDS


def _version(context: typer.Context, asked: bool) -> None:
    # A shell that completes what follows asks for no version.
    if asked and not context.resilient_parsing:
        emit(f"pm-sync {__version__}\n")
        raise typer.Exit


def _options(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Options before the command."""
