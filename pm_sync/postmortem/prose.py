"""Prose in a section of measures: which sentences commit to one."""

from __future__ import annotations

import re

from msgspec import Struct

from pm_sync.markdown.inlines import STRONG, RichText
from pm_sync.postmortem import vocabulary
from pm_sync.postmortem.fields import LONGEST, read_text
from pm_sync.postmortem.links import find_note
from pm_sync.postmortem.titles import abbreviates
from pm_sync.postmortem.wording import begins_with_verb, commits, continues, is_told, refers, unled
from pm_sync.regex import regex

_END = regex(
    r"(?:[.!?]+[\"'”’)\]]*(?=\s|$)|[。！？]+[」』）)]*|[:：](?=\s)"
    r"|\n(?=\s*(?:[-*•・▪‣–]|\(?\d{1,2}[.)-]|(?:First|Second|Third|Fourth|Fifth|Final|Last)(?:ly)?,)\s))"
)
_SIGN = (
    r"(?:[-*•・▪‣●○–§]|o(?=\t| {2,})|\.|\(?(?:\d{1,2}|[a-z])\)|\d{1,2}(?:\.|-(?=\s))|[①-⑳]"
    r"|\d{1,2}(?:\.\d{1,2}){1,2}\.?(?=\s+[A-ZÀ-ÞА-Я]))"
)
_BULLET = regex(
    rf"\s*(?:-(?=[A-Z][a-z])|-(?=\[[ xX]?\]\s)|(?:{_SIGN}|[☐☑✅✔❌⬜]|\[[ xX]?\])\s|(?=[A-Z]{{2,10}}-\d{{1,6}}\s?[:–-]\s))\s*"
)
_WRITTEN = regex(rf"\s*(?:{_SIGN}\s+|-(?=[A-Z][a-z])|-(?=\[[ xX]?\]\s))")
_COUNTED = regex(r"\s*(?:\(?(\d{1,2}|[A-Z])(?:[.):]\s*|\s?[-–—]\s+)|(?=#(\d{1,2})\s))")
_RECORD = regex(r"\W{0,4}([^\W\d][^:：\d]{1,30}?)[\s#.-]*+\d{0,3}+\s*+[:：]")
_BETWEEN_SEMICOLONS = regex(r"[^;；]+")
_MOST = 0.8
_SHORT = 12
_SENTENCE = 20
_LONGEST_LINE = 240
_TOLD = 3
"""Words that tell of a task, and not only when it was done."""
_STATES = frozenset({"done", "progress", "open", "dropped"})


class Stretch(Struct, frozen=True, gc=False):
    """A piece ``[begin, end)`` of a paragraph's plain text."""

    begin: int
    end: int


def stretches(text: RichText, begin: int, keys: frozenset[str], *, tasks: bool) -> list[Stretch]:
    """The places of a paragraph that are an item each; all of it below a heading that says ``tasks``."""
    end = len(text.plain)
    if end > LONGEST:
        return [Stretch(0, end)]
    while text.plain.startswith("\n", begin):
        begin += 1  # the end of a label's own line
    words = text.plain[begin:].strip()
    if written := bullets(text, begin):
        return [Stretch(s.begin + without_bullet(text.plain[s.begin : s.end]), s.end) for s in written]
    if (
        written := counted(text.plain, begin)
        or records(text, begin)
        or _in_a_row(text.plain[begin:], begin)
        or _line_by_line(text, begin, tasks=tasks)
    ):
        return written
    bare = len(text.plain.rstrip())
    strong = any(m.kind is STRONG and m.begin <= begin and m.end >= bare for m in text.markup)
    if (tasks or strong) and not words.endswith((":", "：")):
        return (_instructions(text, begin) or [Stretch(begin, end)]) if words and not refers(words) else []
    found = committed(text, begin)
    return found or ([Stretch(begin, end)] if says_none(words) or bears_fields(text, begin, keys) else [])


def _instructions(text: RichText, begin: int) -> list[Stretch]:
    """The sentences of a paragraph, if each of several is an instruction: "Read it. Change its mode."."""
    found = sentences(text, begin)
    told = (text.plain[s.begin : s.end].strip() for s in found)
    return found if len(found) > 1 and all(begins_with_verb(words) and not continues(words) for words in told) else []


