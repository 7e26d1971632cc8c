"""What all trackers spoken to over HTTP share: trying again, dates and safe addresses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from pm_sync.errors import AnswerLost, ConfigError, NotFound, RateLimited, TrackerError
from pm_sync.trackers.http import Unavailable, one_line, origin, read_patiently, retry_after, safe_base, write_once
from tests.fakes.ticker import Ticker

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def script(*steps: TrackerError | str) -> Callable[[], str]:
    """An attempt that does these things one after another."""
    left = list(steps)

    def attempt() -> str:
        step = left.pop(0)
        if isinstance(step, TrackerError):
            raise step
        return step

    return attempt


def test_a_read_is_tried_again_after_growing_pauses() -> None:
    """Three failures cost one, two and four seconds."""
    ticker, broken = Ticker(), Unavailable("502")
    assert read_patiently(script(broken, broken, broken, "at last"), ticker.patience()) == "at last"
    assert ticker.now == 7


def test_a_read_gives_up_after_four_attempts() -> None:
    """The last failure is told."""
    broken = [Unavailable(f"failure {n}") for n in range(5)]
    with pytest.raises(Unavailable, match="failure 3"):
        read_patiently(script(*broken), Ticker().patience())


def test_a_read_waits_as_long_as_it_is_asked_to() -> None:
    """A limit names its own time."""
    ticker = Ticker()
    assert read_patiently(script(RateLimited("slow", retry_after=42), "done"), ticker.patience()) == "done"
    assert ticker.now == 42


def test_what_no_trying_helps_is_told_at_once() -> None:
    """A missing thing stays missing."""
    ticker = Ticker()
    with pytest.raises(NotFound):
        read_patiently(script(NotFound("gone"), "never"), ticker.patience())
    assert ticker.now == 0


def test_a_write_without_an_answer_is_never_sent_again() -> None:
    """It may have acted."""
    with pytest.raises(AnswerLost, match="502"):
        write_once(script(Unavailable("502"), "twice"), Ticker().patience())


def test_a_write_that_was_never_sent_is_no_lost_answer() -> None:
    """Nothing can have acted."""
    with pytest.raises(Unavailable, match="no route"):
        write_once(script(Unavailable("no route", sent=False), "twice"), Ticker().patience())


def test_a_write_that_was_refused_for_its_pace_is_sent_again() -> None:
    """The server says itself that it did nothing."""
    ticker = Ticker()
    assert write_once(script(RateLimited("slow", retry_after=5), "made"), ticker.patience()) == "made"
    assert ticker.now == 5


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("30", 30.0),
        (" 0 ", 0.0),
        ("Sun, 22 Nov 2026 09:31:30 GMT", 90.0),
        ("Sun, 22 Nov 2026 09:00:00 GMT", 0.0),
        ("soon", None),
        ("", None),
        ("-5", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_date(value: str, seconds: float | None) -> None:
    """Both forms of the header; a date in the past means now, anything else nothing."""
    assert retry_after({"retry-after": value}, NOW) == seconds


def test_no_header_asks_for_nothing() -> None:
    """The header is rarely there."""
    assert retry_after({}, NOW) is None


@pytest.mark.parametrize(
    "url",
    [
        "https://api.github.com",
        "http://127.0.0.1:4001",
        "http://localhost:8080/x",
        "http://[::1]:1",
        "https://h/api/v3/",
    ],
)
def test_safe_addresses_are_taken_as_they_are(url: str) -> None:
    """Only a closing slash goes."""
    assert safe_base(url, "X_URL") == url.rstrip("/")


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("http://github.example.com", "plain http"),
        ("http://127.0.0.1.example.com", "plain http"),
        ("http://10.0.0.1", "plain http"),
        ("ftp://x", "no"),
        ("github.com", "http"),
        ("https://", "address"),
        ("https://me:secret@github.example.com", "password"),
        ("https://x:notaport", "address"),
    ],
)
def test_unsafe_addresses_are_refused_without_being_shown(url: str, complaint: str) -> None:
    """The message names the variable and the fault, and never what might be a secret."""
    with pytest.raises(ConfigError, match="X_URL") as caught:
        safe_base(url, "X_URL")
    assert complaint in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "same"),
    [
        ("https://GitHub.com:443/a/b", "https://github.com"),
        ("http://127.0.0.1:4001/x?y", "http://127.0.0.1:4001"),
        ("http://[::1]:80", "http://[::1]"),
    ],
)
def test_an_origin_is_written_one_way(url: str, same: str) -> None:
    """Case and the usual port don't matter."""
    assert origin(url) == same


def test_foreign_words_stay_on_one_line_and_short() -> None:
    """Control characters could forge output."""
    assert one_line("a\n::error::b\x1b[31m" + "x" * 300, 30) == "a ::error::b [31m" + "x" * 12 + "…"
