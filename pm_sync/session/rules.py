"""Linting as the configuration says, of what a session read."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pm_sync import io
from pm_sync.errors import PmSyncError, WriteError
from pm_sync.levels import severity_name
from pm_sync.lint.catalog import RULES, Severity, find_rule
from pm_sync.lint.check import lint
from pm_sync.lint.fix import mend
from pm_sync.lint.problems import Linted, LintReport, make_report
from pm_sync.lint.subject import LintOptions
from pm_sync.model import Incident
from pm_sync.postmortem.options import ReadOptions
from pm_sync.session.session import Reading, Session
from pm_sync.sync.entries import Document
from pm_sync.workers import spread

if TYPE_CHECKING:
    from pm_sync.config import Config


def lint_reading(session: Session, reading: Reading, *, fix: bool = False) -> tuple[LintReport, Reading]:
    """Lint what was read, the mends written first where they are wanted; files that can't be written are errors."""
    errors: list[PmSyncError] = []
    mended = [_mend(session, document, errors) if fix else (document, 0) for document in reading.documents]
    linted = spread(partial(_lint, session), [document for document, _ in mended])
    fixed = sum(problems for _, problems in mended)
    return make_report(linted, fixed), replace(reading, errors=(*reading.errors, *errors))


def _lint(session: Session, document: Document) -> Linted:
    options = lint_options(session.config, document.postmortem.incident)
    return lint(document.postmortem, document.data, options)


def _mend(session: Session, document: Document, errors: list[PmSyncError]) -> tuple[Document, int]:
    """Write a document's sure mends, and count the problems that are gone by them."""

    def read(data: bytes) -> Document:
        return Document(session.read_postmortem(data, document.path), data)

    problems = _lint(session, document).problems
    mended = mend(document.postmortem, document.data, problems, lambda data: read(data).postmortem)
    if mended is None:
        return document, 0
    try:
        io.replace_file(session.root, document.path, mended.data, document.data)
    except WriteError as error:
        errors.append(error)
        return document, 0
    return read(mended.data), mended.problems


def lint_options(config: Config, incident: Incident) -> LintOptions:
    """What the rules are told about one postmortem."""
    sla = config.sla
    return LintOptions(
        severities=_severities(config),
        people=_people(config),
        due_by_priority=bool(sla.preset or sla.days),
        sections=_sections(config, incident),
        read=ReadOptions(config.sections.include, config.sections.exclude),
    )


def least(severity: str) -> Severity | None:
    """The severity that makes a run fail, from its word; None for ``never``."""
    return None if severity == "never" else Severity(severity)


def _severities(config: Config) -> dict[str, Severity]:
    """By the id of each rule that isn't off."""
    chosen = {rule.id: level for word, level in config.lint.rules.items() if (rule := find_rule(word))}
    levels = {rule.id: chosen.get(rule.id, rule.severity.value) for rule in RULES}
    return {rule: Severity(level) for rule, level in levels.items() if level != "off"}


def _people(config: Config) -> frozenset[str]:
    """Every name and account; empty where nobody is configured, as teams alone don't tell who else there is."""
    if not config.people:
        return frozenset()
    accounts = (account for person in config.people.values() for account in (person.github, person.jira) if account)
    return frozenset({*config.people, *accounts, *config.teams})


def _sections(config: Config, incident: Incident) -> tuple[str, ...]:
    named = {severity_name(severity): sections for severity, sections in config.lint.sections.items()}
    return tuple(named.get(severity_name(incident.severity), ())) if incident.severity else ()
