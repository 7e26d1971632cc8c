"""Bad days: what is gone, moved or hidden, and every way in which Jira says no."""

from __future__ import annotations

import json
from datetime import timedelta
from email.utils import format_datetime

import pytest

from pm_sync.errors import AccessDenied, NotFound, RateLimited, TrackerError
from pm_sync.model import Issue, IssueRef, Lost, State, Unreachable
from pm_sync.trackers.base import SAID, ReadRequest, Tracker
from tests.contract.support import create, issue_of, look_up, read_one
from tests.e2e.jira import DataCenter, data_center, jira_process
from tests.e2e.jira_cloud import JiraCloud, jira_cloud
from tests.e2e.jira_days import BULK, LOOK_UP, SEARCH, ticker, tracker, trouble
from tests.factories import SRC, draft, mark
from tests.fakes.front import Answer
from tests.fakes.jira_cloud_store import Project
from tests.fakes.jira_trouble import HTML, Trouble
from tests.fakes.ticker import Ticker

__all__ = ["data_center", "jira_cloud", "jira_process", "ticker", "tracker", "trouble"]

# Reading


def test_a_search_that_tells_no_properties_is_followed_by_questions_for_ours(data_center: DataCenter) -> None:
    """One for each issue that bears our label, and none for others."""
    tracker = data_center.open()
    made = create(tracker, draft("One"), draft("Two"))
    tracker.close()
    data_center.properties.in_searches = False
    theirs = data_center.add("Somebody's own")
    later = data_center.open()
    data_center.front.exchanges.clear()
    found = later.read(ReadRequest(linked=(*(issue.ref for issue in made), theirs), src=SRC))
    later.close()
    assert [issue_of(found, issue.ref).mark for issue in made] == [mark("One"), mark("Two")]
    assert issue_of(found, theirs).mark is None
    assert sum(call.endswith("/properties/pm-sync") for call in data_center.front.calls) == 2


def test_a_moved_issue_is_followed(jira_cloud: JiraCloud, tracker: Tracker) -> None:
    """Its old key leads to the new one, on which the postmortem can be relinked."""
    moved, stays = create(tracker, draft("One"), draft("Two"))
    infra = jira_cloud.cloud.others["INFRA"] = Project("INFRA")
    held = jira_cloud.project.issues.pop(moved.ref.id)
    held.key, held.fields["project"] = "INFRA-7", {"key": "INFRA"}
    infra.issues["INFRA-7"] = held
    infra.moved[moved.ref.id] = "INFRA-7"
    found = tracker.read(ReadRequest(linked=(moved.ref, stays.ref), src=SRC, gone=False))
    assert issue_of(found, moved.ref).ref == IssueRef("jira", moved.ref.site, "INFRA", "INFRA-7")
    assert issue_of(found, stays.ref).ref == stays.ref


def test_an_issue_of_a_project_that_cannot_be_read_is_unreachable(jira_cloud: JiraCloud, tracker: Tracker) -> None:
    """Nothing is known of it: that is no evidence."""
    hidden = IssueRef("jira", jira_cloud.front.url, "SECRET", "SECRET-1")
    found = tracker.read(ReadRequest(linked=(hidden,), src=SRC, gone=False)).found
    assert found[hidden] == Unreachable("the project SECRET can't be read")


def test_a_link_to_another_site_is_never_asked_for(jira_cloud: JiraCloud, tracker: Tracker) -> None:
    """The credential is for one host."""
    elsewhere = IssueRef("jira", "https://other.example.com", "OPS", "OPS-1")
    assert tracker.read(ReadRequest(linked=(elsewhere,), src=SRC, gone=False)).found == {}
    assert jira_cloud.front.exchanges == []


def test_on_data_center_what_search_lacks_is_asked_for_by_itself(data_center: DataCenter) -> None:
    """Its search may lag, so only the issue's own address tells that it is gone."""
    tracker = data_center.open()
    gone, kept = create(tracker, draft("One"), draft("Two"))
    data_center.delete(gone.ref)
    data_center.front.exchanges.clear()
    found = tracker.read(ReadRequest(linked=(gone.ref, kept.ref), src=SRC, gone=False)).found
    tracker.close()
    assert isinstance(found[gone.ref], Lost)
    assert isinstance(found[kept.ref], Issue)
    assert data_center.front.calls[1] == f"GET /rest/api/2/issue/{gone.ref.id}"


# Saying no


