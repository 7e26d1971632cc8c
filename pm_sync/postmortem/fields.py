"""One item's text, taken apart: what is said about it at its beginning and end, and the words that remain."""

from __future__ import annotations

from pm_sync.markdown.inlines import CODE, STRIKE, STRONG, RichText
from pm_sync.model import State
from pm_sync.postmortem import vocabulary
from pm_sync.postmortem.deadlines import ends_in_time
from pm_sync.postmortem.leads import take_lead
from pm_sync.postmortem.links import find_links, find_note
from pm_sync.postmortem.states import leading_state
from pm_sync.postmortem.tails import take_tail
from pm_sync.postmortem.titles import join_lines, split_title
from pm_sync.postmortem.values import Values, read_values
from pm_sync.postmortem.window import Reading, Window
from pm_sync.regex import regex

LONGEST = 8_000
"""Characters; whatever is longer is no action item."""

_ATTRIBUTES = regex(r"\s?\{[:.#][^{}\n]{0,200}\}\s*$")
_BARE = r"https?://[^\s<>()\[\]]+"
_ADDRESS = regex(rf"\({_BARE}\)|<{_BARE}>|\[{_BARE}\]|{_BARE}")
_LED_NOWHERE = regex(r"\s*\((?:e\.?g\.?|i\.?e\.?|cf\.?|see|for (?:example|instance)|such as|like)?[,:]?\s*\)")
"""A bracket that was there for the address."""
_WORDS_ONLY = regex(r"(?=\S*[a-z])[A-Za-z][\w'’]*+(?: [\w'’]++)*+(?<=[a-z])\.?")
"""Nothing but words, the first no shout: there is nothing to take from such a text, as from most cells and many bullets."""
_NOTED_LEAD = regex(r"([^()（）:：]{3,80}?)\s*[(（]([^()（）]{2,40})[)）](?=[:：]|\s[-–—]\s)")
_TURNS = 24
_LEADING = 6
_ATTRIBUTE_SPACE = 240


def read_text(text: RichText, begin: int, end: int, keys: frozenset[str]) -> Reading:
    """Take apart the item that stands at ``[begin, end)`` of a block's plain text."""
    if end - begin > LONGEST:
        short = join_lines(text.plain[begin : begin + 80])
        return Reading(short + "…", short + "…", begin=begin, end=end, too_long=True)
    if not text.markup and _WORDS_ONLY.fullmatch(text.plain, begin, end):
        words = text.plain[begin:end]
        if ends_in_time(words) < 0:  # "Add an alert by Friday"
            return Reading(words, words, begin=begin, end=end)
    attributes = _ATTRIBUTES.search(text.plain, max(begin, end - _ATTRIBUTE_SPACE), end) if "}" in text.plain else None
    reading = Reading()
    window = Window.of(text, begin, attributes.start() if attributes else end, reading)
    window.strip()
    reading.begin, reading.end = window.begin, window.end
    reading.note = find_note(text, window.begin, window.end)
    if reading.note:
        window.end = reading.end = reading.note.begin
        window.strip()
    reading.links = find_links(text, window.begin, window.end, keys)
    if STRIKE in window.kinds:
        _strike(window)
    _peel(window)
    words = _words(window)
    reading.text = _without_note(window, words) if ")" in words else words
    lead = _bold_lead(window) - (len(words) - len(reading.text)) if STRONG in window.kinds else 0
    code = [window.plain[m.begin : m.end] for m in text.markup if m.kind is CODE] if CODE in window.kinds else ()
    if words.endswith((":", "：")) and _is_bold(window):
        reading.text = reading.text.rstrip(" :：")  # a title's, which leads to what is below it
    title, details = split_title(reading.text, lead, above=_stands_above(window, lead), code=code)
    # When it is to be done ("Short term: rotate the keys") names nothing.
    when = details and "horizon" in vocabulary.concepts("group", title)
    reading.title, reading.details = split_title(details) if when else (title, details)
    return reading


def _peel(window: Window) -> None:
    """Take away what is known from both ends, until a turn finds nothing more; few items need four."""
    for take in (take_lead, take_tail):
        for _ in range(_TURNS):
            if not take(window, window.strip()):
                break


def _strike(window: Window) -> None:
    """Text most of which is struck through is done; what tells behind it how it went is no part of it."""
    strikes = window.marked(STRIKE)
    if not strikes or strikes[0].begin > window.begin + _LEADING:
        return
    behind = window.plain[strikes[-1].end : window.end].strip(" :-–—")
    reported = " " in behind and leading_state(behind) is not None
    words = strikes[-1].end - window.begin if reported else len(_words(window))
    if sum(m.end - m.begin for m in strikes) * 2 <= words:
        return
    window.take(Values(state=State.DONE, details=(join_lines(behind),) if reported else ()))
    if reported:
        window.shrink_to(strikes[-1].end)


def _words(window: Window) -> str:
    """The words that remain, without bare addresses and the brackets and separators around them."""
    text = window.text
    if "://" not in text:
        return join_lines(text)
    return join_lines(_LED_NOWHERE.sub("", _ADDRESS.sub("", text))).lstrip("-–—:|, ")


def _without_note(window: Window, words: str) -> str:
    """Take what is noted in brackets behind a lead: "Retries (done): Limit them"."""
    noted = _NOTED_LEAD.match(words)
    values = read_values(noted[2], bracketed=True) if noted else None
    if noted is None or values is None or values.type is not None:
        return words
    window.take(values)
    return noted[1] + words[noted.end() :]


def _is_bold(window: Window) -> bool:
    """Whether all that is left is in bold type."""
    marks = window.source.markup
    return any(m.kind is STRONG and m.begin <= window.begin and m.end >= window.end for m in marks)


def _stands_above(window: Window, lead: int) -> bool:
    """Whether bold words have their line to themselves, above what explains them."""
    if not lead:
        return False
    after = window.plain[window.begin + lead : window.end].lstrip(" .:：")
    return after.startswith("\n") and not after.lstrip()[:1].islower()


def _bold_lead(window: Window) -> int:
    """How long the bold words are that the text begins with; 0 where it doesn't, or is bold throughout."""
    for mark in window.source.markup:
        if mark.kind is STRONG and mark.begin <= window.begin < mark.end:
            return mark.end - window.begin if mark.end < window.end else 0
    return 0
