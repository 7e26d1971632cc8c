"""The files for people say what the models say, and the schema accepts what the program accepts."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from pm_sync.config import Config, parse_config
from pm_sync.config.document import read_document
from pm_sync.config.schema import json_schema
from tests.tools import generate

CONFIG = generate.ROOT / "config"
EXAMPLES = sorted((CONFIG / "examples").glob("*.yaml"))
VALIDATOR = jsonschema.Draft202012Validator(json_schema())


def examples_in_default() -> str:
    """The lines of default.yaml that are keys behind a ``#``, as if somebody had taken it away."""
    lines = (CONFIG / "default.yaml").read_text(encoding="utf-8").splitlines()
    return "\n".join(line[1:] for line in lines if re.match(r"#(\w|  )", line))


def test_generated_files_are_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    """What is made from the code was made from this code."""
    assert generate.main(["--check"]) == 0, capsys.readouterr().out


def test_regeneration_mends_what_is_out_of_date(tmp_path: Path) -> None:
    """A region gets its text back, and what stands around it stays."""
    (tmp_path / "config").mkdir()
    wanted = (CONFIG / "README.md").read_text(encoding="utf-8")
    (tmp_path / "config/README.md").write_text(wanted.replace("| `labels` |", "| `lapels` |"), encoding="utf-8")
    of_config = [target for target in generate.TARGETS if target.path.startswith("config/")]
    mended = {path.name: text for path, text in generate.stale(tmp_path, of_config)}
    assert mended["README.md"] == wanted
    assert mended.keys() == {Path(target.path).name for target in of_config}


def test_defaults_file_is_the_defaults() -> None:
    """default.yaml as it stands sets nothing otherwise."""
    assert parse_config((CONFIG / "default.yaml").read_text(encoding="utf-8")) == Config()


def test_defaults_file_shows_every_key_with_its_default() -> None:
    """All keys of the models stand there, those of trackers, routes and people as examples."""
    shown = (CONFIG / "default.yaml").read_text(encoding="utf-8")
    for name, part in {"Config": json_schema(), **json_schema()["$defs"]}.items():
        for key in part["properties"]:
            assert re.search(rf"^#?[ ]*{key}:", shown, re.MULTILINE), f"{name}.{key}"


def test_examples_in_the_defaults_file_hold() -> None:
    """Taking the # away gives a configuration that loads, with the defaults that the models have."""
    config = parse_config(examples_in_default())
    assert {kind: tracker.kind for kind, tracker in config.trackers.items()} == {
        kind: kind for kind in ("github", "jira", "local")
    }
    for tracker in config.trackers.values():
        required = json_schema()["$defs"][type(tracker).__name__]["required"]
        assert tracker == type(tracker)(**{key: getattr(tracker, key) for key in required})


@pytest.mark.parametrize("path", EXAMPLES, ids=[path.stem for path in EXAMPLES])
def test_example_is_a_whole_configuration(path: Path) -> None:
    """Each example loads, has trackers that its routes use, and fits the schema."""
    text = path.read_text(encoding="utf-8")
    config = parse_config(text, path.name)
    assert {route.to for route in config.routes} - {"local"} == set(config.trackers)
    VALIDATOR.validate(read_document(text).data)


def test_defaults_file_fits_the_schema() -> None:
    """An editor that knows the schema finds no fault with the defaults."""
    VALIDATOR.validate(read_document((CONFIG / "default.yaml").read_text(encoding="utf-8")).data)
    VALIDATOR.validate(read_document(examples_in_default()).data)


@pytest.mark.parametrize(
    "data",
    [
        {"labls": []},
        {"removed": "clse"},
        {"max_wait": "10 min"},
        {"trackers": {"a": {"kind": "github"}}},
        {"trackers": {"a": {"kind": "github", "repository": "x"}}},
        {"sla": {"P0": 14}},
        {"routes": [{}]},
    ],
    ids=json.dumps,
)
def test_schema_refuses_what_the_program_refuses(data: dict[str, Any]) -> None:
    """The usual mistakes show up in an editor already."""
    assert list(VALIDATOR.iter_errors(data))


def test_schema_is_a_schema() -> None:
    """It is valid JSON schema, says which draft, and explains every key."""
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"].endswith("2020-12/schema")
    parts = [schema, *schema["$defs"].values()]
    assert all("description" in value or "$ref" in value for part in parts for value in part["properties"].values())
