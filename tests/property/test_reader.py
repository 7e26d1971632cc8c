"""Whatever the bytes, the reader reads them, and what it says where to write is true."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pm_sync.errors import ReadError
from pm_sync.markdown.edits import Edit, apply_edits
from pm_sync.model import ActionItem, Postmortem, Span, State
from pm_sync.postmortem.read import read_postmortem
from pm_sync.postmortem.writeback import Progress, WriteBackOptions, check, item_edits, removal_edits

_PIECES = st.sampled_from(
    [
        "# Outage\n", "## Impact\n", "## Action items\n", "### Tasks\n", "## Lessons learned\n", "**Tasks:**\n", "- **Tasks:**\n",
        "- ", "- [ ] ", "* [x] ", "1. ", "  - ", "\t- ", "> ", "> [!NOTE]\n> ", "| Task | Owner | Status | Issue |\n|---|---|---|---|\n",
        "| Add it | @ann | Open | |\n", "| a \\| b | | | #4 |\n", "|", "Add an alert", "We will test it.", " **bold** ", "~~gone~~", "`code`",
        " (done)", " @bob", " due 2024-05-01", " [#12](https://github.com/a/b/issues/12)", " (local#3, open)", "https://x.io/a/b/issues/7",
        "[#12]: text", "\\[ \\] ", "{.cls}", "<!-- c -->", "<br>", "<details>\n<summary>Tasks</summary>\n\n", "\\", "  \n", "\n", "\n\n", "\r\n", "\r",
        "```\n", "---\n", "+++\n", "===\n", "—", "対応：", "再発防止策\n", "é", "\u2028", "\x0b", "\ufeff", "(", ")", "[", "]", "*", "_", ":", "&amp;", "TBD",
    ]
)  # fmt: skip
documents = st.lists(_PIECES, max_size=40).map("".join).map(lambda text: "## Action items\n\n" + text)

_WORDS = st.text("abcdefg hij-_'é対", min_size=1, max_size=30).map(
    lambda text: "Add " + " ".join(text.split()) + " now"
)
_LINES = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["- ", "- [ ] ", "- [x] ", "* **", "1. ", "  - [ ] "]),
    _WORDS,
    st.sampled_from(
        ["", "**", "** (@ann)", " `x`", " (done)", " #4", "  ", " {.todo}", " <!-- c -->", " due 2024-05-01", "\\", ":"]
    ),
    st.sampled_from(["\n", "\n\n", "\r\n"]),
)
lists = st.lists(_LINES, min_size=1, max_size=12).map(lambda lines: "# X\n\n## Action items\n\n" + "".join(lines))


def _check(data: bytes, postmortem: Postmortem) -> None:
    for item in postmortem.items:
        spans = [item.span, *(link.span for link in item.links)]
        spans += [part.span for part in (item.control, item.annotation) if part is not None]
        spans += [item.anchor.link_cell] if item.anchor.link_cell else []
        assert all(span.end <= len(data) for span in spans)
        assert item.span.start <= item.anchor.offset <= item.span.end
        assert item.text.strip()
        assert item.text == " ".join(item.text.split())
        assert item.parent is None or postmortem.items[item.parent].span.start < item.span.start


@given(documents)
@settings(max_examples=400)
def test_any_text_is_read_and_every_place_lies_in_the_file(text: str) -> None:
    """No text makes the reader raise, and spans and anchors lie where they say."""
    data = text.encode()
    _check(data, read_postmortem(data, "x.md"))


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_with_their_place(data: bytes) -> None:
    """Bytes that are no UTF-8 are refused with line and column; all others are read."""
    try:
        data.decode()
    except UnicodeDecodeError:
        with pytest.raises(ReadError) as caught:
            read_postmortem(data, "x.md")
        assert str(caught.value).startswith("x.md:")
    else:
        _check(data, read_postmortem(data, "x.md"))


def _annotated(data: bytes, items: tuple[ActionItem, ...]) -> tuple[bytes, dict[int, Progress]]:
    progress = {at: Progress(f"local#{at}", None, State.OPEN, control=False) for at in range(len(items))}
    edits = [edit for at, note in progress.items() for edit in item_edits(data, items[at], note, WriteBackOptions())]
    return apply_edits(data, edits), progress


@given(lists)
@settings(max_examples=300)
def test_annotations_change_no_item_and_can_be_taken_out_again(text: str) -> None:
    """Annotated, a file reads as before with its annotations, and without them is the same bytes."""
    data = text.encode()
    before = read_postmortem(data, "x.md")
    annotated, progress = _annotated(data, before.items)
    after = read_postmortem(annotated, "x.md")
    assert check(before, after, progress) is None
    assert all(item.annotation is not None and item.annotation.state is State.OPEN for item in after.items)
    assert _without(annotated, after.items) == data


@given(documents)
@settings(max_examples=200)
def test_an_annotation_that_would_make_other_markdown_is_noticed(text: str) -> None:
    """Where an annotation turns the text around it into something else, the check says so; else every item bears its own."""
    data = text.encode()
    before = read_postmortem(data, "x.md")
    annotated, progress = _annotated(data, before.items)
    after = read_postmortem(annotated, "x.md")
    if check(before, after, progress) is None:
        assert [item.done for item in after.items] == [item.done for item in before.items]


def _without(data: bytes, items: tuple[ActionItem, ...]) -> bytes:
    return apply_edits(data, [edit for item in items for edit in removal_edits(item)])


def test_an_edit_at_an_anchor_stays_on_its_line() -> None:
    """An annotation goes to the item's own line."""
    data = b"## Action items\n\n- [ ] Add it  \n- Next\n"
    (first, second) = read_postmortem(data, "x.md").items
    edit = Edit(Span(first.anchor.offset, first.anchor.offset), b" (local#1, open)")
    assert apply_edits(data, [edit]) == b"## Action items\n\n- [ ] Add it (local#1, open)  \n- Next\n"
    assert second.text == "Next"
