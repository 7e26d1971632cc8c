"""The words are usable, in every language."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib.resources import files
from typing import get_args

import pytest

from pm_sync.lint import words
from pm_sync.lint.catalog import SectionName
from pm_sync.postmortem import vocabulary

DATA = tomllib.loads(files("pm_sync.data").joinpath("lint_words.toml").read_text("utf-8"))


def phrases() -> Iterator[tuple[str, str, str]]:
    """Every phrase with its group and name."""
    for group, names in DATA.items():
        for name, languages in names.items():
            for phrase in (phrase for language in languages.values() for phrase in language):
                yield group, name, phrase


def test_no_phrase_is_empty() -> None:
    """One that folds to nothing would match everything."""
    assert [found for found in phrases() if not vocabulary.fold(found[2])] == []


def test_no_phrase_stands_twice() -> None:
    """Within one language."""
    twice = [
        (group, name, language)
        for group, names in DATA.items()
        for name, languages in names.items()
        for language, every in languages.items()
        if len(set(every)) < len(every)
    ]
    assert twice == []


def test_every_section_has_names() -> None:
    """Those for action items are the reader's own."""
    assert set(DATA["section"]) == set(get_args(SectionName)) - {"actions"}


@pytest.mark.parametrize(
    ("section", "title"),
    [
        ("timeline", "3. Incident Timeline (UTC)"),
        ("timeline", "⏱ Linha do tempo"),
        ("root-cause", "Causes racines (Root Cause Analysis)"),
        ("root-cause", "根本原因分析"),
        ("impact", "Impact & scope"),
        ("lessons", "Lessons learned"),
    ],
)
def test_names_of_sections(section: str, title: str) -> None:
    """Numbers, emoji and company don't matter."""
    assert words.names_section(section, title)


def test_sections_are_told_apart() -> None:
    """A summary is no timeline."""
    assert not words.names_section("timeline", "Summary")


def test_phrases_are_whole_words() -> None:
    """Unless they say otherwise."""
    assert words.holds("vague", "phrases", "We must be careful, always")
    assert not words.holds("vague", "phrases", "Describe carefulness")
    assert words.holds("kind", "preventive", "Preventive measures")


def test_long_texts_are_not_vague() -> None:
    """Who says so much says something."""
    assert words.is_vague("improve monitoring " * 10)
    assert not words.is_vague("improve monitoring " * 20)
