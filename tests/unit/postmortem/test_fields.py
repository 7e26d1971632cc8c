"""What is said about an item, wherever it stands, and what only looks like it."""

from __future__ import annotations

from datetime import date

import pytest

from pm_sync.model import ActionItem, ControlKind, LinkPosition, State
from pm_sync.postmortem.read import ReadOptions, read_postmortem


def read(line: str, keys: frozenset[str] = frozenset()) -> ActionItem:
    """The one item of this line."""
    (item,) = read_postmortem(f"# X\n\n## Action items\n\n{line}\n".encode(), "x.md", ReadOptions(jira_keys=keys)).items
    return item


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("- Add it (owner: Ann Lee, due: 2024-05-01)", {"owners": ("Ann Lee",), "due": date(2024, 5, 1)}),
        ("- [P1] Add it @ann @bob", {"priority": "P1", "owners": ("@ann", "@bob")}),
        ("- **HIGH** Add it", {"priority": "HIGH"}),
        ("- Add it **P2**", {"priority": "P2"}),
        ("- Add it - Ann - 2024-05-01", {"owners": ("Ann",), "due": date(2024, 5, 1)}),
        ("- @ann: Add it", {"owners": ("@ann",)}),
        ("- @ann @bob Add it", {"owners": ("@ann", "@bob")}),
        ("#### @ann Add it\n\nIt is needed.", {"owners": ("@ann",)}),
        ("- Add it | Owner: Ann | Due: May 1, 2024 | Priority: High", {"owners": ("Ann",), "due": date(2024, 5, 1), "priority": "High"}),
        ("- Add it owner:ann due:2024-05-01 priority:low", {"owners": ("ann",), "due": date(2024, 5, 1), "priority": "low"}),
        ("- Add it by 2024-05-01.", {"due": date(2024, 5, 1)}),
        ("- Add it (due end of sprint)", {"due": None, "due_text": "end of sprint"}),
        ("- Add it (ETA: Q3)", {"due": None, "due_text": "Q3"}),
        ("- Add it 📅 2024-05-01", {"due": date(2024, 5, 1)}),
        ("- Add it\n  Owner: Ann\n  Due: 2024-05-01", {"owners": ("Ann",), "due": date(2024, 5, 1)}),
        ("- Add it (Ann to follow up)", {"owners": ("Ann",)}),
        ("- [detect] Add it", {"type": "detect"}),
        ("- [Platform] Add it", {"team": "Platform"}),
        ("- Task: Add it", {}),
        ("- AI-3: Add it", {}),
        ("- Add it (Owner: TBD)", {"owners": ()}),
        ("- Add it (completed 2024-05-01)", {"done": True, "due": None}),
        ("- Add it (due: completed)", {"done": True, "due": None, "due_text": None}),
        ("- Add it (done)", {"done": True}),
        ("- Add it ✅", {"done": True}),
        ("- [x] Add it", {"done": True}),
        ("- ~~Add it~~", {"done": True}),
        ("- Add it - DONE", {"done": True}),
        ("- Add it - done: nobody had missed it until now", {"done": True}),
        ("- Add it – done in the gateway's settings, by hand", {"done": True}),
        ("- Add it - this has already been done.", {"done": True}),
        ("- Add it. _Done by Ann_.", {"done": True}),
        ("- [N/A] Add it", {"team": None}),
        ("- [DONE] Add it", {"done": True}),
        ("- [ ] Add it", {"done": False}),
        ("- Add it (in progress)", {"done": False}),
        ("- ⏳ Add it", {"done": False}),
        ("- Add it", {"done": None, "owners": (), "due": None, "due_text": None, "priority": None, "type": None}),
    ],
)  # fmt: skip
def test_a_field_is_read_and_leaves_the_text(line: str, expected: dict[str, object]) -> None:
    """The text is what a person would type as the issue's title."""
    item = read(line)
    assert item.text.rstrip(".") == "Add it"
    assert {name: getattr(item, name) for name in expected} == expected