def counted(plain: str, begin: int) -> list[Stretch]:
    """The lines of a paragraph that are counted, as no sentences are: "1.Add an alert" over "2.Test it", "A. …" over "B. …"."""
    found: list[Stretch] = []
    at = begin
    for line in plain[begin:].split("\n"):
        sign = _COUNTED.match(line)
        number = (sign[1] or sign[2]) if sign else ""
        if sign and (int(number) if number.isdigit() else ord(number) - ord("A") + 1) == len(found) + 1:
            found.append(Stretch(at + sign.end(), at + len(line)))
        elif found:
            found[-1] = Stretch(found[-1].begin, at + len(line))
        else:
            return []
        at += len(line) + 1
    return found if len(found) > 1 else []


def records(text: RichText, begin: int) -> list[Stretch]:
    """The records of a paragraph that names each task by a label ("Action: …" over "Owner: …")."""
    if not (":" in text.plain or "：" in text.plain):
        return []
    found: list[Stretch] = []
    at = begin
    lines = text.plain[begin:].split("\n")
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if is_record(line):
            found.append(Stretch(at, at + len(line)))
        elif line.rstrip().endswith(":") and is_record(following):
            pass  # "Alerting:" is what the record below it is called
        elif found:
            found[-1] = Stretch(found[-1].begin, at + len(line))
        else:
            return []
        at += len(line) + 1
    return found


def is_record(line: str) -> bool:
    """Whether a line says by its label that a task follows it, or how the one stands that it tells of."""
    label = _RECORD.match(line)
    if label is None:
        return False
    if "marker" in vocabulary.concepts("label", label[1]):
        return True
    return line.count(" ", label.end()) >= _TOLD and not _STATES.isdisjoint(vocabulary.concepts("group", label[1]))


def bears_fields(text: RichText, begin: int, keys: frozenset[str]) -> bool:
    """Whether a paragraph says who is to do it, how urgent it is or how it stands, as no narrative does."""
    if len(text.plain) - begin > _LONGEST_LINE:
        return False
    reading = read_text(text, begin, len(text.plain), keys)
    values = reading.values
    told = reading.begin > begin or len(reading.text) < len(text.plain[begin:].strip())
    return bool(
        values.owners or values.priority or values.state or reading.marked or (told and begins_with_verb(reading.text))
    )


def committed(text: RichText, begin: int) -> list[Stretch]:
    """One stretch for each sentence that commits to a measure, with those that go on about it."""
    found: list[Stretch] = []
    for sentence in _led(text, sentences(text, begin)):
        words = text.plain[sentence.begin : sentence.end]
        if listed := _in_a_row(words, sentence.begin):
            found += listed
        elif commits(words) and not (found and continues(words)):
            found.append(sentence)
        elif found:
            found[-1] = Stretch(found[-1].begin, sentence.end)
    return found


def _led(text: RichText, found: list[Stretch]) -> list[Stretch]:
    """Sentences of which the first is all bold and leads the second: "**Roll-out.** We will deploy in stages."."""
    first, second = found[:1], found[1:2]
    if not second or not any(
        m.kind is STRONG and m.begin <= first[0].begin and m.end >= first[0].end for m in text.markup
    ):
        return found
    if not commits(text.plain[second[0].begin : second[0].end]):
        return found
    return [Stretch(first[0].begin, second[0].end), *found[2:]]


def _in_a_row(sentence: str, begin: int) -> list[Stretch]:
    """The measures of a sentence that lists them: "add an alert; rotate the keys; test it"."""
    pieces = [(m.start(), m.end()) for m in _BETWEEN_SEMICOLONS.finditer(sentence)]
    if len(pieces) < 2 or not all(begins_with_verb(sentence[a:b]) for a, b in pieces):  # noqa: PLR2004
        return []
    return [Stretch(begin + a, begin + b) for a, b in pieces]


