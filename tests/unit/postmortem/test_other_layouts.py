"""Layouts in which people write items without a Markdown list, and fields in places of their own."""

from __future__ import annotations

from datetime import date

import pytest

from pm_sync.model import ActionItem
from pm_sync.postmortem.read import read_postmortem

HEAD = "# Outage\n\n## Impact\n\nNobody could pay.\n\n"


def read(body: str) -> list[ActionItem]:
    """The items of a postmortem with this body."""
    return list(read_postmortem((HEAD + body).encode(), "x.md").items)


def texts(body: str) -> list[str]:
    """Their texts."""
    return [item.text for item in read(body)]


TWO = ["Add an alert", "Test the failover"]


@pytest.mark.parametrize(
    "body",
    [
        "## Next steps\n\nAction: Add an alert\nOwner: Ann\nDue: 2024-05-01\n\nAction: Test the failover\nOwner: Bo\n",
        "## Next steps\n\nTask 1: Add an alert\nOwner: Ann\nTask 2: Test the failover\nOwner: Bo\n",
        "## Follow-ups\n\n🔴 **[High]** Add an alert — _Ann Lee_ — due 2024-05-01\n\n🟢 **[Low]** Test the failover\n",
        "## Follow-ups\n\nTask: Add an alert\n\nOwner: Ann\n\nTask: Test the failover\n\nOwner: Bo\n",
        "**Action items:** add an alert; test the failover\n\n**Timeline:** it broke; we ran; it was over\n",
        "## Actions\n\n- R1 - Add an alert (High)\n- R2 - Test the failover (Low)\n",
        "## Cosas que se pueden mejorar\n\n- Todo\n\n## Acciones correctivas\n\n- Add an alert\n- Test the failover\n",
    ],
    ids=[
        "records",
        "records-in-one",
        "paragraphs",
        "records-apart",
        "behind-the-label",
        "codes",
        "beside-improvements",
    ],
)
def test_a_layout_without_a_list_gives_its_items(body: str) -> None:
    """Each of these says the same two tasks, and no more."""
    assert [text[0].upper() + text[1:] for text in texts(body)] == TWO


def test_a_record_has_its_fields() -> None:
    """The lines below a task's line say who, when and how far."""
    (item,) = read("## Next steps\n\nAction: Add an alert\nOwner: Ann\nDue: 2024-05-01\nStatus: Closed\n")
    assert (item.owners, item.due, item.done) == (("Ann",), date(2024, 5, 1), True)


@pytest.mark.parametrize(
    "body",
    [
        "## Actions\n\n1. Add an alert\n- on the queue\n- on the disk\n2. Test the failover\n- at night\n",
        "## Actions\n\n1. **Add an alert:**\n\n- for the queue\n\n2. Test the failover\n",
        "## Actions (completed)\n\n1. **Add an alert**\n\n- for the queue\n\n2. **Test the failover**\n",
    ],
    ids=["close", "colon", "apart"],
)
def test_bullets_between_numbers_explain_the_number_above(body: str) -> None:
    """Markdown takes them for lists of their own where they aren't indented, their writer doesn't."""
    items = read(body)
    assert [item.text.rstrip(":") for item in items] == TWO
    assert "queue" in items[0].details


def test_bullets_behind_the_last_number_are_items() -> None:
    """Where no number goes on behind them, nothing says that they explain."""
    assert texts("## Actions\n\n1. Add an alert\n\n- Test the failover\n") == TWO


def test_a_bold_lead_of_many_words_names_no_section() -> None:
    """Above what was done about it, "Root cause found" is an item's title."""
    body = "## Actions (completed)\n\n1. **Root cause found and isolated**\n   We moved the queue.\n"
    assert [item.title for item in read(body)] == ["Root cause found and isolated"]


def test_a_column_of_issues_may_say_what_is_to_be_done() -> None:
    """Where its cells are sentences with a number, they are the tasks; what came of them is their state."""
    body = (
        "## Follow-up issues\n\n| Issue | Found by | Outcome |\n|---|---|---|\n"
        "| #7 — the pager wakes nobody at night | a long talk that went on for hours | Resolved by #9 |\n"
        "| #8 — nobody tests the failover | Ann | Open |\n"
    )
    items = read(body)
    assert [(item.text, item.done) for item in items] == [
        ("the pager wakes nobody at night", True),
        ("nobody tests the failover", False),
    ]


