"""Lists that are parsed when somebody looks into them are read as if they had been parsed with the rest."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pm_sync.markdown import blocks
from pm_sync.markdown.blocks import Block, Document, Kind, children, parse
from pm_sync.markdown.folds import folded
from pm_sync.markdown.inlines import rich_text
from pm_sync.markdown.text import SourceText

_BULLETS = [
    "- a",
    "- **10:04** b",
    "- [ ] c",
    "- [x] d",
    "- `e",
    "- *f",
    "- # g",
    "- > h",
    "- 1. i",
    "- [j](k)",
    "- é 日本",
]
_HOSTILE = [
    *[
        "-",
        "- ",
        "- -",
        "- - -",
        "---",
        "***",
        "- l\\",
        "-\tm",
        "  - n",
        "    o",
        "> - p",
        "1. q",
        "* r",
        "+ s",
        "|t|",
        "|-|",
    ],
    *[
        "```",
        "- ```",
        "~~~",
        "<!-- u",
        "-->",
        "<pre>",
        "</pre>",
        "- <div>",
        "[v]: w",
        "[^1]: x",
        "+++",
        "===",
        "y",
        "- **z",
    ],
]
_section = st.tuples(
    st.sampled_from(["# A", "## B", "### C {#d}", "####### E", "F"]),
    st.sampled_from([[""], [], ["", ""], [" "]]),
    st.lists(st.sampled_from(_BULLETS), min_size=2, max_size=5),
    st.lists(st.sampled_from([*_HOSTILE, *_BULLETS, "", ""]), max_size=4),
)
_texts = st.lists(_section, max_size=3).map(
    lambda found: "\n".join(line for heading, gap, few, rest in found for line in (heading, *gap, *few, *rest, ""))
)
_FLAT = frozenset({Kind.PARAGRAPH, Kind.HEADING, Kind.CELL})
_CLOSED = frozenset({Kind.CODE, Kind.HTML, Kind.META})


def _tree(document: Document, found: tuple[Block, ...]) -> list[object]:
    """All that is known of blocks, and of what is in them."""
    return [
        (
            *(block.kind, block.start, block.end, block.level, block.box, block.meta),
            rich_text(document, block) if block.kind in _FLAT else None,
            _tree(document, children(document, block)) if block.kind not in _FLAT | _CLOSED else None,
        )
        for block in found
    ]


def _read(text: str) -> list[object]:
    document = parse(SourceText.decode(text.encode(), "a.md"))
    return _tree(document, document.blocks)


@given(_texts, st.sampled_from(["", "\n", "\ufeff"]))
def test_a_folded_list_reads_as_it_is(text: str, more: str) -> None:
    """Whatever stands in lists and around them, every block and every word is where it would be without folding."""
    text = more + text if more == "\ufeff" else text + more
    with patch.object(blocks, "folded", lambda text: text):
        plain = _read(text)
    assert _read(text) == plain


def test_a_list_costs_the_parser_one_bullet_until_it_is_opened() -> None:
    """What happened minute by minute need not be parsed for the tasks below it."""
    bullets = "".join(f"- **10:{minute}** it went on\n" for minute in range(10, 60))
    document = parse(SourceText.decode(f"# Outage\n\n## Timeline\n\n{bullets}\n## Action items\n".encode(), "a.md"))
    before = len(document.events)
    assert before < 20
    (timeline,) = (block for block in document.blocks if block.kind is Kind.LIST)
    assert len(children(document, timeline)) == 50
    assert len(document.events) > before


@pytest.mark.parametrize(
    "text",
    [
        "\n## A\n\n- b\n- c\n- d\n\n- e\n",
        "\n## A\n\n- b\n- c\n- d\n\n  e\n",
        "\n## A\n\n- b\n- c\n- d\ne\n",
        "\n## A\n\nb\n- c\n- d\n- e\n",
        "\n## A\n\n- b\n- - -\n- c\n",
        "\n## A\n\n- b\n* c\n- d\n",
        "\n```\n## A\n\n- b\n- c\n- d\n```\n",
        "\n<!--\n## A\n\n- b\n- c\n- d\n-->\n",
        "\n[x]: y\n\n## A\n\n- b\n- [x]\n- d\n",
    ],
    ids=["loose", "two-paragraphs", "soft-wrapped", "no-heading", "rule", "two-lists", "code", "comment", "definition"],
)
def test_what_may_reach_into_a_list_leaves_it_as_it_is(text: str) -> None:
    """A list whose extent, or whose words, other lines have a say in is parsed with them."""
    assert folded(text) == text
