"""Postmortems written as plain text: headings without a sign, no blank lines below them, bullets of a word processor."""

from __future__ import annotations

from datetime import date

import pytest

from pm_sync.markdown.edits import apply_edits
from pm_sync.model import ActionItem, State
from pm_sync.postmortem.read import read_postmortem
from pm_sync.postmortem.writeback import Progress, WriteBackOptions, check, item_edits


def read(body: str) -> list[ActionItem]:
    """The items of a file that is nothing but this."""
    return list(read_postmortem(body.encode(), "x.md").items)


def texts(body: str) -> list[str]:
    """Their texts."""
    return [item.text for item in read(body)]


TWO = ["Add an alert.", "Test the failover."]


@pytest.mark.parametrize(
    "body",
    [
        "Timeline:\n10:00 it broke\n\nCorrective measures:\nAdd an alert. Test the failover.\n\n![chart](a.png)\n",
        "Impact:\nNobody could pay.\nNext steps:\nAdd an alert.\nTest the failover.\nConclusion:\nWe should be glad.\n",
        "Cause: a full disk.\n\nPreventive measures:\nImprovements: be better.\nTasks:\nAdd an alert.\nTest the failover.\n",
        "Corrective measures\nImprovements:\nBetter alerts.\nTasks to address the issue:\n 1. Add an alert.\n 2. Test the failover.\n",
        "Corrective measures:\n\no\tAdd an alert.\n\no\tTest the failover.\n",
        "Preventive actions:\n\nAdd an alert.\nTest the failover.\n\nBy taking these measures we will sleep better.\n",
    ],
    ids=["sentences", "one-paragraph", "label-and-tasks", "label-over-list", "pasted-bullets", "line-by-line"],
)
def test_plain_text_gives_its_items(body: str) -> None:
    """Each of these says the same two tasks and nothing else that would be one."""
    assert texts(body) == TWO


def test_a_label_in_a_paragraph_keeps_the_places() -> None:
    """An item below a label inside a paragraph stands where its words stand."""
    source = "Impact:\nNone.\nNext steps:\nWe will add an alert.\n"
    (item,) = read(source)
    assert (item.line, source[item.span.start : item.span.end]) == (4, "We will add an alert.")


def test_labels_that_open_no_measures_leave_a_paragraph_whole() -> None:
    """Lines that name other sections are no reason to look for items."""
    assert texts("Impact:\nWe will see.\nRoot cause:\nThe disk should be larger.\n") == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("**Improvements/Fixes:**\n\n- Be better\n\n**Task list:**\n\n1. Add an alert.\n2. Test the failover.\n", TWO),
        (
            "### Improvements\n\n- Be better\n\n### Tasks\n\n1. **Now:**\n   - Add an alert.\n2. **Later:**\n   - Test the failover.\n",
            TWO,
        ),
    ],
    ids=["labels", "groups-below"],
)
def test_tasks_in_groups_of_their_own_still_outdo_the_wishes_beside_them(body: str, expected: list[str]) -> None:
    """Where the list of tasks stands, below a label or in groups, changes nothing about it."""
    head = "Corrective measures\n\n" if body.startswith("**") else "## Corrective measures\n\n"
    assert texts(head + body) == expected


@pytest.mark.parametrize(
    ("prose", "count"),
    [
        ("Ensuring that every change is tested. Adding a second line.", 2),
        ("Monitoring was slow. Testing showed nothing.", 0),
        ("All of the steps below should be taken. By implementing these measures we will be safer.", 0),
        ("Documentation: Update the guide.", 1),
        ("Then the team introduced a second line.", 1),
    ],
)
def test_sentences_that_name_a_measure_by_other_forms(prose: str, count: int) -> None:
    """A gerund and an instruction behind a lead name a measure; what speaks of measures is none."""
    assert len(texts(f"## Corrective measures\n\n{prose}\n")) == count


def test_looking_ahead_counts_only_where_nothing_is_listed() -> None:
    """The closing words of a postmortem with a list of measures add nothing to it."""
    listed = "## Impact\n\nAll.\n\n## Remediation\n\n- Add an alert\n\n## Moving forward\n\nWe will be better.\n"
    assert texts(listed) == ["Add an alert"]
    assert texts(listed.replace("## Remediation\n\n- Add an alert\n\n", "")) == ["We will be better."]


@pytest.mark.parametrize(
    ("body", "done"),
    [
        ("- Contacted the customers", True),
        ("- Runbook updated in the wiki", True),
        ("- Retries: Added a limit for each client", True),
        ("- Retries: the limit has now been configured", True),
        ("- Retries: the limit was exceeded", None),
        ("- Retries: the team will say what it has changed", None),
        ("**The following measures were implemented:**\n\n- Code review of each query", True),
    ],
)
def test_done_is_told_by_a_report(body: str, done: bool | None) -> None:
    """What is reported as done is done, in the item, behind its lead, or in the words above the list."""
    (item,) = read(f"# Outage\n\n## Corrective actions\n\n{body}\n")
    assert item.done is done


