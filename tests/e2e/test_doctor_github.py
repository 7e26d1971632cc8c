"""The doctor against the GitHub emulator: what it asks, and what it finds."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pm_sync.findings import Level
from tests.e2e.counterparts import free_port
from tests.e2e.doctor import Headers, Told, ask_doctor, start
from tests.e2e.github import GitHubRemote
from tests.e2e.test_github_access import App, key, open_as_app
from tests.fakes.front import Answer, Asked, Front, Layer
from tests.fakes.github_layers import Amended
from tests.fakes.jira_trouble import HTML, Trouble

__all__ = ["key"]

READ_ONLY = {"permissions": {"admin": False, "push": False, "pull": True}}
WRITES = ("create", "update", "close", "label", "assign", "comment", "sub-issues")
Ask = Callable[..., Told]


@pytest.fixture
def ask(tmp_path: Path, github: GitHubRemote) -> Ask:
    """Ask the doctor about the repository."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "pm-sync.yaml").write_text(
        f"version: 1\nsource: here\ntrackers: {{infra: {{kind: github, repository: {github.repository}}}}}\n"
    )
    (tmp_path / "postmortems").mkdir()
    (tmp_path / "postmortems/db.md").write_text("# Outage\n\n## Action items\n\n- [ ] Add a replica\n")

    def asked(**more: str) -> Told:
        return ask_doctor(tmp_path, {"GITHUB_TOKEN": github.token, "GITHUB_API_URL": github.front.url, **more})

    return asked


def test_well_by_three_calls(github: GitHubRemote, ask: Ask) -> None:
    """Who we are, the repository, and one issue of ours; nothing is written."""
    told = ask()
    assert (told.code, told.bad) == (0, {})
    path = f"/repos/{github.repository}"
    assert github.front.calls == ["GET /user", f"GET {path}", f"GET {path}/issues"]
    assert told.of("credential").what.startswith("acme at http://127.0.0.1:")
    assert all(told.of(feature).what == "allowed" for feature in ("read issues", *WRITES))
    assert "PyGithub 2." in told.of("server").what


def test_bad_token_by_one_call(github: GitHubRemote, ask: Ask) -> None:
    """Nothing else would be answered."""
    github.front.layers.insert(0, Trouble(before=[("GET /user", Answer(401, {"message": "Bad credentials"}))]))
    told = ask()
    assert (told.code, told.bad) == (1, {"credential": "failure"})
    assert told.of("credential").hint == "check GITHUB_TOKEN"
    assert github.front.calls == ["GET /user"]


def test_expired_token(github: GitHubRemote, ask: Ask) -> None:
    """GitHub tells when."""
    expired = Answer(401, {"message": "Bad credentials"}, {"github-authentication-token-expiration": "2026-11-01"})
    github.front.layers.insert(0, Trouble(before=[("GET /user", expired)]))
    told = ask()
    assert told.of("credential").what.endswith("expired on 2026-11-01")


def test_repository_that_is_not_there(tmp_path: Path, github: GitHubRemote, ask: Ask) -> None:
    """Mistyped, or hidden from the credential."""
    config = tmp_path / "pm-sync.yaml"
    config.write_text(config.read_text().replace(github.repository, "acme/no-such-thing"))
    told = ask()
    assert (told.code, told.bad) == (1, {"repository": "failure"})
    assert "acme/no-such-thing is not there, or hidden" in told.of("repository").what
    assert len(github.front.calls) == 2


def test_token_that_may_only_read(github: GitHubRemote, ask: Ask) -> None:
    """Each feature that a sync needs is named."""
    github.front.layers.append(Amended(repository=READ_ONLY))
    told = ask()
    assert (told.code, told.bad) == (1, dict.fromkeys(WRITES, "failure"))
    assert "GITHUB_TOKEN has no write access" in told.of("create").what
    assert told.of("read issues").level == "ok"


