"""What a repository and a credential are good for: read by few calls, then judged without any."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from pm_sync.errors import PmSyncError, TrackerError
from pm_sync.findings import Finding, failure, fine, of_clock, of_error, of_limit, warning
from pm_sync.trackers.github.access import Access
from pm_sync.trackers.github.client import Client
from pm_sync.trackers.github.connection import Query, Reply
from pm_sync.trackers.github.options import GitHubOptions
from pm_sync.trackers.http import Unavailable, http_date, library, one_line

_FINE_GRAINED = "github_pat_"
_SCOPES = "x-oauth-scopes"
_EXPIRY = "github-authentication-token-expiration"
_VERSION = "x-github-enterprise-version"

Rights = Mapping[str, bool]


class Identity(Struct, frozen=True):
    """Who we are to GitHub."""

    login: str
    """Empty where GitHub doesn't tell."""
    error: TrackerError | None = None
    """Why nothing can be asked."""


class Seen(Struct, frozen=True):
    """What was read of a repository."""

    reply: Reply
    """The answer about the repository itself."""
    at: datetime
    """When it came, on our clock."""
    rights: Mapping[str, str] | None = None
    """What an app's installation may do, where that is known: ``{"issues": "write"}``."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """What the repository says of itself."""
        return self.reply.body if isinstance(self.reply.body, dict) else {}

    @property
    def push(self) -> object:
        """Whether the credential's owner may push: a flag, or anything else where nobody says."""
        permissions = self.facts.get("permissions")
        return permissions.get("push") if isinstance(permissions, dict) else None


def diagnose(
    client: Client,
    access: Access,
    options: GitHubOptions,
    clock: Callable[[], datetime],
    refused: Callable[[Mapping[str, Any]], str | None],
) -> list[Finding]:
    """Look at all that a sync needs, by three calls, two for an app.

    Args:
        client: Asks.
        access: The credential.
        options: The repository, and which features are used.
        clock: Tells our time.
        refused: Tells from the repository's facts why nothing can be created.

    """
    identity = who(client, access)
    if identity.error is not None:
        return [of_identity(identity, access)]
    try:
        seen = see(client, options.repository, clock)
        identity = identity if identity.login else Identity(client.app_slug)
        rights = of_rights(seen, access, options, refused(seen.facts))
    except PmSyncError as error:
        known = [of_identity(identity, access)] if identity.login else []
        return [*known, of_error("repository", error)]
    about = of_identity(identity, access, seen), of_repository(seen, options.repository)
    return [*about, read_issues(client, options), *rights, *of_server(seen, access)]


def diagnose_publishing(client: Client, project: str, clock: Callable[[], datetime]) -> list[Finding]:
    """Look, by one call, whether changed postmortems can be brought into their repository."""
    try:
        return of_publishing(see(client, project, clock), client.access, project)
    except PmSyncError as error:
        return [warning("repository", error.what, error.hint or f"{project} is needed by `sync --publish` only")]


def read_issues(client: Client, options: GitHubOptions) -> Finding:
    """Read one issue of ours, if there is any: who may see a repository may not see its issues yet."""
    query: Query = {"labels": options.tracking_label, "state": "all", "per_page": 1}
    try:
        issues = client.get(f"/repos/{options.repository.lower()}/issues", query)
    except TrackerError as error:
        return of_error("read issues", error)
    if not isinstance(issues, list):
        return of_error("read issues", _nonsense(client.access, "a list of issues"))
    return fine("read issues", "allowed")


def who(client: Client, access: Access) -> Identity:
    """Ask who we are; an app isn't told, and needs no call."""
    if access.is_app:
        return Identity(client.app_slug)
    try:
        user = client.get("/user")
    except TrackerError as error:
        return Identity("", error)
    if not isinstance(user, dict):
        return Identity("", _nonsense(access, "an account"))
    return Identity(str(user.get("login", "")))


def _nonsense(access: Access, wanted: str) -> TrackerError:
    name = access.variables.name("GITHUB_API_URL")
    return TrackerError(f"{access.site.api} answers with something else than {wanted}", hint=f"check {name}")


def see(client: Client, project: str, clock: Callable[[], datetime]) -> Seen:
    """Read a repository.

    Raises:
        TrackerError: it can't be had.

    """
    reply = client.ask(f"/repos/{project.lower()}")
    if not isinstance(reply.body, dict):
        raise _nonsense(client.access, "a repository")
    return Seen(reply, clock(), client.app_rights)


