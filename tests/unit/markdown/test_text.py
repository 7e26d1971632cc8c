"""Bytes, lines and columns."""

from __future__ import annotations

import pytest

from pm_sync.errors import ReadError
from pm_sync.markdown.text import Lines, SourceText


def test_a_byte_order_mark_is_no_text_but_counts_in_offsets() -> None:
    """The mark is cut from the text and remembered as a shift."""
    source = SourceText.decode(b"\xef\xbb\xbf# A\n", "a.md")
    assert (source.text, source.shift) == ("# A\n", 3)


def test_a_lone_carriage_return_ends_a_line_at_the_same_offset() -> None:
    """CR becomes LF for the parser, CRLF stays, and no offset moves."""
    source = SourceText.decode(b"a\rb\r\nc\n", "a.md")
    assert source.text == "a\nb\r\nc\n"


@pytest.mark.parametrize(
    ("data", "place"),
    [(b"ok\n\xff", "a.md:2:1"), (b"\xef\xbb\xbfab\xff", "a.md:1:3"), ("é\r\né".encode() + b"\xc3(", "a.md:2:2")],
    ids=["second-line", "behind-a-bom", "behind-wide-characters"],
)
def test_bytes_that_are_no_utf8_are_refused_with_their_place(data: bytes, place: str) -> None:
    """The error names file, line and column."""
    with pytest.raises(ReadError) as caught:
        SourceText.decode(data, "a.md")
    assert caught.value.place == place


@pytest.mark.parametrize("size", [1, 1 << 16], ids=["counted", "looked-up"])
def test_lines_end_as_in_commonmark_only(size: int) -> None:
    """U+2028, VT and NEL end no line, in small files and large ones."""
    data = "a\u2028b\x0bc\x85d\n".encode() + b"x" * size
    assert Lines(data).place(len(data)) == (2, size + 1)


def test_carriage_returns_count_as_lines() -> None:
    """A file of the old Macintosh has lines too."""
    assert Lines(b"a\rb\rc").place(4) == (3, 1)