def test_things_above_a_list_own_nothing() -> None:
    """A word that begins with a capital is a name only if it can be one."""
    body = "## Actions\n\n**Options**\n\n- Add an alert\n\n**Anna**\n\n- Test the failover\n"
    assert [item.owners for item in read(body)] == [(), ("Anna",)]


RUN_ON = (
    "Timeline:\n- 10:00 it broke\nRoot cause:\nA full disk.\nNext steps:\n- Add an alert.\n- Test the failover.\n"
    "Conclusion:\nWe should be glad.\n"
)


def test_a_heading_below_a_bullet_is_none_of_its_words() -> None:
    """What Markdown takes for the last bullet's second line opens a section, or closes one."""
    items = read(RUN_ON)
    assert [(item.text, RUN_ON[item.span.start : item.span.end]) for item in items] == [
        ("Add an alert.", "- Add an alert."),
        ("Test the failover.", "- Test the failover."),
    ]


def test_an_annotation_stands_before_the_heading_below_a_bullet() -> None:
    """The link goes to the end of the bullet's own words."""
    before = read_postmortem(RUN_ON.encode(), "x.md")
    note = Progress("local#1", None, State.OPEN, control=False)
    after = apply_edits(RUN_ON.encode(), item_edits(RUN_ON.encode(), before.items[1], note, WriteBackOptions()))
    assert b"- Test the failover. (local#1, open)\nConclusion:" in after
    assert check(before, read_postmortem(after, "x.md"), {1: note}) is None


@pytest.mark.parametrize(
    "body",
    [
        "Next steps:\n-Add an alert.\n-Test the failover.\n",
        "Next steps:\n- Improvements: We were slow.\n- A list of tasks:\n- Add an alert.\n- Test the failover.\n",
        "Next steps:\n\n**To improve/fix:**\n- Be better\n\n**Tasks:**\n- Add an alert.\n- Test the failover.\n",
    ],
    ids=["no-blank", "labels-as-bullets", "to-improve"],
)
def test_bullets_as_they_are_typed(body: str) -> None:
    """A bullet may lack its blank, or hold the wishes behind its label."""
    assert texts(body) == TWO


def test_lines_without_a_stop_are_tasks_of_their_own() -> None:
    """Most lines begin with a verb: then they are a list, whatever one of them begins with."""
    body = "Impact:\nAll.\n\nPreventive measures:\n\nList of tasks\n\nRead the logs\nFix the query\nTest the failover\nthen\nClean the disk\nAdd an alert\n"
    assert texts(body) == [
        "Read the logs",
        "Fix the query",
        "Test the failover",
        "then",
        "Clean the disk",
        "Add an alert",
    ]


@pytest.mark.parametrize(
    "body",
    [
        "# Postmortem\n\nCorrective measures must contain:\n\n- Add an alert\n",
        "# Postmortem template\n\n## Action items\n\n- [ ] Add the follow-ups\n",
        "# How to write a postmortem\n\n## Next steps\n\n- Add the follow-ups\n",
        "# Outage: {service_name}\n\n## Action items\n\n- [ ] Tell the customers\n",
        "# Outage\n\n## Action items\n\n| Action | Owner |\n|---|---|\n| {action} | {name} |\n\n## Follow-up\n\n- [ ] Tell the customers\n",
    ],
    ids=["brief", "template", "guide", "title-left-open", "row-left-open"],
)
def test_what_a_postmortem_is_written_from_has_no_items(body: str) -> None:
    """Assignments, guides and templates ask for items, and hold none."""
    assert texts(body) == []


def test_a_task_that_leads_to_its_explanation_is_no_group() -> None:
    """Instruction or report before a colon: what is nested explains it, or is part of it."""
    items = read(
        "# Outage\n\n## Actions\n\n- Improve the alerts:\n  - disk\n  - memory\n- Guide updated:\n  - new page\n"
    )
    assert [(item.text, item.details, item.done) for item in items] == [
        ("Improve the alerts:", "disk\nmemory", None),
        ("Guide updated:", "new page", True),
    ]


def test_the_title_of_the_document_opens_no_section_beside_other_things() -> None:
    """A report's own title may name its measures among the rest; a title that is nothing else opens a section."""
    body = "# Incident report: root cause & remediation\n\n## Timeline\n\n- 10:00 it broke\n\n## Next steps\n\n- Add an alert.\n"
    assert texts(body) == ["Add an alert."]
    assert texts("# Action items\n\n- Add an alert.\n") == ["Add an alert."]


