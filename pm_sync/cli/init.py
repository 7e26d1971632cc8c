"""``pm-sync init``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from pm_sync.cli.options import Look, NoColorOption, QuietOption, make_world


def init(
    *,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask. Files that are there already stay.")] = False,
    no_color: NoColorOption = False,
    quiet: QuietOption = False,
) -> None:
    """Look at the repository, and write the configuration and the GitHub workflow that fit it.

    Shows both first and asks; then shows the plan that they lead to. Nothing is overwritten unasked.

    \b
    Examples:
      pm-sync init
      pm-sync init --yes
    """
    from pm_sync.cli.planning import run_plan  # noqa: PLC0415 - help doesn't need it
    from pm_sync.session import starting  # noqa: PLC0415
    from pm_sync.session.scope import Scope  # noqa: PLC0415
    from pm_sync.session.session import Session  # noqa: PLC0415

    world = make_world()
    with Session.open(world) as session:
        found = starting.look_around(session)
        root = session.root
    wanted = {starting.CONFIG: starting.configuration(found), starting.WORKFLOW: starting.workflow(found)}
    _show(found.sentences, wanted, quiet=quiet)
    for path, text in wanted.items():
        _write(root, path, text, yes=yes)
    run_plan(world, None, Scope(), Look("text", no_color, quiet, 0), out=None, offline=True)


def _show(sentences: tuple[str, ...], wanted: dict[str, str], *, quiet: bool) -> None:
    from pm_sync.cli.terminal import say  # noqa: PLC0415 - help doesn't need it

    if quiet:
        return
    for sentence in sentences:
        say(sentence)
    for path, text in wanted.items():
        say(f"\n--- {path}\n{text}")


def _write(root: Path, path: str, text: str, *, yes: bool) -> None:
    """Write one file, if it may be written.

    Raises:
        UsageError: there is nobody to ask.

    """
    from pm_sync.cli.terminal import ask, say  # noqa: PLC0415 - help doesn't need it
    from pm_sync.errors import UsageError  # noqa: PLC0415
    from pm_sync.io import check_named  # noqa: PLC0415

    file = check_named(root, root / path)
    there = file.exists() or file.is_symlink()
    if there and file.is_file() and file.read_text("utf-8", "replace") == text:
        say(f"{path} says this already")
        return
    if yes:
        agreed = not there
    elif not sys.stdin.isatty():
        raise UsageError("there is no terminal to ask on", hint="say --yes; files that are there already stay")
    else:
        agreed = ask(f"Overwrite {path}?" if there else f"Write {path}?")
    if not agreed:
        say(f"{path} is left as it is" if there else f"{path} is not written")
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")
    say(f"wrote {path}")
