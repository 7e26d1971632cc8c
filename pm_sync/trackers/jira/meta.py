"""What Jira wants to know of a new issue: types and fields, as its own metadata tell."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct, field

from pm_sync.errors import NotFound, TrackerError
from pm_sync.trackers.jira.answers import total_of, understood
from pm_sync.trackers.jira.client import Client
from pm_sync.trackers.jira.records import Type, type_from

_PAGE = 200
_METADATA = "metadata of issues"
_EPIC_LINK = "gh-epic-link"


class Field(Struct, frozen=True):
    """One field of a form."""

    id: str
    name: str
    required: bool
    """It must be given: there is no value that Jira would take instead."""
    type: str
    """``string``, ``number``, ``date``, ``option``, ``user``, ``array``, ``option-with-child``, …."""
    items: str
    """What an array holds."""
    custom: str
    """The kind of a custom field; empty for a field of Jira's own."""
    allowed: tuple[Mapping[str, Any], ...]
    """The values there are, where Jira lists them."""
    default: Any = None

    @property
    def is_epic_link(self) -> bool:
        """Whether it holds the epic, on Data Center."""
        return self.custom.endswith(_EPIC_LINK)

    @property
    def names(self) -> tuple[str, ...]:
        """What the values there are are called."""
        return tuple(called(value) for value in self.allowed)


class Form(Struct, frozen=True):
    """The fields of a new issue of one type."""

    type: Type
    fields: Mapping[str, Field]
    """By id."""

    def by_name(self, name: str) -> Field | None:
        """The field that people call so; its id is taken too."""
        wanted = name.casefold()
        named = (field for field in self.fields.values() if wanted in (field.name.casefold(), field.id.casefold()))
        return next(named, None)

    def has(self, field_id: str) -> bool:
        """Whether a new issue may be given this field."""
        return field_id in self.fields


class Meta(Struct):
    """Asks for types and forms, each once."""

    client: Client
    project: str
    _types: tuple[Type, ...] | None = None
    _forms: dict[str, Form] = field(default_factory=dict)

    def types(self) -> tuple[Type, ...]:
        """The types that the credential may create issues of.

        Raises:
            TrackerError: they can't be had.

        """
        if self._types is None:
            self._types = self._read_types()
        return self._types

    def form(self, name: str) -> Form:
        """The form of the type of this name.

        Raises:
            TrackerError: there is no such type, or it can't be had.

        """
        return self._form_of(self._named(name))

    def subtask_form(self) -> Form | None:
        """The form of the project's sub-tasks, if it has any.

        Raises:
            TrackerError: it can't be had.

        """
        kind = next((kind for kind in self.types() if kind.subtask), None)
        return self._form_of(kind) if kind else None

    def _named(self, name: str) -> Type:
        kind = next((kind for kind in self.types() if kind.name.casefold() == name.casefold()), None)
        if kind is not None:
            return kind
        if not self.types():
            raise TrackerError(
                f"nothing can be created in {self.project}",
                hint="give the account the permission to create issues there",
            )
        raise TrackerError(f"{self.project} has no issue type {name!r}", hint=nearest(name, self._names()))

    def _names(self) -> Iterable[str]:
        return (kind.name for kind in self.types())

    def _form_of(self, kind: Type) -> Form:
        if kind.id not in self._forms:
            path = f"/issue/createmeta/{self.project}/issuetypes/{kind.id}"
            with understood(_METADATA):
                fields = [
                    field_from(str(data.get("fieldId") or data["key"]), data) for data in self._pages(path, "fields")
                ]
            self._forms[kind.id] = Form(kind, {field.id: field for field in fields})
        return self._forms[kind.id]

    def _read_types(self) -> tuple[Type, ...]:
        try:
            with understood(_METADATA):
                return tuple(map(type_from, self._pages(f"/issue/createmeta/{self.project}/issuetypes", "issueTypes")))
        except NotFound:
            if self.client.cloud:
                raise
        return self._read_old()

    def _read_old(self) -> tuple[Type, ...]:
        """Before Jira 8.4 one address told everything at once."""
        query = {"projectKeys": self.project, "expand": "projects.issuetypes.fields"}
        answer = self.client.get("/issue/createmeta", query)
        with understood(_METADATA):
            for data in (data for project in answer["projects"] for data in project["issuetypes"]):
                kind = type_from(data)
                fields = {name: field_from(name, value) for name, value in (data.get("fields") or {}).items()}
                self._forms[kind.id] = Form(kind, fields)
        return tuple(form.type for form in self._forms.values())

    def _pages(self, path: str, member: str) -> list[Mapping[str, Any]]:
        """All entries of a list, which Cloud and Data Center name differently."""
        entries: list[Mapping[str, Any]] = []
        while True:
            page = self.client.get(path, {"startAt": len(entries), "maxResults": _PAGE})
            more = page[member] if member in page else page["values"]
            entries += more
            if not more or page.get("isLast", False) or len(entries) >= total_of(page):
                return entries


def called(value: Mapping[str, Any]) -> str:
    """What an allowed value is called."""
    return str(value.get("name") or value.get("value") or value.get("key") or value.get("id") or "")


def nearest(name: str, names: Iterable[str]) -> str:
    """Advice for a name that there isn't."""
    known = sorted(set(names))
    close = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    if close:
        return f"did you mean {' or '.join(close)}?"
    return f"there are {', '.join(known[:12])}" if known else "there are none"


def field_from(field_id: str, data: Mapping[str, Any]) -> Field:
    """Read what metadata say of a field."""
    schema = data.get("schema") or {}
    return Field(
        id=field_id,
        name=str(data.get("name") or field_id),
        required=bool(data.get("required")) and not data.get("hasDefaultValue"),
        type=str(schema.get("type", "")),
        items=str(schema.get("items", "")),
        custom=str(schema.get("custom", "")),
        allowed=tuple(value for value in data.get("allowedValues") or () if isinstance(value, Mapping)),
        default=data.get("defaultValue"),
    )
