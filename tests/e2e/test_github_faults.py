"""A real proxy between us and the emulator breaks calls, before or after the server acted: nothing doubles, nothing is lost."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from pm_sync.errors import AccessDenied, AnswerLost, RateLimited, TrackerError
from pm_sync.model import Issue, State
from pm_sync.trackers import http as shared
from pm_sync.trackers.base import ReadRequest
from tests.e2e.counterparts import Fault, Proxy, faulty
from tests.e2e.github import GitHubRemote, create
from tests.factories import SRC, draft, mark
from tests.fakes.github_layers import SubIssues
from tests.fakes.ticker import Ticker

LOOK_UP = ReadRequest(wanted=(mark(),), src=SRC)
ISSUES = r"/issues$"
LISTS = r"/issues\?"
HTML = "<html><body>Please log in</body></html>"


@pytest.fixture
def proxy(github: GitHubRemote, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """A proxy through which the trackers of this test speak."""
    with faulty(github.front.url, tmp_path_factory.mktemp("mitmproxy")) as proxy:
        github.url = proxy.url
        yield proxy


def count(github: GitHubRemote) -> int:
    """How many issues there really are."""
    return len(github.ask("GET", "/issues?state=all"))


LOST = {
    "502": Fault("after", "POST", ISSUES, status=502, body=HTML),
    "503 as JSON": Fault("after", "POST", ISSUES, status=503),
    "connection dropped": Fault("after", "POST", ISSUES, drop=True),
    "HTML": Fault("after", "POST", ISSUES, status=200, body=HTML),
    "half a JSON": Fault("after", "POST", ISSUES, status=201, body='{"number": 1, "tit'),
}


@pytest.mark.parametrize("fault", LOST.values(), ids=LOST)
def test_a_create_whose_answer_is_lost_is_sent_once_and_found(github: GitHubRemote, proxy: Proxy, fault: Fault) -> None:
    """The library would send it again; we look it up."""
    tracker = github.open(patience=Ticker().patience())
    tracker.read(LOOK_UP)
    proxy.fail(fault)
    [lost] = tracker.create([draft()])
    found = tracker.created_since(github.now(), [mark()])
    tracker.close()
    assert isinstance(lost, AnswerLost)
    assert count(github) == len(found) == 1


def test_an_answer_without_measure(github: GitHubRemote, proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is read no further than makes sense: one that a create got is looked up, as it was heard."""
    tracker = github.open(patience=Ticker().patience())
    tracker.read(LOOK_UP)
    monkeypatch.setattr("pm_sync.trackers.bounded.LARGEST", 1000)
    proxy.fail(Fault("after", "POST", ISSUES, status=201, body=f'{{"number": 1, "title": "{"x" * 2000}"}}'))
    [lost] = tracker.create([draft()])
    tracker.close()
    assert isinstance(lost, AnswerLost)
    assert "answered with more than" in str(lost)
    assert count(github) == 1


