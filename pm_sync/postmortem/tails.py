"""What stands behind an item's words: brackets, links, signs, mentions, labelled fields, dates."""

from __future__ import annotations

import re

from pm_sync.markdown.inlines import EMPHASIS, LINK, STRONG
from pm_sync.model import State
from pm_sync.postmortem import vocabulary
from pm_sync.postmortem.dates import is_day, is_vague_time
from pm_sync.postmortem.deadlines import take_due, take_point
from pm_sync.postmortem.endings import is_apart, labels
from pm_sync.postmortem.people import is_name, leads_to_person, who_does
from pm_sync.postmortem.references import before_reference, take_reference
from pm_sync.postmortem.states import leading_state, state_of
from pm_sync.postmortem.values import NOTHING, Values, labelled_value, read_values
from pm_sync.postmortem.window import TRAILERS, Window, is_reference_label
from pm_sync.postmortem.wording import begins_with_verb
from pm_sync.regex import regex

_OPENING = {")": "(", "]": "[", "}": "{", "）": "（", "】": "【", "］": "［"}
_MENTIONS = regex(r"(?:^|[\s,(–—-])((?:@[\w][\w./-]*[\s,&]*(?:and\s+)?){1,6})$")
_NAMES = regex(r"@\w[\w.-]*(?:/[\w.-]+)*")
_BY = regex(r"(?<!\w)(?:by|par|por|von|door|da|przez)\s*$")
_SEPARATOR = regex(r"\s(?:[-–—|/·•→]+|[-=]>|>+(?!\s*\d))\s|\s?[|;；]\s?|,\s|[，、]|\n|(?<=\w)\.\s")
_APART = regex(r"\s[-–—]\s|[;；|]")
_DASHES = frozenset({"-", "–", "—", "|", "→", "->", "=>"})
_DASH = regex(r"\s[-–—]\s")
_ASIDE = regex(r"[(（][^()（）]*[)）]")
_LEADS = regex(r"[:：\s](?:(?<=[:：])\s|(?<=\s)[-–—]\s)")
_ADDRESS = regex(r"https?://\S+")
_SEPARATES = regex(r"[-–—|/·•>→;；,，、\n.]")
"""A sign that each separator has."""
_SIGN = regex(r"([✅☑✔❌🚧⏳🔄☐⬜□🔲]|(?<=\s):[a-z][a-z_]{0,30}:)️?\s*(?:\d{4}-\d\d-\d\d)?$")
_SIGNED = regex(r"\s[✅☑✔❌🚧⏳🔄🔲⬜☐🟢🟡🔴⚪]️?\s*([A-Za-z][A-Za-z -]{2,20})$")
_CALENDAR = regex(r"(?:📅|🗓|⏰)️?\s*(\d{4}-\d\d-\d\d)$")
_SLANTED = frozenset({STRONG, EMPHASIS})
_STOPS = ":：;,.("
_STATE_WORDS = 3
"""As many as a state is told in, and as what goes on about it has at least."""
_NEAR = 200
_VALUE = 80
_FULL_LINE = 50
_LONGEST_LABEL = 90
"""What the expression for a label can take up to its colon."""
_INITIALS = 2


def take_tail(window: Window, text: str) -> bool:
    """Take one thing off the end of the window, which shows ``text``; False where there is none."""
    bare = text.rstrip(" \t\n.。")
    if not bare:
        return False
    last = bare[-1]
    # What stands at the very end tells at once which of these it cannot be.
    return (
        (last in _OPENING and _bracket(window, bare))
        or (LINK in window.kinds and _person(window, bare))
        or ((LINK in window.kinds or bool(window.reading.links)) and take_reference(window, bare))
        or ((not last.isalpha() or not last.islower()) and _sign(window, bare))
        or (not bare.isascii() and last.isalpha() and _signed(window, bare))
        or (not window.kinds.isdisjoint(_SLANTED) and _emphasised(window, bare))
        or ("@" in bare and _mention(window, bare))
        or ((":" in bare or "：" in bare) and _label(window, bare))
        or ((last.isdigit() or not last.isascii()) and take_due(window, bare))
        or (" by " in bare and take_point(window, bare))
        or (_SEPARATES.search(bare[-_VALUE:]) is not None and _piece(window, bare))
        or (("-" in bare or last in ")）" or not bare.isascii()) and _told(window, bare))
    )


def _bracket(window: Window, bare: str) -> bool:
    at = _opening(bare)
    if at is None:
        return False
    begin = window.begin + at
    values = _inside(window, begin, window.begin + len(bare) - 1, bare[at + 1 : -1].strip())
    return values is not None and window.cut(values, begin)


