"""What people who see a pull request may read of issues elsewhere: nothing."""

from __future__ import annotations

import pytest

from pm_sync.model import IssueRef
from pm_sync.report import Format, render
from pm_sync.session.discreet import discreet, is_home
from pm_sync.sync.changes import ChangeKind, Plan, Removed
from pm_sync.sync.identity import Place
from tests.factories import change, github_ref, issue, local_ref

HOME = Place("", "github", "https://github.com", "acme/postmortems")
JIRA = IssueRef("jira", "https://acme.atlassian.net", "SEC", "SEC-4")
HIDDEN = "Rotate the leaked key"


@pytest.mark.parametrize("to", [Format.TEXT, Format.JSON, Format.MARKDOWN, Format.GITHUB])
@pytest.mark.parametrize("ref", [github_ref(4, "acme/secret"), JIRA])
def test_no_format_shows_a_foreign_title(ref: IssueRef, to: Format) -> None:
    """Neither where it is quoted in a reason, nor where it stands for an item that is gone."""
    plan = Plan(
        changes=(
            change(ChangeKind.CONFLICT, ref=ref, item=0, reason=f'perhaps reworded: {ref} "{HIDDEN}"; pm-sync link …'),
            change(ChangeKind.CONFLICT, ref=ref, item=1, reason=f"both sides changed title: the issue says {HIDDEN!r}"),
            change(ChangeKind.UPDATE, ref=ref, item=2, reason=f"reworded, was {HIDDEN!r}"),
            change(ChangeKind.CLOSE, ref=ref, text=HIDDEN, reason="its item is gone"),
        ),
        removed=(Removed(ref, HIDDEN, "postmortems/db.md"),),
    )
    shown = render(discreet(plan, HOME), to)
    assert HIDDEN not in shown
    assert str(ref).partition("#")[0] in shown.replace("\\", "").replace("&#8203;", "")


@pytest.mark.parametrize("ref", [github_ref(4, "acme/postmortems"), local_ref(4), None])
def test_what_is_at_home_is_shown(ref: IssueRef | None) -> None:
    """Whoever sees the pull request sees these issues as well."""
    plan = Plan((change(ChangeKind.UPDATE, ref=ref, reason=f"reworded, was {HIDDEN!r}"),))
    assert is_home(ref, HOME)
    assert discreet(plan, HOME) == plan


def test_without_a_home_every_server_is_foreign() -> None:
    """Where nobody knows which repository this is, nothing is shown."""
    assert not is_home(github_ref(), None)


def test_text_of_the_file_stays() -> None:
    """What the pull request itself says is no secret."""
    plan = Plan((change(ChangeKind.CLOSE, ref=JIRA, item=0, issue=issue(title=HIDDEN), reason="ticked in the file"),))
    assert discreet(plan, HOME).changes[0].text == "Add a replica"
    assert HIDDEN not in render(discreet(plan, HOME), Format.JSON)
