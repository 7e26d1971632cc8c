"""The parser's contract: what we rely on, and the traps that are closed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pm_sync.markdown.blocks import Block, Document, Kind, children, parse
from pm_sync.markdown.inlines import MarkKind, RichText, rich_text
from pm_sync.markdown.text import SourceText


def _parse(text: str | bytes) -> Document:
    return parse(SourceText.decode(text.encode() if isinstance(text, str) else text, "a.md"))


def _cut(document: Document, block: Block) -> bytes:
    return document.source.data[block.start : block.end]


def _first_text(text: str) -> RichText:
    document = _parse(text)
    return rich_text(document, document.blocks[0])


def test_the_parser_is_loaded_only_where_markdown_is_read() -> None:
    """Importing the module doesn't import pyromark, so that commands without Markdown never pay for it."""
    code = "import sys, pm_sync.markdown.blocks; sys.exit('pyromark' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_block_has_its_bytes() -> None:
    """Heading, list, items and paragraphs tell where they stand, behind a byte order mark too."""
    document = _parse(b"\xef\xbb\xbf# A\n\n- one\n- [x] two\n")
    heading, items = document.blocks
    assert (_cut(document, heading), heading.level) == (b"# A\n", 1)
    one, two = children(document, items)
    assert (_cut(document, children(document, one)[0]), one.box) == (b"one", None)
    assert two.box is not None
    assert document.source.data[two.box[0] : two.box[0] + 3] == b"[x]"


@pytest.mark.parametrize("item", ["- [ ] ", "- [ ]\n"], ids=["blank", "line"])
def test_a_box_without_text_is_a_box(item: str) -> None:
    """An empty task has its box and no paragraph."""
    document = _parse(item)
    (only,) = children(document, document.blocks[0])
    assert only.box == (2, False)
    assert children(document, only) == ()


def test_a_box_of_a_loose_list_is_found_inside_the_paragraph() -> None:
    """Loose lists carry their boxes one level deeper."""
    document = _parse("- [ ] a\n\n- [x] b\n")
    assert [item.box for item in children(document, document.blocks[0])] == [(2, False), (11, True)]


def test_a_file_of_carriage_returns_is_blocks() -> None:
    """Old line ends make headings and items as others do."""
    document = _parse(b"# A\r\r- one\r- two\r")
    assert [block.kind for block in document.blocks] == [Kind.HEADING, Kind.LIST]


def test_an_issue_number_with_one_word_is_no_link_definition() -> None:
    """``[#12]: word`` stays an item, although CommonMark would swallow it."""
    document = _parse("- [#12]: Refactor\n\n[#13]: https://example.com/13\n")
    (item,) = children(document, document.blocks[0])
    assert rich_text(document, children(document, item)[0]).plain == "[#12]: Refactor"
    assert len(document.blocks) == 1


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, "> " * 20_000 + "x", "- " * 20_000 + "x", "*a " * 50_000],
    ids=["brackets", "quotes", "lists", "stars"],
)
def test_deep_nesting_exhausts_nothing(text: str) -> None:
    """Only one level is opened at a time, so depth costs no stack."""
    document = _parse(text)
    assert len(children(document, document.blocks[0])) <= 1


def test_callouts_are_no_quotes() -> None:
    """GitHub's callouts are told from quotations."""
    assert [block.kind for block in _parse("> [!NOTE]\n> a\n\n> b\n").blocks] == [Kind.CALLOUT, Kind.QUOTE]


def test_plain_text_leaves_markup_out_and_finds_its_bytes_again() -> None:
    """Escapes, entities, code and emphasis are words, each with its offset."""
    text = _first_text("a \\[x\\] **b &amp; c** `d` <!-- e --> ![f](g) h")
    assert text.plain == "a [x] b & c d   h"
    at = text.plain.index("c")
    assert text.source[text.offset(at) :].startswith(b"c**")
    assert text.source[: text.behind(at + 1)].endswith(b"c**")


def test_an_escaped_entity_is_its_characters() -> None:
    """An escape at the front of a text keeps every offset right."""
    text = _first_text("\\&amp; x")
    assert text.plain == "&amp; x"
    assert text.source[text.offset(6) :] == b"x"


def test_breaks_are_line_ends_and_links_keep_their_target() -> None:
    """Soft and hard breaks and ``<br>`` are line ends; reference links have their address."""
    text = _first_text("a\nb  \nc<br>d [e][1]\n\n[1]: https://example.com\n")
    assert text.plain == "a\nb\nc\nd e"
    assert [(m.url, text.plain[m.begin : m.end]) for m in text.markup if m.kind is MarkKind.LINK] == [
        ("https://example.com", "e")
    ]