NO = {
    "bad token": (Answer(401, {"errorMessages": ["no"]}), AccessDenied, "does not know this credential.*JIRA_API_TOKEN"),
    "bad token, answered like a stranger": (
        Answer(200, {"issues": []}, {"x-seraph-loginreason": "AUTHENTICATED_FAILED"}),
        AccessDenied,
        "does not know this credential",
    ),
    "captcha": (
        Answer(403, b"", {"x-authentication-denied-reason": "CAPTCHA_CHALLENGE; login-url=https://evil"}),
        AccessDenied,
        "CAPTCHA solved.*robot@example.com; log in once with a browser",
    ),
    "permission": (Answer(403, {"errorMessages": ["No permission."]}), AccessDenied, "may not POST search/jql: No perm"),
    "license": (Answer(403, {"errorMessages": ["Your license has expired."]}), AccessDenied, "no valid license.*expired"),
    "payment": (Answer(402, {}), AccessDenied, "no valid license"),
    "no project": (
        Answer(400, {"errorMessages": ["The value 'OPS' does not exist for the field 'project'."], "errors": {}}),
        NotFound,
        "the project is not there, or hidden.*check `project`",
    ),
    "archived": (Answer(400, {"errorMessages": ["The project is archived."]}), TrackerError, "archived.*restore"),
    "not found": (Answer(404, {"errorMessages": ["null for uri"]}), NotFound, "search/jql is not there, or hidden"),
    "gone": (Answer(410, {"errorMessages": ["The requested API has been removed."]}), NotFound, "has been removed"),
    "login page": (Answer(200, HTML, {"content-type": "text/html"}), TrackerError, "no JSON; a login page"),
    "redirect": (Answer(302, b"", {"location": "https://sso.example.com/x?token=1"}), TrackerError, "redirects to sso.example.com, where no credential goes"),
    "conflict": (Answer(409, {"errorMessages": ["Busy."]}), TrackerError, "answered 409 to POST search/jql: Busy."),
    "500": (Answer(500, b""), TrackerError, "answered 500"),
}  # fmt: skip


@pytest.mark.parametrize("case", NO)
def test_each_no_is_told_apart_with_what_to_do(tracker: Tracker, trouble: Trouble, case: str) -> None:
    """The message names host, reason and next step, and shows no secret."""
    answer, kind, reason = NO[case]
    trouble.before += [(SEARCH, answer)] * 8
    with pytest.raises(kind, match=reason) as told:
        tracker.read(LOOK_UP)
    assert "an-api-token" not in str(told.value)


def test_a_wrong_token_is_refused_by_the_server_itself(jira_cloud: JiraCloud) -> None:
    """And the message names the variable of the connection in use."""
    jira_cloud.options["connection"] = "corp"
    jira_cloud.environment = {
        "PM_SYNC_CORP_JIRA_BASE_URL": jira_cloud.front.url,
        "PM_SYNC_CORP_JIRA_EMAIL": "eve@example.com",
        "PM_SYNC_CORP_JIRA_API_TOKEN": "wrong",
    }
    tracker = jira_cloud.open()
    with pytest.raises(AccessDenied, match="check PM_SYNC_CORP_JIRA_API_TOKEN and PM_SYNC_CORP_JIRA_EMAIL"):
        tracker.read(LOOK_UP)
    tracker.close()


def test_secrets_that_a_server_repeats_are_not_shown(tracker: Tracker, trouble: Trouble) -> None:
    """Whatever it says."""
    from tests.fakes.jira_cloud import TOKEN  # noqa: PLC0415

    trouble.before.append((SEARCH, Answer(400, {"errorMessages": [f"bad {TOKEN}"], "errors": {}})))
    with pytest.raises(TrackerError, match=r"bad \*\*\*"):
        tracker.read(LOOK_UP)


def test_a_locked_issue_is_told_in_jiras_words(jira_cloud: JiraCloud, tracker: Tracker) -> None:
    """The other issues go on."""
    locked, free = create(tracker, draft("One"), draft("Two"))
    jira_cloud.project.locked.add(locked.ref.id)
    with pytest.raises(TrackerError, match="not editable in its current status"):
        tracker.update(locked, draft("One", details="More"), frozenset({"details"}))
    assert tracker.update(free, draft("Two", details="More"), frozenset({"details"})).ref == free.ref


# Waiting


LIMITS = {
    "seconds": ({"retry-after": "90"}, 90.0),
    "a burst": ({"retry-after": "3", "ratelimit-reason": "jira-burst-based"}, 3.0),
    "nothing named": ({}, 10.0),
}


@pytest.mark.parametrize("case", LIMITS)
def test_a_limit_is_waited_for_as_asked(
    jira_cloud: JiraCloud, tracker: Tracker, trouble: Trouble, ticker: Ticker, case: str
) -> None:
    """Reads and creates alike: a limited create was not made."""
    headers, seconds = LIMITS[case]
    trouble.before += [(SEARCH, Answer(429, {}, headers)), (BULK, Answer(429, {}, headers))]
    tracker.read(LOOK_UP)
    create(tracker, draft())
    assert ticker.now == 2 * seconds
    assert len(jira_cloud.project.issues) == 1
    if "ratelimit-reason" in headers:
        assert all("jira-burst-based" in why for why in ticker.told)


@pytest.mark.parametrize("name", ["retry-after", "x-ratelimit-reset"])
def test_a_limit_may_name_a_moment(
    jira_cloud: JiraCloud, tracker: Tracker, trouble: Trouble, ticker: Ticker, name: str
) -> None:
    """As HTTP writes dates, or as ISO does."""
    moment = jira_cloud.now() + timedelta(seconds=40)
    text = format_datetime(moment) if name == "retry-after" else moment.isoformat()
    trouble.before.append((SEARCH, Answer(429, {}, {name: text})))
    tracker.read(LOOK_UP)
    assert 35 <= ticker.now <= 41


