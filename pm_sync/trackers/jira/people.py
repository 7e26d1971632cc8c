"""Who can be assigned: from an address or account in the configuration to a user of Jira's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from pm_sync.errors import AccessDenied, NotFound
from pm_sync.trackers.jira.answers import understood
from pm_sync.trackers.jira.client import Client
from pm_sync.trackers.jira.connection import Query
from pm_sync.trackers.jira.records import person

_ACCOUNT_ID = re.compile(r"[0-9a-f]{24}|\d+:[0-9a-f-]{36}|qm:.+")
"""How Cloud's account ids look."""


class User(Struct, frozen=True):
    """Somebody who can be assigned in the project."""

    value: Mapping[str, str]
    """What Jira wants in a user's place."""
    shown: str


class People(Struct):
    """Looks people up, each once."""

    client: Client
    project: str
    _known: dict[str, User | None] = field(default_factory=dict)

    def find(self, account: str) -> User | None:
        """The user with this address, login or id, if the project's issues can be assigned to them.

        Raises:
            TrackerError: Jira can't be asked.

        """
        folded = account.casefold()
        if folded not in self._known:
            self._known[folded] = self._look_up(account)
        return self._known[folded]

    def value(self, account: str) -> Mapping[str, str] | None:
        """The same as Jira wants it in a field.

        Raises:
            TrackerError: Jira can't be asked.

        """
        user = self.find(account)
        return user.value if user else None

    def _look_up(self, account: str) -> User | None:
        name = ("accountId" if _ACCOUNT_ID.fullmatch(account) else "query") if self.client.cloud else "username"
        query: Query = {"project": self.project, name: account, "maxResults": 50}
        try:
            users = self.client.get("/user/assignable/search", query)
        except (NotFound, AccessDenied):
            return None
        with understood("list of people"):
            exact = [user for user in users if _is(user, account)]
            # Cloud finds people by an address that it may not show: then the only one found is who was meant.
            chosen = exact[0] if exact else users[0] if len(users) == 1 and self.client.cloud else None
            return _user(chosen, cloud=self.client.cloud) if chosen else None


def _is(user: Mapping[str, Any], account: str) -> bool:
    names = (user.get(name) for name in ("emailAddress", "name", "key", "accountId", "displayName"))
    return account.casefold() in {str(name).casefold() for name in names if name}


def _user(user: Mapping[str, Any], *, cloud: bool) -> User:
    value = {"accountId": str(user["accountId"])} if cloud else {"name": str(user["name"])}
    return User(value, person(user))
