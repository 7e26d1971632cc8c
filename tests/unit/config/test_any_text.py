"""Whatever stands in the file, the answer is a configuration or a `ConfigError` with places: never anything else."""

from __future__ import annotations

import json
import re

from hypothesis import example, given
from hypothesis import strategies as st

from pm_sync.config import Config, parse_config
from pm_sync.config.document import read_document
from pm_sync.config.schema import json_schema
from pm_sync.errors import ConfigError

TOP = sorted(json_schema()["properties"])
KEYS = sorted({key for part in (json_schema(), *json_schema()["$defs"].values()) for key in part["properties"]})
WORDS = [
    "~",
    "true",
    "0",
    "1.5",
    "P0",
    "14d",
    "github",
    "jira",
    "acme/infra",
    "OPS",
    "2026-01-01",
    "0x_",
    "1:30",
    ".inf",
]
TOKENS = [
    *KEYS,
    *WORDS,
    "\n",
    "\n  ",
    "\n- ",
    ": ",
    ", ",
    "{",
    "}",
    "[",
    "]",
    "&a ",
    "*a",
    "!!int ",
    "!x ",
    "'",
    '"',
    "|",
    "# ",
    "%",
    "? ",
    "<<",
]

# What JSON and YAML both write as it is: no control characters, no line separators.
plain = st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), max_size=8)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(WORDS)
    | plain,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS) | plain, inner, max_size=4),
    max_leaves=12,
)


def outcome(text: str) -> Config | list[str]:
    """The configuration, or the lines that say why there is none."""
    try:
        return parse_config(text, "c.yaml")
    except ConfigError as error:
        return str(error).splitlines()


def _fits(result: Config | list[str], text: str) -> bool:
    if isinstance(result, Config):
        return True
    places = [re.match(r"c\.yaml:(\d+):(\d+): .", line) for line in result]
    lines = len(text.split("\n")) + sum(map(text.count, "\r\x85\u2028\u2029"))
    return bool(places) and all(place and 1 <= int(place[1]) <= lines + 1 for place in places)


def _written(value: object) -> str:
    """JSON is YAML, too."""
    return json.dumps(value, indent=1, ensure_ascii=False)


@given(st.text())
@example("a: !!int 0x_")
@example("since: 2026-13-99")
@example("a: !!timestamp x")
@example("\ufeff")
@example("%YAML 9.9\n---\n")
@example("? ? ?")
@example("9" * 5000)
def test_any_text(text: str) -> None:
    """Text of any characters."""
    assert _fits(outcome(text), text)


@given(st.lists(st.sampled_from(TOKENS), max_size=30).map("".join))
def test_any_tokens(text: str) -> None:
    """Text that is nearly YAML, in the words of a configuration."""
    assert _fits(outcome(text), text)


@given(values)
def test_any_values(value: object) -> None:
    """Well-formed files of any values under known and unknown keys."""
    text = _written(value)
    assert _fits(outcome(text), text)


@given(st.dictionaries(st.sampled_from(TOP), values, max_size=3), plain.filter(bool))
def test_unknown_key_is_always_told(data: dict[str, object], key: str) -> None:
    """However wrong the rest is, a key that doesn't exist is among what is told."""
    if key in TOP:
        return
    result = outcome(_written(data | {key: None}))
    assert isinstance(result, list)
    assert any(f"unknown key {key!r}" in line for line in result)


@given(values)
def test_document_is_read_as_written(value: object) -> None:
    """What isn't a number beyond measure comes out as it went in, and every value has its place."""
    text = _written(value)
    document = read_document(text)
    assert document.problems == ()
    assert _like(document.data, value)
    assert document.values[()].line == 1


def _like(got: object, put: object) -> bool:
    if isinstance(put, dict):
        return isinstance(got, dict) and got.keys() == put.keys() and all(_like(got[key], put[key]) for key in put)
    if isinstance(put, list):
        return isinstance(got, list) and len(got) == len(put) and all(map(_like, got, put))
    if isinstance(put, int | float) and not isinstance(put, bool):
        return got == put or got == json.dumps(put)  # long numbers and powers of ten stay text
    return got == put