def _line_by_line(text: RichText, begin: int, *, tasks: bool) -> list[Stretch]:
    """The lines of a paragraph that are a measure each, where no line goes on with the one before."""
    lines = text.plain[begin:].rstrip().split("\n")
    if len(lines) == 1 or not any(map(is_told, lines)):
        return []
    # What speaks of the measures stands behind the last of them.
    lines = lines[: next((at for at, line in enumerate(lines) if refers(line)), None)]
    told = [is_told(line) or (tasks and line.rstrip().endswith((".", "!", "。"))) for line in lines]
    # Most lines of a list begin so, while of a paragraph that was broken into lines hardly two do.
    if sum(told) < max(2, len(lines) * _MOST) or not (is_told(lines[0]) or all(told)):
        return []
    found, at = [], begin
    for line in lines:
        found.append(Stretch(at, at + len(line)))
        at += len(line) + 1
    return found


def says_none(words: str) -> bool:
    """Whether a paragraph says that there is nothing to do, or is what a template left."""
    said = len(words.split()) <= _SHORT and bool(vocabulary.concepts("word", words) & {"none", "placeholder"})
    return said or "{{" in words or (len(words.split()) <= _SENTENCE and vocabulary.starts_none(vocabulary.fold(words)))


def sentences(text: RichText, begin: int = 0) -> list[Stretch]:
    """Cut a paragraph into sentences; an annotation belongs to the sentence before it."""
    found, at, plain = [], begin, text.plain
    for match in _END.finditer(plain, begin):
        if match.end() <= at or abbreviates(plain, match.start()) or not _ends(plain, at, match):
            continue
        end = _with_note(text, match.end(), at)
        found.append(Stretch(at, end))
        at = end
    if plain[at:].strip():
        found.append(Stretch(at, len(plain)))
    return found


def _ends(plain: str, begin: int, found: re.Match[str]) -> bool:
    """Whether a sentence ends here: at a colon only where it leads to instructions, in lines or as it says."""
    if found[0] not in {":", "："}:
        return True
    following = plain[found.end() : found.end() + _LONGEST_LINE]
    leads = following.lstrip(" \t").startswith("\n") or refers(
        plain[begin : min(found.start(), begin + _LONGEST_LINE)].strip()
    )
    words = following.lstrip()
    return leads and not words[:1].islower() and begins_with_verb(unled(words))


def _with_note(text: RichText, end: int, begin: int) -> int:
    closing = text.plain.find(")", end, end + 240) if text.plain.startswith(" (", end) else -1
    return closing + 1 if closing > 0 and find_note(text, begin, closing + 1) else end


def is_listed(source: bytes, start: int, end: int) -> bool:
    """Whether a paragraph begins with a bullet that Markdown doesn't know (``•``), or with a line that leads to one."""
    line = source.find(b"\n", start, end)
    leads = line > 0 and source[start:line].rstrip().endswith((b":", "：".encode()))
    return _is_bullet(source, start) or (leads and line + 1 < end and _is_bullet(source, line + 1))


def _is_bullet(source: bytes, start: int) -> bool:
    head = source[start : start + 8].decode("utf-8", "ignore").lstrip("\\")
    return _BULLET.match(head) is not None and not head[:1].isdigit()


def _leads(plain: str, begin: int) -> int:
    """Where the second line begins if the first leads to a list in the lines below it ("To prevent this:"), else 0."""
    end = plain.find("\n", begin)
    return end + 1 if end > 0 and plain[begin:end].rstrip().endswith((":", "：")) else 0


def bullets(text: RichText, begin: int = 0) -> list[Stretch] | None:
    """The lines of a paragraph that are a list only to the eye (``• one`` over ``• two``), perhaps below a line that leads to them; or None."""
    plain = text.plain
    if not _BULLET.match(plain, begin):
        begin = _leads(plain, begin)
        if not begin or not _BULLET.match(plain, begin):
            return None
    found: list[Stretch] = []
    at = begin
    for line in plain[begin:].split("\n"):
        end = at + len(line)
        if _BULLET.match(line) or not found:
            found.append(Stretch(at, end))
        else:
            found[-1] = Stretch(found[-1].begin, end)
        at = end + 1
    return found


def without_bullet(text: str) -> int:
    """How many characters a written bullet or number at the front takes; a box stays, as it says something."""
    match = _WRITTEN.match(text)
    return match.end() if match else 0