@pytest.mark.parametrize(
    ("facts", "what", "hint"),
    [
        ({"archived": True}, "is archived", "unarchive it, or route elsewhere"),
        ({"has_issues": False}, "issues are disabled in", "enable them in its settings, or route elsewhere"),
        ({"full_name": "acme/other"}, "is now called acme/other", "change `repository` in the configuration"),
    ],
    ids=["archived", "issues off", "renamed"],
)
def test_repository_that_takes_no_issues(
    github: GitHubRemote, ask: Ask, facts: dict[str, object], what: str, hint: str
) -> None:
    """For the reason that a sync would name."""
    github.front.layers.append(Amended(repository=facts))
    told = ask()
    assert told.code == 1
    assert what in told.of("create").what
    assert told.of("create").hint == hint


def test_label_that_is_missing_where_none_may_be_made(tmp_path: Path, ask: Ask) -> None:
    """By one call more."""
    config = tmp_path / "pm-sync.yaml"
    config.write_text(config.read_text().replace("}}", ", create_labels: false}}"))
    told = ask()
    assert "has no label 'pm-sync', and create_labels is off" in told.of("create").what
    assert told.of("create").hint == "make it there"


def test_scope_that_is_missing(github: GitHubRemote, ask: Ask) -> None:
    """A classic token tells its scopes with each answer."""
    github.front.layers.append(Headers(x_oauth_scopes="gist, read:org"))
    told = ask()
    assert told.bad == dict.fromkeys(WRITES, "failure")
    assert "the token lacks the scope `public_repo or repo`" in told.of("create").what


def test_issues_that_may_not_be_read(github: GitHubRemote, ask: Ask) -> None:
    """Who sees a repository need not see its issues."""
    refused = Answer(403, {"message": "Resource not accessible"}, {"x-accepted-github-permissions": "issues=read"})
    github.front.layers.insert(0, Trouble(before=[(r"GET .*/issues", refused)]))
    told = ask()
    github.front.exchanges.clear()  # this answer is in no contract
    assert (told.code, told.bad) == (1, {"read issues": "failure"})
    assert "lacks the permission `issues: read`" in told.of("read issues").what


def test_low_limit(github: GitHubRemote, ask: Ask) -> None:
    """With the moment at which it is renewed."""
    reset = int(datetime(2026, 11, 22, 15, 30, tzinfo=UTC).timestamp())
    github.front.layers.append(
        Headers(x_ratelimit_limit="5000", x_ratelimit_remaining="17", x_ratelimit_reset=str(reset))
    )
    told = ask()
    assert (told.code, told.bad) == (0, {"limits": "warning"})
    assert told.of("limits").what == "17 of 5000 requests left until 15:30 UTC"


def test_limit_that_is_reached_is_told_and_not_waited_for(github: GitHubRemote, ask: Ask) -> None:
    """A doctor that sleeps for an hour is none."""
    told_off = Answer(
        403, {"message": "API rate limit exceeded"}, {"retry-after": "3000", "x-ratelimit-remaining": "0"}
    )
    github.front.layers.insert(0, Trouble(before=[("GET /user", told_off)]))
    told = ask()
    assert told.code == 1
    assert told.of("credential").what == "no more requests for 3000 s"
    assert len(github.front.calls) == 1


def test_skewed_clock(github: GitHubRemote, ask: Ask) -> None:
    """The server is ten minutes ahead."""
    github.front.ahead = 600
    told = ask()
    assert (told.code, told.bad) == (0, {"clock": "warning"})
    assert told.of("clock").what == "this machine's is 10 minutes behind the server's"


def test_server_that_is_not_there(ask: Ask) -> None:
    """Is told at once."""
    told = ask(GITHUB_API_URL=f"http://127.0.0.1:{free_port()}")
    assert (told.code, told.bad) == (1, {"server": "failure"})
    assert "can't be reached" in told.of("server").what


@pytest.mark.parametrize("answer", [Answer(200, HTML), Answer(200, "words"), Answer(502, HTML), Answer(200, None)])
@pytest.mark.parametrize("path", ["/user", r"/repos/[^/]+/[^/]+$", "/issues"])
def test_answers_that_make_no_sense_are_told(github: GitHubRemote, ask: Ask, path: str, answer: Answer) -> None:
    """By whatever stands in between: never a traceback."""
    github.front.layers.insert(0, Trouble(before=[(f"GET .*{path}", answer)] * 3))
    told = ask()
    github.front.exchanges.clear()  # no contract holds for these
    assert told.of("lock").level is Level.OK
    assert Level.FAILURE in told.bad.values()


