"""The JSON documents and their schemas agree."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from pm_sync.errors import UsageError
from pm_sync.report import Format, Result, render
from pm_sync.report.schemas import json_schema, names
from tests.unit.report.samples import LINT, PLAN, POSTMORTEMS, STATUS, SYNC

DOCUMENTS: dict[str, Result] = {"items": POSTMORTEMS, "plan": PLAN, "sync": SYNC, "status": STATUS, "lint": LINT}
PROMISED = {
    "items": {
        "documents": "path title incident items rejected",
        "documents.items": "key text title details line done owners due priority type links parent",
        "documents.items.links": "ref url",
        "documents.rejected": "text line reason",
    },
    "plan": {
        "summary": "create update close reopen comment duplicate link relink write_back conflict lost unreachable "
        "unchanged baseline rejected",
        "changes": "change path line text tracker ref reason",
    },
    "sync": {
        "": "changes outcomes summary files_changed",
        "outcomes": "change path line ref url ok error",
        "summary": "create created updated closed failed left",
    },
    "status": {
        "summary": "open in_progress done dropped overdue unsynced lost unreachable baseline",
        "items": "path line text state ref url owners priority due due_source age_days overdue",
    },
}
"""Members that scripts depend on: none of these may ever go, or be called something else."""


def closed(schema: Any) -> Any:
    """The same schema, in which no object may have members that it doesn't name."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {name: closed(part) for name, part in schema.items()}
    return {**inner, "additionalProperties": False} if inner.get("type") == "object" else inner


def document(name: str) -> Any:
    """The sample of this name, as a script reads it."""
    return json.loads(render(DOCUMENTS[name], Format.JSON))


def test_every_document_has_a_schema() -> None:
    """No kind of result is forgotten."""
    assert set(names()) == {*DOCUMENTS, "local", "doctor"}


@pytest.mark.parametrize(("name", "place"), [(name, place) for name, places in PROMISED.items() for place in places])
def test_the_promised_members_are_there(name: str, place: str) -> None:
    """What scripts read under a name today they read under it tomorrow."""
    found = [document(name)]
    for step in filter(None, place.split(".")):
        inner = [one[step] for one in found]
        found = [one for part in inner for one in (part if isinstance(part, list) else [part])]
    assert found
    assert all(set(PROMISED[name][place].split()) <= set(one) for one in found)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_fits_its_schema_and_has_nothing_else(name: str) -> None:
    """Every member is described, and every described member is there."""
    schema = json_schema(name)
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(closed(schema), format_checker=Draft202012Validator.FORMAT_CHECKER).validate(document(name))
    assert document(name)["schema"] == f"pm-sync/{name}/1"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_schema_lets_new_members_pass(name: str) -> None:
    """Members are added in time, which must not break those who validate."""
    Draft202012Validator(json_schema(name)).validate({**document(name), "new": 1})


def test_a_schema_refuses_another_document() -> None:
    """A plan is no status."""
    with pytest.raises(ValidationError):
        Draft202012Validator(json_schema("status")).validate(document("plan"))


def test_an_unknown_name_is_a_usage_error() -> None:
    """The message names those that exist."""
    with pytest.raises(
        UsageError, match=r"there is no JSON document “plans”; choose from items, plan, sync, status, lint"
    ):
        json_schema("plans")
