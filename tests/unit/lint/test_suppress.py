"""Comments that turn rules off."""

from __future__ import annotations

import pytest

from pm_sync.lint.check import lint
from pm_sync.postmortem.read import read_postmortem
from tests.unit.lint.support import HEAD, PATH, messages, places

OFF = "<!-- pm-sync: disable=PM005 -->"


def lines(text: str) -> list[int]:
    """Where nobody owns an item."""
    return [line for line, _ in places("no-owner", text)]


def test_beside_an_item() -> None:
    """Only that one is meant."""
    assert lines(f"{HEAD}- Renew it {OFF}\n- Move it\n") == [6]


def test_at_the_end_of_a_long_item() -> None:
    """The item's first line is meant too."""
    assert lines(f"{HEAD}- Renew it\n  by hand {OFF}\n- Move it\n") == [7]


def test_in_a_table_row() -> None:
    """Only that row is meant."""
    assert lines(f"{HEAD}| Action |\n|---|\n| Renew it {OFF} |\n| Move it |\n") == [8]


def test_above_a_list() -> None:
    """The whole list is meant, and nothing behind it."""
    assert lines(f"{HEAD}{OFF}\n- Renew it\n- Move it\n\n## Next steps\n\n- Drop it\n") == [11]


def test_between_items() -> None:
    """Indented, it belongs to the list, and speaks of the item behind it."""
    assert lines(f"{HEAD}- Renew it\n  {OFF}\n- Move it\n- Drop it\n") == [5, 8]


def test_above_a_heading() -> None:
    """The whole section is meant, with those below it, up to the next of its level."""
    text = f"# Outage\n\n{OFF}\n\n## Action items\n\n### Short term\n\n- Renew it\n\n## Next steps\n\n- Move it\n"
    assert lines(text) == [13]


def test_for_the_file() -> None:
    """Wherever it stands."""
    assert lines(f"{HEAD}- Renew it\n\n<!-- pm-sync: disable-file=no-owner -->\n") == []


@pytest.mark.parametrize("names", ["PM005,vague-wording", "vague-wording, no-owner", "pm005", "NO-OWNER PM004", ""])
def test_names(names: str) -> None:
    """Ids and names, in any case, with commas or blanks between them."""
    assert lines(f"{HEAD}- Renew it <!-- pm-sync: disable={names} -->\n") == ([] if names else [5])


def test_all_rules() -> None:
    """Without names everything is off, and it is counted."""
    data = f"{HEAD}- Renew it <!-- pm-sync: disable -->\n".encode()
    linted = lint(read_postmortem(data, PATH), data)
    assert (linted.problems, linted.suppressed) == ((), 3)


@pytest.mark.parametrize(
    "text", [f"- Renew it `{OFF}`\n", f"- Renew it\n\n```\n{OFF}\n```\n", "- Renew it <!-- disable=PM005 -->\n"]
)
def test_what_turns_nothing_off(text: str) -> None:
    """Examples in code, and comments that aren't ours."""
    assert lines(HEAD + text) == [5]


def test_unknown_rules_are_told() -> None:
    """With the one that may be meant; the others in the comment hold."""
    text = f"{HEAD}- Renew it <!-- pm-sync: disable=no-ower,PM099,PM005 -->\n"
    assert messages("unknown-rule", text) == [
        "there is no rule “no-ower”; did you mean “no-owner”?",
        "there is no rule “PM099”; did you mean “PM019”?",
    ]
    assert lines(text) == []
