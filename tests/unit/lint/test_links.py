"""Links and boxes that aren't what they look like."""

from __future__ import annotations

import pytest

from tests.unit.lint.support import HEAD, item, messages, places, problems

URL = "https://github.com/acme/infra/issues/12"


@pytest.mark.parametrize(
    "text",
    [
        f"Renew it ([#12]({URL})) ([#12]({URL}))",
        f"Renew it, see [#12]({URL}) and [the issue]({URL})",
        f"Renew it {URL} {URL}/",
        "Renew it (#12) (#12)",
    ],
)
def test_given_twice(text: str) -> None:
    """The address counts, whatever the label."""
    assert len(messages("repeated-link", f"{HEAD}- {text}\n")) == 1


@pytest.mark.parametrize(
    "text",
    [
        f"Renew it ([#12]({URL})) ([#13](https://github.com/acme/infra/issues/13))",
        f"Renew it ([#12]({URL})) ([#12]({URL}), open)",
        f"Renew it [{URL}]({URL})",
        f"Renew it ([#12]({URL}))\n  - Waiting for [#12]({URL})",
    ],
)
def test_given_once(text: str) -> None:
    """Two issues; our annotation behind a hand-written link; an address that is its own label."""
    assert messages("repeated-link", f"{HEAD}- {text}\n") == []


def test_a_copied_annotation_names_the_other_item() -> None:
    """Two items would share one issue."""
    text = f"{HEAD}- Renew it (local#3, open)\n- Move it (local#3, open)\n"
    assert [(p.line, p.message) for p in problems(text) if p.rule.id == "PM012"] == [
        (6, "local#3 is the issue of line 5 already; remove it here to get another")
    ]


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("see [the issue]()", False),
        ("see [the issue](TODO)", False),
        ("see [issue](#)", False),
        (f"see [#12] ({URL})", True),
        (f"see [Issue] ({URL})", True),
        ("see https:/github.com/acme/infra", False),
        ("see https//github.com/acme/infra", False),
        ("see htttps://github.com/acme/infra", False),
        ("see github.com/acme/infra/issues/12", True),
        ("see [#12](github.com/acme/infra/issues/12)", True),
        ("see https://github.com/acme/infra/issues/XXX", False),
        ("see https://github.com/acme/infra/issues/new", False),
        ("see https://jira.example.com/browse/OPS-XXX", False),
        ("see [the issue][gh]", False),
    ],
)
def test_leads_nowhere(text: str, fixed: bool) -> None:
    """Told once, and mended where nothing has to be guessed."""
    found = [problem for problem in problems(item(f"Renew it, {text}")) if problem.rule.id == "PM013"]
    assert [problem.fixable for problem in found] == [fixed]


@pytest.mark.parametrize(
    "text",
    [
        f"see [the issue]({URL})",
        f"see {URL}",
        "see `[the issue]()`",
        f"[P1] ({URL})",
        "see https://github.com/acme/infra/issues",
        "see https://github.com/acme/infra/issues/new-york",
        "use http://localhost:8080 and ftp://host/x",
        "mail jane@github.com/acme/infra/issues/12",
        "read a[0][1]",
        "see [the issue][gh]\n\n[gh]: https://example.com/12",
        "see ![x](y.png)",
    ],
)
def test_leads_somewhere(text: str) -> None:
    """Whole links, code, and what only resembles one."""
    assert messages("broken-link", item("Renew it", after=f"- [ ] Move it, {text}\n")) == []


def test_links_outside_of_items_are_left_alone() -> None:
    """A postmortem is no web page to be checked."""
    assert messages("broken-link", item("Renew it", after="\n## Timeline\n\nSee [the log]().\n")) == []


@pytest.mark.parametrize(
    "text",
    ["- [] Renew it", "- [X ] Renew it", "- [ x] Renew it", "-[ ] Renew it", "* [x]Renew it", "1. [  ] Renew it"],
)
def test_no_boxes(text: str) -> None:
    """Each is told, with the box that must be meant."""
    found = [problem for problem in problems(f"{HEAD}{text}\n") if problem.rule.id == "PM018"]
    assert [problem.fixable for problem in found] == [True]
    assert ("[x] ”" in found[0].message) == ("x" in text.lower())


@pytest.mark.parametrize(
    "text", ["- [ ] Renew it", "- [X] Renew it", "- [](x) y", "- [x](url) y", "```\n- [] x\n```", "- [ ]", "a - [] b"]
)
def test_boxes(text: str) -> None:
    """Boxes, links, code and prose."""
    assert places("broken-checkbox", f"{HEAD}{text}\n") == []
