"""The commands, put together."""

from __future__ import annotations

from typing import Annotated

import typer

from pm_sync import __version__
from pm_sync.cli import doctor, explain, init, items, link, lint, local, plan, schema, status, sync
from pm_sync.cli.terminal import emit

app = typer.Typer(
    name="pm-sync",
    help="Turn the action items of Markdown postmortems into tracked issues, and keep the postmortems true about them.",
    epilog="Exit codes: 0 fine, 1 failed, 2 usage or configuration, 3 a bug, 10 changes pending, 11 partly applied, "
    "12 refused, 13 gate or lint failed, 130 interrupted.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        emit(f"pm-sync {__version__}\n")
        raise typer.Exit


@app.callback()
def options(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Options before the command."""


app.command("init")(init.init)
app.command("items")(items.items)
app.command("lint")(lint.lint)
app.command("plan")(plan.plan)
app.command("sync")(sync.sync)
app.command("status")(status.status)
app.command("link")(link.link)
app.command("unlink")(link.unlink)
app.command("explain")(explain.explain)
app.command("doctor")(doctor.doctor)
app.add_typer(local.app, name="local")
app.command("schema")(schema.schema)
