"""What is said on GitHub besides issues: the pull request's one comment, and the commit's status."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from pm_sync.publish.checks import CONTEXT, Standing, run_url, set_status
from pm_sync.publish.comment import Sticky
from pm_sync.publish.remote import PublishFailed
from pm_sync.trackers.github.access import access_from
from pm_sync.trackers.github.client import Client
from pm_sync.trackers.github.connection import Connection
from pm_sync.trackers.pace import Patience
from tests.e2e.github import GitHubRemote, ask
from tests.fakes.front import Answer, Asked, Front, Layer
from tests.fakes.github_layers import Statuses

COMMIT = "1" * 40


@pytest.fixture
def client(github: GitHubRemote) -> Iterator[Client]:
    """A client under the owner's token."""
    access = access_from({"GITHUB_TOKEN": github.token, "GITHUB_API_URL": github.front.url})
    client = Client(Connection(access, github.repository), Patience(0))
    yield client
    client.close()


@pytest.fixture
def sticky(github: GitHubRemote, client: Client) -> Sticky:
    """The comment on an issue, which to GitHub's API a pull request is, too."""
    return Sticky(client, github.repository, int(github.add("A change").id))


def comments(github: GitHubRemote) -> list[str]:
    """All comments, oldest first."""
    return [str(comment["body"]) for comment in github.ask("GET", "/issues/1/comments")]


def test_one_comment_is_kept_up_to_date(github: GitHubRemote, sticky: Sticky) -> None:
    """The second run changes the first one's comment."""
    first = sticky.say("Merging this opens 3 issues.")
    assert sticky.say("Merging this opens 2 issues.") == first
    assert [body.split("\n")[0] for body in comments(github)] == ["Merging this opens 2 issues."]


def test_same_words_are_not_written_again(github: GitHubRemote, sticky: Sticky) -> None:
    """Nobody is notified of nothing."""
    sticky.say("Merging this opens 3 issues.")
    github.front.exchanges.clear()
    sticky.say("Merging this opens 3 issues.\n")
    assert [call.split()[0] for call in github.front.calls if "/user" not in call] == ["GET"]


def test_nothing_to_say_begins_no_comment(github: GitHubRemote, sticky: Sticky) -> None:
    """But takes back what was said before."""
    assert sticky.say("Nothing.", only_if_there=True) is None
    assert comments(github) == []
    sticky.say("Merging this opens 3 issues.")
    sticky.say("Nothing.", only_if_there=True)
    assert comments(github)[0].startswith("Nothing.\n")


def test_comment_of_somebody_else_with_our_mark_is_theirs(github: GitHubRemote, sticky: Sticky) -> None:
    """Anybody can copy the mark; we neither change that comment nor are kept from making ours."""
    forged = {"body": "I was here.\n\n<!-- pm-sync:plan -->"}
    ask(github.front.url, "mallory-0", "POST", f"/repos/{github.repository}/issues/1/comments", forged)
    sticky.say("Merging this opens 3 issues.")
    assert [body.split("\n")[0] for body in comments(github)] == ["I was here.", "Merging this opens 3 issues."]


def test_comment_on_the_second_page_is_found(github: GitHubRemote, sticky: Sticky) -> None:
    """A long discussion makes no second comment."""
    for number in range(100):
        github.ask("POST", "/issues/1/comments", {"body": f"{number}"})
    sticky.say("One.")
    sticky.say("Two.")
    assert github.ask("GET", "/issues/1/comments?per_page=100&page=2")[0]["body"].startswith("Two.")


def test_long_plan_fits_into_a_comment(github: GitHubRemote, sticky: Sticky) -> None:
    """GitHub takes 65,536 characters; the table ends with a whole row, and the mark stays."""
    sticky.say("# Plan\n\n" + "| create | Größere Platte |\n" * 9000)
    (body,) = comments(github)
    assert len(body) <= 65_000
    assert body.endswith("more lines: the summary of the job has them.\n\n<!-- pm-sync:plan -->")
    sticky.say("Short.")
    assert len(comments(github)) == 1


@dataclass(slots=True)
class ReadOnly(Layer):
    """A token that may only read."""

    status: int = 403

    def answer(self, asked: Asked, front: Front) -> Answer | None:
        """Refuse writes."""
        said = {"message": "Resource not accessible by integration"}
        return Answer(self.status, said) if asked.method != "GET" else None


def test_token_that_may_not_comment_is_told_what_it_lacks(github: GitHubRemote, sticky: Sticky) -> None:
    """By the permission's name."""
    github.front.layers.insert(0, ReadOnly())
    with pytest.raises(PublishFailed, match="pull-requests: write"):
        sticky.say("Merging this opens 3 issues.")


def test_status_is_set_on_the_commit(github: GitHubRemote, client: Client) -> None:
    """One line, with a link to the run."""
    statuses = Statuses()
    github.front.layers.insert(0, statuses)
    said = Standing("failure", "3 open, 1 overdue;\n" + "x" * 200, "https://github.com/acme/infra/actions/runs/7")
    set_status(client, github.repository, COMMIT, said)
    (made,) = statuses.made[COMMIT]
    assert (made["state"], made["context"], made["target_url"]) == ("failure", CONTEXT, said.url)
    assert made["description"].startswith("3 open, 1 overdue; xxx")
    assert len(made["description"]) == 140
    assert "target_url" not in json.dumps(_without_url(client, github, statuses))


def _without_url(client: Client, github: GitHubRemote, statuses: Statuses) -> object:
    set_status(client, github.repository, COMMIT, Standing("success", "Nothing is open"))
    return statuses.made[COMMIT][-1]


def test_token_that_may_not_set_statuses_is_told_what_it_lacks(github: GitHubRemote, client: Client) -> None:
    """By the permission's name."""
    github.front.layers.insert(0, ReadOnly(404))
    with pytest.raises(PublishFailed, match="statuses: write"):
        set_status(client, github.repository, COMMIT, Standing("success", "Nothing is open"))


def test_run_has_an_address_in_actions_only() -> None:
    """Elsewhere there is nothing to link."""
    run = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "acme/infra", "GITHUB_RUN_ID": "7"}
    assert run_url(run) == "https://github.com/acme/infra/actions/runs/7"
    assert run_url({}) is None
