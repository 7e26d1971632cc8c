"""Rules about action items."""

from __future__ import annotations

import pytest

from tests.unit.lint.support import HEAD, WHOLE, item, messages, places

LINK = "([#12](https://github.com/acme/infra/issues/12))"


@pytest.mark.parametrize(
    "text",
    [
        "- [ ] Renew it (owner: Jane)",
        "- [ ] Renew it @jane",
        "- [x] Renew it",
        f"- [ ] Renew it {LINK}",
        "- [ ] Renew it (local#3, open)",
        "**Jane**\n\n- Renew it",
        "| Action | Team |\n|---|---|\n| Renew it | Storage |",
        "- [ ] Renew it @jane\n  - [ ] Order the certificate",
        "- [ ] Renew it\n  - [ ] Order the certificate @jane\n  - [ ] Install it @ravi",
    ],
)
def test_owned(text: str) -> None:
    """Somebody is named at the item, above it or at each of its parts; or nobody is needed; or the issue knows."""
    assert messages("no-owner", f"{HEAD}{text}\n") == []


def test_not_owned() -> None:
    """A part without an owner leaves its whole without one too."""
    text = f"{HEAD}- [ ] Renew it\n  - [ ] Order the certificate @jane\n  - [ ] Install it\n"
    assert places("no-owner", text) == [(5, 1), (7, 3)]


def test_a_due_date_must_be_a_day() -> None:
    """What is written there is shown."""
    assert messages("no-due-date", f"{HEAD}- [ ] Renew it (due: end of sprint)\n") == [
        "“Renew it”: “end of sprint” is no day; write it as YYYY-MM-DD"
    ]


@pytest.mark.parametrize("text", ["(deferred until 2027-01-01: no staff)", LINK, "(due: 2026-05-01)"])
def test_due_dates(text: str) -> None:
    """A day, a deferral, or somebody else's issue."""
    assert messages("no-due-date", f"{HEAD}- [ ] Renew it {text}\n") == []


def test_our_own_issue_has_its_due_date_from_here() -> None:
    """An annotation alone leaves due date and priority to the postmortem, but not the owner."""
    text = f"{HEAD}- [ ] Renew it (local#3, open)\n"
    assert (places("no-due-date", text), places("no-priority", text), places("no-owner", text)) == (
        [(5, 1)],
        [(5, 1)],
        [],
    )


def test_an_sla_gives_due_dates() -> None:
    """Then none is missing."""
    assert messages("no-due-date", f"{HEAD}- [ ] Renew it\n", due_by_priority=True) == []


@pytest.mark.parametrize(
    "text",
    [
        "Improve monitoring",
        "We should improve our testing and documentation.",
        "Increase test coverage",
        "Better communication between teams",
        "Be more careful when deploying to production",
        "Pay more attention to the alerts of node 7",
        "Make sure this doesn't happen again",
        "Monitoring verbessern",
        "Améliorer la surveillance",
        "Mejorar el monitoreo de nuestros sistemas",
        "Улучшить мониторинг",
        "加强监控",
        "監視を強化する",
        "모니터링 강화",
    ],
)
def test_vague(text: str) -> None:
    """Nobody could tell whether it was done."""
    assert places("vague-wording", item(text)) == [(5, 1)]


@pytest.mark.parametrize(
    "text",
    [
        "Improve monitoring of disk usage on the database hosts",
        "Improve monitoring: alert at 80 % of the disk",
        "Increase the timeout to 30 s",
        "Add monitoring for certificate expiry",
        "Review the firewall rules",
        "Document the rollover process",
        "Make the health check careful about redirects",
        "提高连接池上限到 200",
    ],
)
def test_concrete(text: str) -> None:
    """There is something in it that can be looked up."""
    assert places("vague-wording", item(text)) == []


def test_details_make_an_item_concrete() -> None:
    """What is nested below it says how."""
    assert places("vague-wording", item("Improve monitoring", after="  - [ ] Alert at 80 % of the disk @jane\n")) == []
    assert places("vague-wording", item("Improve monitoring", after="\n  We will alert at 80 % of the disk.\n")) == []


