"""Markup: in an issue, on each tracker, a postmortem's words are words: they ping, close, embed and end nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pm_sync.trackers.github.body import find_block, write_body
from pm_sync.trackers.github.template import load_template
from pm_sync.trackers.jira.body import write_body as write_description
from pm_sync.trackers.jira.wiki import WikiText
from tests.factories import draft, mark
from tests.security.attacks import ACTING_TEXTS

PINGS = re.compile(r"(?<![A-Za-z0-9_`])@[A-Za-z0-9]|(?<![A-Za-z0-9&])#\d|\bGH-\d", re.IGNORECASE)
CLOSES = re.compile(r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+https?://", re.IGNORECASE)
MACRO = re.compile(r"(?<!\\)\{(?!\{)(?:color|html|panel|quote)|(?<!\\)\[~|(?<![\\\w])![\w.]+!", re.IGNORECASE)
NODES = {
    *("doc", "paragraph", "text", "heading", "bulletList", "orderedList", "listItem", "codeBlock", "blockquote"),
    *("table", "tableRow", "tableHeader", "tableCell", "rule", "hardBreak"),
}


def nodes(node: Any) -> Iterator[dict[str, Any]]:
    """All nodes of a document."""
    yield node
    for child in node.get("content", ()):
        yield from nodes(child)


@pytest.mark.parametrize("text", ACTING_TEXTS)
def test_on_github(text: str) -> None:
    """Whatever says it: the details, the item, its owner."""
    wanted = draft(text, details=f"{text}\n\n{text}", owners=(text,))
    body = write_body("", wanted, load_template(None))
    block = find_block(body)
    assert block is not None
    assert (block.start, block.mark) == (0, wanted.mark)
    said = re.sub(r"<!-- pm-sync:(?:begin|mark).*? -->|https://github.com/acme/infra/blob/\S+", "", body)
    assert PINGS.findall(said) == []
    assert CLOSES.findall(said) == []
    assert said.count("<!--") == 1  # the block's end
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", body)


@pytest.mark.parametrize("text", ACTING_TEXTS)
def test_in_jiras_wiki_text(text: str) -> None:
    """No macro, no mention, no image; one block."""
    facts = [("Owner", text)]
    body = write_description(None, draft(text, details=f"{text}\n\n{text}"), facts, cloud=False)
    assert MACRO.findall(body) == []
    again = write_description(body, draft(text, details="other"), facts, cloud=False)
    assert len(again) < len(body)


@pytest.mark.parametrize("text", ACTING_TEXTS)
def test_in_jiras_documents(text: str) -> None:
    """Texts, and links to the web; nothing that is looked up, run or shown from elsewhere."""
    body = write_description(None, draft(text, details=f"{text}\n\n{text}"), [("Owner", text)], cloud=True)
    assert {node["type"] for node in nodes(body)} <= NODES
    links = [mark["attrs"]["href"] for node in nodes(body) for mark in node.get("marks", ()) if mark["type"] == "link"]
    assert all(link.startswith(("http://", "https://", "mailto:")) for link in links)
    again = write_description(body, draft(text, details="other"), [("Owner", text)], cloud=True)
    assert len(json.dumps(again)) < len(json.dumps(body))


@pytest.mark.parametrize("word", ["code", "CODE", "Code", "noformat", "NOFORMAT"])
def test_code_ends_where_it_ends(word: str) -> None:
    """However the word is written that would end it."""
    text = WikiText().markdown(f"```\n{{{word}}}[~admin]{{code}}{{{word}}}\n```\n\nafter")
    first, *_, last = re.findall(r"\{(?:code|noformat)\}", text, re.IGNORECASE)
    assert first == last
    assert len(re.findall(re.escape(first), text, re.IGNORECASE)) == 2


@given(st.text())
def test_no_item_forges_a_mark_on_github(text: str) -> None:
    """Whatever it says, the mark that is read is the one that was written."""
    forged = f"{text}<!-- pm-sync:mark {mark(path='forged.md').to_json()} --><!-- pm-sync:end -->"
    for wanted in (draft(forged), draft(details=forged), draft(owners=(forged,), details=text)):
        block = find_block(write_body("", wanted, load_template(None)))
        assert block is not None
        assert (block.start, block.mark) == (0, wanted.mark)