def of_identity(identity: Identity, access: Access, seen: Seen | None = None) -> Finding:
    """Judge the credential."""
    variable = access.variables.name("PM_SYNC_GITHUB_APP_ID" if access.app_id else "GITHUB_TOKEN")
    if identity.error is not None:
        about = "server" if isinstance(identity.error, Unavailable) else "credential"
        return of_error(about, identity.error, f"check the network, and {access.variables.name('GITHUB_API_URL')}")
    expiry = one_line(seen.reply.headers.get(_EXPIRY, ""), 40) if seen else ""
    until = f", good until {expiry}" if expiry else ""
    name = identity.login or ("an app" if access.is_app else "an account without a name")
    return fine("credential", f"{name} at {access.site.web}, by {variable}{until}")


def of_repository(seen: Seen, project: str) -> Finding:
    """Tell what kind of repository it is."""
    match seen.facts.get("private"):
        case True:
            eyes = "private"
        case False:
            eyes = "public"
        case _:
            eyes = "of unknown visibility"
    return fine("repository", f"{project} is {eyes}")


def of_rights(seen: Seen, access: Access, options: GitHubOptions, refusal: str | None) -> list[Finding]:
    """Judge by feature what may be written.

    Args:
        seen: The repository.
        access: The credential.
        options: Tell which features are used.
        refusal: Why nothing can be created, as a sync would say it.

    """
    features = _features(options)
    variable = access.variables.name("GITHUB_TOKEN")
    if refusal is not None:
        what, _, hint = refusal.rpartition(": ")
        return [failure(feature, what, hint) for feature in features]
    if lacking := _lacking(seen, access, "issues"):
        return [failure(feature, lacking, f"give it to {variable}") for feature in features]
    if not _is_told(seen, access):
        what = f"{', '.join(features)}: whether this token may can't be seen without writing"
        return [warning("permissions", what, f"make sure that {variable} has `issues: write`")]
    return [fine(feature, "allowed") for feature in features]


def of_publishing(seen: Seen, access: Access, project: str) -> list[Finding]:
    """Judge whether changed postmortems can be brought onto the repository's branch, or into a pull request."""
    needs = {"push": "contents", "pull requests": "pull_requests"}
    variable = access.variables.name("GITHUB_TOKEN")
    findings: list[Finding] = []
    for feature, permission in needs.items():
        lacking = _lacking(seen, access, permission)
        if lacking or (seen.push is False and not access.is_app):
            what = lacking or f"{variable} has no write access to {project}"
            hint = f"needed by `sync --publish` only: give {variable} `{permission.replace('_', '-')}: write`"
            findings.append(warning(feature, what, hint))
        elif not _is_told(seen, access):
            what = f"whether this token may write to {project} can't be seen without writing"
            hint = f"for `sync --publish` {variable} needs `{permission.replace('_', '-')}: write`"
            findings.append(warning(feature, what, hint))
        else:
            findings.append(fine(feature, f"allowed in {project}"))
    return findings


def of_server(seen: Seen, access: Access) -> list[Finding]:
    """Judge limits and clock, and tell which server it is."""
    headers = seen.reply.headers
    version = headers.get(_VERSION)
    kind = f"GitHub Enterprise Server {one_line(version, 20)}" if version else "GitHub"
    reset = headers.get("x-ratelimit-reset", "")
    until = datetime.fromtimestamp(int(reset), UTC) if reset.isdecimal() and len(reset) < 12 else None  # noqa: PLR2004  far ahead
    return [
        of_limit(_number(headers, "x-ratelimit-remaining"), _number(headers, "x-ratelimit-limit"), until),
        of_clock(http_date(headers.get("date", "")), seen.at),
        fine("server", f"{kind} at {access.site.api}, by {library('PyGithub')}"),
    ]


def _features(options: GitHubOptions) -> list[str]:
    """What a sync writes, as far as the configuration asks for it."""
    asked = {"milestones": options.milestones, "sub-issues": options.sub_issues}
    always = ("create", "update", "close", "label", "assign", "comment")
    return [*always, *(feature for feature, is_asked in asked.items() if is_asked)]


def _is_told(seen: Seen, access: Access) -> bool:
    """Whether the repository's answer speaks of this token, and not of its owner."""
    if seen.rights is not None:
        return True
    return not (access.is_app or access.token.startswith(_FINE_GRAINED))


def _lacking(seen: Seen, access: Access, permission: str) -> str:
    """The permission or scope that is known to be missing."""
    if seen.rights is not None:
        shown = permission.replace("_", "-")
        return "" if seen.rights.get(permission) == "write" else f"the app lacks the permission `{shown}: write`"
    scopes = seen.reply.headers.get(_SCOPES)
    if scopes is None or access.is_app or access.token.startswith(_FINE_GRAINED):
        return ""
    has = {scope.strip() for scope in scopes.split(",")}
    enough = {"repo"} if seen.facts.get("private") else {"repo", "public_repo"}
    return "" if has & enough else f"the token lacks the scope `{' or '.join(sorted(enough))}`"


def _number(headers: Mapping[str, str], name: str) -> int | None:
    value = headers.get(name, "")
    return int(value) if value.isdecimal() else None