def _opening(bare: str) -> int | None:
    """Where the bracket that closes at the end was opened, unless there is nothing before it."""
    if bare[-1] not in _OPENING:
        return None
    closing, depth, first = bare[-1], 0, max(1, len(bare) - _NEAR + 1)
    opening = bare.rfind(_OPENING[closing], first)
    if opening < 0 or bare.find(closing, opening) == len(bare) - 1:
        return opening if opening >= 0 else None
    for at in range(len(bare) - 1, first - 1, -1):
        depth += (bare[at] == closing) - (bare[at] == _OPENING[closing])
        if not depth:
            return at
    return None


def _inside(window: Window, begin: int, end: int, inside: str) -> Values | None:
    """What a bracket says: fields, or only a reference; None where it belongs to the item's words."""
    links = [found for found in window.reading.links if begin <= found.begin and found.end <= end]
    if links:
        rest = _without(window, begin + 1, end).strip(" ,;:.-–—/&")
        if is_reference_label(rest):
            return NOTHING
        state = leading_state(rest)
        return read_values(rest, bracketed=True) or (Values(state=state) if state else None)
    if not inside and window.plain[begin - 1 : end + 1] == " [ ]":
        return Values(state=State.OPEN)  # a box behind the words
    if _link_to_person(window, end) == begin + 1:
        return Values(owners=(inside,))
    if inside[:1].isdigit() and inside.endswith("%"):
        return None  # of anything: "Raise the threshold (5%)"
    linked = is_reference_label(inside) and any(begin <= m.begin for m in window.marked(LINK) if m.begin < m.end)
    if linked or _ADDRESS.fullmatch(inside):
        return NOTHING
    last = window.plain[window.begin : begin].rsplit(None, 1)[-1:]
    if any(state_of(word) is State.DONE for word in last) and (is_vague_time(inside) or is_day(inside)):
        return NOTHING  # "DONE (Jan 5)"
    values = read_values(inside, bracketed=True)
    name = who_does(inside) if values is None else None
    return Values(owners=(name,)) if name else values


def _without(window: Window, begin: int, end: int) -> str:
    """The text of a stretch without the references in it, and the words for them."""
    pieces, at = [], begin
    for found in window.reading.links:
        if begin <= found.begin and found.end <= end:
            pieces.append(window.plain[at : max(at, before_reference(window, found.begin))])
            at = found.end
    return "".join([*pieces, window.plain[at:end]])


def _person(window: Window, bare: str) -> bool:
    """A link to somebody: ``[Ann](mailto:ann@example.com)``, ``<ann@example.com>``."""
    begin = _link_to_person(window, window.begin + len(bare))
    if begin is None or begin <= window.begin:
        return False
    return window.cut(Values(owners=(window.plain[begin : window.begin + len(bare)],)), begin)


def _link_to_person(window: Window, end: int) -> int | None:
    """Where a link to somebody begins that is the last thing marked before ``end``, and ends there."""
    for mark in reversed(window.source.markup):
        if mark.begin < end:
            return mark.begin if mark.kind is LINK and mark.end == end and leads_to_person(mark.url) else None
    return None


def _sign(window: Window, bare: str) -> bool:
    """A sign at the end: ``✅``, ``✅ 2024-05-01``, ``📅 2024-05-01``, ``- DONE``."""
    start = max(0, len(bare) - _VALUE)
    if (sign := _SIGN.search(bare, start)) and (state := state_of(sign[1])):
        return window.cut(Values(state=state), window.begin + sign.start())
    if dated := _CALENDAR.search(bare, start):
        return window.cut(read_values(dated[1], bracketed=True), window.begin + dated.start())
    word = bare[start:].rsplit(None, 1)[-1]
    if bare[: -len(word)].rstrip().endswith((":", "：")) and _label(window, bare):
        return True
    shouted = word.strip("*[]")
    if (
        word != bare
        and shouted.isupper()
        and shouted.isascii()
        and len(shouted) > _INITIALS
        and not (before := bare[start : -len(word)].rsplit(None, 1)[-1]).isupper()
        and "governs" not in vocabulary.concepts("word", before)
        and (state := state_of(shouted))
        and not _differs(state, before)
    ):
        return window.cut(Values(state=state), window.begin + len(bare) - len(word))
    return False


def _signed(window: Window, bare: str) -> bool:
    """A sign at the end with its meaning in words behind it: ``✅ Done``, ``🔴 High``."""
    told = _SIGNED.search(bare, max(1, len(bare) - _NEAR))
    values = read_values(told[1], bracketed=True) if told else None
    if told is None or values is None or not (values.state or values.priority):
        return False
    return window.cut(values, window.begin + told.start())


def _emphasised(window: Window, bare: str) -> bool:
    """Bold or slanted words at the end that say something by themselves: ``**P1**``, ``_done by Ann_``."""
    for mark in window.marked(*_SLANTED):
        if mark.end == window.begin + len(bare) and mark.begin > window.begin:
            values = read_values(window.plain[mark.begin : mark.end], bracketed=True)
            return values is not None and window.cut(values, mark.begin)
    return False