def test_a_deferral_has_its_day_and_reason() -> None:
    """Deferred is no due date."""
    item = read("- Add it (deferred until 2027-01-01: vendor)")
    assert item.deferral is not None
    assert (item.deferral.until, item.deferral.reason, item.due) == (date(2027, 1, 1), "vendor", None)


@pytest.mark.parametrize(
    "line",
    [
        "- Patch CVE-2024-1234 and CWE-79",
        "- Follow RFC-2119, ISO-8601 and ADR-7",
        "- Pin left-pad@1.2.3",
        "- Tell #general about it",
        "- @ann noticed it first",
        "- Use SHA-256 over UTF-8",
        "- Ask ann@example.com for help",
        "- Keep the (Bash) script",
        "- Add retries for 5 min: the default is 3",
        "- Find out why the job failed on 2024-05-01",
        "- Look at the login errors of 09:33 UTC on 1 May 2024",
    ],
)
def test_a_false_friend_stays_text(line: str) -> None:
    """Numbers of standards are no Jira keys, versions no mentions, channels no issues, and the past is no due date."""
    item = read(line)
    assert (item.text, item.links, item.owners, item.due) == (line[2:], (), (), None)


@pytest.mark.parametrize(
    ("line", "ref", "url", "position"),
    [
        ("- Add it #12", "#12", None, LinkPosition.END),
        ("- Add it (#12)", "#12", None, LinkPosition.ALONE),
        ("- #12: Add it", "#12", None, LinkPosition.INLINE),
        ("- [GH-12 (done)](https://github.com/a/b/pull/12): Add it", "GH-12 (done)", "https://github.com/a/b/pull/12", LinkPosition.INLINE),
        ("- Add it acme/infra#12", "acme/infra#12", None, LinkPosition.END),
        ("- Add it (OPS-12)", "OPS-12", None, LinkPosition.ALONE),
        ("- Add it (local#3)", "local#3", None, LinkPosition.ALONE),
        ("- Add it [#12](https://git.corp/a/b/issues/12)", "#12", "https://git.corp/a/b/issues/12", LinkPosition.END),
        ("- Add it (https://linear.app/acme/issue/OPS-4/add-it)", "https://linear.app/acme/issue/OPS-4/add-it", "https://linear.app/acme/issue/OPS-4/add-it", LinkPosition.ALONE),
        ("- Add it ([T123456](https://phabricator.corp/T123456))", "T123456", "https://phabricator.corp/T123456", LinkPosition.ALONE),
        ("- Add it https://bugzilla.corp/show_bug.cgi?id=77", "https://bugzilla.corp/show_bug.cgi?id=77", "https://bugzilla.corp/show_bug.cgi?id=77", LinkPosition.END),
        ("- Add it [Issue](https://github.com/a/b/pull/9).", "Issue", "https://github.com/a/b/pull/9", LinkPosition.END),
        ("- Add it (https://jira.corp/browse/OPS-7)", "https://jira.corp/browse/OPS-7", "https://jira.corp/browse/OPS-7", LinkPosition.ALONE),
        ("- Add it [ticket][t]\n\n[t]: https://github.com/a/b/issues/4", "ticket", "https://github.com/a/b/issues/4", LinkPosition.END),
    ],
)  # fmt: skip
def test_a_link_is_read_where_it_stands(line: str, ref: str, url: str | None, position: LinkPosition) -> None:
    """References keep label, address and position, and leave the text."""
    item = read(line)
    (link,) = item.links
    assert (item.text.rstrip("."), link.ref, link.url) == ("Add it", ref, url)
    assert link.position in {position, LinkPosition.ALONE}


def test_a_bare_key_is_a_link_for_configured_projects() -> None:
    """In a sentence a key is a word unless its project is known."""
    assert read("- Merge OPS-12 into main").links == ()
    assert [link.ref for link in read("- Merge OPS-12 into main", frozenset({"OPS"})).links] == ["OPS-12"]


