"""Mending what can be mended for sure."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pm_sync.lint.check import lint
from pm_sync.lint.fix import Mended, mend
from pm_sync.markdown.edits import Edit
from pm_sync.model import Postmortem, Span
from pm_sync.postmortem.read import read_postmortem
from tests.unit.lint.support import HEAD, PATH

URL = "https://github.com/acme/infra/issues/12"


def read(data: bytes) -> Postmortem:
    """Read without any configuration."""
    return read_postmortem(data, PATH)


def mended(text: str) -> Mended | None:
    """What becomes of a text."""
    data = text.encode()
    return mend(read(data), data, lint(read(data), data).problems, read)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("- [] Renew it", "- [ ] Renew it"),
        ("- [X ] Renew it", "- [x] Renew it"),
        ("-[ ] Renew it", "- [ ] Renew it"),
        ("* [x]Renew it", "* [x] Renew it"),
        (f"- Renew it ([#12]({URL})) ([#12]({URL}))", f"- Renew it ([#12]({URL}))"),
        (f"- Renew it [#12] ({URL})", f"- Renew it [#12]({URL})"),
        ("- Renew it, see github.com/acme/infra/issues/12", f"- Renew it, see {URL}"),
        ("- Renew it\n\n## Timeline\n\n- 14:32 PM It broke.", "- Renew it\n\n## Timeline\n\n- 14:32 It broke."),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_mends(before: str, after: str, newline: str) -> None:
    """The few bytes in question change, line ends and a byte order mark stay, and then nothing is left to mend."""
    head = f"\ufeff{HEAD}- Move it\n"
    done = mended(f"{head}{before}\n- Drop it".replace("\n", newline))
    assert done == Mended(f"{head}{after}\n- Drop it".replace("\n", newline).encode(), 1)
    assert mended(done.data.decode()) is None


def test_several_at_once() -> None:
    """Each counts."""
    assert mended(f"{HEAD}- [] Renew it\n- [] Move it\n") == Mended(
        f"{HEAD}- [ ] Renew it\n- [ ] Move it\n".encode(), 2
    )


def test_nothing_to_mend() -> None:
    """No new bytes where nothing is certain."""
    assert mended(f"{HEAD}- Renew it [x]()\n") is None


def test_a_mend_that_changes_another_item_is_none() -> None:
    """Whatever a rule believes: the file is left alone if an item reads differently that it didn't touch."""
    data = f"{HEAD}- [] Renew it\n- [ ] Move it\n".encode()
    (problem, *_) = (found for found in lint(read(data), data).problems if found.edits)
    elsewhere = Span(data.index(b"Renew") - 1, len(data))
    harmful = replace(problem, edits=(*problem.edits, Edit(elsewhere, b" Renew it\n")))
    assert mend(read(data), data, [harmful], read) is None


def test_mends_that_touch_wait_for_each_other() -> None:
    """The second one is there again in the next run."""
    data = f"{HEAD}- [] Renew it\n".encode()
    (problem, *_) = (found for found in lint(read(data), data).problems if found.edits)
    assert mend(read(data), data, [problem, problem], read) == Mended(f"{HEAD}- [ ] Renew it\n".encode(), 1)
