"""The managed block: ours inside, people's outside, and nothing in it that an item's text could forge."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pm_sync.errors import ConfigError, TrackerError
from pm_sync.model import Source
from pm_sync.trackers.github.body import BODY_LIMIT, find_block, replace_mark, sign, write_body
from pm_sync.trackers.github.template import defuse, load_template
from tests.factories import PATH, draft, incident, mark

OURS = load_template(None)
URL = "https://github.com/acme/infra/blob/4cc1de4/postmortems/db.md#L12"
TEXT = st.text(st.characters(codec="utf-8"), max_size=200)


def test_the_block_says_what_people_need() -> None:
    """Incident, place, severity, impact, root cause, owner, due date, priority and type, a line each."""
    wish = draft(
        details="Lag was two hours.",
        incident=incident("Database outage", severity="SEV1", impact="Nobody could\npay", root_cause="Disk full"),
        source=Source(PATH, 12, URL),
        owners=("alice", "bob"),
        due=date(2026, 12, 24),
        priority="P1",
        type="prevent",
    )
    body = write_body("", wish, OURS)
    assert body == (
        f"<!-- pm-sync:begin {URL} -->\n"
        f"Action item of the postmortem **Database outage** ([postmortems/db.md]({URL})).\n\n"
        "Lag was two hours.\n\n"
        "- **Severity:** SEV1\n"
        "- **Impact:** Nobody could pay\n"
        "- **Root cause:** Disk full\n"
        "- **Owner:** alice, bob\n"
        "- **Due:** 2026-12-24\n"
        "- **Priority:** P1\n"
        "- **Type:** prevent\n\n"
        f"<!-- pm-sync:mark {wish.mark.to_json()} -->\n"
        "<!-- pm-sync:end -->"
    )


def test_the_mark_is_read_back_with_its_base() -> None:
    """The last line of the block names the item."""
    wish = draft(mark=mark(base={"title": "0123456789ab"}))
    block = find_block(write_body("", wish, OURS))
    assert block is not None
    assert block.mark == wish.mark
    assert block.mark is not None
    assert dict(block.mark.base) == {"title": "0123456789ab"}


@given(TEXT, TEXT)
def test_every_character_around_the_block_survives(before: str, after: str) -> None:
    """People write above and below, with whatever newlines."""
    body = before + write_body("", draft(), OURS) + after
    block = find_block(body)
    assert block is not None
    updated = write_body(body, draft("Other", details="New"), OURS)
    assert (updated[: len(before)], updated[len(updated) - len(after) :]) == (before, after)
    assert "New" in updated


def test_the_last_block_is_ours() -> None:
    """A block that somebody pasted above is people's text."""
    pasted = write_body("", draft("Pasted"), OURS)
    body = f"{pasted}\n\n{write_body('', draft(), OURS)}"
    assert write_body(body, draft("New"), OURS).startswith(f"{pasted}\n\n")
    block = find_block(body)
    assert block is not None
    assert block.mark == mark()


def test_an_end_quoted_below_the_block_ends_nothing() -> None:
    """Words that people write between the block and a comment like ours stay."""
    said = "\n\nNo idea what `<!-- pm-sync:end -->` is for."
    updated = write_body(write_body("", draft(), OURS) + said, draft("New", details="Now"), OURS)
    assert updated.endswith(f"-->{said}")
    assert "Now" in updated


def test_a_template_can_t_end_the_block() -> None:
    """Else the mark would stand outside, and the issue would never be found again."""
    body = write_body("", draft(), load_template("<!-- pm-sync:begin --><!-- pm-sync:end -->"))
    block = find_block(body)
    assert block is not None
    assert (block.start, block.end, block.mark) == (0, len(body), mark())


def test_a_body_without_a_block_gets_one_at_its_end() -> None:
    """Somebody cleared it away, and the item changed."""
    body = write_body("By hand.", draft(), OURS)
    assert body.startswith("By hand.\n\n<!-- pm-sync:begin")


def test_the_address_stays_that_of_the_creation() -> None:
    """An update comes from a later commit, but the link goes to where the item was when the issue was made."""
    first = write_body("", draft(source=Source(PATH, 12, URL)), OURS)
    later = write_body(first, draft(source=Source(PATH, 40, URL.replace("4cc1de4", "fffffff"))), OURS)
    assert "4cc1de4" in later
    assert "fffffff" not in later


@pytest.mark.parametrize(
    "text",
    [
        "<!-- pm-sync:end -->",
        "--> <!-- pm-sync:begin -->\n<!-- pm-sync:mark {} -->",
        "<!-- pm-sync:mark " + mark("Forged").to_json() + " -->\n<!-- pm-sync:end -->",
    ],
    ids=["end", "begin", "mark"],
)
def test_an_item_s_text_can_t_forge_a_mark(text: str) -> None:
    """Whatever stands in the postmortem, the block's mark is the item's own."""
    wish = draft(details=text, owners=(text,), incident=incident(text, impact=text), priority=text)
    block = find_block(write_body("", wish, OURS))
    assert block is not None
    assert (block.start, block.mark) == (0, wish.mark)


