"""YAML text as plain values that remember where they stand.

The parser's events are read one by one, so that nothing a hostile file holds (deep nesting, aliases that
multiply, tags that build objects, a number with a million digits) costs more than its own size.
Words are read as YAML 1.2 reads them: ``no`` and ``on`` are text, only ``true`` and ``false`` are booleans, though
what wants a boolean takes them for one as YAML 1.1 does; dates stay text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import yaml
from msgspec import Struct, field
from yaml.reader import Reader

from pm_sync.config.values import TRUTHS, Bare

Loc = tuple[int | str, ...]
"""Keys and indices from the root to a value."""

MAX_DEPTH: Final = 32
MAX_VALUES: Final = 10_000
"""Values in a file, those behind aliases counted each time."""

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TEXT_TAG: Final = "tag:yaml.org,2002:str"
_WORDS: Final = {"": None, "~": None, "null": None, "true": True, "false": False}
_INT: Final = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT: Final = re.compile(r"[-+]?[0-9]{1,18}\.[0-9]{1,18}")


class Place(Struct, frozen=True, order=True):
    """1-based line and column."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.line}:{self.column}"


class Problem(Struct, frozen=True, order=True):
    """What is wrong, and where."""

    place: Place
    message: str


class Document(Struct, frozen=True):
    """A YAML file as data; ``None`` where nothing could be read."""

    data: object = None
    values: dict[Loc, Place] = field(default_factory=lambda: {(): Place(1, 1)})
    """Where each value starts."""
    keys: dict[Loc, Place] = field(default_factory=dict)
    """Where the key of each value in a mapping starts."""
    problems: tuple[Problem, ...] = ()

    def nearest(self, loc: Loc) -> Loc:
        """The part of ``loc`` that the file has.

        Elements that it doesn't have are passed over: a missing key, or what a validator puts between the real ones.
        """
        found: Loc = ()
        for element in loc:
            if (*found, element) in self.values:
                found = (*found, element)
        return found


def read_document(text: str) -> Document:
    """Read one YAML document. What is wrong with it becomes its ``problems``: no exception is raised."""
    if bad := Reader.NON_PRINTABLE.search(text):
        return Document(problems=(_unprintable(text, bad),))
    reader = _Reader(yaml.parse(text, Loader=_LOADER))
    try:
        data = reader.document()
    except _GivenUp as error:
        return Document(problems=(*reader.problems, error.problem))
    except yaml.MarkedYAMLError as error:
        return Document(problems=(*reader.problems, _syntax(error)))
    return Document(data, reader.values, reader.keys, tuple(reader.problems))


def _unprintable(text: str, bad: re.Match[str]) -> Problem:
    before = text[: bad.start()]
    place = Place(before.count("\n") + 1, bad.start() - (before.rfind("\n") + 1) + 1)
    return Problem(place, f"the character U+{ord(bad[0]):04X} is not allowed in YAML")


def _syntax(error: yaml.MarkedYAMLError) -> Problem:
    words = ", ".join(part for part in (error.context, error.problem) if part)
    return Problem(_place(error.problem_mark or error.context_mark), f"not valid YAML: {words}")


def _place(mark: Any) -> Place:  # noqa: ANN401  # the two loaders have a class of marks each
    return Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)


class _GivenUp(Exception):
    """The file can't be read any further."""

    def __init__(self, event: yaml.Event, message: str) -> None:
        super().__init__(message)
        self.problem = Problem(_place(event.start_mark), message)


class _Reader:
    """Builds the values from the parser's events."""

    def __init__(self, events: Iterator[yaml.Event]) -> None:
        self._events = events
        self._anchors: dict[str, tuple[object, int]] = {}
        self._count = 0
        self.values: dict[Loc, Place] = {(): Place(1, 1)}
        self.keys: dict[Loc, Place] = {}
        self.problems: list[Problem] = []

    def document(self) -> object:
        """The only document's value; None for an empty file."""
        next(self._events)  # the stream's start
        if isinstance(next(self._events), yaml.StreamEndEvent):
            return None
        data = self._value(next(self._events), ())
        next(self._events)  # the document's end
        if not isinstance(event := next(self._events), yaml.StreamEndEvent):
            raise _GivenUp(event, "a second document starts here; only one is read")
        return data

    def _value(self, event: Any, loc: Loc) -> object:  # noqa: ANN401  # any event of a value
        self.values[loc] = _place(event.start_mark)
        if len(loc) > MAX_DEPTH:
            raise _GivenUp(event, f"nested deeper than {MAX_DEPTH} levels")
        before = self._count
        self._spend(event, 1)
        match event:
            case yaml.AliasEvent():
                return self._alias(event)
            case yaml.MappingStartEvent():
                value: object = self._mapping(event, loc)
            case yaml.SequenceStartEvent():
                value = self._sequence(event, loc)
            case _:
                value = self._scalar(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = (value, self._count - before)
        return value

    def _spend(self, event: yaml.Event, count: int) -> None:
        self._count += count
        if self._count > MAX_VALUES:
            raise _GivenUp(event, f"more than {MAX_VALUES} values, those behind aliases counted each time")

    def _alias(self, event: yaml.AliasEvent) -> object:
        # An anchor counts from the end of its value on, so that no value can hold itself.
        if event.anchor not in self._anchors:
            raise _GivenUp(event, f"the alias *{event.anchor} stands for nothing that ends before it")
        value, count = self._anchors[event.anchor]
        self._spend(event, count)
        return value

    def _mapping(self, event: yaml.MappingStartEvent, loc: Loc) -> dict[str, object]:
        self._refuse_tag(event)
        found: dict[str, object] = {}
        while not isinstance(key := next(self._events), yaml.MappingEndEvent):
            if not isinstance(key, yaml.ScalarEvent):
                raise _GivenUp(key, "a key must be a plain word")
            place = _place(key.start_mark)
            if key.value in found:
                first = self.keys[*loc, key.value]
                self.problems.append(
                    Problem(place, f"the key {key.value!r} is given twice, first in line {first.line}")
                )
            self.keys[*loc, key.value] = place
            found[key.value] = self._value(next(self._events), (*loc, key.value))
        return found

    def _sequence(self, event: yaml.SequenceStartEvent, loc: Loc) -> list[object]:
        self._refuse_tag(event)
        found: list[object] = []
        while not isinstance(item := next(self._events), yaml.SequenceEndEvent):
            found.append(self._value(item, (*loc, len(found))))
        return found

    def _scalar(self, event: Any) -> object:  # noqa: ANN401  # ScalarEvent, whose members the stubs don't have
        if event.tag == _TEXT_TAG or (event.tag is None and not event.implicit[0]):
            return event.value
        self._refuse_tag(event)
        return _plain(event.value)

    def _refuse_tag(self, event: Any) -> None:  # noqa: ANN401  # any event that has a tag
        if event.tag is not None:
            raise _GivenUp(event, f"the tag {event.tag} is not allowed here")


def _plain(word: str) -> object:
    if word.lower() in _WORDS:
        return _WORDS[word.lower()]
    if word.lower() in TRUTHS:
        return Bare(word)
    if _INT.fullmatch(word):
        return int(word)
    return float(word) if _FLOAT.fullmatch(word) else word
