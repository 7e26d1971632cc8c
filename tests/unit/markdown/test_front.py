"""Front matter is what a file begins with; a rule anywhere else is a rule."""

from __future__ import annotations

import pytest

from pm_sync.markdown.blocks import Kind, parse
from pm_sync.markdown.text import SourceText

_TASKS = "## Action items\n- [ ] Add a replica\n\n---\n\nMore.\n"


def _kinds(text: str) -> list[Kind]:
    return [block.kind for block in parse(SourceText.decode(text.encode(), "a.md")).blocks]


@pytest.mark.parametrize(
    ("front", "below", "kind"),
    [
        ("---\ntitle: A\n---", "\n# B\n", "yaml"),
        ("---\r\ntitle: A\r\n...", "\r\n\r\n# B\r\n", "yaml"),
        ("+++\ntitle = 'A'\n\n[extra]\n+++", "\n# B\n", "toml"),
        ("---\n# what it is called\ntitle: A\ntags:\n- b\n---", " \n# B\n", "yaml"),
        ("---\ntitle: É\n---", "", "yaml"),
    ],
    ids=["yaml", "dots", "toml", "comment", "nothing-below"],
)
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_front_matter_is_the_first_block(mark: str, front: str, below: str, kind: str) -> None:
    """From its first fence to its last; what is below is parsed as if it stood alone."""
    document = parse(SourceText.decode((mark + front + below).encode(), "a.md"))
    first, *others = document.blocks
    assert (first.kind, first.meta) == (Kind.META, kind)
    assert document.source.data[first.start : first.end] == front.encode()
    assert [document.source.data[block.start : block.end].strip() for block in others] == [b"# B"] * bool(below)


@pytest.mark.parametrize("above", ["", "# Outage\n\n", "\n", "Words\n\n", "---\ntitle: A\n---\n\nWords\n\n"])
@pytest.mark.parametrize("rule", ["---\n", "***\n"])
def test_a_section_between_rules_is_read(above: str, rule: str) -> None:
    """A heading right below a rule is a heading, and what stands up to the next rule is no front matter."""
    assert _kinds(above + rule + _TASKS)[-3:] == [Kind.HEADING, Kind.LIST, Kind.PARAGRAPH]


@pytest.mark.parametrize(
    "text",
    [
        "---\n# Outage\n\nDate: 2024-05-01\n\n---\n",
        "---\n**Action items**\n\n- Add a replica\n\n---\n",
        "---\nWe lost a disk on Monday\n\n---\n",
        "---\n\ntitle: A\n---\n",
        "---\ntitle: A\n",
        "----\ntitle: A\n----\n",
    ],
    ids=["heading", "label", "sentence", "blank", "unclosed", "longer"],
)
def test_what_is_no_front_matter_is_text(text: str) -> None:
    """A file may begin with a rule."""
    assert Kind.META not in _kinds(text)
