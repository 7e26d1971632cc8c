"""Templates: a repository's own reach nothing but the item, and come to an end."""

from __future__ import annotations

import time

import pytest

from pm_sync.errors import ConfigError, TrackerError
from pm_sync.trackers.github.body import write_body
from pm_sync.trackers.github.template import load_template
from tests.factories import draft, mark
from tests.security.attacks import TEMPLATES_THAT_ESCAPE, TEMPLATES_WITHOUT_END

LONG = draft(mark=mark(base={"a": "b"}), details="word " * 20_000, owners=("Ann", "Bo"))


def rendered(template: str) -> str:
    """A body by this template; what the item says is whole, however long."""
    return load_template(template).render(details=LONG.details, item=LONG, facts=[("Owner", "Ann")] * 10)


@pytest.mark.parametrize("template", TEMPLATES_THAT_ESCAPE)
def test_no_template_reaches_out(template: str) -> None:
    """It is refused as a whole, or fails, and nothing is changed by it."""
    with pytest.raises((ConfigError, TrackerError), match="issue template"):
        rendered(template)
    assert LONG.mark.base == {"a": "b"}


@pytest.mark.parametrize("template", TEMPLATES_WITHOUT_END, ids=lambda text: text[:40])
def test_every_template_comes_to_an_end(template: str) -> None:
    """Soon, and with a message."""
    started = time.process_time()
    with pytest.raises((ConfigError, TrackerError), match="issue template"):
        rendered(template)
    assert time.process_time() - started < 5


def test_what_people_write_in_templates_works() -> None:
    """Values, choices, loops, filters, comments and sums of numbers."""
    template = """{# ours #}{% for name in item.owners if name %}{{ loop.index + 1 }} {{ name | upper }}
{% else %}nobody{% endfor %}{% if details is defined and not (item.due or item.priority == 'P1') %}
> {{ details[:9] | replace('\n', '\n> ') }}{% endif %}
{{ item.owners | join(', ') | default('-') }}; {{ 'a\nb' | indent(2) }}; {{ ('x' if item.due else 'y') }}"""
    assert rendered(template) == "2 ANN\n3 BO\n> word wordAnn, Bo; a\n  b; y"


def test_a_template_too_long_for_an_issue_is_cut_by_its_details() -> None:
    """The limits of the sandbox are beyond those of an issue."""
    assert len(write_body("", LONG, load_template("{{ details }}"))) <= 65_536


@pytest.mark.parametrize("value", ["-->", "<!-- pm-sync:begin -->", "<!-- pm-sync:mark {} -->", "<!-- pm-sync:end -->"])
def test_no_template_writes_a_mark(value: str) -> None:
    """Neither by its own words nor by a filter's."""
    for template in (
        value,
        f"{{{{ '{value}' | trim }}}}",
        "{{ '" + value.replace("pm", "#m") + "' | replace('#', 'p') }}",
    ):
        body = write_body("", LONG, load_template(template))
        assert (
            body.count("<!-- pm-sync:mark ") == body.count("<!-- pm-sync:begin") == body.count("<!-- pm-sync:end") == 1
        )
