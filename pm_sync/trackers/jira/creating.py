"""Creating: many issues in one request, each with its mark inside, and each with its own result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct, field

from pm_sync.errors import AnswerLost, TrackerError
from pm_sync.trackers.jira.client import Client
from pm_sync.trackers.jira.drafting import Wish
from pm_sync.trackers.jira.failures import Rejected, messages, now_there
from pm_sync.trackers.jira.marks import PROPERTY, Marks

_MOST_DIGITS = 18
"""Of an issue's number, which is an integer of 64 bits."""


class Made(Struct, frozen=True):
    """An issue that a request created."""

    key: str
    created: datetime


class Creator(Struct):
    """Creates issues. The jira library's own way can't carry properties and asks for each issue afterwards."""

    client: Client
    marks: Marks
    keeps_properties: bool | None = None
    """Whether the server keeps the properties of a create; None as long as nobody knows."""
    ids: list[int] = field(default_factory=list)
    """Of all issues that answers named; those of which no answer says whose they are stand first."""

    def create(self, wishes: Sequence[Wish]) -> list[Made | TrackerError]:
        """Create an issue for each wish; one result for each, in order."""
        if self.keeps_properties is None and self.client.cloud:
            self.keeps_properties = True
        try:
            results = self._send(wishes)
        except TrackerError as error:
            return [error] * len(wishes)
        for wish, result in zip(wishes, results, strict=True):
            if isinstance(result, Made) and not (self.client.cloud and self.keeps_properties):
                self._make_sure(result.key, wish)
        return results

    def set_property(self, key: str, value: Mapping[str, object]) -> bool:
        """Write the mark's property by a call of its own. Returns whether there was none before.

        Raises:
            TrackerError: it can't be written.

        """
        return self.client.write("PUT", f"/issue/{key}/properties/{PROPERTY}", value).status == 201  # noqa: PLR2004

    def _send(self, wishes: Sequence[Wish]) -> list[Made | TrackerError]:
        try:
            reply = self.client.write("POST", "/issue/bulk", {"issueUpdates": [self._update(wish) for wish in wishes]})
        except Rejected as rejected:
            if self.keeps_properties is None and "propert" in rejected.what.lower():
                self.keeps_properties = False
                return self._send(wishes)
            return _all_failed(rejected, len(wishes))
        results = _results(reply.body, len(wishes), now_there(reply))
        ids = [number for number, _ in _named(reply.body) if number]
        self.ids = [*self.ids, *ids] if any(isinstance(result, Made) for result in results) else [*ids, *self.ids]
        return results

    def _update(self, wish: Wish) -> dict[str, Any]:
        if self.keeps_properties is False:
            return {"fields": wish.fields}
        properties = [{"key": PROPERTY, "value": self.marks.to_property(wish.note)}]
        return {"fields": wish.fields, "properties": properties}

    def _make_sure(self, key: str, wish: Wish) -> None:
        """See that the issue has its property; the first one also tells whether this server keeps them in creates.

        What fails here fails no create: the labels find the issue, and the next run sets what is missing.
        """
        if self.keeps_properties:
            return
        try:
            missing = self.set_property(key, self.marks.to_property(wish.note))
        except TrackerError as error:
            wish.notes.append(f"its mark is not whole yet, the next run completes it: {error.what}")
            return
        if self.keeps_properties is None:
            self.keeps_properties = not missing


def _results(body: Any, count: int, created: datetime) -> list[Made | TrackerError]:  # noqa: ANN401  as JSON is
    """One result for each wish: Jira names the failed ones by their places, and lists the made ones in order."""
    named, failed = _named(body), _errors(body)
    if len(named) + len(failed) != count or not failed.keys() <= set(range(count)):
        # Which is which nobody can tell, but their marks can.
        return [AnswerLost("Jira's answer does not say which issues it made") for _ in range(count)]
    made = iter(named)
    return [failed[at] if at in failed else Made(next(made)[1], created) for at in range(count)]


def _named(body: Any) -> list[tuple[int, str]]:  # noqa: ANN401  as JSON is
    """Number and key of each issue that an answer names; 0 where it tells no number."""
    issues = body.get("issues") if isinstance(body, Mapping) else None
    named: list[tuple[int, str]] = []
    for issue in issues if isinstance(issues, list) else ():
        match issue:
            case {"key": str(key)}:
                number = str(issue.get("id", ""))
                named.append((int(number) if number.isdecimal() and len(number) <= _MOST_DIGITS else 0, key))
    return named


def _all_failed(rejected: Rejected, count: int) -> list[Made | TrackerError]:
    failed = _errors(rejected.body)
    return [failed.get(at, rejected) for at in range(count)]


def _errors(body: Any) -> dict[int, TrackerError]:  # noqa: ANN401  as JSON is
    errors = body.get("errors") if isinstance(body, Mapping) else None
    failed: dict[int, TrackerError] = {}
    for error in errors if isinstance(errors, list) else ():
        match error:
            case {"failedElementNumber": int(at)}:
                failed[at] = _error(error)
    return failed


def _error(error: Mapping[str, Any]) -> TrackerError:
    said = messages(error.get("elementErrors")) or f"status {error.get('status', '?')}"
    return TrackerError(f"Jira refused it: {said}")
