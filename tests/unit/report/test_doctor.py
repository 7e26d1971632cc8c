"""What the doctor found, as people and scripts read it."""

from __future__ import annotations

import json

from pm_sync.findings import Diagnosis, Section, failure, fine, warning
from pm_sync.report import as_json, doctor

FOUND = Diagnosis(
    (
        Section("pm-sync", (fine("versions", "pm-sync 1"),)),
        Section(
            "tracker infra",
            (
                fine("repository", "acme/infra is private"),
                failure(
                    "create", "the token lacks a scope\n::error::and more\x1b[31m", "give it \x1b[2Jto GITHUB_TOKEN"
                ),
                warning("limits", "3 of 5000 requests left", ""),
            ),
        ),
    )
)
TEXT = """\
pm-sync
  ok  versions  pm-sync 1

tracker infra
  ok       repository  acme/infra is private
  failure  create      the token lacks a scope
           : :error::and more\N{REPLACEMENT CHARACTER}[31m
           → give it \N{REPLACEMENT CHARACTER}[2Jto GITHUB_TOKEN
  warning  limits      3 of 5000 requests left

1 failure, 1 warning.
"""


def test_each_finding_is_a_line_with_its_advice_below() -> None:
    """Whatever servers say moves no cursor and commands no runner."""
    assert doctor.as_text(FOUND, color=False) == TEXT


def test_colours_tell_levels_apart() -> None:
    """And nothing else of the text differs."""
    painted = doctor.as_text(FOUND, color=True)
    assert "\x1b[31mfailure\x1b[0m" in painted
    assert "\x1b[33mwarning\x1b[0m" in painted
    for ink in (1, 31, 32, 33):
        painted = painted.replace(f"\x1b[{ink}m", "")
    assert painted.replace("\x1b[0m", "") == TEXT


def test_json_says_the_same() -> None:
    """One object for each finding, with the section it stands in; advice that there is none is null."""
    document = json.loads(as_json.dumps(doctor.as_json(FOUND, "3fa9c1d2")))
    assert (document["schema"], document["run"]) == ("pm-sync/doctor/1", "3fa9c1d2")
    assert document["summary"] == {"ok": 2, "warning": 1, "failure": 1}
    assert [(f["section"], f["level"], f["about"]) for f in document["findings"]] == [
        ("pm-sync", "ok", "versions"),
        ("tracker infra", "ok", "repository"),
        ("tracker infra", "failure", "create"),
        ("tracker infra", "warning", "limits"),
    ]
    assert document["findings"][0]["hint"] is None


def test_nothing_wrong_is_said_in_three_words() -> None:
    """So that a glance at the end is enough."""
    assert doctor.as_text(Diagnosis(FOUND.sections[:1]), color=False).endswith("\n\nAll is well.\n")
