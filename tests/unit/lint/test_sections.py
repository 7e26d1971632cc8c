"""What a postmortem has to hold, and what mustn't be left in it."""

from __future__ import annotations

import pytest

from tests.unit.lint.support import HEAD, WHOLE, item, messages, places

GRAVE = ("impact", "timeline", "root-cause")


@pytest.mark.parametrize(
    "text",
    [
        "# Ausfall\n\n## Maßnahmen\n\n- Zertifikat erneuern\n",
        "# Panne\n\n## Actions correctives\n\n- Renouveler le certificat\n",
        "# Outage\n\n**Action items**\n\n- Renew the certificate\n",
        "# Outage\n\n## Follow-ups\n",
    ],
)
def test_a_section_of_any_name_will_do(text: str) -> None:
    """Headings in other languages and labels count, also over nothing."""
    assert places("no-action-section", text) == []


def test_a_missing_section_is_told_at_the_title() -> None:
    """Above front matter nobody would look."""
    assert places("no-action-section", "---\ntitle: x\n---\n\n# Outage\n\nIt broke.\n") == [(5, 1)]


def test_an_empty_file_has_no_section() -> None:
    """The place is the only one there is."""
    assert places("no-action-section", "") == [(1, 1)]


@pytest.mark.parametrize(
    ("below", "found"),
    [
        ("", [(3, 1)]),
        ("\n| Action | Owner |\n|---|---|\n|  |  |\n", [(3, 1)]),
        ("\nNone.\n", []),
        ("\nNo further actions are required.\n", []),
        ("\n- TBD\n", []),
    ],
)
def test_nothing_below_the_heading(below: str, found: list[tuple[int, int]]) -> None:
    """Silence is told, a word about it is enough; a placeholder is told by another rule."""
    assert places("no-items", f"# Outage\n\n## Action items\n{below}") == found


def test_sections_by_heading_label_or_language() -> None:
    """Each of these ways names what is called for."""
    text = f"**Impact:** none\n\n## Zeitleiste\n\n09:00 x\n\n## 3. Causes racines (RCA)\n\nx\n\n## Actions\n\n- Do it {WHOLE}\n"
    assert messages("missing-section", f"# Outage\n\n{text}", sections=(*GRAVE, "actions")) == []


def test_missing_sections_are_named_each() -> None:
    """One problem for each, with the severity that calls for it."""
    text = f"# Outage\n\n**Severity:** SEV1\n\n## Impact\n\nx\n\n## Actions\n\n- Do it {WHOLE}\n"
    assert messages("missing-section", text, sections=GRAVE) == [
        "no section tells the timeline, which “SEV1” calls for",
        "no section tells the root cause, which “SEV1” calls for",
    ]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("TBD", 1),
        ("**Root cause:** TBD", 17),
        ("Root cause: to be determined.", 13),
        ("- Detection: (tbc)", 15),
        ("原因：待补充", 4),
        ("On YYYY-MM-DD it broke.", 4),
        ("It was {{ service }} that broke.", 8),
        ("[Insert a summary here]", 1),
        ("Written by <your name>", 12),
        ("Lorem ipsum dolor", 1),
    ],
)
def test_placeholders(line: str, column: int) -> None:
    """What stands alone, behind a label, or in a template's marks."""
    text = f"# Outage\n\n{line}\n\n## Action items\n\n- Do it {WHOLE}\n"
    assert places("placeholder", text) == [(3, column)]


@pytest.mark.parametrize(
    "line",
    [
        "The TBD file was missing.",
        "`TBD` and `{{ name }}` are code.",
        "    {{ name }}",
        "{{< include timeline.md >}}",
        "See [the page]({{ site.url }}/x).",
        "{{ page.title }} broke.",
        "[Your dashboard](https://example.com) was red.",
        "Press <kbd>enter</kbd>, then type <enter>.",
        "## TODO",
        "TODO:",
        "**TODO**\n\n- Move it",
        "The status was: pending",
    ],
)
def test_no_placeholders(line: str) -> None:
    """Words in a sentence, code, shortcodes, links and headings are meant as they stand."""
    assert places("placeholder", f"# Outage\n\n{line}\n\n## Action items\n\n- Do it {WHOLE}\n") == []


def test_a_placeholder_in_an_items_cells_is_a_missing_field() -> None:
    """One problem, not two: nobody owns it."""
    text = f"{HEAD}| Action | Owner | Due | Priority |\n|---|---|---|---|\n| Renew it | TBD | 2026-05-01 | P1 |\n"
    assert places("placeholder", text) == []
    assert places("no-owner", text) == [(7, 1)]


def test_rejected_examples_of_a_template() -> None:
    """The reader took them for no items, and lint says so at their place."""
    assert places("placeholder", f"{item('Renew it')}- Action item 2\n") == [(6, 1)]