@pytest.mark.parametrize(
    ("line", "title", "details"),
    [
        ("- **Alerts:** page somebody", "Alerts", "page somebody"),
        ("- **Alerts** - page somebody", "Alerts", "page somebody"),
        ("- Alerts: page somebody", "Alerts", "page somebody"),
        ("- **Better alerts**\n  We page somebody", "Better alerts", "We page somebody"),
        ("- **Page somebody**\n  who is awake", "Page somebody who is awake", ""),
        ("- Page the right person. It was nobody.", "Page the right person.", "It was nobody."),
        ("- Use e.g. a pager", "Use e.g. a pager", ""),
    ],
)
def test_title_and_details_are_told_apart(line: str, title: str, details: str) -> None:
    """Lead: explanation" keeps both, the lead as title."""
    item = read(line)
    assert (item.title, item.details) == (title, details)


@pytest.mark.parametrize(
    ("line", "done"),
    [
        ("- Added an alert", True),
        ("- The alert has been added", True),
        ("- Improved alerting for queues", None),
        ("- We updated the pager's rota", True),
        ("- Re-tested the failover", True),
        ("- Ran the drill once more", True),
        ("- We updated nothing, and should", None),
        ("- Reset the passwords of all robots", None),
        ("- Scheduled restarts of the queue", None),
        ("- Count jobs - completed and failed", None),
        ("- Page somebody - open circuits matter", None),
        ("- This could have been seen earlier: alert on it", None),
        ("- Automated tests for the parser", None),
    ],
)
def test_the_past_tense_says_done_only_where_it_is_sure(line: str, done: bool | None) -> None:
    """A participle that may be an adjective says nothing."""
    assert read(line).done is done


@pytest.mark.parametrize(
    ("line", "behind"),
    [
        ("- **Add it**", b"**"),
        ("- Add it  ", b"it"),
        ("- Add it {.todo}", b"it"),
        ("- Add it <!-- later -->", b"it"),
        ("- Add it (see [#1](https://github.com/a/b/issues/1))", b"1))"),
        ("| Task |\n|---|\n|   Add it   |", b"it"),
        ("### Add it ##\n\n- Owner: Ann", b"it"),
        ("- [x] Add `it`", b"`it`"),
    ],
)
def test_the_anchor_stands_behind_the_last_word_and_its_markers(line: str, behind: bytes) -> None:
    """Outside emphasis, before blanks, attribute lists, comments and closing marks."""
    data = f"# X\n\n## Action items\n\n{line}\n".encode()
    (item,) = read_postmortem(data, "x.md").items
    assert data[: item.anchor.offset].endswith(behind)


@pytest.mark.parametrize(
    ("note", "state", "day"),
    [
        (" (local#4, open)", State.OPEN, None),
        (" ([#4](https://github.com/a/b/issues/4), in progress)", State.IN_PROGRESS, None),
        (" ([OPS-4](https://jira.corp/browse/OPS-4), done 2024-05-01)", State.DONE, date(2024, 5, 1)),
        (" (local#4, dropped 2024-05-01)", State.DROPPED, date(2024, 5, 1)),
    ],
)
def test_our_annotation_is_known_exactly(note: str, state: State, day: date | None) -> None:
    """It is no link, leaves the text alone, and its span cuts to the line without it."""
    data = f"## Action items\n\n- **Add it**{note} {{.todo}}\n".encode()
    (item,) = read_postmortem(data, "x.md").items
    assert item.annotation is not None
    assert (item.text, item.links, item.done, item.anchor.offset) == ("Add it", (), None, item.annotation.span.start)
    assert (item.annotation.state, item.annotation.day) == (state, day)
    assert item.annotation.span.cut(data) == note.encode()


