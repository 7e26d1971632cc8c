"""What is read without pydantic is what pydantic reads, and a right file needs none."""

from __future__ import annotations

import copy
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from pm_sync.config import Config
from pm_sync.config.document import Loc, read_document
from pm_sync.config.quick import read_quickly
from pm_sync.config.schema import json_schema
from pm_sync.config.validation import check
from pm_sync.config.values import Bare
from tests.unit.config.test_documentation import EXAMPLES, examples_in_default

TRACKERS = {"trackers": ("github", "jira", "infra", "ops", "payments", "local")}
_NAMES = ["sla", "local", "corp", "P0", "p0", "defualt", "kind", "to"]
KEYS = sorted({key for part in (json_schema(), *json_schema()["$defs"].values()) for key in part["properties"]})
FILES = {path.name: path.read_text(encoding="utf-8") for path in EXAMPLES} | {"default.yaml": examples_in_default()}
RIGHT = [read_document(text).data for text in FILES.values()]
LEAVES: st.SearchStrategy[object] = (
    st.none()
    | st.booleans()
    | st.sampled_from(["on", "No"]).map(Bare)
    | st.integers(-2, 1_000_001)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(
        [" a ", "", "a\x1cb", "\x1c", "\u3000", "14d", "99999w", "2026-02-30", "(", "yes", "true", "1", "jira"]
    )
    | st.sampled_from(
        [*_NAMES, *TRACKERS["trackers"], "a" * 51, "../x", "a|b", "Closed", "UTC", "Mars/Olympus", "PM001"]
    )
    | st.text(max_size=5)
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(KEYS + _NAMES), inner, max_size=2),
    max_leaves=4,
)
ALIKE: dict[type, st.SearchStrategy[object]] = {
    str: st.text(st.characters(exclude_categories=["Cs"]), max_size=5) | st.sampled_from([" a", "a\x1cb", "14d", "P1"]),
    int: st.integers(-2, 1_000_001) | st.booleans() | st.floats(0, 9),
    bool: st.booleans() | st.just(Bare("yes")) | st.sampled_from(["yes", "true", 1, 0.0]),
}


def _by_pydantic(data: object) -> Config | None:
    try:
        return check(data, TRACKERS)
    except ValidationError:
        return None


def _places(value: Any, loc: Loc = ()) -> Iterator[Loc]:
    yield loc
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield from _places(item, (*loc, key))


@st.composite
def nearly_right(draw: st.DrawFn) -> object:
    """The data of a right file, with other values or keys in up to two places."""
    data: Any = {"": copy.deepcopy(draw(st.sampled_from(RIGHT)))}
    for _ in range(draw(st.integers(0, 2))):
        *above, last = draw(st.sampled_from([place for place in _places(data) if place]))
        part = data
        for step in above:
            part = part[step]
        match draw(st.sampled_from(["alike", "alike", "any", "key"])):
            case "key" if isinstance(part, dict) and above:
                part[draw(st.sampled_from(KEYS + _NAMES))] = part.pop(last)
            case "alike" if not isinstance(part[last], dict | list):
                part[last] = draw(ALIKE.get(type(part[last]), LEAVES))
            case _:
                part[last] = draw(VALUES)
    return data[""]


@given(nearly_right() | st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=3))
@example({"sla": {"rules": None}})
@example({"sla": {"rules": "14d"}})
@example({"sla": {"P0": None}})
@example({"sla": {"P0": "1d", "p0": "2d"}})
@example({"sla": {"P1": "1d", "sev1": "2d"}})
@example({"version": True})
@example({"create_done": Bare("yes"), "source": Bare("no"), "lint": {"rules": {"PM001": Bare("off")}}})
@example({"trackers": {"a": {"kind": ["local"]}}})
@example({"trackers": {"a": {"kind": None}}})
@example({"labels": ["\x85a"]})
@example({"timezone": None, "guards": None})
def test_it_never_takes_what_pydantic_would_not(data: object) -> None:
    """And makes the same of what it takes."""
    quick = read_quickly(data, TRACKERS)
    assert quick is None or quick == _by_pydantic(data)


@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
def test_a_right_file_is_read_quickly(text: str) -> None:
    """Of each of the kinds of keys that there are."""
    data = read_document(text).data
    quick = read_quickly(data, TRACKERS)
    assert quick is not None
    assert quick == check(data, TRACKERS)


def test_a_right_file_needs_no_pydantic(tmp_path: Path) -> None:
    """Which takes longer to load than all else."""
    (tmp_path / "pm-sync.yaml").write_text(FILES["several.yaml"], encoding="utf-8")
    code = """
import sys
from pathlib import Path
from pm_sync.config import load_config
load_config(Path())
print(sorted(sys.modules.keys() & {"pydantic", "pydantic_core", "wcmatch"}))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