def test_a_create_that_takes_too_long_is_a_lost_answer(
    github: GitHubRemote, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server made the issue, and answered after we had gone."""
    monkeypatch.setattr("pm_sync.trackers.github.connection.TIMEOUT", 1)
    tracker = github.open(patience=Ticker().patience())
    tracker.read(LOOK_UP)
    proxy.fail(Fault("after", "POST", ISSUES, delay=3))
    [lost] = tracker.create([draft()])
    tracker.close()
    assert isinstance(lost, AnswerLost)
    assert "gave no answer within" in str(lost)
    assert count(github) == 1


def test_a_create_that_never_arrived_is_not_found(github: GitHubRemote, proxy: Proxy) -> None:
    """From our side it looks the same; the look-up tells, and the second try makes the only one."""
    tracker = github.open(patience=Ticker().patience())
    tracker.read(LOOK_UP)
    proxy.fail(Fault("before", "POST", ISSUES, drop=True))
    [lost] = tracker.create([draft()])
    assert isinstance(lost, AnswerLost)
    assert tracker.created_since(github.now(), [mark()]) == []
    [made] = tracker.create([draft()])
    tracker.close()
    assert isinstance(made, Issue)
    assert count(github) == 1


@pytest.mark.parametrize("method", ["PATCH", "POST"])
def test_other_writes_are_sent_once_too(github: GitHubRemote, proxy: Proxy, method: str) -> None:
    """An update, a close or a comment without an answer says so."""
    tracker = github.open(patience=Ticker().patience())
    [made] = tracker.create([draft()])
    assert isinstance(made, Issue)
    github.front.exchanges.clear()
    proxy.fail(Fault("after", method, "/issues/", status=502))
    with pytest.raises(AnswerLost):
        tracker.move(made, State.DONE) if method == "PATCH" else tracker.comment(made, "Gone.", "gone")
    tracker.close()
    assert [e.method for e in github.front.exchanges].count(method) == 1


READS = {
    "502": Fault("before", "GET", LISTS, status=502, body=HTML),
    "dropped": Fault("before", "GET", LISTS, drop=True),
    "dropped late": Fault("after", "GET", LISTS, drop=True),
}


@pytest.mark.parametrize("fault", READS.values(), ids=READS)
def test_a_broken_read_is_tried_again(github: GitHubRemote, proxy: Proxy, fault: Fault) -> None:
    """After a pause that is told."""
    ticker = Ticker()
    tracker = github.open(patience=ticker.patience())
    proxy.fail(fault)
    assert tracker.read(LOOK_UP).refusal is None
    tracker.close()
    assert ticker.now == 1.0
    assert len(ticker.told) == 1


def test_a_read_that_stays_broken_fails_as_a_whole(github: GitHubRemote, proxy: Proxy) -> None:
    """An empty answer would make duplicates."""
    tracker = github.open(patience=Ticker().patience())
    proxy.fail(Fault("before", "GET", LISTS, status=500, times=99))
    with pytest.raises(TrackerError, match="answered 500"):
        tracker.read(LOOK_UP)
    tracker.close()


@pytest.mark.parametrize("page", [1, 2, 3])
def test_a_list_that_breaks_in_the_middle_is_no_answer(github: GitHubRemote, proxy: Proxy, page: int) -> None:
    """Whichever page it is: the newest, the list's first or its second."""
    earlier = github.open()
    earlier.create([draft(f"Item {n}") for n in range(120)])
    earlier.close()
    query = ("direction=desc", "direction=asc", "page=2")[page - 1]
    proxy.fail(Fault("before", "GET", query, status=502, times=99))
    tracker = github.open(patience=Ticker().patience())
    with pytest.raises(TrackerError):
        tracker.read(LOOK_UP)
    tracker.close()


def test_a_login_page_in_place_of_a_list_is_said(github: GitHubRemote, proxy: Proxy) -> None:
    """It isn't tried again: people have to do something."""
    ticker = Ticker()
    tracker = github.open(patience=ticker.patience())
    proxy.fail(Fault("before", "GET", LISTS, status=200, body=HTML, headers={"content-type": "text/html"}))
    with pytest.raises(TrackerError, match="no JSON"):
        tracker.read(LOOK_UP)
    tracker.close()
    assert ticker.now == 0


LIMITS = {
    "secondary, seconds": (Fault("before", "", "", status=403, headers={"retry-after": "5"}), 5.0),
    "429": (Fault("before", "", "", status=429, headers={"retry-after": "7"}), 7.0),
    "secondary, no time": (
        Fault("before", "", "", status=403, body='{"message": "You have exceeded a secondary rate limit."}'),
        60.0,
    ),
}


@pytest.mark.parametrize(("fault", "seconds"), LIMITS.values(), ids=LIMITS)
def test_a_limited_read_or_write_waits_as_asked_and_goes_on(
    github: GitHubRemote, proxy: Proxy, fault: Fault, seconds: float
) -> None:
    """A limit says that nothing was done, so that even a create may be sent again: one issue comes of it."""
    ticker = Ticker()
    tracker = github.open(patience=ticker.patience())
    proxy.fail(fault)
    tracker.read(LOOK_UP)
    assert ticker.now == seconds
    proxy.fail(fault)
    [made] = tracker.create([draft()])
    tracker.close()
    assert ticker.now == 2 * seconds
    assert isinstance(made, Issue)
    assert count(github) == 1


def test_a_limit_longer_than_the_run_may_wait_ends_it(github: GitHubRemote, proxy: Proxy) -> None:
    """The five thousand requests of an hour are used up in the middle: what is left goes to the next run."""
    tracker = github.open(patience=Ticker().patience(600))
    tracker.read(LOOK_UP)
    reset = str(int(time.time()) + 3000)
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": reset}
    used_up = '{"message": "API rate limit exceeded for installation."}'
    first = tracker.create([draft("One")])
    proxy.fail(Fault("before", "", "", status=403, body=used_up, headers=headers, times=9))
    rest = tracker.create([draft("Two"), draft("Three")])
    tracker.close()
    assert [type(result) for result in (*first, *rest)] == [Issue, RateLimited, RateLimited]
    assert "--max-wait" in str(rest[0])
    assert count(github) == 1


def test_pacing_leaves_what_does_not_fit_to_the_next_run(github: GitHubRemote) -> None:
    """In file order: the first ones are made, the rest is told to come back."""
    github.options.update(creates_per_minute=2, creates_per_hour=3)
    ticker = Ticker()
    tracker = github.open(patience=ticker.patience(100), clock=ticker)
    results = tracker.create([draft(f"Item {n}") for n in range(5)])
    tracker.close()
    assert [type(result) for result in results] == [Issue, Issue, Issue, RateLimited, RateLimited]
    assert ticker.now == 60.0
    assert count(github) == 3


@pytest.mark.parametrize(
    ("status", "headers", "words"),
    [
        (401, {}, "does not know this credential"),
        (401, {"github-authentication-token-expiration": "2026-11-01 00:00:00 UTC"}, "expired on 2026-11-01"),
        (403, {"x-accepted-github-permissions": "issues=write"}, "lacks the permission `issues: write`"),
        (403, {"x-github-sso": "required"}, "single sign-on"),
    ],
    ids=["unknown", "expired", "permission", "single sign-on"],
)
def test_each_denial_has_its_own_message_and_none_shows_the_token(
    github: GitHubRemote, proxy: Proxy, status: int, headers: dict[str, str], words: str
) -> None:
    """For reads and for writes, which nothing tries again."""
    secret = "ghp_verysecrettoken0123456789"  # noqa: S105  of nobody
    tracker = github.open(token=secret, patience=Ticker().patience())
    body = f'{{"message": "Bad credentials: {secret}"}}'
    proxy.fail(Fault("before", "", "", status=status, body=body, headers=headers, times=9))
    with pytest.raises(AccessDenied, match=words) as caught:
        tracker.read(LOOK_UP)
    [denied] = tracker.create([draft()])
    tracker.close()
    assert words in str(denied)
    assert secret not in f"{caught.value!r} {denied!r} {caught.value.__cause__!r} {caught.value.__context__!r}"


def test_a_server_that_is_not_there_lost_nothing(github: GitHubRemote) -> None:
    """A refused connection never carried a create, so the failure is plain."""
    github.url = "http://127.0.0.1:9"
    tracker = github.open(patience=Ticker().patience())
    [failed] = tracker.create([draft()])
    tracker.close()
    assert isinstance(failed, shared.Unavailable)
    assert "can't be reached" in str(failed)


def test_a_sub_issue_keeps_its_place_though_an_answer_is_lost(github: GitHubRemote, proxy: Proxy) -> None:
    """GitHub takes an issue into another once, however often it is told."""
    layer = SubIssues()
    github.front.layers.insert(0, layer)
    tracker = github.open(patience=Ticker().patience())
    proxy.fail(Fault("after", "POST", "/sub_issues$", drop=True))
    parent = create(tracker, draft("Parent"))
    child = create(tracker, draft("Child", parent=parent.ref))
    tracker.close()
    assert child.notes == ()
    assert [len(children) for children in layer.children.values()] == [1]
