"""What the title of a group says about each of its items: who does them, of what kind they are, how they stand."""

from __future__ import annotations

from msgspec.structs import replace

from pm_sync.model import State
from pm_sync.postmortem import vocabulary, wording
from pm_sync.postmortem.leads import initials_of
from pm_sync.postmortem.sections import Part
from pm_sync.postmortem.values import NOTHING, Values, labelled, read_values
from pm_sync.regex import regex

_PERSON = regex(r"[A-Z][\w'’-]+(?: [A-Z][\w'’.-]*){0,2}|[A-Z]{2,3}")
_BRACKET = regex(r"[(（]")
_ASIDE = regex(r"\s*[(（]|\s+[-–—]\s")
"""What begins an aside behind a group's title: "KM (with JD)", "KM - next sprint"."""
_WIDE_ASIDE = regex(r"（[^（）]*）$")
_SIGN = regex(r"^[^\w([]+(?=\w)")
_THINGS = (
    "ing",
    "tion",
    "sion",
    "ment",
    "ity",
    "ness",
    "ance",
    "ence",
    "ure",
    "ics",
    "ops",
    "ware",
    "ation",
    "ability",
    "end",
    "base",
    "work",
)


def group_values(part: Part) -> Values:
    """What a group's title says about each of its items."""
    title = vocabulary.strip_numbering(part.title).strip(" :*")
    values = labelled(title) or NOTHING
    if title.endswith(")") and (noted := read_values(title[title.rfind("(") + 1 : -1], bracketed=True)) is not None:
        # What is said to be done in brackets is the group's state, which an item's own box may contradict.
        state = None if noted.state is State.DONE else noted.state
        values = replace(values, owners=noted.owners, priority=noted.priority, state=state)
    if title.startswith("@") or (part.is_label and part.bold and not part.roles and _is_person(title)):
        values = replace(values, owners=(title,))
    elif part.is_label and part.bold and (people := initials_of(_ASIDE.split(title)[0])):
        values = replace(values, owners=people)
    if (
        "type" in part.roles
        and ("inside" not in part.roles or " " not in title)
        and not _names_kinds(part.roles, title)
    ):
        values = replace(values, type=_SIGN.sub("", _WIDE_ASIDE.sub("", title)))
    elif "team" in part.roles:
        values = replace(values, team=title)
    return values


def _names_kinds(roles: frozenset[str], title: str) -> bool:
    """Whether a section of measures says by its title that they are of several kinds: "Corrective & preventive actions"."""
    return "action" in roles and len(vocabulary.parts(_BRACKET.split(title)[0])) > 1


def _is_person(title: str) -> bool:
    """Whether a group's title looks like somebody's name or initials, not like the name of a thing."""
    if not _PERSON.fullmatch(title) or "thing" in vocabulary.concepts("word", title):
        return False
    if any("common" in vocabulary.concepts("word", word) for word in title.split()):
        return False
    if vocabulary.names("group", title) or vocabulary.names("label", title):
        return False
    return not any(word.casefold().endswith(_THINGS) for word in title.split()) and not wording.begins_with_verb(title)
