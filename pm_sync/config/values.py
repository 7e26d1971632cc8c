"""The kinds of value a configuration is made of, each with a message that says what it must be."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from difflib import get_close_matches
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Annotated, Final, Literal, TypeVar

from pm_sync.config.demands import After, AfterThere, Around, Before, Reader, Sized, UpTo, Where, Written
from pm_sync.config.shapes import CONNECTION, ISSUE_KEY, LOGIN, PLAIN_LABEL, PROJECT_KEY, REPOSITORY, TRACKER_NAME
from pm_sync.levels import rule_name
from pm_sync.lint.catalog import RULES, SectionName, find_rule

if TYPE_CHECKING:
    from pm_sync.config.trackers import TrackerSettings

_V = TypeVar("_V")
VERSION: Final = 1
TRUTHS: Final = {"yes": True, "no": False, "on": True, "off": False}
"""The words, besides true and false, by which YAML 1.1 says so."""
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_DURATION: Final = r"^[0-9]{1,9}[smhdw]$"
_LONGEST: Final = timedelta(days=3660)
_DAYS: Final = r"^[0-9]{1,9}[dw]$"
_FEW_GLOBS: Final = 100
_DAY: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


def shown(given: object) -> str:
    """What a file gives, behind what it must be; nothing if it is nothing, or no single value."""
    match given:
        case bool():
            return f", not {str(given).lower()}"
        case int() | float():
            return f", not {given}"
        case str():
            return f", not {given[:60]!r}"
        case _:
            return ""


class Bare(str):
    """A word without quotes that is a truth to YAML 1.1, and a text to YAML 1.2: where it stands decides."""

    __slots__ = ()


def _truth(value: object) -> object:
    if isinstance(value, bool):
        return value
    if isinstance(value, Bare):
        return TRUTHS[value.lower()]
    meant = isinstance(value, str) and value.lower() in {"true", "false", *TRUTHS}
    raise ValueError(f"must be true or false{shown(value)}" + ("; write it without quotes" if meant else ""))


def _some(value: object) -> object:
    if value == []:
        raise ValueError("must not be empty: leave the key out instead")
    return [value] if isinstance(value, str | int | float) else value


_SOME: Final = Before(_some, takes=str | list[str])
"""Metadata of a tuple of texts: a single text is read as a tuple of one, and there must be one."""


def parse_duration(value: object) -> timedelta:
    """Read ``30s``, ``10m``, ``12h``, ``14d`` or ``8w``.

    Raises:
        ValueError: it is none of these, or longer than ten years.

    """
    if isinstance(value, timedelta):
        return value
    if not isinstance(value, str) or not re.fullmatch(_DURATION, value):
        raise ValueError(f"must be a duration such as 30s, 10m, 12h, 14d or 8w{shown(value)}")
    duration = int(value[:-1]) * timedelta(**{_UNITS[value[-1]]: 1})
    if duration > _LONGEST:
        raise ValueError(f"must be ten years at most, not {value!r}")
    return duration


def _parse_days(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(_DAYS, value):
        return parse_duration(value).days
    raise ValueError(f"must be a number of days or weeks such as 14d or 8w{shown(value)}")


def format_duration(duration: timedelta) -> str:
    """Write a duration as `parse_duration` reads it, in the largest unit that fits."""
    seconds = int(duration.total_seconds())
    for unit in ("w", "d", "h", "m"):
        size = int(timedelta(**{_UNITS[unit]: 1}).total_seconds())
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def _parse_day(value: object) -> object:
    if isinstance(value, date):
        return value
    try:
        if isinstance(value, str) and re.fullmatch(_DAY, value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise ValueError(f"must be a day such as 2026-01-31{shown(value)}")


def _regex(value: str) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(value)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"is not a regular expression: {error}") from error
    return value


def _timezone(name: str) -> str:
    # Imported here: hardly any configuration names a time zone.
    import zoneinfo  # noqa: PLC0415

    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"must be a time zone such as Europe/Berlin, not {name[:60]!r}") from error
    return name


def _rule(name: str) -> str:
    rule = find_rule(name)
    if rule is None:
        near = get_close_matches(name.casefold(), (rule.name for rule in RULES), n=1)
        raise ValueError(f"there is no rule {name[:60]!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
    return rule.name


def one_of_each(rules: Mapping[str, _V]) -> Mapping[str, _V]:
    """Rules, of which no two say different things of one priority or severity: the later would win unseen.

    Raises:
        ValueError: two do.

    """
    named: dict[str, str] = {}
    for key, rule in rules.items():
        first = named.setdefault(rule_name(key), key)
        if rules[first] != rule:
            raise ValueError(f"{first!r} and {key!r} mean the same: keep one of them")
    return rules


def not_mistyped(further: Mapping[str, _V], known: Iterable[str]) -> Mapping[str, _V]:
    """Any key may name a rule, but one that is nearly a known key is hardly meant to.

    Raises:
        ValueError: there is such a key.

    """
    for key in further:
        if near := get_close_matches(key.lower(), known, n=1, cutoff=0.8):
            raise ValueError(f"unknown key {key!r}; did you mean {near[0]!r}?")
    return further


def _inside(value: str) -> str:
    path = PurePosixPath(value)
    if path.is_absolute() or ".." in path.parts or "\\" in value or "\0" in value:
        raise ValueError(f"must be a path inside the repository, written with /, not {value[:60]!r}")
    return value


def _globs(values: tuple[str, ...]) -> tuple[str, ...]:
    if len(values) <= _FEW_GLOBS and not any("{" in value for value in values):
        return values
    # Imported here: only braces stand for more patterns than one.
    from wcmatch import glob  # noqa: PLC0415

    try:
        glob.translate(list(values), flags=glob.GLOBSTAR | glob.BRACE)
    except Exception as error:  # the library gives its limit's error no public name
        raise ValueError("these are too many patterns, those behind braces counted each") from error
    return values


def _cell(value: str) -> str:
    if any(c in value for c in "|`\\") or not value.isprintable():
        raise ValueError(f"must fit a table's cell, on one line and without |, ` and \\, not {value[:60]!r}")
    return value


def _known_version(value: object) -> object:
    if type(value) is not int:
        raise ValueError(f"must be the number {VERSION}{shown(value)}")
    if value != VERSION:
        raise ValueError(f"{value!s:.20} is not known to this pm-sync, which reads version {VERSION}")
    return value


def _value_of_field(value: object, read: Reader) -> object:
    # One message in place of one for each member of the union.
    try:
        return read(value)
    except ValueError as error:
        raise ValueError("must be text, a number, true or false, or a list of texts") from error


def _leads_somewhere(name: str, where: Where) -> str:
    # The trackers' names come as context, so that this is said at the route's place along with all else.
    names = where.context["trackers"] if where.context else (name,)
    if name not in names:
        from pydantic_core import PydanticCustomError  # noqa: PLC0415 - it takes the names to where they are told

        raise PydanticCustomError("unknown_tracker", "no tracker is named '{name}'", {"name": name, "names": names})
    return name


def _reads_as_it_is_meant(word: str, where: Where) -> str:
    """A word that says another state would be read as a change of it by the next run."""
    # The vocabulary is read only where words are configured.
    from pm_sync.postmortem.states import leading_state  # noqa: PLC0415

    state = leading_state(word)
    if state is not None and state.value != where.field_name:
        raise ValueError(f"must not be {word[:60]!r}, which is read as {state.word}")
    return word


def _one_embedded(trackers: dict[str, TrackerSettings]) -> dict[str, TrackerSettings]:
    """The link `local#12` names a number and no tracker, so there can be only one that numbers like this."""
    embedded = [name for name, settings in trackers.items() if settings.kind == "local"]
    if len(embedded) > 1:
        raise ValueError(
            f"only one can be of kind local, as links say no more than local#12: keep one of {', '.join(embedded)}"
        )
    if "local" in trackers and embedded != ["local"]:
        raise ValueError("the name local is the embedded tracker's; give this one another name")
    return trackers


Text = Annotated[str, Sized()]
CellText = Annotated[Text, After(_cell)]
Texts = Annotated[tuple[Text, ...], _SOME]
Label = Annotated[str, Sized(most=50)]
RepositoryPath = Annotated[Text, After(_inside)]
Patterns = Annotated[tuple[RepositoryPath, ...], After(_globs)]
Globs = Annotated[Patterns, _SOME]
Regex = Annotated[str, Sized(most=500, trimmed=False), After(_regex)]
RuleName = Annotated[
    str,
    After(_rule),
    Written(among=tuple(word for rule in RULES for word in (rule.name, rule.id))),
]
TimeZone = Annotated[str, After(_timezone)]
Flag = Annotated[bool, Before(_truth)]
Count = Annotated[int, UpTo(1_000_000)]

Duration = Annotated[timedelta, Before(parse_duration), Written(_DURATION)]
Days = Annotated[int, Before(_parse_days), Written(_DAYS)]
Day = Annotated[date, Before(_parse_day), Written(_DAY)]

PlainLabel = Annotated[str, PLAIN_LABEL]
TrackerName = Annotated[str, TRACKER_NAME]
Repository = Annotated[str, REPOSITORY]
ProjectKey = Annotated[str, PROJECT_KEY]
IssueKey = Annotated[str, ISSUE_KEY]
Login = Annotated[str, LOGIN]
Connection = Annotated[str, CONNECTION]

Version = Annotated[Literal[1], Before(_known_version)]
KnownTracker = Annotated[TrackerName, AfterThere(_leads_somewhere)]
StateWord = Annotated[CellText, AfterThere(_reads_as_it_is_meant)]
FieldValue = Annotated[Text | int | float | bool | tuple[Text, ...], Around(_value_of_field)]
"""One value, or several: the choices of a field that takes many, or the levels of a cascading one."""
ONE_EMBEDDED: Final = After(_one_embedded)
"""Metadata of the trackers by name."""
Side = Literal["file", "tracker"]
SectionNames = tuple[SectionName, ...]
