"""What Jira means when it says no: one message for each reason, with what to do about it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from pm_sync.errors import AccessDenied, NotFound, RateLimited, TrackerError
from pm_sync.trackers.http import Unavailable, http_date, one_line, retry_after
from pm_sync.trackers.jira.connection import Connection, Reply

_UNNAMED_WAIT = 10.0
"""Seconds to wait where Jira limits us without saying for how long."""
_LICENSE = re.compile(r"\blicen[cs]e", re.IGNORECASE)
_NO_PROJECT = re.compile(r"field 'project'|project.{0,40}(not exist|not found|no project)", re.IGNORECASE)
_ARCHIVED = re.compile(r"\barchived\b", re.IGNORECASE)


class Rejected(TrackerError):
    """Jira understood the request and refused what it says (400): nothing was done."""

    def __init__(self, what: str, *, fields: Mapping[str, str], body: Any = None, hint: str | None = None) -> None:  # noqa: ANN401  JSON
        super().__init__(what, hint=hint)
        self.fields = fields
        """What it says of single fields, by their ids."""
        self.body = body


class Gone(NotFound):
    """Jira knows that it was there and is no more (410)."""


class NoProject(NotFound):
    """There is no such project, or not for us."""


class Asked(Struct, frozen=True):
    """What a reply answers."""

    connection: Connection
    verb: str
    path: str

    @property
    def host(self) -> str:
        """Jira's host."""
        return urlsplit(self.connection.access.site.api).netloc

    @property
    def what(self) -> str:
        """The thing asked for, as Jira's addresses name it."""
        return self.path.partition("/rest/api/")[2].partition("/")[2] or self.path


def failure(asked: Asked, reply: Reply) -> TrackerError | None:
    """The error that a reply means, or None where it means success."""
    status = reply.status
    if denied := _login_failed(asked, reply):
        return denied
    if status < HTTPStatus.MULTIPLE_CHOICES:
        return None if reply.is_json else _not_json(asked)
    if status == HTTPStatus.TOO_MANY_REQUESTS or (status == HTTPStatus.SERVICE_UNAVAILABLE and _pause(reply)):
        return RateLimited(_limited(asked, reply), retry_after=_pause(reply) or _UNNAMED_WAIT)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Unavailable(f"{asked.host} answered {status} to {asked.verb} {asked.what}")
    if status < HTTPStatus.BAD_REQUEST:
        return _redirected(asked, reply)
    return _refusal(asked, reply)


def now_there(reply: Reply) -> datetime:
    """The time on the server's clock when it answered, else on ours."""
    return http_date(reply.headers.get("date", "")) or datetime.now(UTC)  # noqa: TID251  the edge of the world


def messages(body: object) -> str:
    """Jira's own words in an error, in one line."""
    if not isinstance(body, Mapping):
        return ""
    said = [str(message) for message in body.get("errorMessages") or ()]
    said += [f"{name}: {message}" for name, message in field_errors(body).items()]
    said += [str(body[name]) for name in ("message", "errorMessage") if isinstance(body.get(name), str)]
    return one_line("; ".join(said))


def field_errors(body: object) -> dict[str, str]:
    """What an error says of single fields."""
    errors = body.get("errors") if isinstance(body, Mapping) else None
    return {str(name): one_line(str(text)) for name, text in errors.items()} if isinstance(errors, Mapping) else {}


def _login_failed(asked: Asked, reply: Reply) -> AccessDenied | None:
    """Jira may answer an unknown credential like a stranger, with success even; its headers tell."""
    access = asked.connection.access
    denied = reply.headers.get("x-authentication-denied-reason", "")
    reason = reply.headers.get("x-seraph-loginreason", "")
    if "CAPTCHA" in denied.upper() or "AUTHENTICATION_DENIED" in reason:
        return AccessDenied(
            f"{asked.host} wants a CAPTCHA solved, after too many failed logins of {access.user or 'this account'}",
            hint=f"log in once with a browser at {access.site.web}, then check {access.credential}",
        )
    if reply.status == HTTPStatus.UNAUTHORIZED or "AUTHENTICATED_FAILED" in reason:
        return AccessDenied(
            f"{asked.host} does not know this credential: mistyped, expired, revoked, or for another server",
            hint=f"check {access.credential}" + ("" if access.pat else f" and {access.variables.name('JIRA_EMAIL')}"),
        )
    return None


def _refusal(asked: Asked, reply: Reply) -> TrackerError:
    said = messages(reply.body)
    status = reply.status
    if status == HTTPStatus.PAYMENT_REQUIRED or (status in _NOT_ALLOWED and _LICENSE.search(said)):
        return AccessDenied(
            f"{asked.host} has no valid license for this: {said or 'payment required'}",
            hint="tell your Jira administrator",
        )
    match status:
        case HTTPStatus.FORBIDDEN:
            return AccessDenied(
                f"the credential may not {asked.verb} {asked.what}: {said or 'no reason given'}",
                hint="give its account the permissions to browse the project, and to create, edit and transition issues",
            )
        case HTTPStatus.NOT_FOUND:
            return NotFound(f"{asked.what} is not there, or hidden from this credential{f': {said}' if said else ''}")
        case HTTPStatus.GONE:
            return Gone(said or f"{asked.what} is gone")
        case HTTPStatus.BAD_REQUEST:
            return _rejected(asked, reply, said)
        case _:
            return TrackerError(f"{asked.host} answered {status} to {asked.verb} {asked.what}: {said}")


def _rejected(asked: Asked, reply: Reply, said: str) -> TrackerError:
    if _NO_PROJECT.search(said):
        return NoProject(
            f"the project is not there, or hidden from this credential: {said}",
            hint="check `project` in the configuration, and that the account may browse it",
        )
    hint = "restore the project in Jira, or route elsewhere" if _ARCHIVED.search(said) else None
    return Rejected(
        f"{asked.host} refused it: {said or asked.what}", fields=field_errors(reply.body), body=reply.body, hint=hint
    )


def _redirected(asked: Asked, reply: Reply) -> TrackerError:
    target = urlsplit(reply.headers.get("location", ""))
    return TrackerError(
        f"{asked.host} redirects to {one_line(target.netloc or target.path or 'nowhere', 80)}, where no credential goes",
        hint=f"check {asked.connection.access.variables.name('JIRA_BASE_URL')}: a login page may stand in between",
    )


def _not_json(asked: Asked) -> TrackerError:
    name = asked.connection.access.variables.name("JIRA_BASE_URL")
    what = f"{asked.host} answered {asked.verb} {asked.what} with something that is no JSON"
    hint = f"a login page or proxy may stand in between: check {name}"
    if asked.verb == "GET":
        return TrackerError(what, hint=hint)
    return Unavailable(what, hint=hint)  # whether the write went through nobody knows


def _limited(asked: Asked, reply: Reply) -> str:
    reason = one_line(reply.headers.get("ratelimit-reason", ""), 60)
    return f"{asked.host} limits how often it may be asked" + (f" ({reason})" if reason else "")


def _pause(reply: Reply) -> float | None:
    asked_for = retry_after(reply.headers, now_there(reply))
    if asked_for is not None:
        return asked_for
    try:
        reset = datetime.fromisoformat(reply.headers.get("x-ratelimit-reset", ""))
        return max((reset.astimezone(UTC) - now_there(reply)).total_seconds(), 1.0)
    except (ValueError, OverflowError):
        return None


_NOT_ALLOWED = (HTTPStatus.FORBIDDEN, HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND)
