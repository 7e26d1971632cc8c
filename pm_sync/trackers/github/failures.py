"""What GitHub means when it says no: one message for each reason, with what to do about it."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import urlsplit

from msgspec import Struct

from pm_sync.errors import AccessDenied, NotFound, RateLimited, TrackerError
from pm_sync.trackers.github.connection import Connection, Reply
from pm_sync.trackers.http import Unavailable, http_date, one_line, retry_after

_SECONDARY_WAIT = 60.0
"""What GitHub asks for after a secondary limit where it names no time."""
_EXPIRY = "github-authentication-token-expiration"


class Rejected(TrackerError):
    """GitHub understood the request and refused what it says (422): nothing was done."""

    def __init__(self, what: str, *, fields: frozenset[str], values: frozenset[str] = frozenset()) -> None:
        super().__init__(what)
        self.fields = fields
        """Those it names as wrong; empty where it names none."""
        self.values = values
        """The values it names as wrong, in lower case."""


class Gone(NotFound):
    """GitHub knows that it was there and is no more (410)."""


class Moved(NotFound):
    """It is somewhere else now, where it can't be followed to (a redirect)."""

    def __init__(self, what: str, *, to: str = "", hint: str | None = None) -> None:
        super().__init__(what, hint=hint)
        self.to = to
        """The address it redirects to."""


class Asked(Struct, frozen=True):
    """What a reply answers."""

    connection: Connection
    verb: str
    path: str

    @property
    def host(self) -> str:
        """The API's host."""
        return urlsplit(self.connection.access.site.api).netloc

    @property
    def variable(self) -> str:
        """Where the credential comes from."""
        access = self.connection.access
        return access.variables.name("PM_SYNC_GITHUB_PRIVATE_KEY" if access.app_id else "GITHUB_TOKEN")

    @property
    def what(self) -> str:
        """The thing asked for, as GitHub's addresses name it."""
        return urlsplit(self.path).path.partition("/repos/")[2] or self.path


def failure(asked: Asked, reply: Reply) -> TrackerError | None:
    """The error that a reply means, or None where it means success."""
    status = reply.status
    if status < HTTPStatus.MULTIPLE_CHOICES:
        return None if reply.is_json else _not_json(asked)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Unavailable(f"{asked.host} answered {status} to {asked.verb} {asked.what}")
    if (pause := _rate_limit(reply)) is not None:
        return RateLimited(f"{asked.host} limits how often it may be asked", retry_after=pause)
    if status < HTTPStatus.BAD_REQUEST:
        return Moved(f"{asked.what} has moved", hint="change its name in the configuration")
    return _refusal(asked, reply)


def now_there(reply: Reply) -> datetime:
    """The time on the server's clock when it answered, else on ours."""
    return http_date(reply.headers.get("date", "")) or datetime.now(UTC)  # noqa: TID251  the edge of the world


def _refusal(asked: Asked, reply: Reply) -> TrackerError:
    said = one_line(asked.connection.hide(reply.message))
    match reply.status:
        case HTTPStatus.UNAUTHORIZED:
            return _unauthorized(asked, reply, said)
        case HTTPStatus.FORBIDDEN:
            return _forbidden(asked, reply, said)
        case HTTPStatus.NOT_FOUND:
            return NotFound(
                f"{asked.what} is not there, or hidden from this credential",
                hint=f"check the name, and that {asked.variable} may read and write issues there",
            )
        case HTTPStatus.GONE:
            return Gone(said or f"{asked.what} is gone")
        case HTTPStatus.UNPROCESSABLE_ENTITY:
            what = f"{asked.host} refused it: {said}{_details(reply)}"
            return Rejected(what, fields=_named(reply, "field"), values=_named(reply, "value"))
        case status:
            return TrackerError(f"{asked.host} answered {status} to {asked.verb} {asked.what}: {said}")


def _not_json(asked: Asked) -> TrackerError:
    hint = (
        f"a login page or proxy may stand in between: check {asked.connection.access.variables.name('GITHUB_API_URL')}"
    )
    what = f"{asked.host} answered {asked.verb} {asked.what} with something that is no JSON"
    if asked.verb == "GET":
        return TrackerError(what, hint=hint)
    return Unavailable(what, hint=hint)  # whether the write went through nobody knows