def test_a_state_that_goes_on_is_not_done() -> None:
    """What is deployed, but "rollout pending", leaves something to do."""
    body = "## Actions\n\n| Control | Status |\n|---|---|\n| Add an alert | Implemented; rollout pending |\n"
    assert [(item.text, item.done) for item in read(body)] == [("Add an alert", False)]


def test_a_legend_below_the_items_is_none_of_them() -> None:
    """What the words of a column mean is no measure."""
    body = "## Action items\n\n| Task | Owner |\n|---|---|\n| Add an alert | Ann (web) |\n\n**Action item types:**\n- **Fix:** mend it\n"
    assert [(item.text, item.owners) for item in read(body)] == [("Add an alert", ("Ann (web)",))]


def test_an_estimate_is_no_due_date() -> None:
    """How long it takes says nothing about when."""
    body = "## Action items\n\n| Task | Owner | Estimate |\n|---|---|---|\n| Add an alert | Ann | 2 hours |\n"
    assert [(item.due_text, item.details) for item in read(body)] == [(None, "Estimate: 2 hours")]


@pytest.mark.parametrize("label", ["**Immediate actions taken:**", "✅ **Steps taken**:", "### Measures implemented"])
def test_what_was_taken_of_the_measures_is_done(label: str) -> None:
    """Inside a section of measures, not beside the timeline."""
    items = read(f"## Preventing this\n\n{label}\n\n- An alert for the queue\n")
    assert [(item.text, item.done) for item in items] == [("An alert for the queue", True)]
    assert texts("## Actions taken\n\n- Restart of the queue\n") == []


def test_people_may_own_a_group_by_their_initials() -> None:
    """A bold "AB/CD" above a list names two people, "CI/CD" a thing."""
    items = read("## Actions\n\n**KM/JD**\n- Add an alert\n\n**CI/CD**\n- Test the failover\n")
    assert [item.owners for item in items] == [("KM", "JD"), ()]


def test_a_groups_common_words_are_nobodys_name() -> None:
    """Two words in capitals may be a person or a thing."""
    items = read("## Actions\n\n1. **Access Control**\n   - Rotate the key\n\n2. **Maria Silva**\n   - Add an alert\n")
    assert [item.owners for item in items] == [(), ("Maria Silva",)]


def test_what_can_be_fixed_is_not_done() -> None:
    """A state behind "be" is a wish."""
    items = read("## Actions\n\n### To be fixed/verified\n\n- The runbook\n- The alert for the queue\n")
    assert [item.done for item in items] == [None, None]


def test_plain_paragraphs_explain_the_bold_title_above_its_fields() -> None:
    """What stands below "**Title**" and "Owner: Jane" is about that item, until the next such title."""
    items = read(
        "## What we're changing\n\n**1. Alert on a full disk**\nOwner: Jane\n\nIt must fire at 90 %.\n\n"
        "**2. Test the failover**\nOwner: Raj\n"
    )
    assert [(item.text, item.details) for item in items] == [
        ("Alert on a full disk", "It must fire at 90 %."),
        ("Test the failover", ""),
    ]


def test_a_marked_task_with_more_below_it_names_no_group() -> None:
    """A "TODO: …:" is a task, whatever explains it."""
    items = read("## Actions\n\n- ⚠️ TODO: Add a check of:\n  - sizes\n- TODO: Write it down:\n  ```\n  x\n  ```\n")
    assert [item.text for item in items] == ["Add a check of:", "Write it down:"]


def test_prose_tells_what_will_happen_from_what_will_be_done() -> None:
    """That something will silently fail commits to nothing; that the fix is to do something does."""
    body = (
        '## Corrective actions\n\nThe build will silently fail without it. Such a thing should not "just happen". '
        "The fix is to pin the compiler.\n"
    )
    assert texts(body) == ["The fix is to pin the compiler."]


def test_recommendations_count_where_nothing_else_is_a_list() -> None:
    """A broad list beside a clear one is wishes; beside prose it is the list."""
    broad = "## Recommendations\n\n- Add an alert\n\n## Next steps\n\n{}We will test the failover.\n"
    assert texts(broad.format("")) == ["Add an alert", "We will test the failover."]
    assert texts(broad.format("- ")) == ["We will test the failover."]