def test_permissions_of_another_shape_are_told_as_unknown(github: GitHubRemote, ask: Ask) -> None:
    """By another program that speaks like GitHub."""
    github.front.layers.append(Amended(repository={"permissions": ["push"]}))
    told = ask()
    github.front.exchanges.clear()  # no contract holds for this
    assert told.code == 0


def test_version_of_an_enterprise_server(github: GitHubRemote, ask: Ask) -> None:
    """As it tells it."""
    github.front.layers.append(Headers(x_github_enterprise_version="3.14.2"))
    assert ask().of("server").what.startswith("GitHub Enterprise Server 3.14.2 at ")


def test_publishing_is_looked_at_where_the_postmortems_are_on_github(github: GitHubRemote, ask: Ask) -> None:
    """By one call more; what is missing there is no failure, as a sync works without it."""
    here = {"GITHUB_REPOSITORY": github.repository, "GITHUB_SERVER_URL": github.front.url}
    told = ask(**here)
    assert (told.code, told.bad) == (0, {})
    assert told.of("push", "publishing").what == f"allowed in {github.repository}"
    assert len(github.front.calls) == 4
    github.front.layers.append(Amended(repository=READ_ONLY))
    told = ask(**here)
    assert {"push": "warning", "pull requests": "warning"}.items() <= told.bad.items()
    assert "contents: write" in told.of("push").hint


def test_app_is_judged_by_its_installation_on_our_own_layer(github: GitHubRemote, key: str) -> None:
    """Its rights are known without a call of their own; two calls for its token, two for the repository and an issue."""
    github.front.layers.insert(0, App(github.token))
    tracker = open_as_app(github, key)
    findings = {finding.about: finding for finding in tracker.diagnose(lambda: datetime.now(UTC), ())}
    tracker.close()
    assert {name for name, finding in findings.items() if finding.level is not Level.OK} == set()
    assert findings["credential"].what.startswith("pm-sync-app at ")
    assert len(github.front.calls) == 4


def test_app_that_is_not_installed_is_told_on_our_own_layer(github: GitHubRemote, key: str) -> None:
    """By its one call."""
    github.front.layers.insert(0, App(github.token, installed=False))
    tracker = open_as_app(github, key)
    [found] = tracker.diagnose(lambda: datetime.now(UTC), ())
    tracker.close()
    assert (found.level, found.about) == (Level.FAILURE, "repository")
    assert "is not installed" in found.what


def test_key_of_an_app_that_is_none_is_told(github: GitHubRemote) -> None:
    """Without showing it, and before anything is sent."""
    tracker = open_as_app(github, "-----BEGIN s3cret")
    [found] = tracker.diagnose(lambda: datetime.now(UTC), ())
    tracker.close()
    assert "is no private key" in found.what
    assert "s3cret" not in found.what + found.hint
    assert github.front.calls == []


def test_program_asks_no_more_than_its_parts(tmp_path: Path, github: GitHubRemote, ask: Ask) -> None:
    """Three calls as a process of its own, too, each a line at -vv, which names the run as the requests do."""
    environment = {"GITHUB_TOKEN": github.token, "GITHUB_API_URL": github.front.url}
    agents: list[str] = []

    class Listening(Layer):
        """Notes who asks."""

        def answer(self, asked: Asked, front: Front) -> Answer | None:
            """Listen only."""
            agents.append(asked.headers["user-agent"])
            return None

    github.front.layers.insert(0, Listening())
    done = start(tmp_path, environment, "doctor", "-vv")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "All is well.")
    assert ask().code == 0
    run = done.stderr.split()[1].rstrip(":")
    told = [line.removeprefix(f"run {run}: ") for line in done.stderr.splitlines() if " GET /" in line]
    assert [line.split()[:3] for line in told] == [[*call.split(), "200"] for call in github.front.calls[:3]]
    assert all(re.search(r" 200 \d+ ms, \d+ left$", line) for line in told), told
    assert {agent.partition(" ")[2] for agent in agents[:3]} == {f"(run {run})"}
