"""What stands before an item's words: boxes, signs, brackets, numbers of issues, labels, owners."""

from __future__ import annotations

import re

from pm_sync.markdown.inlines import CODE, STRONG
from pm_sync.model import State
from pm_sync.postmortem import vocabulary
from pm_sync.postmortem.links import Found, bare, is_bare_key
from pm_sync.postmortem.people import is_nobody
from pm_sync.postmortem.states import state_of
from pm_sync.postmortem.values import NOTHING, Values, read_values
from pm_sync.postmortem.window import TRAILERS, Window, is_reference, is_reference_label
from pm_sync.regex import regex

_BOX = regex(r"\s*(?:\[(?:\s(?=[\sxX✓✔]))*([ xX✓✔~/-]?)\s*\](?:\s+|(?=[^\W\da-z]))|([☐☑✅✔❌⬜☒□])️?\s+|\(\s\)\s+)")
"""As Markdown's, or written by hand: with more blanks inside, none behind, or as a sign."""
_DECORATION = regex(
    r"(?:(?P<code>:[a-z][a-z0-9_+-]{0,40}:)|[^\w\s\"'“‘`(\[{<$/.~#@*+&（【［「-]|[•·▪‣●○–—-](?=\s))+️?\s*"
)
_MENTION = regex(r"((?:@[\w][\w/-]*(?:\s*[,&/+]\s*|\s+and\s+)?){1,6})\s*(?:[:：]|\s[-–—]\s|\bto\b\s|\bwill\b\s)")
_ADDRESS = regex(r"([\w.+-]{1,60}@[\w-]{1,60}(?:\.[\w-]{1,30}){1,4})\s*(?:[:：]|\s[-–—]\s|\s(?:to|will)\s)\s*")
_CALLED = regex(r"((?:@[\w][\w/-]*\s*[,&/+]?\s+){1,6})(?=(\w+)\s)")
_NAMES = regex(r"@\w[\w-]*(?:/[\w-]+)*")
_LEAD = regex(r"([^:：\n()\[\]\s]++(?:[^\S\n]++[^:：\n()\[\]\s]++){0,29}?)(?<!.{61})\s*(?:[:：]|\s[-–—]\s)\s*")
"""Word by word, up to sixty characters."""
_LEAD_END = regex(r"[:：–—()\[\]-]")
"""What ends a lead, or can't be in one."""
_COUNTER = regex(r"[\s#.-]*\d{0,3}[\s.)]*$")
_BRACKETS = {"(": ")", "[": "]", "（": "）", "【": "】", "［": "］"}
_ONLY_BRACKETS = regex(r"(?:[(（][^()（）]{1,80}[)）]\s*)+")
_NOTED = regex(r"([^()]+?)\s*\(([^()]+)\)")
"""A link's label with a state: "#12 (done)"."""
_ID = regex(r"[A-Z][A-Z0-9]*(?:-\d+){2,}|AI-?\d+")
"""The number of an item in its incident: "INC-51-2"."""
_PAIRS = regex(r"[A-Z]{2}")
_INITIALS = regex(r"[A-Z]{2}(?:\s?[/,&+]\s?[A-Z]{2}){0,3}")
_LONGEST_BRACKET = 80
_LONGEST_LABEL = 60
_TAG_WORDS = 3
_CIRCLES = "🔴🟠🟡🟢🔵⚪⚫🟣"
_LABEL_WORDS = 4
_BOXES = {
    **dict.fromkeys("xX✓✔☑✅☒", State.DONE),  # word processors tick a box with a cross
    **dict.fromkeys("-~", State.DROPPED),
    "/": State.IN_PROGRESS,
}


def take_lead(window: Window, text: str) -> bool:
    """Take one thing off the front of the window, which shows ``text``; False where there is none."""
    if not text[:1].isalnum():  # else it is neither a box nor a sign, as is most of what people write
        if box := _BOX.match(text):
            return _box(window, box)
        if decoration := _DECORATION.match(text):
            return _decoration(window, decoration)
        if text[:1] in _BRACKETS:
            return _bracket(window, text)
    if window.reading.links and (link := window.link_at(window.begin)):
        return _number(window, link)
    return ("@" in text and _mention(window, text)) or _label(window, text)


def _mention(window: Window, text: str) -> bool:
    """``@ann to add an alert``, ``ann@example.com: add an alert``."""
    if text[0] == "@" and (mention := _MENTION.match(text) or _told_to(text)):
        window.take(Values(owners=tuple(_NAMES.findall(mention[1]))))
        window.begin += mention.end()
        return True
    if address := _ADDRESS.match(text):
        window.take(Values(owners=(address[1],)))
        window.begin += address.end()
        return True
    return False


def _told_to(text: str) -> re.Match[str] | None:
    """Whether mentions stand before what those people are to do: ``@ann Add an alert``, not ``@ann noticed``."""
    called = _CALLED.match(text)
    return called if called and (called[2][0].isupper() or vocabulary.starts("verb", "en", called[2])) else None


def _box(window: Window, box: re.Match[str]) -> bool:
    inside = box[1] if box[1] is not None else box[2]
    state = _BOXES.get(inside, State.OPEN)
    window.take(Values(state=state))
    if box[1] in {" ", "x", "X"}:
        window.reading.box = (window.source.offset(window.begin + box.start(1)), state)
    window.begin += box.end()
    return True


