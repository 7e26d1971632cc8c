"""What a project and a credential are good for: read by few calls, then judged without any."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from pm_sync.errors import AccessDenied, NotFound, TrackerError
from pm_sync.findings import Finding, fails, failure, fine, of_clock, of_error, of_limit, warning
from pm_sync.model import State
from pm_sync.trackers.base import Target
from pm_sync.trackers.http import Unavailable, http_date, library, one_line
from pm_sync.trackers.jira import jql
from pm_sync.trackers.jira.access import Access
from pm_sync.trackers.jira.client import Client
from pm_sync.trackers.jira.connection import Reply
from pm_sync.trackers.jira.meta import nearest
from pm_sync.trackers.jira.options import JiraOptions
from pm_sync.trackers.jira.records import meaning, person, status_from
from pm_sync.trackers.jira.searching import Search
from pm_sync.trackers.jira.workflow import Transition, lacking, transitions_from

_NEEDED = {
    "read issues": "BROWSE_PROJECTS",
    "create": "CREATE_ISSUES",
    "update": "EDIT_ISSUES",
    "label": "EDIT_ISSUES",
    "close": "TRANSITION_ISSUES",
}
"""Features without which nothing is synced, and Jira's permission for each."""
_USEFUL = {
    "assign": "ASSIGN_ISSUES",
    "due date": "SCHEDULE_ISSUES",
    "comment": "ADD_COMMENTS",
    "link sub-tasks": "LINK_ISSUES",
}
"""Features that are left out, and said to be, where the permission is missing."""


_ASKED = ",".join(dict.fromkeys([*_NEEDED.values(), *_USEFUL.values()]))


class Seen(Struct, frozen=True):
    """A server's answer, and when it came on our clock."""

    reply: Reply
    at: datetime


def diagnose(
    client: Client,
    options: JiraOptions,
    clock: Callable[[], datetime],
    target: Callable[[], Target],
    subtask: Callable[[], Sequence[str] | None],
) -> list[Finding]:
    """Look at all that a sync needs, by eight calls, and one more where there is an issue of ours to look at.

    Args:
        client: Asks.
        options: The project, and how its issues are made.
        clock: Tells our time.
        target: Looks at the form of a new issue, by two calls.
        subtask: Tells what the form of a sub-task requires besides, by one call; None where there are none.

    """
    try:
        server = client.server()
        me = _ask_who(client, clock)
    except TrackerError as error:
        hint = f"check the network, and {client.access.variables.name('JIRA_BASE_URL')}"
        return [of_error("server" if isinstance(error, Unavailable) else "credential", error, hint)]
    try:
        query = {"projectKey": options.project, "permissions": _ASKED}
        permissions = Seen(client.ask("/mypermissions", query), clock())
    except TrackerError as error:
        if isinstance(me, TrackerError):
            return [of_error("credential", me)]
        return [of_identity(me, client.access), _no_project(options, error), *of_server(server, me, client.access)]
    rights = of_permissions(permissions.reply, options)
    if isinstance(me, TrackerError) and fails(rights):
        return [of_error("credential", me)]
    found = [of_identity(me, client.access), *rights]
    if not fails(rights):
        found += [*_form(options, target, subtask), _workflow(client, options), _transitions(client, options)]
    return [*found, *of_server(server, permissions, client.access)]


def _ask_who(client: Client, clock: Callable[[], datetime]) -> Seen | AccessDenied:
    """Ask who we are. A token of few scopes may be good for issues and still not tell.

    Raises:
        TrackerError: nothing can be asked.

    """
    try:
        me = Seen(client.ask("/myself"), clock())
    except AccessDenied as denied:
        return denied
    if not isinstance(me.reply.body, Mapping):
        name = client.access.variables.name("JIRA_BASE_URL")
        raise TrackerError(f"{client.access.site.api} tells of no account", hint=f"check {name}")
    return me


def _no_project(options: JiraOptions, error: TrackerError) -> Finding:
    if not isinstance(error, NotFound):
        return of_error("project", error)
    hint = "check `project` in the configuration, and that the account may browse it"
    return failure("project", f"{options.project} is not there, or hidden from this credential", hint)


def _form(
    options: JiraOptions, target: Callable[[], Target], subtask: Callable[[], Sequence[str] | None]
) -> list[Finding]:
    try:
        return [*of_target(target(), options), of_subtask(subtask())]
    except TrackerError as error:
        return [of_error("issue type", error)]


def _workflow(client: Client, options: JiraOptions) -> Finding:
    try:
        return of_statuses(client.ask(f"/project/{options.project}/statuses"), options)
    except TrackerError as error:
        return of_error("workflow", error)


def _transitions(client: Client, options: JiraOptions) -> Finding:
    """Look at the screens on the way out of one open issue of ours: only an issue tells of them."""
    try:
        key = Search(client).first(jql.open_ones(options.project, options.tracking_label))
        if key is None:
            return fine("transitions", "there is no open issue of ours yet that would tell of them")
        ways = transitions_from(client.get(f"/issue/{key}/transitions", {"expand": "transitions.fields"}))
    except TrackerError as error:
        return of_error("transitions", error)
    return of_transitions(key, ways, options)


