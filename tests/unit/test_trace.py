"""What a run tells of requests and of git, and to whom."""

from __future__ import annotations

import logging
import re
import sys

import pytest

from pm_sync import trace


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Somebody listens."""
    caplog.set_level(logging.DEBUG, "pm_sync")
    return caplog


@pytest.mark.parametrize(
    ("status", "headers", "why", "line"),
    [
        (200, {}, "", "GET /x 200 83 ms"),
        (200, {"x-ratelimit-remaining": "4998"}, "", "GET /x 200 83 ms, 4998 left"),
        (200, {"x-github-request-id": "A:1"}, "", "GET /x 200 83 ms"),
        (502, {"x-github-request-id": "A:1"}, "", "GET /x 502 83 ms, request A:1"),
        (403, {"x-ratelimit-remaining": "0", "atl-traceid": "b2"}, "", "GET /x 403 83 ms, 0 left, request b2"),
        (0, {}, "nobody is there", "GET /x no answer 83 ms, nobody is there"),
    ],
)
def test_request_is_one_line(
    told: pytest.LogCaptureFixture, status: int, headers: dict[str, str], why: str, line: str
) -> None:
    """Method, path, status, milliseconds, what is left of the limit; the server's own name for one that failed."""
    trace.tell_call("GET", "/x", 0.0834, status, headers, why)
    assert told.messages == [line]
    facts = told.records[0].__dict__["facts"]
    assert (facts["method"], facts["path"], facts["status"], facts["ms"]) == ("GET", "/x", status or None, 83)
    assert facts["request"] == next((value for name, value in headers.items() if "id" in name), None)


def test_limit_that_is_no_number_is_shown_and_not_counted(told: pytest.LogCaptureFixture) -> None:
    """Servers say what they like."""
    trace.tell_call("GET", "/x", 0, 200, {"x-ratelimit-remaining": "many"})
    assert told.messages == ["GET /x 200 0 ms, many left"]
    assert told.records[0].__dict__["facts"]["left"] is None


@pytest.mark.parametrize(
    ("words", "code", "said", "line"),
    [
        (["status"], 0, "", "git status 0 5 ms"),
        (["push"], 1, "fatal: no", "git push 1 5 ms, fatal: no"),
        (["push"], 0, "To origin", "git push 0 5 ms"),
        (["fetch"], None, "not ended after 3 s", "git fetch failed 5 ms, not ended after 3 s"),
        (["commit", "-m", "Two\n\nlines"], 0, "", "git commit -m Two lines 0 5 ms"),
    ],
)
def test_command_of_git_is_one_line(
    told: pytest.LogCaptureFixture, words: list[str], code: int | None, said: str, line: str
) -> None:
    """What it was, what it came to, and why where it failed."""
    trace.tell_git(words, 0.005, code, said)
    assert told.messages == [line]


def test_long_command_is_cut(told: pytest.LogCaptureFixture) -> None:
    """A thousand paths say no more than a few."""
    trace.tell_git(["add", *["postmortems/x.md"] * 1000], 0, 0)
    assert len(told.messages[0]) < 220


def test_run_has_a_short_name() -> None:
    """That people can read out."""
    assert re.fullmatch(r"[0-9a-f]{8}", trace.RUN)


def test_nobody_who_does_not_listen_hears(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither where logging isn't loaded, nor where it would print errors by itself."""
    logger = logging.getLogger("pm_sync.silent")
    monkeypatch.setattr(logger, "propagate", False)
    trace.tell("silent", "oh", level=trace.ERROR)
    monkeypatch.delitem(sys.modules, "logging")
    trace.tell("silent", "oh", level=trace.ERROR)
    assert capsys.readouterr().err == ""
