"""What the rules are about, for people: why each is there, and an example of what it finds and what it wants."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from msgspec import Struct

from pm_sync.lint.catalog import RULES, Rule


class Page(Struct, frozen=True):
    """One rule, explained."""

    rule: Rule
    why: str
    """One paragraph."""
    bad: str
    """A postmortem in which the rule finds something."""
    good: str
    """The same one without."""
    config: str = ""
    """The configuration that the example needs, as YAML."""


@cache
def pages() -> tuple[Page, ...]:
    """The pages of all rules, in their order."""
    data = tomllib.loads(files("pm_sync.data").joinpath("lint_rules.toml").read_text("utf-8"))
    return tuple(Page(rule, **data[rule.id]) for rule in RULES)