def _decoration(window: Window, decoration: re.Match[str]) -> bool:
    sign = decoration["code"] or decoration[0][0]
    # A coloured circle before the words tells how urgent they are as often as how they stand.
    window.take(Values(state=None if sign in _CIRCLES or sign.endswith("circle:") else state_of(decoration[0])))
    window.reading.sign = window.reading.sign or sign
    window.begin += decoration.end()
    return True


def _bracket(window: Window, text: str) -> bool:
    """``[P1]``, ``[Platform]``, ``(@jane)``, ``[#12]``; brackets that are all there is, or have but fields behind them, stay."""
    end = text.find(_BRACKETS[text[0]], 1, _LONGEST_BRACKET)
    behind_it = text[end + 1 :].lstrip(" :：-–—")
    if end < 0 or not behind_it or _ONLY_BRACKETS.fullmatch(behind_it):
        return False
    inside, behind = text[1:end].strip(), window.begin + end + 1
    if window.link_at(window.begin + 1):
        return window.skip_to(behind)
    values = NOTHING if is_nobody(inside) or _ID.fullmatch(inside) else read_values(inside, bracketed=True)
    if values is None and text[0] in "[【［" and 0 < len(inside.split()) <= _TAG_WORDS and not is_bare_key(inside):
        kinds = vocabulary.concepts("group", inside)
        values = Values(type=inside) if "type" in kinds else Values(team=inside)
    window.take(values)
    return values is not None and window.skip_to(behind)


def _number(window: Window, link: Found) -> bool:
    """``#12: text``: the issue's number in front of the text goes, a link around the text itself stays."""
    after = window.plain[link.end : window.end]
    label = window.plain[link.begin : link.end]
    noted = _NOTED.fullmatch(label)
    state = state_of(noted[2]) if noted else None
    named = is_reference(noted[1] if noted and state else label)
    if not named or not after.strip(TRAILERS) or after[:1] not in " :：-–—)]\n":
        return False
    window.take(Values(state=state))
    return window.skip_to(link.end)


def _label(window: Window, text: str) -> bool:
    strong, label = _strong_label(window) if window.source.markup else (0, "")
    if strong and _tells(window, label, strong):
        return window.skip_to(strong)
    lead = _LEAD.match(text) if _may_lead(text) else None
    # What bold words don't tell, they don't tell with their colon either.
    if lead and lead[1] != label and _tells(window, lead[1], window.begin + lead.end()):
        return window.skip_to(window.begin + lead.end())
    word, _, rest = text.partition(" ")
    state = state_of(word.strip("[]():")) if word.isupper() and rest.strip() else None
    if state is None:
        return False
    window.take(Values(state=state))
    return window.skip_to(window.begin + len(word))


def _strong_label(window: Window) -> tuple[int, str]:
    """Where the bold words end that the window begins with, and the words; 0 where there are none, or nothing else."""
    for mark in window.marked(STRONG, CODE):
        if mark.begin == window.begin and mark.end < window.end:
            return mark.end, window.plain[window.begin : mark.end].strip(" :：.[]()-–—")
    return 0, ""


def _tells(window: Window, label: str, behind: int) -> bool:
    """Whether a lead says something about the item, or only that its issue's number follows ("Issue: #12 - add an alert")."""
    if (label.isupper() and _initials(window, label, behind)) or _means_something(window, label):
        return True
    plain = window.plain
    numbers = [f for f in window.reading.links if behind <= f.begin and not plain[behind : f.begin].strip(" :")]
    rests = (plain[f.end : window.end].strip(TRAILERS) for f in numbers)
    return any(words and words[0] not in _BRACKETS for words in rests) and is_reference_label(label)


def _may_lead(text: str) -> bool:
    """Whether a colon or dash stands so near that what is before it may be a label."""
    sign = _LEAD_END.search(text)
    return sign is not None and sign[0] not in "()[]" and not text[_LONGEST_LABEL : sign.start()].strip()


def _means_something(window: Window, label: str) -> bool:
    """Whether a lead says something about the item instead of being its first words."""
    if not label or len(label) > _LONGEST_LABEL or label.count(" ") >= _LABEL_WORDS:
        return False
    word = _COUNTER.sub("", label)
    if "marker" in vocabulary.concepts("label", word) and (len(word) > 1 or word != label):
        window.reading.marked = True
        return True
    if is_bare_key(label):
        at = window.plain.find(label, window.begin)
        if not window.link_at(at):
            window.reading.links.insert(0, bare(window.source, at, at + len(label), label))
        return True
    if "priority" in vocabulary.concepts("word", label):
        window.take(Values(priority=label))
        return True
    state = state_of(label) if len(label) > 1 and "type" not in vocabulary.concepts("group", label) else None
    if state is State.DONE and "en" in vocabulary.concepts("verb", label):
        return False  # "Close: flush the buffers before"
    window.take(Values(state=state))
    return state is not None


def initials_of(label: str) -> tuple[str, ...]:
    """The people that a label names by their initials; one of nothing but abbreviations ("CI/CD") names things."""
    names = tuple(_PAIRS.findall(label)) if _INITIALS.fullmatch(label) else ()
    return () if all(map(_abbreviates, names)) else names


def _abbreviates(name: str) -> bool:
    return "abbreviation" in vocabulary.concepts("word", name)


def _initials(window: Window, label: str, behind: int) -> bool:
    """Take somebody's initials before an instruction ("KM/JD: look into it"); a thing's ("CI/CD", "DB") are words."""
    names = initials_of(label)
    if not names or any(map(_abbreviates, names)):
        return False
    told = vocabulary.starts("verb", "en", window.plain[behind : window.end])
    window.take(Values(owners=names) if told else None)
    return told
