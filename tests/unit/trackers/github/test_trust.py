"""Whose marks are believed."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from pm_sync.mark import Mark
from pm_sync.trackers.github.body import write_body
from pm_sync.trackers.github.options import GitHubOptions
from pm_sync.trackers.github.records import Record, from_rest
from pm_sync.trackers.github.template import load_template
from pm_sync.trackers.github.trust import Interest, Trust, Verdict
from tests.factories import SRC, draft, mark

INTERESTED = Interest.of(SRC, [mark()], [])


def record(**fields: Any) -> Record:
    """An issue with our label and the mark of the usual draft, written by a stranger."""
    data = {
        "repository_url": "https://api.github.com/repos/Acme/Infra",
        "number": 4,
        "title": "Add a replica",
        "body": write_body("", draft(), load_template(None)),
        "state": "open",
        "created_at": "2026-11-22T09:30:00Z",
        "labels": [{"name": "PM-Sync"}],
        "user": {"login": "stranger"},
        "author_association": "NONE",
    }
    return replace(from_rest(data), **fields)


def trust(me: str = "", *, key: str = "", authors: tuple[str, ...] = ()) -> Trust:
    """Trust under a credential of this login; an empty one must not be asked for."""

    def who_am_i() -> str:
        assert me, "nobody may be looked up here"
        return me

    return Trust(GitHubOptions("acme/infra", trusted_authors=authors), key, who_am_i)


@pytest.mark.parametrize("association", ["OWNER", "MEMBER", "COLLABORATOR"])
def test_people_with_rights_are_believed(association: str) -> None:
    """Nobody has to be looked up for that."""
    assert trust().believe(record(association=association), INTERESTED) == mark()


@pytest.mark.parametrize("association", ["NONE", "CONTRIBUTOR", "FIRST_TIME_CONTRIBUTOR", "MANNEQUIN", ""])
def test_strangers_are_not(association: str) -> None:
    """Anybody can open an issue in a public repository."""
    assert trust("acme-bot").believe(record(association=association), INTERESTED) is Verdict.FOREIGN


@pytest.mark.parametrize(
    ("author", "me", "authors"),
    [
        ("github-actions[bot]", "", ()),
        ("Renovate[bot]", "", ("renovate[BOT]",)),
        ("Acme-Bot", "acme-bot", ()),
    ],
    ids=["actions", "trusted", "ourselves"],
)
def test_the_run_s_own_accounts_are_believed(author: str, me: str, authors: tuple[str, ...]) -> None:
    """Logins are compared without regard to case."""
    assert trust(me, authors=authors).believe(record(author=author), INTERESTED) == mark()


def test_who_wrote_under_our_credential_is_told_by_graphql() -> None:
    """Then nobody has to be asked who we are."""
    assert trust().believe(record(ours=True), INTERESTED) == mark()


def test_outsiders_can_t_set_labels() -> None:
    """Without the tracking label even an owner's mark is foreign."""
    without = record(association="OWNER", labels=("postmortem",))
    assert trust().believe(without, INTERESTED) is Verdict.FOREIGN


def test_nobody_is_looked_up_for_a_mark_of_no_interest() -> None:
    """Another source's, or that of no item of this run."""
    other = record(body=write_body("", draft(mark=Mark("elsewhere", "a.md", mark().text)), load_template(None)))
    assert trust().believe(other, INTERESTED) is Verdict.FOREIGN
    assert trust().believe(record(), Interest.of(SRC, [mark("Another")], ["5"])) is Verdict.FOREIGN
    assert trust("stranger").believe(record(), Interest.of(SRC, [], ["4"])) == mark()


def test_no_mark_is_no_foreign_mark() -> None:
    """Most issues have none; pull requests never have one that counts."""
    assert trust().believe(record(body="By hand."), INTERESTED) is Verdict.NONE
    assert trust().believe(record(association="OWNER", pull_request=True), INTERESTED) is Verdict.NONE


def test_with_a_key_only_signed_marks_are_believed() -> None:
    """Not even an owner's without it."""
    owned = record(association="OWNER")
    signed = replace(owned, body=write_body("", draft(), load_template(None), "k3y"))
    assert trust(key="k3y").believe(owned, INTERESTED) is Verdict.FOREIGN
    assert trust(key="k3y").believe(signed, INTERESTED) == mark()
    assert trust(key="other").believe(signed, INTERESTED) is Verdict.FOREIGN


def test_what_this_run_made_is_believed() -> None:
    """Whatever the association of an app's account."""
    made = record()
    sure = trust()
    sure.made(made)
    assert sure.believe(made, INTERESTED) == mark()
