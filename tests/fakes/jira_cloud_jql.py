"""The questions that the Cloud fake understands; any other is refused, as a Jira would, instead of guessed at."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

Predicate = Callable[["Indexed"], bool]
_TOKEN = re.compile(r'\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<sign>!=|>=|[=(),])|(?P<word>[\w.-]+))')


@dataclass(frozen=True, slots=True)
class Indexed:
    """What the search index holds of an issue."""

    project: str
    key: str
    labels: frozenset[str]
    category: str
    created: datetime


class BadQuestionError(Exception):
    """The text is what Jira says."""


def predicate(question: str, projects: frozenset[str], now: datetime) -> Predicate:
    """Understand a question.

    Raises:
        BadQuestionError: it is none that this fake knows.

    """
    parser = _Parser(list(_tokens(question)), projects, now)
    found = parser.either()
    parser.order()
    parser.end()
    return found


def _tokens(question: str) -> Iterator[str]:
    at = 0
    while at < len(question.rstrip()):
        match = _TOKEN.match(question, at)
        if match is None:
            raise BadQuestionError(
                f"Error in the JQL Query: The character '{question[at]}' is a reserved JQL character."
            )
        yield match.group().strip()
        at = match.end()


class _Parser:
    def __init__(self, tokens: list[str], projects: frozenset[str], now: datetime) -> None:
        self._tokens, self._projects, self._now = tokens, projects, now

    def either(self) -> Predicate:
        parts = [self._all()]
        while self._take("OR"):
            parts.append(self._all())
        return lambda issue: any(part(issue) for part in parts)

    def order(self) -> None:
        """By creation, which is the order of keys too, and the one that issues are in anyway."""
        if self._take("ORDER"):
            self._expect("BY")
            if self._next() not in ("created", "key") or not self._take("ASC"):
                raise BadQuestionError("Error in the JQL Query: this order is not known here.")

    def end(self) -> None:
        if self._tokens:
            raise BadQuestionError(
                f"Error in the JQL Query: Expecting either 'OR' or 'AND' but got '{self._tokens[0]}'."
            )

    def _all(self) -> Predicate:
        parts = [self._one()]
        while self._take("AND"):
            parts.append(self._one())
        return lambda issue: all(part(issue) for part in parts)

    def _one(self) -> Predicate:
        if self._take("("):
            inner = self.either()
            self._expect(")")
            return inner
        field, sign = self._next(), self._next()
        match field, sign:
            case "project", "=":
                return self._project(self._value())
            case "labels", "=":
                label = self._value()
                return lambda issue: label in issue.labels
            case "labels", "in":
                labels = frozenset(self._values())
                return lambda issue: bool(labels & issue.labels)
            case "statusCategory", "!=":
                category = self._value().lower()
                return lambda issue: issue.category != category
            case "created", ">=":
                return self._created(self._value())
            case _:
                raise BadQuestionError(f"Field '{field}' does not exist or you do not have permission to view it.")

    def _project(self, key: str) -> Predicate:
        if key not in self._projects:
            raise BadQuestionError(f"The value '{key}' does not exist for the field 'project'.")
        return lambda issue: issue.project == key

    def _created(self, value: str) -> Predicate:
        match = re.fullmatch(r"-(\d+)m", value)
        if match is None:
            raise BadQuestionError(f"Date value '{value}' for field 'created' is invalid.")
        since = self._now - timedelta(minutes=int(match[1]))
        return lambda issue: issue.created >= since

    def _values(self) -> Iterator[str]:
        self._expect("(")
        yield self._value()
        while self._take(","):
            yield self._value()
        self._expect(")")

    def _value(self) -> str:
        return self._next().strip('"')

    def _next(self) -> str:
        if not self._tokens:
            raise BadQuestionError("Error in the JQL Query: it ends too early.")
        return self._tokens.pop(0)

    def _take(self, token: str) -> bool:
        if self._tokens and self._tokens[0].upper() == token:
            self._tokens.pop(0)
            return True
        return False

    def _expect(self, token: str) -> None:
        if not self._take(token):
            raise BadQuestionError(f"Error in the JQL Query: Expecting '{token}'.")