@pytest.mark.parametrize(
    ("line", "text", "owners"),
    [
        ("- KM/JD: look into the queries", "look into the queries", ("KM", "JD")),
        ("- **AL**: add paging", "add paging", ("AL",)),
        ("- CI/CD: add a stage", "CI/CD: add a stage", ()),
        ("- DB: add an index", "DB: add an index", ()),
        ("- NY: the second site is slow", "NY: the second site is slow", ()),
    ],
)
def test_initials_before_an_instruction_are_owners(line: str, text: str, owners: tuple[str, ...]) -> None:
    """Two letters may be somebody or something: what is known as a thing stays in the text."""
    (item,) = read(f"## Actions\n\n{line}\n")
    assert (item.text, item.owners) == (text, owners)


@pytest.mark.parametrize(
    ("line", "text", "ref"),
    [
        ("- Fix the flaky test in #88", "Fix the flaky test in #88", "#88"),
        ("- Merge [#88](https://x.io/a/b/pull/88)", "Merge #88", "#88"),
        ("- Fix the flaky test, tracked in #88", "Fix the flaky test", "#88"),
        ("- [Add a slow alert](https://x.io/a/b/issues/9)", "Add a slow alert", "https://x.io/a/b/issues/9"),
    ],
)
def test_a_reference_that_the_sentence_needs_stays_in_it(line: str, text: str, ref: str) -> None:
    """What a preposition governs is part of the words; a label that is the item's own words is no reference."""
    (item,) = read(f"## Actions\n\n{line}\n")
    assert (item.text, [link.ref for link in item.links]) == (text, [ref])


def test_a_state_in_another_column_is_read() -> None:
    """Capitals behind a bug's number say how it stands; struck words are settled whatever stands behind them."""
    table = (
        "| Action | Owner | Bug |\n|---|---|---|\n| Add it | ann | Bug 5 **DONE** |\n| Test it | bo | n/a **TODO** |\n"
    )
    assert [item.done for item in read(f"## Actions\n\n{table}")] == [True, False]
    assert [item.done for item in read("## Actions\n\n- ~~Add it~~ https://x.io/a/very/long/path/issues/12345\n")] == [
        True
    ]
    assert [item.done for item in read("## Actions\n\n- 🔴 Add it\n")] == [None]


@pytest.mark.parametrize(
    "body",
    [
        "## Actions à court terme\n\n- Add an alert\n\n## Long-term remediation (next year)\n\n- Test the failover\n",
        "## Follow-ups\n\na) Add an alert\nb) Test the failover\n",
        "## Follow-ups\n\n. Add an alert\n. Test the failover\n",
        "## Follow-ups\n\nOPS-1 : Add an alert\nOPS-2 : Test the failover\n",
        "## Follow-ups\n\n- **Owner:** Ann\n- **Action:** Add an alert\n- **Due:** 2024-05-01\n\n### Responsible persons\n\n- Ann\n\n### Later\n\n- Test the failover\n",
        "## Follow-ups\n\n- **Add an alert**\n  - **Responsible:** Ann\n- **Test the failover**\n  - **Deadline:** 2024-05-01\n",
    ],
    ids=["horizons", "letters", "points", "keys", "fields-as-bullets", "bold-over-fields"],
)
def test_lists_to_the_eye_and_fields_as_bullets(body: str) -> None:
    """What is a list or a record to a reader is one here, whatever Markdown makes of it."""
    assert texts(body) == TWO


@pytest.mark.parametrize(
    "prose",
    [
        "It broke. We are building a second site. The first was old.",
        "We have since re-enabled the job.",
        "Automatizaremos la rotación.",
        "Nous renforcerons les contrôles.",
        "Мы добавим проверку.",
        "Wir richten eine Überwachung ein.",
        "Miglioreremo i controlli.",
    ],
)
def test_a_sentence_may_promise_by_the_form_of_its_verb(prose: str) -> None:
    """One item each, in words that no list of verbs would hold."""
    assert len(texts(f"## What we're going to do about it\n\n{prose}\n")) == 1


def test_sentences_that_only_tell_promise_nothing() -> None:
    """Seeing, learning and being sorry are no measures."""
    body = "## Preventing recurrence\n\nWe are sorry. We are seeing normal traffic. We have noticed no more errors. It was long.\n"
    assert texts(body) == []


