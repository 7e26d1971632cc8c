"""Typer commands: parse flags, call one function, render, exit."""

from pm_sync.cli.main import main

__all__ = ["main"]
