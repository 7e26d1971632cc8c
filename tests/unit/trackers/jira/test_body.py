"""The managed block of a description, and the text in it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pm_sync.model import IssueDraft
from pm_sync.trackers.jira.adf import AdfText, document
from pm_sync.trackers.jira.body import BEGIN, BODY_LIMIT, END, write_body
from pm_sync.trackers.jira.markup import Run, plain_text
from pm_sync.trackers.jira.wiki import WikiText, escape
from tests.factories import draft

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
MARKDOWN = st.lists(st.sampled_from(["a", " ", "\n", "*", "- ", "> ", "`", "|", "#", "[x](y)", "1. ", "```\n", "{"]))
URL = "https://github.com/acme/infra/blob/4cc1de4/postmortems/db.md#L12"


def with_details(details: str, url: str | None = URL) -> IssueDraft:
    """A draft with these details, whose item has an address."""
    plain = draft(details=details)
    return replace(plain, source=replace(plain.source, url=url))


def paragraph(text: str) -> dict[str, Any]:
    """A paragraph of a document."""
    return {"type": "paragraph", "content": [{"type": "text", "text": text}]}


def test_wiki_block_holds_link_details_and_facts() -> None:
    """Between the two sentences that mark it as ours."""
    body = write_body(None, with_details("It *lagged*."), [("Owner", "@ada")], cloud=False)
    assert body.split("\n\n") == [
        "pm\\-sync writes from here on,",
        f"*Database outage*: [postmortems/db.md, line 12|{URL}]",
        "It _lagged_.",
        "* *Owner*: @ada",
        "up to here. Please write above or below.",
    ]


def test_document_block_holds_link_details_and_facts() -> None:
    """The same, as a document."""
    body = write_body(None, with_details("It *lagged*."), [("Owner", "@ada")], cloud=True)
    texts = [plain_text(node).strip() for node in body["content"]]
    assert texts == [BEGIN, "Database outage: postmortems/db.md, line 12", "It lagged.", "Owner: @ada", END]
    assert f'"href": "{URL}"' in json.dumps(body)


@given(before=st.lists(TEXT, max_size=3), after=st.lists(TEXT, max_size=3), first=TEXT, second=TEXT)
def test_what_stands_around_the_wiki_block_stays(before: list[str], after: list[str], first: str, second: str) -> None:
    """However often our part is written, and whatever stands in it."""
    old = write_body(None, with_details(first), [], cloud=False)
    around = "\n".join([*before, old, *after])
    once = write_body(around, with_details(second), [], cloud=False)
    assert once == "\n".join([*before, write_body(None, with_details(second), [], cloud=False), *after])
    assert write_body(once, with_details(second), [], cloud=False) == once


@given(before=st.lists(TEXT, max_size=3), after=st.lists(TEXT, max_size=3), first=TEXT, second=TEXT)
def test_what_stands_around_the_document_block_stays(
    before: list[str], after: list[str], first: str, second: str
) -> None:
    """Nodes that we know nothing of among it."""
    above, below = [*map(paragraph, before), {"type": "mystery"}], [*map(paragraph, after)]
    old = write_body(None, with_details(first), [], cloud=True)["content"]
    new = write_body(None, with_details(second), [], cloud=True)["content"]
    once = write_body(document([*above, *old, *below]), with_details(second), [], cloud=True)
    assert once == document([*above, *new, *below])


@pytest.mark.parametrize("cloud", [True, False], ids=["document", "wiki"])
@pytest.mark.parametrize("border", [BEGIN, END, f"{END}\n\n{BEGIN}", f"{BEGIN}\n\n{END}"])
def test_borders_in_the_details_are_words_only(cloud: bool, border: str) -> None:
    """A postmortem can't forge where our block ends."""
    hostile = with_details(f"one\n\n{border}\n\ntwo")
    once = write_body(None, hostile, [], cloud=cloud)
    assert write_body(once, hostile, [], cloud=cloud) == once
    assert write_body(once, with_details(""), [], cloud=cloud) == write_body(None, with_details(""), [], cloud=cloud)


@pytest.mark.parametrize("cloud", [True, False], ids=["document", "wiki"])
def test_people_s_text_without_a_block_gets_one_at_its_end(cloud: bool) -> None:
    """Nothing of theirs is lost."""
    old = document([paragraph("Theirs")]) if cloud else "Theirs"
    new = write_body(old, with_details("Ours"), [], cloud=cloud)
    assert plain_text(new).startswith("Theirs")
    assert END in plain_text(new)


@pytest.mark.parametrize("cloud", [True, False], ids=["document", "wiki"])
def test_the_link_back_stays_at_the_commit_of_creation(cloud: bool) -> None:
    """A later write doesn't move it."""
    old = write_body(None, with_details("Old"), [], cloud=cloud)
    new = json.dumps(write_body(old, with_details("New", URL.replace("4cc1de4", "fffffff")), [], cloud=cloud))
    assert "4cc1de4" in new
    assert "fffffff" not in new


@pytest.mark.parametrize("cloud", [True, False], ids=["document", "wiki"])
@pytest.mark.parametrize("text", ["Because of this. ", "{*}[x]|"], ids=["plain", "much to escape"])
def test_details_too_long_are_cut_and_say_so(cloud: bool, text: str) -> None:
    """The block stays whole."""
    body = write_body(None, with_details(text * 9000), [("Owner", "@ada")], cloud=cloud)
    size = len(json.dumps(body, ensure_ascii=False)) if cloud else len(body)
    assert BODY_LIMIT * 0.5 < size <= BODY_LIMIT
    assert "too long for an issue" in plain_text(body)
    assert plain_text(body).strip().endswith(END)


@given(TEXT)
def test_escaped_text_holds_no_markup(text: str) -> None:
    """Whatever means something to Jira has a backslash before it, but for addresses."""
    shown = re.sub(r"https?://\S+", "", escape(text))
    assert not re.search(r"(?<!\\)[{}\[\]|!*^~]", shown)
    assert "\\\\" not in shown


@given(MARKDOWN.map("".join))
def test_any_markdown_becomes_a_document_without_empty_texts(text: str) -> None:
    """Jira refuses those."""
    found = json.dumps(AdfText().markdown(text))
    assert '"text": ""' not in found
    assert isinstance(WikiText().markdown(text), str)


def test_markdown_nested_without_end_is_kept_as_text() -> None:
    """Instead of failing."""
    deep = "> " * 3000 + "deep"
    assert "deep" in json.dumps(AdfText().markdown(deep))
    assert "deep" in WikiText().markdown(deep)


@pytest.mark.parametrize("target", ["javascript:alert(1)", "file:///etc/passwd", "../other.md", ""])
def test_only_web_addresses_become_links(target: str) -> None:
    """Others are no help in Jira, or worse."""
    assert "[" not in WikiText().words([Run("text", href=target)])
    assert "link" not in json.dumps(AdfText().words([Run("text", href=target)]))
