"""Golden bodies: what each Markdown becomes in Jira's wiki text and in its documents; ``--regen`` writes them anew."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pm_sync.trackers.jira.adf import AdfText, document
from pm_sync.trackers.jira.wiki import WikiText
from tests.e2e.jira_cloud import document_problems

BODIES = sorted((Path(__file__).parent / "jira_bodies").glob("*.md"))


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.stem)
def test_body(body: Path, *, regen: bool) -> None:
    """The conversions are as they were looked at, and documents keep to their published schema."""
    markdown = body.read_text(encoding="utf-8")
    made = document(AdfText().markdown(markdown))
    came = {
        ".wiki": WikiText().markdown(markdown) + "\n",
        ".adf.json": json.dumps(made, indent=1, ensure_ascii=False) + "\n",
    }
    if regen:
        for suffix, text in came.items():
            body.with_suffix(suffix).write_text(text, encoding="utf-8")
    assert came == {suffix: body.with_suffix(suffix).read_text(encoding="utf-8") for suffix in came}
    assert document_problems(made) == []
