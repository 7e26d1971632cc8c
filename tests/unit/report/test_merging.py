"""The sentence above a pull request's plan."""

from __future__ import annotations

import pytest

from pm_sync.report.merging import merging
from pm_sync.sync.changes import Change, ChangeKind, Plan
from tests.factories import change

PLACES = {"infra": "acme/infra", "ops": "OPS"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ((), "Merging this writes to no issue."),
        ((change(ChangeKind.WRITE_BACK, tracker="infra"),), "Merging this writes to no issue."),
        ((change(tracker="infra"),) * 3, "Merging this opens 3 issues in acme/infra."),
        (
            (change(tracker="infra"), change(tracker="ops"), change(ChangeKind.CLOSE, tracker="infra")),
            "Merging this opens 1 issue in acme/infra, opens 1 issue in OPS and closes 1 issue in acme/infra.",
        ),
    ],
)
def test_says_what_merging_does(changes: tuple[Change, ...], said: str) -> None:
    """By the names that people give to the places."""
    assert merging(Plan(changes), PLACES).startswith(f"{said}\n\n**Plan: ")


def test_name_of_a_place_is_only_text() -> None:
    """A project of an odd name mentions nobody."""
    assert "@everyone" not in merging(Plan((change(tracker="@everyone"),)), {})