@pytest.mark.parametrize(
    ("line", "done"),
    [
        ("To stay safe, we have re-enabled the job.", True),
        ("We have increased the timeout.", True),
        ("To see it sooner, we have set up an alert.", True),
        ("Increased timeouts", None),
        ("Die Dokumentation wurde bereits aktualisiert.", True),
        ("We have not enabled the job.", None),
        ("Alert where the job has failed", None),
    ],
)
def test_done_is_told_by_the_tense(line: str, done: bool | None) -> None:
    """Only what says that it was done is done."""
    (item,) = read(f"## Actions\n\n- {line}\n")
    assert item.done is done


def test_a_key_taken_off_the_front_is_a_reference() -> None:
    """What leaves the text is kept as a field."""
    items = read("## Actions\n\n- OPS-1: Add it\n- **OPS-2** Test it (@kim, ~2024-05-01)\n")
    assert [(i.text, [link.ref for link in i.links]) for i in items] == [("Add it", ["OPS-1"]), ("Test it", ["OPS-2"])]
    assert items[1].due == date(2024, 5, 1)


def test_a_title_that_names_the_root_cause_keeps_its_recommendations() -> None:
    """The document's own title says nothing about the sections below it; labels with numbers begin an item each."""
    body = "**Recommendation 1:** The site should test it.\n\n**Recommendation 2:** The board should know.\n"
    text = f"# Root cause analysis of the outage\n\n## 3. Recommendations\n\n{body}"
    items = read_postmortem(text.encode(), "x.md").items
    assert [item.text for item in items] == ["The site should test it.", "The board should know."]


def test_a_sentence_that_leads_to_a_list_opens_a_section_where_none_is_named() -> None:
    """Short reports announce their measures in the text; beside a named section it is narrative."""
    lead = "To keep it from happening again, we are taking these steps to prevent a repeat:\n\n- Add an alert\n- Test the failover\n"
    assert texts(lead) == TWO
    assert texts(f"{lead}\n## Action items\n\n- Write it up\n") == ["Write it up"]


def test_a_heading_over_tasks_gives_them_its_owner() -> None:
    """A group's owner is everybody's in it; a heading worded as an instruction is a task itself."""
    items = read(
        "## Action items\n\n### Payments (owner: Zoe)\n\n- Add a key\n\n### Test the site (owner: Bo)\n\n- Write a plan\n"
    )
    assert [(i.text, i.owners, i.parent) for i in items] == [
        ("Add a key", ("Zoe",), None), ("Test the site", ("Bo",), None), ("Write a plan", ("Bo",), 1),
    ]  # fmt: skip


def test_yes_and_no_are_states_in_a_column() -> None:
    """Whether it is done may be asked by the header, in any language."""
    table = "| Was | Wer | Erledigt |\n|---|---|---|\n| Es bauen | Eva | ja |\n| Es testen | Jan | nein |\n"
    assert [item.done for item in read(f"## Maßnahmen\n\n{table}")] == [True, False]


def test_wishes_beside_the_list_of_tasks_that_they_led_to_are_none() -> None:
    """Where both are sections of one level, as where both are labels of one section."""
    both = "# Improvements:\n\nImprove the alerts.\n\n# Tasks:\n\nAdd an alert.\n\nTest the failover.\n"
    assert [
        item.text
        for item in read_postmortem(
            f"# Timeline:\n\nIt broke.\n\n# Root cause:\n\nA bug.\n\n{both}".encode(), "x.md"
        ).items
    ] == [
        "Add an alert.",
        "Test the failover.",
    ]
    assert texts("## Improvements\n\n- Improve the alerts\n\n## Notes\n\nNone.\n") == ["Improve the alerts"]


def test_a_heading_may_report_as_a_newspaper_does() -> None:
    """Who did it is named behind "by", which is no word of the task."""
    items = read(
        "## Resulting actions\n\n### 1) Alerts added by @kim\n\n### 2) Sheet created to work out how many we need `@bo`\n\nHow?\n"
    )
    assert [(i.text, i.owners, i.done) for i in items] == [
        ("Alerts added", ("@kim",), True),
        ("Sheet created to work out how many we need", ("@bo",), True),
    ]


def test_a_section_of_several_kinds_gives_its_items_none() -> None:
    """Its title announces measures; one kind alone is theirs."""
    items = read("## Corrective & Preventive Actions\n\n- **Rights:** Avoided giving any to all\n- Add an alert\n")
    assert [(item.type, item.done) for item in items] == [(None, True), (None, None)]