def test_done_items_were_concrete_enough() -> None:
    """Nobody rewords the past."""
    assert places("vague-wording", f"{HEAD}- [x] Improve monitoring {LINK}\n") == []


def test_promises_beside_the_items_are_vague_too() -> None:
    """A section of measures in which a list of tasks stands beside prose."""
    text = f"# Outage\n\n## Corrective measures\n\n**Improvements:**\n\nWe will be more careful.\n\n**Tasks:**\n\n- Renew it {WHOLE}\n"
    assert places("vague-wording", text) == [(7, 1)]


def test_care_outside_the_measures_is_nobodys_business() -> None:
    """Lessons may say whatever they want."""
    assert places("vague-wording", item("Renew it", after="\n## Lessons learned\n\nBe more careful.\n")) == []


def test_duplicates_name_the_first() -> None:
    """Markup, case and fields don't tell two items apart."""
    text = f"{HEAD}- Renew the *certificate* (owner: Jane)\n- Renew the certificate. (owner: Ravi)\n"
    assert messages("duplicate-item", text) == ["“Renew the certificate.”: line 5 says the same; keep one of them"]


def test_parts_of_different_items_may_be_called_alike() -> None:
    """Each belongs to what it is a part of."""
    text = f"{HEAD}- Move the shop\n  - [ ] Write a test\n- Move the mail\n  - [ ] Write a test\n"
    assert messages("duplicate-item", text) == []


def test_what_the_reader_took_for_a_repetition_is_told() -> None:
    """Its writer may have meant another one, which would be missed."""
    text = f"{HEAD}### Short term\n\n- Write a test\n\n### Long term\n\n- Write a test\n"
    assert places("duplicate-item", text) == [(11, 1)]


@pytest.mark.parametrize(
    ("items", "found"),
    [
        ("- Add an alert for expiry\n- Document the renewal\n", 1),
        ("- Monitor expiry\n", 1),
        ("- Add an alert for expiry\n- Renew certificates automatically\n", 0),
        ("- Add an alert to prevent expiry\n", 0),
        ("- Add a test for expiry\n", 0),
        ("- Move to another provider\n", 0),
        ("### Prevention\n\n- Monitor expiry\n", 0),
    ],
)
def test_prevention(items: str, found: int) -> None:
    """Said only where each item is known to be of another kind."""
    assert len(places("no-preventive-item", HEAD + items)) == found


@pytest.mark.parametrize("text", [LINK, "(local#3, done 2026-05-01)", "#12"])
def test_done_with_a_link(text: str) -> None:
    """Any reference shows what was done."""
    assert places("done-without-link", f"{HEAD}- [x] Renew it {text}\n") == []


def test_a_linked_item_speaks_for_its_parts() -> None:
    """Its issue shows them all."""
    assert places("done-without-link", f"{HEAD}- [x] Renew it {LINK}\n  - [x] Order the certificate\n") == []


def test_dropped_items_need_no_proof() -> None:
    """Nothing was done."""
    text = f"{HEAD}| Action | Status |\n|---|---|\n| Renew it | Won't do |\n"
    assert places("done-without-link", text) == []


@pytest.mark.parametrize("owner", ["Jane", "jane", "@jane-acme", "jane@example.com", "Jané"])
def test_known_people(owner: str) -> None:
    """By name or account, whatever the case and the accents."""
    people = frozenset({"Jane", "jane-acme", "jane@example.com"})
    assert messages("unknown-person", f"{HEAD}- Renew it (owner: {owner})\n", people=people) == []


def test_unknown_people() -> None:
    """Each of several owners is looked at."""
    text = f"{HEAD}- Renew it (owner: Jane, Jnae)\n"
    assert messages("unknown-person", text.replace(", Jnae", " and Jnae"), people=frozenset({"Jane"})) == [
        "“Renew it”: “Jnae” is none of the people and teams in the configuration"
    ]
    assert messages("unknown-person", text) == []