def test_what_one_does_and_does_not_is_advice() -> None:
    """Lists of what is good and bad practice hold no measures, and their signs say nothing about what was done."""
    body = "## Prevention\n\n**DO:**\n- ✅ Keep it simple\n\n**DON'T:**\n- ❌ Deploy on Fridays\n\n### Monitoring\n\n- [ ] Add an alert.\n"
    assert texts(f"# Outage\n\n{body}") == ["Add an alert."]


def test_a_label_may_lead_on_to_its_list() -> None:
    """Words between a label and the colon at the line's end are no task, and the lines below are."""
    body = "Impact:\nAll.\nCorrective actions: we decided on two things:\nAlerts: Add an alert.\nFailover: Test it.\nOutcome:\nFine.\n"
    assert texts(body) == ["Alerts: Add an alert.", "Failover: Test it."]


def test_a_sentence_that_shouts_says_nothing_about_its_state() -> None:
    """Only a lone word in capitals at the end is a state."""
    shouting, lone = read(
        "# Outage\n\n## Actions\n\n- Have it REVIEWED BEFORE IT IS MERGED\n- Have it reviewed MERGED\n"
    )
    assert (shouting.text, shouting.done) == ("Have it REVIEWED BEFORE IT IS MERGED", None)
    assert lone.done is True


def test_labels_with_values_below_an_item_are_no_subtasks() -> None:
    """A nested form explains its item, even where one of its labels is a word for a task."""
    (item,) = read("# Outage\n\n## Actions\n\n- Disk alarm\n  - Threshold: 80%\n  - Action: Email the owner\n")
    assert item.text == "Disk alarm"


def test_a_reference_the_sentence_is_about_stays_in_it() -> None:
    """Without its ticket, "Respond to Zendesk ticket #8" says nothing; "…, ticket #8" only tells where it's kept."""
    items = read(
        "# Outage\n\n## Future precautions\n\n"
        "- Respond to Zendesk ticket #8\n- Merge PR #9\n- Look into bug #10\n- Add an alert, ticket #11\n"
    )
    assert [(item.text, [link.ref for link in item.links]) for item in items] == [
        ("Respond to Zendesk ticket #8", ["#8"]),
        ("Merge PR #9", ["#9"]),
        ("Look into bug #10", ["#10"]),
        ("Add an alert", ["#11"]),
    ]


def test_what_is_still_open_is_what_is_to_be_done() -> None:
    """A section of what is left holds tasks."""
    assert texts("# Outage\n\n## Still open (content work)\n\n- Confirm that both are wanted.\n") == [
        "Confirm that both are wanted."
    ]


def test_a_verb_that_is_a_noun_as_well_may_head_a_group() -> None:
    """Over tasks, "Patch governance:" is a group's title; "Test the restore:", or a label over a remark, is a task."""
    items = read(
        "# Outage\n\n## Preventive actions\n\n1. Patch governance:\n   - Enforce the reboots.\n2. Alerts:\n   - Add an alert.\n"
        "3. Test the restore:\n   - Add a job for it.\n4. Test restore:\n   - weekly\n\nTarget:\n- Implement by checkpoint 6/19\n"
    )
    assert [(item.text, item.parent) for item in items] == [
        ("Enforce the reboots.", None),
        ("Add an alert.", None),
        ("Test the restore:", None),
        ("Add a job for it.", 2),
        ("Test restore:", None),
    ]


def test_a_regret_is_no_measure() -> None:
    """What should have been done was not, and is not asked for."""
    body = "A second disk should have been there all along. Backups should have been tested. Every service should have an owner."
    assert texts(f"# Outage\n\n## What we're doing about it\n\n{body}\n") == ["Every service should have an owner."]


def test_a_runbook_for_incidents_is_none() -> None:
    """It tells what to do after any of them."""
    assert texts("# Incident runbook: Builds\n\n## Post-incident actions\n\n1. Update the monitoring\n") == []


def test_headings_without_a_blank_behind_their_sign_are_headings() -> None:
    """``##Action items`` is one to the eye, though not to Markdown."""
    body = "##Impact\n- All.\n\n##Action items\n- Add an alert.\n\n##Epilogue: \nAdd a tale.\n\n##Corrective measures\nTest the backups.\n"
    assert texts(f"# Outage\n\n{body}") == ["Add an alert.", "Test the backups."]


def test_words_in_conclusion_are_none() -> None:
    """What closes a report after its tasks speaks of them, or of the report."""
    body = "Tasks:\n\nAdd an alert.\n\nBy taking these measures, we aim to improve.\n\nThis postmortem shows what was done.\n\nIn conclusion, a typo was corrected.\n"
    assert texts(f"# Outage\n\n## Corrective measures\n\n{body}") == ["Add an alert."]


