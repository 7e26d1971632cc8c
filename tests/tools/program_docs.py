"""What people read about the program itself, made from the code: trackers, commands and exit codes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from pm_sync.cli.app import make_app
from pm_sync.config.schema import json_schema
from pm_sync.errors import ExitCode
from pm_sync.trackers.registry import KINDS

_WIDTH = 100
_COMMANDS_HEAD = """\
# Commands

What each command says with `--help`, made from the program by `python -m tests.tools.generate`.
"""


def trackers_table() -> str:
    """Every kind of tracker that the configuration knows, and whether this version can speak to it."""
    rows = ["| `kind` | What it is | In this version |", "|---|---|---|"]
    for schema in json_schema()["$defs"].values():
        kind: dict[str, str] = schema.get("properties", {}).get("kind", {})
        if "const" in kind:
            rows.append(
                f"| `{kind['const']}` | {kind['description']} | {'yes' if kind['const'] in KINDS else 'not yet'} |"
            )
    return _lines(rows)


def exit_codes() -> str:
    """What each exit code means."""
    return _lines(["| Code | Meaning |", "|---|---|", *(f"| {int(code)} | {code.meaning} |" for code in ExitCode)])


def commands_table() -> str:
    """Each command with the first sentence of its help."""
    rows = [f"| `{command.command_path}` | {first_sentence(command)} |" for command in commands() if command.parent]
    return _lines(["| Command | Does |", "|---|---|", *rows])


def commands_page() -> str:
    """The help of every command, on one page."""
    return _COMMANDS_HEAD + "".join(f"\n## `{c.command_path}`\n\n```text\n{_help(c)}\n```\n" for c in commands())


def commands() -> Iterator[Any]:
    """The contexts of all commands, groups before their members; Typer keeps their class to itself."""
    top = typer.main.get_command(make_app())
    yield from _walk(top.make_context("pm-sync", [], resilient_parsing=True, terminal_width=_WIDTH))


def _walk(context: Any) -> Iterator[Any]:
    yield context
    for name, command in getattr(context.command, "commands", {}).items():
        yield from _walk(command.make_context(name, [], parent=context, resilient_parsing=True))


def first_sentence(context: Any) -> str:
    """The first sentence of a command's help."""
    paragraph = " ".join((context.command.help or "").split("\n\n")[0].split())
    return f"{paragraph.partition('. ')[0].removesuffix('.')}."


def _help(context: Any) -> str:
    return "\n".join(line.rstrip() for line in context.get_help().splitlines())


def _lines(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"
