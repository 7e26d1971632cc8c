"""Files whose sections are numbered lines, without a heading's sign."""

from __future__ import annotations

from pm_sync.postmortem.read import read_postmortem

SECTIONS = "1. Summary\n\nIt broke.\n\n2. Root cause\n\nThe disk.\n\n3. Corrective actions\n\n{}\n\n4. Lessons learned\n\n- Ask early\n"


def texts(body: str) -> list[str]:
    """The texts of a file's items."""
    return [item.text for item in read_postmortem(body.encode(), "x.md").items]


def test_numbered_lines_that_name_sections_are_headings() -> None:
    """To Markdown each is a list of one item; the numbers go on, and the names are those of a postmortem's sections."""
    assert texts(SECTIONS.format("- Add an alert\n- Grow the disk")) == ["Add an alert", "Grow the disk"]
    nested = "3.1 Short-term\n   - Add an alert\n\n3.2 Long-term\n   - Grow the disk"
    assert texts(SECTIONS.format(nested)) == ["Add an alert", "Grow the disk"]


def test_numbered_measures_with_words_between_them_are_none() -> None:
    """Their numbers go on as well, but they aren't called as sections are."""
    body = "# Outage\n\n## Action items\n\n1. Add an alert\n\nIt was missing.\n\n2. Grow the disk\n\nBy half.\n"
    assert texts(body) == ["Add an alert", "Grow the disk"]


def test_one_numbered_line_is_no_heading() -> None:
    """One alone may be anything."""
    assert texts("# Outage\n\nText.\n\n1. Corrective actions\n\n- Add an alert\n") == []
