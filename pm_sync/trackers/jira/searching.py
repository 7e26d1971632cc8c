"""Jira's search and its reading by keys, whose ways differ between Cloud and Data Center."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pm_sync.errors import NotFound, TrackerError
from pm_sync.trackers.jira import jql
from pm_sync.trackers.jira.answers import total_of, understood
from pm_sync.trackers.jira.client import Client
from pm_sync.trackers.jira.connection import Query
from pm_sync.trackers.jira.marks import PROPERTY
from pm_sync.trackers.jira.records import FIELDS, Record, from_json

_CLOUD_PAGE = 100
_IDS_PAGE = 5000
"""What Cloud gives at once where only keys are asked for."""
_DATA_CENTER_PAGE = 1000
"""Data Center's usual limit; one that has a lower one gives less and is asked on."""
_BULKFETCH = 100
_RECONCILED = 50
"""Issues that Cloud's search brings up to date at once."""


class Search:
    """Finds issues, page by page."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def issues(self, question: str) -> list[Record]:
        """All issues that a question finds, with everything we want to know of them.

        Raises:
            TrackerError: the search fails.

        """
        found = self._client.either(
            lambda: list(self._cloud(question, FIELDS, _CLOUD_PAGE)), lambda: list(self._data_center(question))
        )
        return [from_json(data) for data in found]

    def marked(self, question: str, fresh: Sequence[int] = ()) -> list[tuple[str, Any]]:
        """Key and mark's property of all issues that a question finds.

        Args:
            question: What to search for.
            fresh: Issues by their numbers, of which the first ones are found however far Cloud's index is behind.

        Raises:
            TrackerError: the search fails.

        """
        found = self._client.either(
            lambda: list(self._cloud(question, ("id", "key"), _IDS_PAGE, fresh[:_RECONCILED])),
            lambda: list(self._data_center(question, ("labels",))),
        )
        with understood("result of a search"):
            return [(str(data["key"]), (data.get("properties") or {}).get(PROPERTY)) for data in found]

    def first(self, question: str) -> str | None:
        """The key of one issue that a question finds, if there is any.

        Raises:
            TrackerError: the search fails.

        """
        found = self._client.either(
            lambda: next(self._cloud(question, ("id", "key"), 1), None),
            lambda: next(self._data_center(question, ("labels",), size=1), None),
        )
        return None if found is None else str(found.get("key"))

    def by_keys(self, keys: Sequence[str]) -> tuple[list[Record], dict[str, str]]:
        """The issues of these keys, moved ones under their new key; and why some could not be read.

        Raises:
            TrackerError: nothing can be read.

        """
        return self._client.either(lambda: self._fetch(keys), lambda: self._pick(keys))

    def one(self, key: str) -> Record | None:
        """One issue, under its new key if it was moved; None where there is none for us.

        Raises:
            TrackerError: it can't be had.

        """
        query = {"fields": ",".join(FIELDS), "properties": PROPERTY}
        try:
            return from_json(self._client.get(f"/issue/{key}", query))
        except NotFound:
            return None

    def property_of(self, key: str) -> Any:  # noqa: ANN401  as JSON is
        """The mark's property of one issue, None where there is none.

        Raises:
            TrackerError: it can't be had.

        """
        try:
            answer = self._client.get(f"/issue/{key}/properties/{PROPERTY}")
        except NotFound:
            return None
        return answer.get("value") if isinstance(answer, dict) else None

    def _cloud(
        self, question: str, fields: Sequence[str], size: int, fresh: Sequence[int] = ()
    ) -> Iterator[dict[str, Any]]:
        body = {"jql": question, "fields": list(fields), "properties": [PROPERTY], "maxResults": size}
        body |= {"reconcileIssues": list(fresh)} if fresh else {}
        while True:
            page = self._client.ask_cloud("/search/jql", body)
            yield from _issues(page)
            token = page.get("nextPageToken")
            if not token or page.get("isLast"):
                return
            body = {**body, "nextPageToken": token}

    def _data_center(
        self, question: str, fields: Sequence[str] = FIELDS, *, strict: bool = True, size: int = _DATA_CENTER_PAGE
    ) -> Iterator[dict[str, Any]]:
        start = 0
        while True:
            query: Query = {
                "jql": f"{question} ORDER BY key",
                "startAt": start,
                "maxResults": size,
                "fields": ",".join(fields),
                "properties": PROPERTY,
                "validateQuery": str(strict).lower(),
            }
            page = self._client.get_from_data_center("/search", query)
            issues = _issues(page)
            yield from issues
            start += len(issues)
            if not issues or start >= total_of(page):
                return

    def _fetch(self, keys: Sequence[str]) -> tuple[list[Record], dict[str, str]]:
        records: list[Record] = []
        failed: dict[str, str] = {}
        for chunk in jql.chunks(keys, _BULKFETCH):
            body = {"issueIdsOrKeys": chunk, "fields": list(FIELDS), "properties": [PROPERTY]}
            answer = self._client.ask_cloud("/issue/bulkfetch", body)
            records += [from_json(data) for data in _issues(answer)]
            with understood("list of issues"):
                for error in answer.get("issueErrors") or ():
                    failed[str(error.get("id"))] = str(error.get("errorMessage", "Jira could not read it"))
        return records, failed

    def _pick(self, keys: Sequence[str]) -> tuple[list[Record], dict[str, str]]:
        """By a search, which may lag behind and hides what was moved; so what it lacks is asked for one by one."""
        records: list[Record] = []
        for chunk in jql.chunks(keys):
            # One key that there isn't would make a strict search fail for all.
            records += [from_json(data) for data in self._data_center(jql.with_keys(chunk), strict=False)]
        found = {record.key for record in records}
        failed: dict[str, str] = {}
        for key in keys:
            if key in found:
                continue
            try:
                record = self.one(key)
            except TrackerError as error:
                failed[key] = str(error)
                continue
            if record is not None:
                records.append(record)
        return records, failed


def _issues(page: Any) -> list[dict[str, Any]]:  # noqa: ANN401  as JSON is
    issues = page.get("issues") if isinstance(page, dict) else None
    if not isinstance(issues, list):
        raise TrackerError("the server's answer is no result of a search")
    return issues
