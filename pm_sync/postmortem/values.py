"""What a short piece of text says about an item: owner, due date, priority, state, type, deferral, or nothing known."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from pm_sync.model import Deferral, State
from pm_sync.postmortem import vocabulary
from pm_sync.postmortem.dates import find_day, find_when, is_vague_time
from pm_sync.postmortem.people import is_crew, is_name, is_nobody, mentions, owners_of
from pm_sync.postmortem.states import leading_state, state_of
from pm_sync.postmortem.titles import abbreviates
from pm_sync.postmortem.wording import begins_with_verb
from pm_sync.regex import regex

_LABELLED = regex(r"^\W{0,3}(?=[^:：=]{1,31}+\s*[:：=])([^\W\d][^:：=]{0,30}?)\s*(?:::?|[：=])\s*(.*)$", re.DOTALL)
"""A label is short; whether a sign stands near enough to end one is looked for first, as it is known in no time."""
_PRIORITY = regex(r"(?:prio(?:rity)?\s*[:=]?\s*)?(P\d|S\d|SEV-?\d)", re.IGNORECASE)
_PIECES = regex(r"\s*(?:,(?!(?<=\d,)\s*(?:19|20)\d\d(?![\d./-]))|[;|·、，；])\s*|\s[-–—/]\s")
"""What stands between the pieces of a bracket; the comma of "June 30, 2024" doesn't."""
_SENTENCES = regex(r"[.!?]\s")
_ASIDE = regex(r"\s*[(（][^()（）]*[)）]")
_LONGEST = 120
_REMEMBERED = 512
"""Owners and days recur, in one file and from file to file."""
_MOST_WORDS = 14
_JOINING = 3
"""Letters of the longest word between two references: "and"."""
_LABEL_WORDS = 2
_FEW_WORDS = 6
_SENTENCE_GOES_ON = frozenset({"to", "and", "or"})
"""Words behind "due" that no day follows: "due to load", "owner, due and priority"."""


class Values(Struct, frozen=True, gc=False):
    """What was found so far."""

    owners: tuple[str, ...] = ()
    due: date | None = None
    due_text: str | None = None
    priority: str | None = None
    type: str | None = None
    team: str | None = None
    state: State | None = None
    deferral: Deferral | None = None
    details: tuple[str, ...] = ()

    def joined(self, other: Values) -> Values:
        """With what another place says, where nothing is known yet."""
        if other is NOTHING:
            return self
        if self is NOTHING:
            return other
        dated = other if self.due is None and self.due_text is None else self
        return Values(
            self.owners or other.owners,
            dated.due,
            dated.due_text,
            self.priority or other.priority,
            self.type or other.type,
            self.team or other.team,
            self.state or other.state,
            self.deferral or other.deferral,
            self.details + other.details,
        )


NOTHING = Values()


def labelled(text: str) -> Values | None:
    """``Owner: Jane``, ``Due = 2024-05-01``: what it says, or None where it is no label of ours with a value of its kind."""
    if ":" not in text and "：" not in text and "=" not in text:
        return None
    match = _LABELLED.match(text.strip())
    if match is None:
        return None
    return (_several(text) if ":" in match[2] else None) or labelled_value(match[1], match[2])


def _several(text: str) -> Values | None:
    """``Owner: Jane / Due: 2024-05-01``: what several labels say, if a label stands before each piece."""
    values = NOTHING
    pieces = [_LABELLED.match(piece) for piece in _PIECES.split(text.strip())]
    for piece in pieces if len(pieces) > 1 else (None,):
        said = labelled_value(piece[1], piece[2]) if piece else None
        if said is None:
            return None
        values = values.joined(said)
    return values