def test_a_limit_of_one_issue_is_waited_for(
    jira_cloud: JiraCloud, tracker: Tracker, trouble: Trouble, ticker: Ticker
) -> None:
    """Jira limits how often a single issue may be written to; the write was not done, and is sent again."""
    [made] = create(tracker, draft())
    headers = {"retry-after": "2", "ratelimit-reason": "jira-per-issue-on-write"}
    trouble.before.append(("PUT .*/issue/OPS-1$", Answer(429, {}, headers)))
    tracker.update(made, draft(details="More"), frozenset({"details"}))
    assert (ticker.now, "jira-per-issue-on-write" in ticker.told[0]) == (2.0, True)
    assert "More" in json.dumps(jira_cloud.held(made.ref).fields["description"])


def test_a_limit_longer_than_the_run_may_wait_ends_it(jira_cloud: JiraCloud, trouble: Trouble, ticker: Ticker) -> None:
    """What is left goes on in the next run."""
    tracker = jira_cloud.open(patience=ticker.patience(60))
    trouble.before.append((BULK, Answer(429, {}, {"retry-after": "3600"})))
    [result] = tracker.create([draft()])
    tracker.close()
    assert isinstance(result, RateLimited)
    assert jira_cloud.project.issues == {}


def test_reads_are_tried_again_where_the_server_breaks(tracker: Tracker, trouble: Trouble, ticker: Ticker) -> None:
    """Some seconds later, and not for ever."""
    trouble.before += [(SEARCH, Answer(503, b"")), (SEARCH, Answer(502, HTML))]
    assert tracker.read(LOOK_UP).whole
    assert ticker.now == 3.0


# Text


TEXTS = [
    "Escape {code} and [links|x]",
    "Pipes | and ! bangs !",
    "{*}~-_^+",
    "Emoji 🔥👩‍🚒",
    "[~admin] @ada",
    "\\\\ {{x}}",
]


@pytest.mark.parametrize("text", TEXTS)
def test_markup_in_texts_means_nothing_but_itself(data_center: DataCenter, jira_cloud: JiraCloud, text: str) -> None:
    """On both Jiras; nobody is mentioned, and nothing is embedded."""
    for jira in (jira_cloud, data_center):
        tracker = jira.open()
        [made] = create(tracker, draft(text, details=text))
        assert read_one(tracker, made.ref).title == text
        tracker.close()
    wiki = data_center.fields(made.ref)["description"]
    assert "{code}" not in wiki.replace("\\{", "")
    assert "[~" not in wiki
    assert "mention" not in json.dumps([held.fields["description"] for held in jira_cloud.project.issues.values()])


def test_states_of_one_status_are_followed(jira_cloud: JiraCloud, tracker: Tracker) -> None:
    """What a person drops is read as dropped, and by whom it was assigned."""
    [made] = create(tracker, draft())
    held = jira_cloud.held(made.ref)
    held.fields |= {"status": "3", "resolution": "Won't Do", "assignee": {"accountId": "ada-id"}}
    issue = read_one(tracker, made.ref)
    assert (issue.state, issue.assignees, issue.untouched) == (State.DROPPED, ("Ada Lovelace",), False)


def test_a_comment_is_noted_in_the_mark(jira_cloud: JiraCloud, tracker: Tracker) -> None:
    """So that later runs need not ask; what else the property says stays."""
    [made] = create(tracker, draft(mark=mark(base={"title": "0123"})))
    before = jira_cloud.held(made.ref).properties["pm-sync"]
    tracker.comment(made, "It is gone.", "removed-1")
    after = jira_cloud.held(made.ref).properties["pm-sync"]
    assert after == before | {"base": {"title": "0123", SAID: "removed-1"}}


def test_a_mark_whose_tracking_label_was_taken_off_is_shown(jira_cloud: JiraCloud) -> None:
    """It names no item any more, but the plan says that it is there."""
    tracker = jira_cloud.open()
    [made] = create(tracker, draft())
    jira_cloud.project.edit(jira_cloud.held(made.ref), {}, {"labels": [{"remove": "pm-sync"}]})
    found = look_up(tracker, mark())
    tracker.close()
    assert (found.marked, [issue.ref for issue in found.foreign]) == ((), [made.ref])


def test_with_a_key_an_unsigned_mark_is_not_believed(jira_cloud: JiraCloud) -> None:
    """Whoever may edit an issue may set its properties."""
    unsigned = jira_cloud.open()
    [made] = create(unsigned, draft())
    unsigned.close()
    jira_cloud.environment["PM_SYNC_MARK_KEY"] = "secret"
    signing = jira_cloud.open()
    assert read_one(signing, made.ref).mark is None
    found = look_up(signing, mark())
    assert (found.marked, [issue.ref for issue in found.foreign]) == ((), [made.ref])
    [signed] = create(signing, draft())
    assert read_one(signing, signed.ref).mark == mark()
    signing.close()
