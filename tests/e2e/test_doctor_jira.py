"""The doctor against both Jiras: what it asks, and what it finds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pm_sync.findings import Level
from tests.contract.support import create, run
from tests.e2e.counterparts import free_port
from tests.e2e.doctor import Told, ask_doctor
from tests.e2e.jira import DATA_CENTER, DataCenter, data_center, jira_process
from tests.e2e.jira_cloud import JiraCloud, jira_cloud
from tests.factories import draft
from tests.fakes.front import Answer
from tests.fakes.jira_cloud import EMAIL, TOKEN
from tests.fakes.jira_cloud_store import Way, rule
from tests.fakes.jira_trouble import HTML, Trouble

__all__ = ["data_center", "jira_cloud", "jira_process"]

Jira = JiraCloud | DataCenter
Ask = Callable[..., Told]
NEEDED = ("read issues", "create", "update", "label", "close")


@pytest.fixture(params=["jira_cloud", "data_center"])
def jira(request: pytest.FixtureRequest) -> Jira:
    """Each of the two Jiras."""
    found: Jira = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def ask(tmp_path: Path, jira: Jira) -> Ask:
    """Ask the doctor about a project of each."""
    return asking(tmp_path, jira)


@pytest.fixture
def ask_cloud(tmp_path: Path, jira_cloud: JiraCloud) -> Ask:
    """Ask the doctor about a project on Cloud."""
    return asking(tmp_path, jira_cloud)


def asking(tmp_path: Path, jira: Jira) -> Ask:
    """Make a repository, and a way to ask the doctor about its tracker."""
    (tmp_path / "postmortems").mkdir()
    (tmp_path / "postmortems/db.md").write_text("# Outage\n\n## Action items\n\n- [ ] Add a replica\n")
    credential = {"JIRA_EMAIL": EMAIL, "JIRA_API_TOKEN": TOKEN} if isinstance(jira, JiraCloud) else DATA_CENTER

    def asked(more: str = "", project: str = "OPS", **environment: str) -> Told:
        config = f"version: 1\nsource: here\ntrackers: {{ops: {{kind: jira, project: {project}{more}}}}}\n"
        (tmp_path / "pm-sync.yaml").write_text(config)
        there = {"JIRA_BASE_URL": jira.front.url, "JIRA_SITE_URL": jira.front.url}
        (tmp_path / ".git").mkdir(exist_ok=True)
        return ask_doctor(tmp_path, {**there, **credential, **environment})

    return asked


def calls(jira: Jira) -> list[str]:
    """What was asked, below the API's version."""
    return [call.replace("/rest/api/3", "").replace("/rest/api/2", "") for call in jira.front.calls]


def requires(jira: Jira, field: str) -> None:
    """Let new issues require a field more."""
    if isinstance(jira, JiraCloud):
        jira.project.more = {"customfield_1": rule(field, "string", required=True)}
    else:
        asked = {"name": field, "required": True, "hasDefaultValue": False, "schema": {"type": "string"}}
        jira.forms.more = {"customfield_1": asked}


def test_well_by_eight_calls(jira: Jira, ask: Ask) -> None:
    """Server, account, permissions, types, two forms, statuses, and whether there is an issue of ours; no write."""
    told = ask()
    assert (told.code, told.bad) == (0, {})
    types = next(call for call in calls(jira) if call.endswith("/issuetypes"))
    forms = [call for call in calls(jira) if call.startswith(f"{types}/")]
    assert len(set(forms)) == 2
    wanted = ["GET /serverInfo", "GET /myself", "GET /mypermissions", types, *forms, "GET /project/OPS/statuses"]
    search = "POST /search/jql" if isinstance(jira, JiraCloud) else "GET /search"
    assert calls(jira) == [*wanted, search]
    assert all(told.of(feature).what == "allowed" for feature in (*NEEDED, "assign", "due date", "comment"))
    kind = "Jira Cloud at " if isinstance(jira, JiraCloud) else "Jira Data Center "
    assert told.of("server").what.startswith(kind)
    assert ", by jira 3." in told.of("server").what
    assert "(done)" in told.of("workflow").what