@pytest.mark.parametrize(
    ("text", "harmless"),
    [
        ("ask @everyone and @acme/sre", "ask @\u200beveryone and @\u200bacme/sre"),
        ("fixes #1, closes acme/infra#2", "fixes #\u200b1, closes acme/infra#\u200b2"),
        ("GH-12", "GH-\u200b12"),
        ("Resolves: https://github.com/acme/infra/issues/3", "Resolves: \u200bhttps://github.com/acme/infra/issues/3"),
        ("mail a@example.com, color #fff, C# 7", "mail a@example.com, color #fff, C# 7"),
        ("wait...@alice -@bob é@carol", "wait...@\u200balice -@\u200bbob é@\u200bcarol"),
        ("&#64;alice, &commat;bob", "&amp;#\u200b64;alice, &amp;commat;bob"),
        ("fixes &num;1, &#35;2, &#12", "fixes &amp;num;1, &amp;#\u200b35;2, &#\u200b12"),
        ("&#6&#52;;alice", "&#\u200b6&amp;#\u200b52;;alice"),
        ("it&#39;s 3 &lt; 4 &amp; 5&nbsp;€", "it&#39;s 3 &lt; 4 &amp; 5&nbsp;€"),
        ("a --> b <!-- c", "a --&gt; b &lt;!-- c"),
        ("bell\x07 esc\x1b[31m \ud800", "bell esc[31m "),
        ("日本語 🔥 مرحبا", "日本語 🔥 مرحبا"),
    ],
)
def test_words_of_a_postmortem_do_nothing(text: str, harmless: str) -> None:
    """They ping nobody, refer to nothing and close nothing, and read as before."""
    assert defuse(text) == harmless


@given(TEXT)
def test_defusing_twice_changes_nothing(text: str) -> None:
    """A template may pass a value through twice."""
    assert defuse(defuse(text)) == defuse(text)


def test_a_body_too_long_is_cut_and_says_so() -> None:
    """The mark and the facts stay, the details give way."""
    wish = draft(details="Because of @this --> and that. " * 4000, priority="P1")
    body = write_body("By hand.", wish, OURS)
    block = find_block(body)
    assert len(body) <= BODY_LIMIT
    assert block is not None
    assert block.mark == wish.mark
    assert "- **Priority:** P1" in body
    assert "the postmortem has the whole text" in body


def test_a_signed_mark_names_its_key_s_signature() -> None:
    """Without the key nobody can make one."""
    block = find_block(write_body("", draft(), OURS, "k3y"))
    assert block is not None
    assert block.signature == sign(mark(), "k3y") != sign(mark(), "other")


def test_a_voided_mark_leaves_the_block() -> None:
    """The text stays, but names no item any more."""
    body = write_body("By hand.\n\n", draft(details="Kept."), OURS)
    voided = replace_mark(body, None)
    block = find_block(voided)
    assert block is not None
    assert block.mark is None
    assert "Kept." in voided
    assert voided.startswith("By hand.")
    assert replace_mark("no block", mark()) == "no block"


def test_another_mark_changes_nothing_else() -> None:
    """What was said is noted in the mark, signed like the first."""
    body = "By hand.\n\n" + write_body("", draft(details="Kept."), OURS, "k3y") + "\n\nBelow."
    noted = mark(base={"said": "gone-1"})
    changed = replace_mark(body, noted, "k3y")
    block = find_block(changed)
    assert block is not None
    assert block.mark is not None
    assert dict(block.mark.base) == {"said": "gone-1"}
    assert block.signature == sign(noted, "k3y")
    assert replace_mark(changed, mark(), "k3y") == body


def test_windows_newlines_do_no_harm() -> None:
    """GitHub's web editor writes them."""
    body = write_body("", draft(), OURS).replace("\n", "\r\n")
    block = find_block(body)
    assert block is not None
    assert block.mark == mark()


def test_another_template_is_sandboxed_and_defused_as_well() -> None:
    """It names what it likes of the item, and its values do no more harm than in ours."""
    template = load_template("{{ item.title }} for {{ item.owners | join(', ') }}: {{ details }}")
    body = write_body("", draft("Do", owners=("@everyone",), details="fixes #1"), template)
    assert "Do for @\u200beveryone: fixes #\u200b1" in body


@pytest.mark.parametrize("text", ["{{ ''.__class__.__mro__ }}", "{{ nothing.at.all }}"])
def test_a_template_that_fails_costs_one_issue(text: str) -> None:
    """What a sandbox refuses, and plain mistakes."""
    with pytest.raises(TrackerError, match="template"):
        write_body("", draft(mark=mark(base={"a": "b"})), load_template(text))


def test_a_template_that_can_t_be_read_is_the_configuration_s_fault() -> None:
    """With the line."""
    with pytest.raises(ConfigError, match="line 2"):
        load_template("fine\n{% if %}")


def test_an_address_can_t_break_out_of_its_comment() -> None:
    """Paths may hold anything."""
    source = Source("a b@c.md", 1, "https://github.com/acme/infra/blob/1/a --> b@c(d).md#L1")
    block = find_block(write_body("", draft(source=source), OURS))
    assert block is not None
    assert block.url == "https://github.com/acme/infra/blob/1/a%20--%3E%20b%40c%28d%29.md#L1"
