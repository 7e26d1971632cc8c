"""What the configuration tells the rules."""

from __future__ import annotations

import pytest

from pm_sync.config import parse_config
from pm_sync.errors import ConfigError
from pm_sync.lint.catalog import RULES, Severity
from pm_sync.session.rules import least, lint_options
from tests.factories import incident


def test_without_configuration_every_rule_weighs_its_own() -> None:
    """And grave incidents need their sections."""
    options = lint_options(parse_config("version: 1"), incident(severity="Critical (everything down)"))
    assert options.severities == {rule.id: rule.severity for rule in RULES}
    assert options.sections == ("impact", "timeline", "root-cause")
    assert (options.people, options.due_by_priority) == (frozenset(), False)


def test_rules_are_set_by_id_or_name() -> None:
    """In any case; what is off isn't there."""
    options = lint_options(parse_config("lint: {rules: {pm005: error, No-Priority: off}}"), incident())
    assert options.severities["PM005"] is Severity.ERROR
    assert "PM007" not in options.severities
    assert len(options.severities) == len(RULES) - 1


@pytest.mark.parametrize(("severity", "sections"), [("sev-2", ("lessons",)), ("SEV3", ()), (None, ())])
def test_sections_by_severity(severity: str | None, sections: tuple[str, ...]) -> None:
    """However it is written; a table of one's own replaces ours."""
    config = parse_config("lint: {sections: {Severity 2: [lessons]}}")
    assert lint_options(config, incident(severity=severity)).sections == sections


def test_people_are_known_by_all_their_names() -> None:
    """Teams count as well, but alone they don't tell who else there is."""
    config = parse_config("people: {Jane: {github: jane-acme, jira: j@example.com}}\nteams: {Storage: team-storage}")
    assert lint_options(config, incident()).people == {"Jane", "jane-acme", "j@example.com", "Storage"}
    assert lint_options(parse_config("teams: {Storage: team-storage}"), incident()).people == frozenset()


@pytest.mark.parametrize("sla", ["preset: gitlab", "P1: 14d", "default: 30d"])
def test_an_sla_gives_due_dates(sla: str) -> None:
    """Whichever way it is configured."""
    assert lint_options(parse_config(f"sla: {{{sla}}}"), incident()).due_by_priority


def test_headings_of_ones_own_are_read_as_the_reader_reads_them() -> None:
    """Else a section that was read would be said to be missing."""
    options = lint_options(parse_config("sections: {include: [Homework], exclude: [Ideas]}"), incident())
    assert (options.read.include, options.read.exclude) == (("Homework",), ("Ideas",))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("lint: {rules: {no-ower: off}}", "there is no rule 'no-ower'; did you mean 'no-owner'?"),
        ("lint: {rules: {no-owner: fatal}}", "must be 'off', 'note', 'warning' or 'error', not 'fatal'"),
        ("lint: {fail_on: errors}", "did you mean 'error'?"),
        ("lint: {sections: {SEV1: [timelin]}}", "did you mean 'timeline'?"),
    ],
)
def test_mistakes_have_their_place(text: str, message: str) -> None:
    """And the word that may be meant."""
    with pytest.raises(ConfigError) as caught:
        parse_config(text)
    assert str(caught.value).startswith("pm-sync.yaml:1:")
    assert message in str(caught.value)


def test_never_is_no_severity() -> None:
    """Nothing fails then."""
    assert (least("never"), least("note")) == (None, Severity.NOTE)
