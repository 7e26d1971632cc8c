"""Linting stands whatever it is given."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pm_sync.lint.check import lint
from pm_sync.lint.fix import mend
from pm_sync.lint.problems import Problem
from pm_sync.model import Postmortem
from pm_sync.postmortem.read import read_postmortem
from tests.unit.lint.support import HEAD, PATH

PIECES = st.sampled_from(
    [
        "# T\n",
        "## Action items\n\n",
        "- [] a\n",
        "- [ ] Improve monitoring\n",
        "  - [x]b\n",
        "| Action | Owner |\n|---|---|\n",
        "| x | TBD |\n",
        "14:32 PM ",
        "{{ x }}",
        "`14:32 PM",
        "[#1]() [#1] (https://github.com/a/b/issues/1)",
        "<!-- pm-sync: disable=PM005 -->",
        "\n<!-- pm-sync: disable -->\n",
        "```\n",
        "> ",
        "**Start:** 2026-01-02 10:00\n",
        "**End:** 2026-01-01\n",
        "**Duration:** 3 h\n",
        "\r",
        "\n\n",
        "é加强监控\n",
        "\ufeff",
    ]
)
DOCUMENTS = st.one_of(st.text(), st.lists(PIECES, max_size=25).map("".join))


def read(data: bytes) -> Postmortem:
    """Read without any configuration."""
    return read_postmortem(data, PATH)


def found(data: bytes) -> tuple[Problem, ...]:
    """All problems."""
    return lint(read(data), data).problems


@given(DOCUMENTS)
def test_every_problem_has_a_place_in_the_file(text: str) -> None:
    """Linting never raises; lines are those of the file, columns within their lines, ends not before starts."""
    data = text.encode("utf-8", "replace")
    lines = data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    for problem in found(data):
        assert 1 <= problem.column <= len(lines[problem.line - 1].decode()) + 1
        assert (problem.line, problem.column) <= (problem.end_line, problem.end_column)


@given(DOCUMENTS)
@example("##ACTION:ITEM\n13:00PM[#0] (http://0)")
def test_mending_comes_to_an_end(text: str) -> None:
    """What is mended is gone, unless it lays bare another item, and no item is lost; soon nothing is left to be mended."""
    data = text.encode("utf-8", "replace")
    for _ in range(5):
        once = mend(read(data), data, found(data), read)
        if once is None:
            return
        more = len(read(once.data).items) - len(read(data).items)
        assert more >= 0
        assert more or sum(p.fixable for p in found(once.data)) < sum(p.fixable for p in found(data))
        data = once.data
    assert mend(read(data), data, found(data), read) is None


@pytest.mark.parametrize(
    "text",
    [
        "word " * 100_000,
        "- " + "[" * 50_000,
        "{{ " * 100_000,
        "- [ ] Improve monitoring\n" * 2_000,
        "14:32 PM " * 20_000,
        "- do it <!-- pm-sync: disable=PM005 -->\n" * 2_000,
        "<!-- pm-sync: disable=PM005 -->\n\n# x\n\n" * 2_000,
        ">" * 5_000 + " x",
        " " * 200_000 + "x",
        "**Duration:** " + "1 h " * 50_000,
    ],
    ids=lambda text: text[:20].strip() or "blanks",
)
def test_hostile_texts_end(text: str) -> None:
    """Each takes time in proportion to its length: what doesn't would not be through before the tests are ended."""
    assert found(f"{HEAD}{text}\n".encode()) is not None
