"""Every rule is explained, and its examples are true."""

from __future__ import annotations

import pytest

from pm_sync.config import parse_config
from pm_sync.lint.catalog import RULES
from pm_sync.lint.check import CHECKS, lint
from pm_sync.lint.pages import Page, pages
from pm_sync.postmortem.read import read_postmortem
from pm_sync.session.rules import lint_options

PATH = "postmortems/checkout.md"


def names_found(page: Page, text: str) -> set[str]:
    """The names of the rules that find something in an example."""
    data = text.encode()
    postmortem = read_postmortem(data, PATH)
    options = lint_options(parse_config(page.config or "version: 1"), postmortem.incident)
    return {problem.rule.name for problem in lint(postmortem, data, options).problems}


def test_every_rule_is_carried_out() -> None:
    """The catalogue and the checks name the same rules, in order, without a gap."""
    assert list(CHECKS) == [rule.id for rule in RULES] == [f"PM{n:03}" for n in range(1, len(RULES) + 1)]


def test_names_are_unique() -> None:
    """No two rules share a name."""
    assert len({rule.name for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.rule.name)
def test_bad_example_shows_just_its_rule(page: Page) -> None:
    """The rule finds something, and nothing else distracts from it."""
    assert names_found(page, page.bad) == {page.rule.name}


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.rule.name)
def test_good_example_is_clean(page: Page) -> None:
    """What the rule wants doesn't displease another one."""
    assert names_found(page, page.good) == set()


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.rule.name)
def test_explanation_is_one_paragraph(page: Page) -> None:
    """It fits where SARIF and the reference put it."""
    assert "\n" not in page.why
    assert page.why.endswith(".")
