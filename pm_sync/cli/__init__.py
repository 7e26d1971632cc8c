"""Typer commands: parse flags, call one function, render, exit."""