@pytest.mark.parametrize(
    "note",
    [
        " (local#4, opened)",
        "  (local#4; open)",
        " (local#4,open)",
        " (#4, open)",
        " (local#4, done 2024-13-45)",
        "(local#4, open)",
    ],
)
def test_what_only_resembles_an_annotation_is_the_writers(note: str) -> None:
    """Anything but the exact form stays a reference of the writer's."""
    assert read(f"- Add it{note}").annotation is None


def test_a_row_tells_its_control_cell_and_link_cell() -> None:
    """Write-back gets the content of the state and link cells, and the words of the column."""
    data = (
        b'## Actions\n\n| Task | Status | Issue |\n|---|---|---|\n| Add it | Erledigt | see [#4](https://x.io/a/b/issues/4 "open") |\n'
        b"| Test it | Offen |  |\n| Short |\n"
    )
    first, second, third = read_postmortem(data, "x.md").items
    assert first.control is not None
    assert (first.control.kind, first.control.state, first.control.span.cut(data)) == (
        ControlKind.CELL,
        State.DONE,
        b"Erledigt",
    )
    assert first.annotation is not None
    assert first.annotation.span.cut(data) == b' [#4](https://x.io/a/b/issues/4 "open")'
    assert first.anchor.link_cell is not None
    assert first.anchor.link_cell.cut(data).startswith(b"see [#4]")
    assert first.anchor.state_words == ((State.DONE, "Erledigt"), (State.OPEN, "Offen"))
    assert second.anchor.link_cell is not None
    assert second.anchor.link_cell.cut(data) == b""
    assert (third.anchor.link_cell, third.control) == (None, None)


def test_a_number_behind_a_comparison_is_no_progress() -> None:
    """An alert watches "> 1%"; "- 50%" says how far it is."""
    text = "# Outage\n\n## Actions\n\n- Alert on errors > 1%\n- Split the queue - 50%\n"
    items = read_postmortem(text.encode(), "x.md").items
    assert [(item.text, item.done) for item in items] == [("Alert on errors > 1%", None), ("Split the queue", False)]


def test_a_state_with_a_day_that_lacks_its_year_is_a_state() -> None:
    """Such a bracket says when it was done; it is neither text nor a due date."""
    for bracket in ("(done May 3)", "(erledigt 20.03.)", "(erledigt am 20.03.)", "(완료 3월 4일)"):
        item = read(f"- Double the disk {bracket}")
        assert (item.text, item.done, item.due_text) == ("Double the disk", True, None)


def test_owners_are_told_apart_outside_of_brackets_only() -> None:
    """Who is meant by a name may stand behind it."""
    assert read("- Add it (owner: Ann (storage/backup), Bo)").owners == ("Ann (storage/backup)", "Bo")


def test_a_colon_within_brackets_ends_no_title() -> None:
    """A title never closes fewer brackets than it opens."""
    item = read("- Wait for it once more (11 Aug: pushes without it), then file it upstream. Link it here.")
    assert item.title == "Wait for it once more (11 Aug: pushes without it), then file it upstream."


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ("13/02/2026", date(2026, 2, 10)),
        ("02/13/2026", date(2026, 10, 2)),
        ("11/02/2026", None),
        ("13/02/2026, 02/13/2026", None),
    ],
)
def test_other_days_of_the_file_tell_whether_the_day_or_the_month_comes_first(
    other: str, expected: date | None
) -> None:
    """No month is the thirteenth; whoever writes one day so writes all so, the incident's as well."""
    text = f"# X\n\n**Date:** 10/02/2026\n\nSeen: {other}\n\n## Action items\n\n| Task | Due |\n|---|---|\n| Add it | 10/02/2026 |\n"
    postmortem = read_postmortem(text.encode(), "x.md")
    assert [(item.due, item.due_text) for item in postmortem.items] == [(expected, "10/02/2026")]
    assert postmortem.incident.day == expected