def graphql_failure(asked: Asked, reply: Reply) -> TrackerError | None:
    """The error that a GraphQL reply means as a whole; errors about single things stand beside its data."""
    error = failure(asked, reply)
    if error is not None:
        return error
    if isinstance(reply.body, dict) and isinstance(reply.body.get("data"), dict):
        return None
    if any(error.get("type") == "RATE_LIMITED" for error in _errors(reply)):
        return RateLimited(f"{asked.host} limits how often it may be asked", retry_after=_until_reset(reply))
    said = one_line(asked.connection.hide("; ".join(str(error.get("message")) for error in _errors(reply))))
    return TrackerError(f"GraphQL at {asked.host} answered without data: {said or 'no reason given'}")


def _rate_limit(reply: Reply) -> float | None:
    """Seconds to wait, or None where the reply is about something else."""
    if reply.status not in (HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS):
        return None
    asked_for = retry_after(reply.headers, now_there(reply))
    if asked_for is not None:
        return asked_for
    if reply.headers.get("x-ratelimit-remaining") == "0":
        return _until_reset(reply)
    told = reply.status == HTTPStatus.TOO_MANY_REQUESTS or "rate limit" in reply.message.lower()
    return _SECONDARY_WAIT if told else None


def _until_reset(reply: Reply) -> float:
    reset = reply.headers.get("x-ratelimit-reset", "")
    return max(float(reset) - now_there(reply).timestamp(), 1.0) if reset.isdecimal() else _SECONDARY_WAIT


def _unauthorized(asked: Asked, reply: Reply, said: str) -> AccessDenied:
    expiry = one_line(reply.headers.get(_EXPIRY, ""), 40)
    if expiry or "expired" in said.lower():
        when = f" on {expiry}" if expiry else ""
        return AccessDenied(f"the token for {asked.host} expired{when}", hint=f"set {asked.variable} to a new one")
    return AccessDenied(
        f"{asked.host} does not know this credential: mistyped, revoked, or for another server",
        hint=f"check {asked.variable}",
    )


def _forbidden(asked: Asked, reply: Reply, said: str) -> AccessDenied:
    sso = reply.headers.get("x-github-sso", "")
    if sso:
        url = one_line(sso.partition("url=")[2])
        where = f" at {url}" if url.startswith(f"{asked.connection.access.site.web}/") else ""
        return AccessDenied(
            f"the organisation of {asked.what} demands single sign-on for this token", hint=f"authorise it{where}"
        )
    if "archived" in said.lower():
        return AccessDenied(
            f"{asked.what} is archived, so nothing can be written", hint="unarchive it, or route elsewhere"
        )
    needed = _missing_permission(reply)
    if needed:
        return AccessDenied(
            f"the credential may not {asked.verb} {asked.what}: it lacks {needed}", hint=f"give it to {asked.variable}"
        )
    return AccessDenied(
        f"the credential may not {asked.verb} {asked.what}: {said}",
        hint=f"give {asked.variable} the permission `issues: write`",
    )


def _missing_permission(reply: Reply) -> str:
    """The permission or scope that GitHub says the request needs."""
    fine = reply.headers.get("x-accepted-github-permissions", "")
    if fine:
        return f"the permission `{one_line(fine).replace('=', ': ')}`"
    accepted = reply.headers.get("x-accepted-oauth-scopes", "")
    has = {scope.strip() for scope in reply.headers.get("x-oauth-scopes", "").split(",")}
    lacks = [scope.strip() for scope in accepted.split(",") if scope.strip()]
    return f"the scope `{one_line(' or '.join(lacks))}`" if lacks and not has.intersection(lacks) else ""


def _errors(reply: Reply) -> list[dict[str, object]]:
    errors = reply.body.get("errors") if isinstance(reply.body, dict) else None
    return [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []


def _named(reply: Reply, member: str) -> frozenset[str]:
    return frozenset(str(error[member]).lower() for error in _errors(reply) if error.get(member) is not None)


def _details(reply: Reply) -> str:
    shown = [f"{error.get('field', '?')}: {error.get('message') or error.get('code')}" for error in _errors(reply)]
    return f" ({one_line('; '.join(shown))})" if shown else ""
