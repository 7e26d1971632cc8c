"""Marks: the format that every later version must still find, and what is no mark."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pm_sync.mark import Mark, normal_form, text_hash, value_hash

FROZEN = json.loads((Path(__file__).parents[1] / "golden" / "marks.json").read_text(encoding="utf-8"))
TEXT = st.text()
MARKS = st.builds(Mark, TEXT, TEXT, TEXT, st.integers(0), st.dictionaries(TEXT, TEXT, max_size=4))


@pytest.mark.parametrize("case", FROZEN["texts"], ids=lambda case: case["why"])
def test_text_hashes_are_frozen(case: dict[str, Any]) -> None:
    """A text hashed today has the hash it always had; another hash would lose every issue made so far."""
    assert {text_hash(text) for text in case["texts"]} == {case["hash"]}


@pytest.mark.parametrize("case", FROZEN["marks"], ids=lambda case: case["why"])
def test_keys_and_lines_are_frozen(case: dict[str, Any]) -> None:
    """A mark written by this version is the one that was written by the first."""
    mark = Mark(**case["mark"])
    assert (mark.key, mark.text_key, mark.to_json()) == (case["key"], case["text_key"], case["json"])


@pytest.mark.parametrize("case", FROZEN["values"], ids=lambda case: repr(case["value"]))
def test_value_hashes_are_frozen(case: dict[str, str]) -> None:
    """Else every field of every issue would look changed."""
    assert value_hash(case["value"]) == case["hash"]


def test_different_texts_differ() -> None:
    """Words, letters and digits count."""
    hashes = [case["hash"] for case in FROZEN["texts"]]
    assert len(set(hashes)) == len(hashes)


@given(MARKS)
def test_a_mark_is_read_as_it_was_written(mark: Mark) -> None:
    """Base and version included, whatever characters it holds."""
    again = Mark.from_json(mark.to_json())
    assert again is not None
    assert (again, again.base, again.key) == (mark, mark.base, mark.key)


@given(MARKS)
def test_a_line_can_stand_in_a_comment(mark: Mark) -> None:
    """It is one line of plain ASCII that neither ends an HTML comment nor begins a tag."""
    line = mark.to_json()
    assert line.isascii()
    assert not {"<", ">", "\n", "\r"} & set(line)


@given(MARKS, MARKS)
def test_keys_tell_marks_apart(one: Mark, other: Mark) -> None:
    """The key is the same exactly where source, path, text and ordinal are."""
    assert (one.key == other.key) is (one == other)


@given(st.text(alphabet="ab\x00"), st.text(alphabet="ab"), st.text(alphabet="ab"))
def test_the_text_key_leaves_out_path_and_ordinal(path: str, src: str, text: str) -> None:
    """So that it finds the issue of a renamed postmortem."""
    assert Mark(src, path, text, 3).text_key == Mark(src, "", text).text_key


@given(st.text(alphabet=[chr(code) for code in range(128)]))
def test_plain_texts_are_hashed_as_all_others_are(text: str) -> None:
    """The quicker way for them makes no difference."""
    assert normal_form(f"{text} é") == f"{normal_form(text)} é".strip()


@given(TEXT)
def test_hashing_twice_gives_one_hash(text: str) -> None:
    """Twenty hexadecimal digits, also for lone surrogates."""
    assert text_hash(text) == text_hash(text)
    assert len(text_hash(text + "\ud800")) == 20


@pytest.mark.parametrize(
    "line",
    [
        "",
        "null",
        "[]",
        "not json",
        '{"v":1}',
        '{"v":"1","src":"","path":"","text":"","n":0}',
        '{"v":1,"src":null,"path":"","text":"","n":0}',
        '{"v":1,"src":"","path":"","text":"","n":0,"base":[]}',
        '{"v":1,"src":"","path":"","text":"","n":0,"base":{"title":1}}',
        '{"v":1,"src":"","path":"","text":"","n":' + "9" * 5000 + "}",
        "[" * 100_000,
    ],
)
def test_what_is_no_mark_is_none(line: str) -> None:
    """Anybody can write into an issue; nothing of it raises."""
    assert Mark.from_json(line) is None


@given(st.text())
def test_any_line_is_read(line: str) -> None:
    """It is a mark or it isn't."""
    assert isinstance(Mark.from_json(line), Mark | None)


def test_a_mark_of_a_later_version_is_read() -> None:
    """With what it says besides; its key is another one."""
    later = Mark.from_json('{"v":2,"src":"s","path":"p","text":"t","n":0,"base":{},"more":true}')
    assert later is not None
    assert later.key != Mark("s", "p", "t").key
