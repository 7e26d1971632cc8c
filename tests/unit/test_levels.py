"""The many ways to write a priority or a severity."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pm_sync.levels import level, priority_name, rule_name, severity_name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("P1", "P1"),
        ("p1 - High", "P1"),
        ("High (P0)", "P0"),
        ("[P2]", "P2"),
        ("Priority 1", "P1"),
        ("priority: 3", "P3"),
        ("prio-2", "P2"),
        ("1", "P1"),
        ("sev1", "P1"),
        ("critical", "P0"),
        ("🔴 High", "P1"),
        ("MEDIUM", "P2"),
        ("medium/high", "P1"),
        ("low", "P3"),
        ("Lowest", "P4"),
        ("whenever", "whenever"),
        ("P10", "p10"),
        ("P1/P2", "P1"),
        ("P0 | P1 | P2", ""),
        ("High / Medium / Low", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_a_priority_has_one_name(written: str | None, name: str) -> None:
    """Numbers win over words, the most urgent word wins, an unknown word keeps itself, and a template's choice is none."""
    assert priority_name(written) == name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("SEV1", "SEV1"),
        ("Sev-2 (major)", "SEV2"),
        ("Severity 3", "SEV3"),
        ("S1", "SEV1"),
        ("P1", "SEV1"),
        ("critical", "SEV1"),
        ("Major", "SEV2"),
        ("SEV-1/2/3", ""),
        ("{sev0|sev1|sev2|sev3}", ""),
        (None, ""),
    ],
)
def test_a_severity_has_one_name(written: str | None, name: str) -> None:
    """Severities start at 1 in words, and a priority's number serves as one."""
    assert severity_name(written) == name


@pytest.mark.parametrize(("written", "name"), [("p0", "P0"), ("SEV1", "SEV1"), ("s2", "SEV2"), ("high", "P1")])
def test_a_rule_is_about_priority_unless_it_says_severity(written: str, name: str) -> None:
    """``SEV1`` and ``S1`` name a severity, everything else a priority."""
    assert rule_name(written) == name


@pytest.mark.parametrize(("name", "number"), [("P1", 1), ("SEV0", 0), ("whenever", None), ("", None)])
def test_names_have_levels(name: str, number: int | None) -> None:
    """Only names with a number can be compared by urgency."""
    assert level(name) == number


@given(st.text())
def test_naming_is_settled_after_once(text: str) -> None:
    """A name's name is the name itself, for whatever people write."""
    name = priority_name(text)
    assert priority_name(name) == name