def labelled_value(label: str, value: str) -> Values | None:
    """What a value says under a label, or None where it is none of ours, or the value is none of its kind."""
    names = vocabulary.concepts("label", label)
    name = next((name for name in _WORDS_OF if name in names), None) if names else None
    if name in _EITHER and _instructs(value) and not _is_due(label):
        return None  # "Data: move it", "GitHub Actions: pin them": such words stand before a day or a reference as well
    if name == "owner" and value[:1].islower() and _instructs(value):
        return None  # "Owner: make it mandatory"
    return None if name is None else _value_of(name, value)


def _instructs(value: str) -> bool:
    """Whether a value says what to do, with whatever it is to be done to: no list of verbs does."""
    return " " in value and "," not in value.partition(" ")[0] and begins_with_verb(value)


def _is_due(label: str) -> bool:
    """Whether a label says "due" or the like, which nothing else is called."""
    return "due" in vocabulary.concepts("word", label.partition(" ")[0])


@lru_cache(_REMEMBERED)
def _value_of(name: str, value: str) -> Values | None:
    value = " ".join(value.split()).strip(" *_`")
    value = value.strip('"') if value.count('"') == 1 else value
    if name == "link" and not _refers(value):
        return None
    if len(value.split()) > _WORDS_OF[name] or any(
        not abbreviates(value, m.start()) for m in _SENTENCES.finditer(value)
    ):
        return None
    values = column_value(name, value)
    return values if name != "state" or not value or values.state is not None else None


def _refers(value: str) -> bool:
    """Whether a value names an issue, with hardly more words than for that: "OPS-12 (merged)", not "OPS-12 - rotate the keys"."""
    words = _ASIDE.sub("", value).split()
    others = [word for word in words if "://" not in word and not any(map(str.isdigit, word))]
    if len(others) == len(words):
        return len(words) <= _LABEL_WORDS or is_nobody(value)
    return all(len(word) <= _JOINING or state_of(word) or vocabulary.concepts("word", word) for word in others)


_EITHER = frozenset({"due", "link"})
_WORDS_OF = {"owner": 8, "due": 6, "priority": 3, "state": 8, "type": 4, "link": 8}


@lru_cache(_REMEMBERED)
def column_value(name: str, value: str) -> Values:
    """What a value says in a place that is known to hold a field of this name."""
    if name == "owner":
        return Values(owners=owners_of(value))
    if name == "due":
        return due_of(value)
    if name == "priority":
        return Values(priority=value.strip("[]()") or None)
    if name == "state":
        return Values(state=leading_state(value))
    return Values(type=value or None) if name == "type" else NOTHING


def due_of(text: str) -> Values:
    """Read a due date; where it is no day, keep it as written."""
    bare = text.strip(" .")
    if not any(map(str.isalnum, bare)) or is_nobody(bare):
        return NOTHING
    found = find_day(bare)
    if found is None and len(bare) > 1 and state_of(bare.partition(" (")[0]) is State.DONE:
        return Values(state=State.DONE)
    return Values(due=found.day if found else None, due_text=bare)


def read_values(text: str, *, bracketed: bool) -> Values | None:
    """Read a bracket's content or a tail: all of its parts must say something, else it belongs to the item's text."""
    bare = text.strip()
    return _read(bare, bracketed=bracketed) if 0 < len(bare) <= _LONGEST else None


@lru_cache(_REMEMBERED)
def _read(bare: str, *, bracketed: bool) -> Values | None:
    pieces = [piece for piece in _PIECES.split(bare) if piece] or [bare]
    found = [_read_one(piece, bracketed=bracketed, company=len(pieces) > 1) for piece in pieces]
    if len(pieces) == 1 or not any(found[1:]):
        whole = _read_one(bare, bracketed=bracketed, company=False) if len(pieces) > 1 else found[0]
        if whole is not None or len(pieces) == 1:
            return whole
    values = NOTHING
    names: list[str] = []
    for piece, one in zip(pieces, found, strict=True):
        if one is not None:
            values = values.joined(one)
            names += one.owners
        elif is_name(piece):
            names.append(piece)
        else:
            return None
    if len({one.state for one in found if one and one.state}) > 1:
        return None  # "jobs (started, done, dropped)": nothing stands in two ways at once
    if names:
        values = replace(values, owners=tuple(names))
    if values.state is State.DONE and values.due and any(map(_is_day, pieces)):
        values = replace(values, due=None, due_text=None)  # the day when it was done
    return values if any(found) else None