def _mention(window: Window, bare: str) -> bool:
    match = _MENTIONS.search(bare, max(0, len(bare) - _NEAR))
    if match is None or not match.start(1):
        return False
    by = _BY.search(bare, max(0, match.start(1) - _INITIALS * _INITIALS), match.start(1))
    end = by.start() if by and by.start() else match.start(1)
    if bare[:end].rstrip().endswith((":", "：")) and _label(window, bare):
        return True
    return window.cut(Values(owners=tuple(_NAMES.findall(match[1]))), window.begin + end)


def _label(window: Window, bare: str) -> bool:
    """``Owner: Jane`` and the like, from the last such label on; what a dash parts from its value comes off first."""
    for begin, label, value in labels(bare):
        if _ends_apart(value):
            return False
        values = labelled_value(label, value) if is_apart(window, window.begin + begin, label, value) else None
        if values is not None and not (values.owners and _instructs(value)):
            return window.cut(values, window.begin + begin)
    return False


def _instructs(value: str) -> bool:
    """Whether what follows a colon says what to do, and names nobody: "talk within the team: agree on a vault"."""
    return value[:1].islower() and value.count(" ") > 1 and begins_with_verb(value)


def _ends_apart(value: str) -> bool:
    """Whether a dash parts a value from something else that is known: "Nina – by 2024-05-01"."""
    ends = list(_APART.finditer(value, 1))
    return bool(ends) and read_values(value[ends[-1].end() :], bracketed=True) is not None


def _leads(bare: str) -> re.Pattern[str]:
    """What leads to how it went: a dash, or a colon where the text ends in a bracket."""
    return _LEADS if bare[-1] in ")）" else _DASH


def _told(window: Window, bare: str) -> bool:
    """``- done: the vendor has no such setting``, ``: Done (a1b2c3)``: how it went, and what there is to say about it."""
    for lead in _leads(bare).finditer(bare, 1):
        rest = bare[lead.end() :].strip()
        words = rest[:_VALUE].split()
        for length in range(min(_STATE_WORDS, len(words)), 0, -1):
            said = " ".join(words[:length])
            report = rest[len(said) :].strip()
            told = _ASIDE.fullmatch(report) or (lead[0][0] not in ":：" and _goes_on(said, words[length:]))
            if told and state_of(said.rstrip(_STOPS)) is State.DONE:
                return window.cut(Values(state=State.DONE, details=(report,)), window.begin + lead.start())
    return False


def _goes_on(said: str, words: list[str]) -> bool:
    """Whether words behind a state tell about it ("done in #12"), instead of being what it qualifies ("done jobs")."""
    if not words or said[-1] in _STOPS:
        return bool(words)
    return len(words) >= _STATE_WORDS and "governs" in vocabulary.concepts("word", words[0])


def _wraps(before: str, piece: str) -> bool:
    """Whether a line only goes on where the one before it was full."""
    return piece[:1].islower() and len(before) - before.rfind("\n") > _FULL_LINE


def _piece(window: Window, bare: str) -> bool:
    """The last piece behind a dash, bar, comma or line break, or a name there once more was said behind it."""
    for cut in reversed(list(_SEPARATOR.finditer(bare, max(0, len(bare) - _VALUE)))):
        piece = bare[cut.end() :]
        if cut[0] == "\n" and _wraps(bare[: cut.start()], piece):
            continue
        if not bare[: cut.start()].strip(TRAILERS):
            return False
        values = read_values(piece, bracketed=cut[0].strip() not in {",", ".", ""})
        dash = cut[0].strip(" ") in _DASHES
        if values is None and dash and _dashed(window, bare, cut.start(), piece):
            return True
        if (
            values is None
            and dash
            and is_name(piece)
            and window.end < window.reading.end
            and not window.reading.values.owners
        ):
            values = Values(owners=(piece,))
        if values is None and dash and is_vague_time(piece):
            told = state_of(_SEPARATOR.split(bare[: cut.start()])[-1]) is State.DONE
            values = NOTHING if told else Values(due_text=piece.strip())
        if values is not None and not (values.state and _differs(values.state, bare[: cut.start()])):
            return window.cut(values, window.begin + cut.start())
    return False


def _differs(state: State, before: str) -> bool:
    """Whether the piece before a state is another one, so that neither is the item's: "jobs that started, done, dropped"."""
    first = max(0, len(before) - _VALUE)
    piece = _SEPARATOR.split(before[first:])[-1]
    words = piece.rsplit(None, 1)
    beside = state_of(piece) or (state_of(words[-1].rstrip(",")) if words else None)
    return beside is not None and beside is not state


def _dashed(window: Window, bare: str, at: int, value: str) -> bool:
    """``; owner - Mei``: a label that stands apart, and has a dash for its colon."""
    first = max(0, at - _LONGEST_LABEL)
    label = _SEPARATOR.split(bare[first:at])[-1]
    begin = at - len(label)
    values = labelled_value(label, value) if begin > first else None
    return values is not None and window.cut(values, window.begin + begin)