def of_transitions(key: str, ways: Sequence[Transition], options: JiraOptions) -> Finding:
    """Judge whether an issue can be closed by what the configuration gives."""
    if not ways:
        return warning("transitions", f"{key} offers this account none", "look at the conditions of its workflow")
    closing = [way for way in ways if meaning(way.to, options).settled]
    if not closing:
        return fine("transitions", f"{key} leads on to {', '.join(way.to.name for way in ways)}")
    problems = {way.name: _problem(way, options) for way in closing}
    if all(problems.values()):
        what = "; ".join(f"{name!r} of {key} requires {problem}" for name, problem in problems.items())
        # What an issue has already it need not be given.
        hint = "unless issues have it: give it in `transition_fields`, a resolution in `resolutions`"
        return warning("transitions", what, hint)
    return fine(
        "transitions", f"{key} can be closed by {', '.join(n for n, problem in problems.items() if not problem)}"
    )


def _problem(way: Transition, options: JiraOptions) -> str:
    """What a transition demands and the configuration doesn't give."""
    missing = lacking(way, options.transition_fields)
    resolution = way.fields.get("resolution")
    if resolution is not None and resolution.required:
        offered = {name.casefold() for name in resolution.names}
        wanted = {name.casefold() for names in options.resolutions.values() for name in names}
        missing += [] if offered & wanted else [f"a resolution ({', '.join(resolution.names)})"]
    return ", ".join(missing)


def of_identity(me: Seen | AccessDenied, access: Access) -> Finding:
    """Tell who we are."""
    name = person(me.reply.body) if isinstance(me, Seen) else ""
    return fine("credential", f"{name or 'an account without a name'} at {access.site.web}, by {access.credential}")


def of_permissions(reply: Reply, options: JiraOptions) -> list[Finding]:
    """Judge by feature what may be done in the project."""
    told = reply.body.get("permissions") if isinstance(reply.body, Mapping) else None
    has = {
        name: isinstance(entry, Mapping) and entry.get("havePermission") is True
        for name, entry in (told if isinstance(told, Mapping) else {}).items()
    }
    hint = f"give the account this permission in {options.project}"
    findings: list[Finding] = []
    for feature, name in {**_NEEDED, **_USEFUL}.items():
        judge = failure if feature in _NEEDED else warning
        if name not in has:
            findings.append(warning(feature, f"this Jira doesn't tell of {name}", "see whether a sync can"))
        elif has[name]:
            findings.append(fine(feature, "allowed"))
        else:
            findings.append(judge(feature, f"the account lacks {name}", hint))
    return findings


def of_target(target: Target, options: JiraOptions) -> list[Finding]:
    """Judge whether a new issue's form can be filled in."""
    if target.refusal:
        kind = failure("issue type", target.refusal, "change the tracker's configuration, or the project's screens")
    else:
        kind = fine("issue type", f"{options.issue_type} takes what is configured")
    missing = ", ".join(target.missing_fields)
    if missing:
        hint = "give them in `fields` of the tracker's configuration"
        return [kind, failure("required fields", f"{options.issue_type} requires {missing}", hint)]
    return [kind, fine("required fields", "all are given")]


def of_subtask(missing: Sequence[str] | None) -> Finding:
    """Judge whether sub-tasks can be made: without them the other items go on."""
    if missing is None:
        return fine("sub-tasks", "become issues of their own, linked to their parent's")
    if missing:
        return warning("sub-tasks", f"require {', '.join(missing)}", "give it in `fields`, or set `subtasks: link`")
    return fine("sub-tasks", "all their required fields are given")


def of_statuses(reply: Reply, options: JiraOptions) -> Finding:
    """Judge whether issues can be brought into every state that a postmortem knows."""
    wanted = options.issue_type.casefold()
    told = next((kind for kind in _objects(reply.body) if str(kind.get("name")).casefold() == wanted), None)
    if told is None:
        return warning(
            "workflow", f"{options.project} tells of no statuses of {options.issue_type}", "check `issue_type`"
        )
    statuses = [status_from(data) for data in _objects(told.get("statuses")) if {"id", "name"} <= data.keys()]
    lacking = [state for state in (State.OPEN, State.DONE) if state not in {meaning(s, options) for s in statuses}]
    if lacking:
        hint = f"name one in `states`: {nearest('', (status.name for status in statuses))}"
        words = " nor ".join(state.word for state in lacking)
        return failure("workflow", f"no status of {options.issue_type} means {words}", hint)
    return fine("workflow", ", ".join(f"{status.name} ({meaning(status, options).word})" for status in statuses))


def of_server(server: Reply, last: Seen, access: Access) -> list[Finding]:
    """Judge limits and clock, and tell which server it is."""
    headers = last.reply.headers
    cloud = server.body.get("deploymentType") == "Cloud"
    kind = "Jira Cloud" if cloud else f"Jira Data Center {one_line(str(server.body.get('version', '')), 20)}".strip()
    limits = of_limit(_number(headers, "x-ratelimit-remaining"), _number(headers, "x-ratelimit-limit"))
    if headers.get("x-ratelimit-nearlimit") == "true":
        limits = warning("limits", "the server says that few requests are left", "wait with larger runs")
    return [
        limits,
        of_clock(http_date(headers.get("date", "")), last.at),
        fine("server", f"{kind} at {access.site.api}, by {library('jira')}"),
    ]


def _objects(data: object) -> list[Mapping[str, Any]]:
    """Those entries of a list that are objects."""
    return [entry for entry in data if isinstance(entry, Mapping)] if isinstance(data, list) else []


def _number(headers: Mapping[str, str], name: str) -> int | None:
    value = headers.get(name, "")
    return int(value) if value.isdecimal() else None