def test_bad_token(jira: Jira, ask: Ask) -> None:
    """Nothing else is asked once permissions are denied, too."""
    denied = Answer(401, {"errorMessages": ["no"], "errors": {}})
    jira.front.layers.insert(0, Trouble(before=[("GET .*/my", denied)] * 2))
    told = ask()
    assert (told.code, told.bad) == (1, {"credential": Level.FAILURE})
    assert told.of("credential").hint.startswith("check JIRA_")
    assert len(jira.front.calls) == 3


@pytest.mark.parametrize("lacking", [set(), {"BROWSE_PROJECTS"}])
def test_token_that_may_not_say_whose_it_is(jira: Jira, ask: Ask, lacking: set[str]) -> None:
    """One of few scopes is good for issues all the same; one that is good for nothing is a bad one."""
    denied = Answer(401, {"message": "Unauthorized; scope does not match"})
    jira.front.layers.insert(0, Trouble(before=[("GET .*/myself", denied)]))
    jira.rights.lacking |= lacking
    told = ask()
    assert told.bad == ({"credential": Level.FAILURE} if lacking else {})


def test_captcha(jira: Jira, ask: Ask) -> None:
    """Too many failed logins, of whomever."""
    wall = Answer(403, {}, {"x-authentication-denied-reason": "CAPTCHA_CHALLENGE; login-url=x"})
    jira.front.layers.insert(0, Trouble(before=[("GET .*/my", wall)] * 2))
    assert "wants a CAPTCHA solved" in ask().of("credential").what


def test_project_that_is_not_there(jira: Jira, ask: Ask) -> None:
    """Mistyped, or hidden; limits, clock and server are told all the same."""
    told = ask(project="NOPE")
    assert (told.code, told.bad) == (1, {"project": Level.FAILURE})
    assert told.of("project").what == "NOPE is not there, or hidden from this credential"
    assert told.of("clock").level is Level.OK
    assert len(jira.front.calls) == 3


@pytest.mark.parametrize(
    ("permission", "features", "level"),
    [
        ("CREATE_ISSUES", {"create"}, Level.FAILURE),
        ("EDIT_ISSUES", {"update", "label"}, Level.FAILURE),
        ("TRANSITION_ISSUES", {"close"}, Level.FAILURE),
        ("ASSIGN_ISSUES", {"assign"}, Level.WARNING),
        ("ADD_COMMENTS", {"comment"}, Level.WARNING),
        ("SCHEDULE_ISSUES", {"due date"}, Level.WARNING),
    ],
)
def test_permission_that_is_missing(jira: Jira, ask: Ask, permission: str, features: set[str], level: Level) -> None:
    """Is told by the features that need it: without some nothing works, without others something is left out."""
    jira.rights.lacking.add(permission)
    told = ask()
    assert told.bad == dict.fromkeys(features, level)
    assert told.code == (level is Level.FAILURE)
    assert all(permission in told.of(feature).what for feature in features)


def test_required_field_that_nobody_gives(jira: Jira, ask: Ask) -> None:
    """By its name, before a create fails; once the configuration gives it, all is well."""
    requires(jira, "Cost centre")
    told = ask()
    assert (told.code, told.bad) == (1, {"required fields": Level.FAILURE, "sub-tasks": Level.WARNING})
    assert told.of("required fields").what == "Task requires Cost centre"
    assert told.of("sub-tasks").what == "require Cost centre"
    assert ask(", fields: {Cost centre: SRE}").bad == {}
    assert set(ask(", subtasks: link").bad) == {"required fields"}


def test_issue_type_that_there_is_not(jira: Jira, ask: Ask) -> None:
    """With those that there are."""
    told = ask(", issue_type: Tusk")
    assert told.bad["issue type"] is Level.FAILURE
    assert told.of("issue type").hint.startswith("did you mean Task")