def _is_day(text: str) -> bool:
    found = find_day(text)
    return found is not None and found.end - found.begin == len(text.strip())


def _read_one(text: str, *, bracketed: bool, company: bool) -> Values | None:
    if len(text.split()) > _MOST_WORDS:
        return None
    deferral = _deferral(text)
    if deferral is not None:
        return Values(deferral=deferral)
    if (":" in text or "：" in text or "=" in text) and (known := labelled(text)) is not None:
        return known
    if bracketed and "." in text[:-1] and (known := labelled(text.replace(".", ":", 1))) is not None:
        return known
    if "@" in text and (mentioned := mentions(text)):
        return Values(owners=mentioned)
    if " " in text and (owned := _owned(text)) is not None:
        return owned
    if _PRIORITY.fullmatch(text) or ((bracketed or company) and "priority" in vocabulary.concepts("word", text)):
        return Values(priority=text)
    return _when(text) or _how(text, bracketed=bracketed)


def _owned(text: str) -> Values | None:
    """``owner Pat``, ``assigned to Pat Lee``: the label for owners with a name behind it, and no sign between them."""
    words = text.split()
    for length in range(1, min(_LABEL_WORDS, len(words) - 1) + 1):
        name = " ".join(words[length:])
        label = " ".join(words[:length])
        if is_name(name) and "owner" in vocabulary.concepts("label", label) and not is_crew(label):
            return Values(owners=owners_of(name))
    return None


def _deferral(text: str) -> Deferral | None:
    found = find_day(text) if " " in text and vocabulary.starts("word", "deferred", text) else None
    if found is None:
        return None
    return Deferral(found.day, text[found.end :].strip(" :：-–—,)").strip())


def _when(text: str) -> Values | None:
    """``by 2024-05-01``, ``due end of sprint``, ``2024-05-01``: a due date; beside a word like done it is none."""
    found = find_when(text)
    before = text[: found.begin].strip(" :：~～→") if found else ""
    if found is not None and not text[found.end :].strip(" .までに前之까지"):
        state = leading_state(before) if before else None
        if state is not None:
            return Values(state=state)
        if not before or "due" in vocabulary.concepts("word", before):
            return Values(due=found.day, due_text=text[found.begin :].strip())
    if text[0] in "~～" and is_vague_time(text[1:]):
        return Values(due_text=text[1:].strip())
    words = text.split()
    for length in range(min(3, len(words) - 1) if len(words) <= _FEW_WORDS else 0, 0, -1):
        if "due" in vocabulary.concepts("word", " ".join(words[:length])):
            rest = " ".join(words[length:])
            if is_vague_time(rest) or (
                words[0].casefold() in {"due", "eta"} and words[length] not in _SENTENCE_GOES_ON
            ):
                return Values(due_text=rest)
    return None


def _says_when(text: str) -> bool:
    """Whether a text is a day without its year, perhaps behind a word ("am 20.03.")."""
    return is_vague_time(text) or is_vague_time(text.partition(" ")[2])


def _how(text: str, *, bracketed: bool) -> Values | None:
    if len(text.split()) > _FEW_WORDS or "answer" in vocabulary.concepts("word", text):
        return None
    state = state_of(text)
    if state is not None:
        return Values(state=state)
    rest = " ".join(text.split()[1:])
    head = leading_state(text)
    said = not rest or rest.startswith(("#", "http", "by ", "in ", "via ", "with ")) or _says_when(rest)
    if head is not None and bracketed and said:
        return Values(state=head)
    if not bracketed:
        return None
    if "type" in vocabulary.concepts("group", text) and len(text.split()) == 1:
        return Values(type=text)
    return None
