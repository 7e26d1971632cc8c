"""What every tracker spoken to over HTTP has in common: when to try again, and where a credential may go."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar
from urllib.parse import urlsplit

from pm_sync import __version__
from pm_sync.errors import AnswerLost, ConfigError, RateLimited, TrackerError
from pm_sync.trace import RUN
from pm_sync.trackers.pace import Patience

T = TypeVar("T")

TIMEOUT = 30
"""Seconds until an answer is given up."""
AGENT = f"pm-sync/{__version__} (run {RUN})"
"""Who asks: servers keep this in their logs, so that an administrator finds a run's requests there."""
_BACKOFF = (1.0, 2.0, 4.0)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_SENDABLE = re.compile(r"[!-~]+")
_DEFAULT_PORTS = {"http": 80, "https": 443}


class Unavailable(TrackerError):
    """No usable answer came: the connection failed, timed out, or the server broke down."""

    def __init__(self, what: str, *, sent: bool = True, again: bool = True, hint: str | None = None) -> None:
        super().__init__(what, hint=hint)
        self.sent = sent
        """Whether the request may have reached the server."""
        self.again = again
        """Whether the same request may be answered better a little later."""


def read_patiently(attempt: Callable[[], T], patience: Patience) -> T:
    """Read, and try again where the server asks for time or gives no answer.

    Raises:
        TrackerError: as the last attempt did, or at once where trying again is no use.

    """
    for pause in _BACKOFF:
        try:
            return attempt()
        except RateLimited as error:
            patience.wait(error.retry_after, error.what)
        except Unavailable as error:
            if not error.again or pause > patience.left:
                raise
            patience.wait(pause, error.what)
    return attempt()


def write_once(attempt: Callable[[], T], patience: Patience) -> T:
    """Write, and try again only where the server refused to act.

    Raises:
        AnswerLost: the request may have acted, but no answer says so.
        TrackerError: anything else that went wrong.

    """
    for _ in _BACKOFF:
        try:
            return _attempt_write(attempt)
        except RateLimited as error:
            patience.wait(error.retry_after, error.what)
    return _attempt_write(attempt)


def _attempt_write(attempt: Callable[[], T]) -> T:
    try:
        return attempt()
    except Unavailable as error:
        if error.sent:
            raise AnswerLost(error.what, hint=error.hint) from error
        raise


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds that a ``retry-after`` header asks for, written as seconds or as a date; None where there is none."""
    value = headers.get("retry-after", "").strip()
    if value.isdecimal():
        return float(value)
    moment = http_date(value)
    return max((moment - now).total_seconds(), 0.0) if moment else None


def http_date(value: str) -> datetime | None:
    """The moment that a header's date names, or None where it names none."""
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def library(name: str) -> str:
    """A client library and its version, as it is installed."""
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - only a diagnosis wants to know

    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return name


def one_line(text: str, limit: int = 200) -> str:
    """Another system's words, fit to be shown within a message of ours."""
    line = _CONTROL.sub(" ", text).strip()
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def safe_base(url: str, variable: str) -> str:
    """Check an address that a credential will be sent to, and take its closing slash off.

    Raises:
        ConfigError: it is no address, holds a password, or would send the credential in the clear.

    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in _DEFAULT_PORTS:
        raise ConfigError(f"{variable} is not an http(s) address")
    if parts.username or parts.password:
        raise ConfigError(f"{variable} must not hold a user name or password")
    if parts.scheme == "http" and not is_loopback(host):
        raise ConfigError(
            f"{variable} must start with https:// : over plain http the credential could be read on its way"
        )
    return url.rstrip("/")


def is_sendable(secret: str) -> bool:
    """Whether a header can carry a credential: visible letters of ASCII."""
    return _SENDABLE.fullmatch(secret) is not None


def is_loopback(host: str) -> bool:
    """Whether a host name or address always means this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def origin(url: str) -> str:
    """Scheme, host and port of an address, written one way only so that equal ones compare equal."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    shown = f"[{host}]" if ":" in host else host
    port = parts.port if parts.port != _DEFAULT_PORTS.get(parts.scheme) else None
    return f"{parts.scheme}://{shown}" + (f":{port}" if port else "")