def test_a_line_of_its_own_may_lead_on_from_its_label() -> None:
    """The list follows in the next paragraph, up to the label that its last line is."""
    body = (
        "Corrective measures: To prevent this, we will take the following measures:\n\nHandle all bugs\nIncrease monitoring.\n"
        "Specific tasks to address the issue include:\n\nReview the process.\n"
    )
    assert texts(f"Postmortem\n\nRoot cause: a clash.\n\n{body}") == ["Review the process."]


def test_a_bullet_may_begin_with_a_heading_to_the_eye() -> None:
    """The words below it are a measure."""
    body = "- Corrective Actions\n  The environments were configured with Docker.\n\n- Preventive measures:\n  - Add an alert.\n"
    items = read(f"# Outage\n\n## Corrective and preventive measures\n\n{body}")
    assert [(item.text, item.done) for item in items] == [
        ("The environments were configured with Docker.", True),
        ("Add an alert.", None),
    ]


def test_what_stands_below_a_bold_measure_with_its_owner_explains_it() -> None:
    """Sentences that would be measures by themselves belong to the title above them."""
    body = "**1. Mandatory verification**\nOwner: Platform Lead, in coordination with Sales | Deadline: 2024-05-01\n\nAll scripts must verify it.\n\n**2. Larger tests**\nOwner: Jane\n\nProvision an environment.\n"
    items = read(f"# Outage\n\n## What we're changing\n\n{body}")
    assert [(item.text, item.owners, item.details) for item in items] == [
        ("Mandatory verification", ("Platform Lead",), "All scripts must verify it."),
        ("Larger tests", ("Jane",), "Provision an environment."),
    ]


def test_what_is_being_done_now_is_not_done() -> None:
    """The words "are now working" tell of work that goes on."""
    (item,) = read("# Outage\n\n## Next steps\n\n- The team is now working on a new set of disks.\n")
    assert item.done is None


def test_a_heading_with_a_priority_over_tasks_heads_their_group() -> None:
    """The tasks have its priority; a heading worded as a task is one, whatever is listed below it."""
    body = "### Readiness (P2)\n\n- Formalising a runbook\n- Drill it\n\n### Add probes (P1)\n\n- for all services\n"
    items = read(f"# Outage\n\n## What we are doing to prevent recurrence\n\n{body}")
    assert [(item.text, item.priority) for item in items] == [
        ("Formalising a runbook", "P2"),
        ("Drill it", "P2"),
        ("Add probes", "P1"),
    ]


def test_a_sign_with_its_meaning_in_words_tells_the_state() -> None:
    """Signs are as often followed by a word as not; a word that means nothing leaves the sign in the text."""
    items = read(
        "# Outage\n\n## Action items\n\n- Add an alert ✅ done\n- Test it ⬜ pending\n- Page us 🔴 High\n- Show a ✅ when tested\n"
    )
    assert [(item.text, item.done, item.priority) for item in items] == [
        ("Add an alert", True, None),
        ("Test it", False, None),
        ("Page us", None, "High"),
        ("Show a ✅ when tested", None, None),
    ]


def test_a_group_in_a_group_has_the_priority_of_both() -> None:
    """A label below a heading that says how urgent its tasks are doesn't hide it."""
    body = "### Immediate (Priority: CRITICAL)\n\n1. **Model evaluation**\n   - Train a model\n2. Add an alert\n"
    items = read(f"# Outage\n\n## Next steps\n\n{body}")
    assert [(item.text, item.priority) for item in items] == [
        ("Train a model", "CRITICAL"),
        ("Add an alert", "CRITICAL"),
    ]


INDENTED = """Outage of the shop

Corrective and Preventative Measures:

    Improvements/Fixes:
        Look closer at the limits.
        Have better alerts.

    Tasks:

        Limit Review:
            Task: Audit the limits.
            Deadline: May 2, 2024.

        Alerting:
            Task: Add an alert for them.
            Deadline: May 4, 2024.

Conclusion:
We will do better.
"""


@pytest.mark.parametrize("text", [INDENTED, INDENTED.replace("\n", "\r\n"), INDENTED.replace("    ", "\t")])
def test_what_is_indented_below_a_label_is_text_in_a_file_of_plain_text(text: str) -> None:
    """To Markdown it is code; a record's title only says what the record is called."""
    items = read_postmortem(text.encode(), "x.md").items
    assert [(i.text, i.due, i.line) for i in items] == [
        ("Audit the limits.", date(2024, 5, 2), 12),
        ("Add an alert for them.", date(2024, 5, 4), 16),
    ]
    data = text.encode()
    assert [data[i.span.start : i.span.end].split(b":")[0] for i in items] == [b"Task", b"Task"]


def test_what_is_indented_below_a_label_is_code_where_anything_is_marked_up() -> None:
    """Whoever writes Markdown means code by it."""
    assert read_postmortem(b"# Outage\n\n## Tasks\n\nRun this:\n\n    Add a disk\n", "x.md").items == ()
