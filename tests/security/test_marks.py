"""Marks: nobody without rights makes an issue that is taken for an item's own, nor keeps an item from getting one."""

from __future__ import annotations

import json
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pm_sync.errors import PmSyncError
from pm_sync.mark import Mark
from pm_sync.trackers.jira.marks import Marks, Note, Wanted, mark_labels
from tests.factories import issue, mark
from tests.security.test_secrets import jira_basic, serving

LABEL = "pm-sync"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def nested(depth: int) -> Any:
    """Lists within lists."""
    value: Any = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "forged", ["", "é", "\ud800", "0" * 64, None, 7, [], {}, nested(5000)], ids=lambda v: str(type(v).__name__)
)
def test_a_signature_of_any_kind_is_only_wrong(forged: object) -> None:
    """Whoever may edit a property may write anything there: it is not believed, and breaks nothing off."""
    value = json.loads(mark().to_json()) | {"mac": forged}
    assert Marks(LABEL, "secret").from_property(value, [LABEL]) is None


@given(JSON, st.sampled_from(["v", "src", "path", "text", "n", "base", "mac", "default_priority", "default_due"]))
def test_a_property_of_any_kind_is_read_or_left(value: Any, member: str) -> None:
    """Each member of a mark may be anything."""
    told = Marks(LABEL).from_property(json.loads(mark().to_json()) | {member: value}, [LABEL])
    assert told is None or isinstance(told, Note)


@pytest.mark.parametrize("value", [nested(5000), {"v": nested(5000)}])
def test_a_property_nested_without_end_is_none(value: Any) -> None:
    """It is no mark."""
    assert Marks(LABEL).from_property({"v": 1, "base": value}, [LABEL]) is None


@given(JSON)
def test_any_json_is_a_mark_or_none(value: Any) -> None:
    """A body's mark is read in the same way."""
    told = Mark.from_json(json.dumps(value))
    assert told is None or isinstance(told, Mark)


def test_labels_that_anybody_can_work_out_stand_for_nothing_where_marks_are_signed() -> None:
    """Path and text are public, so the labels of a key hold what only its owner can make."""
    one, key = mark(), "secret"
    wanted = Wanted.of([one], [one], key=key)
    for forged in (mark_labels(one), mark_labels(one, "guessed")):
        assert wanted.cut_short(forged) is None
        assert wanted.same_text(forged) is None
    ours = Marks(LABEL, key).labels(one)
    assert set(ours).isdisjoint(mark_labels(one))
    assert wanted.cut_short(ours) is not None
    assert wanted.same_text(ours) is not None


@pytest.mark.parametrize(("author", "again"), [("mallory", True), ("me", False)])
def test_only_a_comment_of_ours_keeps_us_from_making_it(author: str, *, again: bool) -> None:
    """Whoever may comment in Jira may write our mark there."""

    def answer(asked: BaseHTTPRequestHandler) -> tuple[int, dict[str, str], str]:
        path = asked.path.partition("?")[0].rpartition("/")[2]
        said: dict[str, object] = {
            "serverInfo": {"deploymentType": "Cloud"},
            "myself": {"accountId": "me"},
            "comment": {"comments": [{"body": "pm-sync:late-1", "author": {"accountId": author}}], "total": 1},
        }
        return (200 if path in said else 404), {}, json.dumps(said.get(path, {}))

    with serving(answer) as server:
        tracker = jira_basic(server.url)
        with suppress(PmSyncError):  # what becomes of the issue afterwards is another matter
            tracker.comment(issue(1), "It is late.", "late-1")
        tracker.close()
    assert any(line.startswith("POST") for line in server.heard) is again