def test_what_others_are_to_do_is_none_of_our_actions() -> None:
    """A section for the community, or for customers, gives advice."""
    assert texts("## Community action items\n\nMoving to 2.7 removes the risk.\n\n- Upgrade your node\n") == []


def test_a_sentence_that_ends_in_a_colon_leads_to_the_lines_below_it() -> None:
    """Where they instruct; else they go on with the sentence."""
    head = "## Corrective and preventative measures\n\nI looked at all of it.\nThese are to stop it from recurring:\n"
    assert texts(f"{head}Add an alert for the disk.\nTest the failover.\n") == [
        "Add an alert for the disk.",
        "Test the failover.",
    ]
    assert texts(f"{head}setup-tool's cache is off.\n") == []


def test_what_is_said_beside_a_groups_initials_or_title_is_an_aside() -> None:
    """Whose the tasks are stands before it; a state in brackets is that of all of them, but for a ticked box."""
    items = read(
        "## Actions\n\n**KM (/BO helping)**\n- Add an alert\n\n**JD - next quarter**\n- Test it\n\n**DB - later**\n- Move it\n"
    )
    assert [item.owners for item in items] == [("KM",), ("JD",), ()]
    items = read("## Actions\n\n### Next month (to do)\n\n- Add an alert\n- [x] Test it\n")
    assert [item.done for item in items] == [False, True]


def test_the_title_of_a_todo_list_is_no_task() -> None:
    """The wishes beside the list are none either."""
    wishes = "**Improvements:**\n\n- **Alerts:** Have better ones\n\n"
    body = "**TODO List:**\n\n1. **Disk:** Add an alert\n2. A memo was sent out to all of us\n"
    items = read(f"**Corrective and Preventative Measures:**\n\n{wishes}{body}")
    assert [(item.title, item.done) for item in items] == [
        ("Disk", None),
        ("A memo was sent out to all of us", True),
    ]


def test_who_looked_into_the_incident_took_no_measure_by_it() -> None:
    """What leads to the measures may stand in a line with the first; they may be counted in words."""
    head = "## Corrective and preventative measures\n\nLast week we've conducted a thorough review of the outage. "
    lead = "The following are actions that we take to keep it away: "
    assert texts(f"{head}{lead}Test it first. It could have been fixed. Add a faster way back.\n") == [
        "Test it first. It could have been fixed.",
        "Add a faster way back.",
    ]
    assert texts(f"{head}{lead}\nFirst, test the disk\nSecondly, add an alert\n") == [
        "First, test the disk",
        "Secondly, add an alert",
    ]


def test_a_bullet_that_says_when_the_others_are_due_is_their_group() -> None:
    """However deep in the list of tasks it stands; a state in brackets may end in a full stop."""
    groups = "  - **Short-term:**\n    - Add an alert. (Completed.)\n  - **Long-term:**\n    - Test it\n"
    items = read(f"## Corrective measures\n\n- **Improvements:**\n  - Be better\n- **Tasks:**\n{groups}")
    assert [(item.text, item.done, item.parent) for item in items] == [
        ("Add an alert.", True, None),
        ("Test it", None, None),
    ]


def test_a_section_of_nothing_but_wishes_gives_way_to_the_list_of_tasks_behind_it() -> None:
    """Whatever the section itself is called."""
    tasks = "## Task list\n\n1. Add an alert\n2. Test the failover\n"
    assert texts(f"## Corrective and Preventative Actions\n\n### Improvements\n\n- Be better\n\n{tasks}") == TWO


def test_a_title_of_measures_within_a_paragraph_needs_no_colon() -> None:
    """Where it is written as titles are, on a line of its own; a sentence that wraps before those words is none."""
    body = "Cause: A disk.\nCorrective and Preventative Measures\nImprovements:\nBe better.\nTasks:\nAdd an alert\nTest the failover\n"
    assert texts(f"Root Cause\n{body}") == TWO
    assert (
        texts("Root Cause\nCause: It lacked all\ncorrective actions and then\nAdd an alert\nTest the failover\n") == []
    )


def test_what_was_allocated_or_scheduled_is_done() -> None:
    """The explanation behind a lead reports it."""
    items = read(
        "## Corrective actions\n\n- **Memory:** More memory was allocated\n- **Load:** Tests will be scheduled\n"
    )
    assert [item.done for item in items] == [True, None]