def test_workflow_that_knows_no_done(jira: Jira, ask: Ask) -> None:
    """By the configuration's own words."""
    told = ask(", states: {open: [To Do, Open, Backlog, Done, Closed, Resolved]}")
    assert told.bad == {"workflow": Level.FAILURE}
    assert "no status of Task means done" in told.of("workflow").what


def test_transition_whose_screen_demands_more(jira_cloud: JiraCloud, ask_cloud: Ask) -> None:
    """One issue of ours tells, by one call more; once the configuration gives it, all is well."""
    with run(jira_cloud) as tracker:
        create(tracker, draft())
    screen = {"customfield_9": rule("Verified by", "string", required=True)}
    jira_cloud.project.ways = {"1": (Way("31", "3", screen),)}
    told = ask_cloud()
    assert (told.code, told.bad) == (0, {"transitions": Level.WARNING})
    assert told.of("transitions").what == "'To Done' of OPS-1 requires Verified by"
    assert ask_cloud(", transition_fields: {Verified by: the doctor}").bad == {}


def test_resolution_that_is_demanded_and_not_among_ours(jira_cloud: JiraCloud, ask_cloud: Ask) -> None:
    """Its names are told; a name of them in the configuration is enough."""
    with run(jira_cloud) as tracker:
        create(tracker, draft())
    screen = {"resolution": rule("Resolution", "resolution", required=True, allowed=[{"name": "Verified"}])}
    jira_cloud.project.ways = {"1": (Way("31", "3", screen),)}
    assert ask_cloud().of("transitions").what == "'To Done' of OPS-1 requires a resolution (Verified)"
    assert ask_cloud(", resolutions: {done: [Verified]}").bad == {}


def test_issue_that_can_be_closed_by_nine_calls(jira: Jira, ask: Ask) -> None:
    """Its transitions are named."""
    with run(jira) as tracker:
        create(tracker, draft())
    jira.front.exchanges.clear()
    told = ask()
    assert told.code == 0
    assert "OPS-" in told.of("transitions").what
    assert len(jira.front.calls) == 9


def test_low_limit(jira: Jira, ask: Ask) -> None:
    """As far as this Jira tells of any."""
    jira.rights.headers |= {"x-ratelimit-limit": "350", "x-ratelimit-remaining": "12"}
    told = ask()
    assert (told.code, told.bad) == (0, {"limits": Level.WARNING})
    assert told.of("limits").what == "12 of 350 requests left"
    jira.rights.headers = {"x-ratelimit-nearlimit": "true"}
    assert ask().bad == {"limits": Level.WARNING}


def test_skewed_clock(jira: Jira, ask: Ask) -> None:
    """The server is two days behind."""
    jira.front.ahead = -2 * 86400
    told = ask()
    assert (told.code, told.bad) == (0, {"clock": Level.WARNING})
    assert told.of("clock").what == "this machine's is 2 days ahead of the server's"


def test_server_that_is_not_there(jira: Jira, ask: Ask) -> None:
    """Is told at once."""
    told = ask(JIRA_BASE_URL=f"http://127.0.0.1:{free_port()}")
    assert (told.code, told.bad) == (1, {"server": Level.FAILURE})
    assert "can't be reached" in told.of("server").what


@pytest.mark.parametrize("answer", [Answer(200, HTML), Answer(200, "words"), Answer(502, HTML), Answer(200, None)])
@pytest.mark.parametrize(
    "path", ["serverInfo", "myself", "mypermissions", "issuetypes$", r"issuetypes/\d+", "statuses"]
)
def test_answers_that_make_no_sense_are_told(jira: Jira, ask: Ask, path: str, answer: Answer) -> None:
    """By whatever stands in between: never a traceback."""
    jira.front.layers.insert(0, Trouble(before=[(f"GET .*{path}", answer)] * 3))
    told = ask()
    assert told.of("lock").level is Level.OK
    assert set(told.bad.values()) & {Level.FAILURE, Level.WARNING}
