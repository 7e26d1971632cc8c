"""What SARIF 2.1.0 demands of the objects that we write, strictly: nothing may stand in them that isn't named here."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
ORDINAL: Schema = {"type": "integer", "minimum": 1}
LEVEL: Schema = {"enum": ["none", "note", "warning", "error"]}


def thing(required: tuple[str, ...], **members: Schema) -> Schema:
    """An object with these members and no others."""
    return {"type": "object", "properties": members, "required": list(required), "additionalProperties": False}


def several(items: Schema, least: int = 0) -> Schema:
    """A list without repetitions."""
    return {"type": "array", "items": items, "minItems": least, "uniqueItems": True}


MESSAGE = thing(("text",), text=TEXT)
MULTIFORMAT = thing(("text",), text=TEXT, markdown=TEXT)
ARTIFACT = thing((), uri={"type": "string", "format": "uri-reference"}, uriBaseId=TEXT, description=MESSAGE)
REGION = thing(("startLine",), startLine=ORDINAL, startColumn=ORDINAL, endLine=ORDINAL, endColumn=ORDINAL)
PHYSICAL = thing(("artifactLocation",), artifactLocation=ARTIFACT, region=REGION)
LOCATION = thing((), physicalLocation=PHYSICAL)
RULE = thing(
    ("id",),
    id=TEXT,
    name=TEXT,
    shortDescription=MULTIFORMAT,
    fullDescription=MULTIFORMAT,
    help=MULTIFORMAT,
    helpUri={"type": "string", "format": "uri"},
    defaultConfiguration=thing((), level=LEVEL),
)
RESULT = thing(
    ("message",),
    ruleId=TEXT,
    ruleIndex={"type": "integer", "minimum": -1},
    level=LEVEL,
    message=MESSAGE,
    locations={"type": "array", "items": LOCATION},
    partialFingerprints={"type": "object", "additionalProperties": TEXT},
)
DRIVER = thing(("name",), name=TEXT, semanticVersion=TEXT, informationUri=TEXT, rules=several(RULE))
RUN = thing(
    ("tool",),
    tool=thing(("driver",), driver=DRIVER),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    originalUriBaseIds={"type": "object", "additionalProperties": ARTIFACT},
    results={"type": "array", "items": RESULT},
)
LOG: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": {"type": "array", "items": RUN},
    },
    "required": ["version", "runs"],
    "additionalProperties": False,
}
