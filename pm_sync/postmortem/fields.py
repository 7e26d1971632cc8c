"""One item's text, taken apart: what is said about it at its beginning and end, and the words that remain."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pm_sync.markdown.inlines import MarkKind, RichText
from pm_sync.model import Annotation, State
from pm_sync.postmortem import vocabulary
from pm_sync.postmortem.links import Found, Note, find_links, find_note, is_bare_key
from pm_sync.postmortem.values import Values, labelled_value, leading_state, read_values, state_of

_ATTRIBUTES = re.compile(r"\s*\{[:.#][^{}\n]{0,200}\}\s*$")
_PAIRS = {")": "(", "]": "[", "）": "（", "】": "【"}
_MENTION_TAIL = re.compile(r"(?:^|[\s,(–—-])((?:@[\w][\w./-]*[\s,&]*(?:and\s+)?){1,6})$")
_MENTION_LEAD = re.compile(
    r"((?:@[\w][\w/-]*(?:\s*[,&/+]\s*|\s+and\s+)?){1,6})\s*(?:[:：]|\s[-–—]\s|\bto\b\s|\bwill\b\s)"
)
_LABEL_AT = re.compile(
    r"(?:^|(?<=[\s(|;,.–—*-]))([^\W\d_][^\s:：|;,.()]{0,20}(?: [^\s:：|;,.()]{1,20}){0,3})\s?[:：]\s*"
)
_SEPARATORS = re.compile(r"\s[-–—|/·•>→]+\s|\s?[|;；]\s?|,\s|\n|\s(?=\d{4}-\d{2}-\d{2}$)|(?<=\w)\.\s")
_TAIL_WORD = re.compile(
    r"(?:^|(?<=\s))(?:due|by|until|before|ETA|bis|avant|até|entro|do|до|voor|para)\b[^.;|]{3,40}$", re.IGNORECASE
)
_BOX = re.compile(r"\s*(?:\[([ xX✓✔]?)\]|([☐☑✅✔❌⬜☒]))️?\s+")
_DECORATION = re.compile(r"^(?:[^\w\s\"'“‘`(\[{<$/.~#@*+&-]|[•·▪‣●○–—-](?=\s))+️?\s*")
_LEAD = re.compile(r"([^:：\n]{1,60}?)\s*(?:[:：]|\s[-–—]\s)\s*")
_MARKER = re.compile(r"(.*?)[\s#-]*\d{0,3}$")
_SENTENCE_END = re.compile(r"[.!?](?=\s)|[。！？]")
_TRAILERS = " \t\n\u00a0,;|:：–—-·•→>"


@dataclass(slots=True)
class Reading:
    """What one item's text says."""

    text: str = ""
    title: str = ""
    details: str = ""
    values: Values = field(default_factory=Values)
    links: list[Found] = field(default_factory=list)
    note: Note | None = None
    box: tuple[int, State] | None = None
    """A checkbox written as text (``\\[x\\]``): where its character stands in the file, and what it says."""
    begin: int = 0
    end: int = 0
    """What of the plain text is the item, annotation and attribute list not included."""

    @property
    def annotation(self) -> Annotation | None:
        return self.note.annotation if self.note else None


def read_text(text: RichText, begin: int, end: int, keys: frozenset[str]) -> Reading:
    """Take apart the item that stands at ``[begin, end)`` of a block's plain text."""
    return _Peeler(text, begin, end, keys).read()


class _Peeler:
    """Takes from both ends of a window what is known, until only the item's words are left in it."""

    def __init__(self, text: RichText, begin: int, end: int, keys: frozenset[str]) -> None:
        self.source = text
        self.plain = text.plain
        attributes = _ATTRIBUTES.search(self.plain, begin, end)
        self.begin = begin
        self.end = attributes.start() if attributes else end
        self.reading = Reading(begin=begin)
        self.keys = keys
        self.holes: list[tuple[int, int]] = []

    @property
    def window(self) -> str:
        return self.plain[self.begin : self.end]

    def read(self) -> Reading:
        self.strip()
        reading = self.reading
        reading.begin, reading.end = self.begin, self.end
        reading.note = find_note(self.source, self.begin, self.end)
        if reading.note:
            self.end = reading.end = reading.note.begin
            self.strip()
        reading.links = find_links(self.source, self.begin, self.end, self.keys)
        self.strike()
        for step in (self.front, self.back):
            # Each turn takes something away, so that there are no more turns than characters; few items need four.
            for _ in range(24):
                before = (self.begin, self.end)
                step()
                self.strip()
                if before == (self.begin, self.end):
                    break
        self.cut_addresses()
        reading.text = self.words()
        reading.title, reading.details = split_title(reading.text, self.bold_lead())
        return reading

    def strip(self) -> None:
        while self.begin < self.end and self.plain[self.end - 1].isspace():
            self.end -= 1
        while self.begin < self.end and self.plain[self.begin].isspace():
            self.begin += 1

    def strike(self) -> None:
        strikes = [
            m for m in self.source.markup if m.kind is MarkKind.STRIKE and m.begin >= self.begin and m.end <= self.end
        ]
        if (
            strikes
            and sum(m.end - m.begin for m in strikes) * 2 > self.end - self.begin
            and strikes[0].begin <= self.begin + 6
        ):
            self.reading.values.state = State.DONE

    # -- the front

    def front(self) -> None:
        window = self.window
        if box := _BOX.match(window):
            self.written_box(box)
        elif decoration := _DECORATION.match(window):
            self.reading.values.state = self.reading.values.state or state_of(decoration[0])
            self.begin += decoration.end()
        elif window[:1] in {"[", "(", "（", "【"}:
            self.front_bracket(window)
        elif link := next((f for f in self.reading.links if f.begin <= self.begin < f.end), None):
            self.front_link(link)
        elif mention := _MENTION_LEAD.match(window):
            self.reading.values.take(Values(owners=re.findall(r"@[\w][\w/-]*", mention[1])))
            self.begin += mention.end()
        else:
            self.front_label(window)

    def written_box(self, box: re.Match[str]) -> None:
        inside = box[1] if box[1] is not None else box[2]
        state = (
            State.DONE
            if inside in {"x", "X", "✓", "✔", "☑", "✅"}
            else State.DROPPED
            if inside in {"❌", "☒"}
            else State.OPEN
        )
        self.reading.values.state = self.reading.values.state or state
        if box[1] in {" ", "x", "X"}:
            self.reading.box = (self.source.offset(self.begin + box.start(1)), state)
        self.begin += box.end()

    def front_bracket(self, window: str) -> None:
        close = {"(": ")", "[": "]", "（": "）", "【": "】"}[window[0]]
        end = window.find(close, 1, 80)
        if end < 0:
            return
        inside = window[1:end].strip()
        after = self.begin + end + 1
        if any(f.begin <= self.begin + 1 < f.end for f in self.reading.links) or not window[end + 1 :].strip():
            if window[end + 1 :].lstrip(" :：-–—"):
                self.skip_to(after)
            return
        values = read_values(inside, bracketed=True)
        if values is not None:
            self.reading.values.take(values)
        elif window[0] in "[【" and 0 < len(inside.split()) <= 3 and not is_bare_key(inside):  # noqa: PLR2004
            kind = vocabulary.concepts("group", inside)
            self.reading.values.take(Values(type=inside) if "type" in kind else Values(team=inside))
        else:
            return
        self.skip_to(after)

    def skip_to(self, begin: int) -> None:
        self.begin = begin
        while self.begin < self.end and self.plain[self.begin] in " \t\n:：-–—|.,":
            self.begin += 1

    def front_link(self, link: Found) -> None:
        """Take off an issue's number in front of the text; a link around the text itself stays."""
        label = self.plain[link.begin : link.end]
        after = self.plain[link.end : self.end]
        if is_reference(label) and after.strip(_TRAILERS) and after[:1] in tuple(" :：-–—)]\n"):
            self.skip_to(link.end)

    def front_label(self, window: str) -> None:
        strong = next(
            (
                m
                for m in self.source.markup
                if m.kind in {MarkKind.STRONG, MarkKind.CODE} and m.begin <= self.begin < m.end
            ),
            None,
        )
        if strong is not None and strong.end < self.end:
            label = self.plain[self.begin : strong.end].strip(" :：.[]()-–—")
            if self.take_label(label):
                self.skip_to(strong.end)
                return
        lead = _LEAD.match(window)
        if lead and self.take_label(lead[1]):
            self.skip_to(self.begin + lead.end())
            return
        word = window.split(None, 1)[0] if window.split() else ""
        if word.isupper() and len(window.split()) > 1 and state_of(word.strip("[]():")) is not None:
            self.reading.values.take(Values(state=state_of(word.strip("[]():"))))
            self.skip_to(self.begin + len(word))

    def take_label(self, label: str) -> bool:
        """Whether a lead says something about the item instead of being its first words."""
        bare = _MARKER.fullmatch(label)
        if bare is None or not label:
            return False
        if "marker" in vocabulary.concepts("label", bare[1]) or is_bare_key(label):
            return True
        if "priority" in vocabulary.concepts("word", label):
            self.reading.values.take(Values(priority=label))
            return True
        state = state_of(label) if len(label) > 1 and "type" not in vocabulary.concepts("group", label) else None
        if state is not None:
            self.reading.values.take(Values(state=state))
        return state is not None

    # -- the back

    def back(self) -> None:
        window = self.window.rstrip()
        bare = window.rstrip(".。")
        if not bare:
            return
        if bare[-1] in _PAIRS and self.back_bracket(bare):
            return
        if self.back_link() or self.back_mark(bare) or self.back_mention(bare) or self.back_label(window):
            return
        self.back_tail(window)

    def shrink(self, end: int) -> None:
        """Give up what stands from ``end`` on, with the separator before it."""
        self.end = end
        while self.begin < self.end and self.plain[self.end - 1] in _TRAILERS:
            self.end -= 1

    def back_bracket(self, window: str) -> bool:
        opening, closing = _PAIRS[window[-1]], window[-1]
        depth, at = 0, len(window) - 1
        for at in range(len(window) - 1, max(-1, len(window) - 240), -1):
            depth += (window[at] == closing) - (window[at] == opening)
            if not depth:
                break
        if depth or at == 0:
            return False
        inside, begin = window[at + 1 : -1].strip(), self.begin + at
        rest = self.without_links(begin + 1, self.begin + len(window) - 1).strip(" ,;:.-–—/&")
        linked = any(begin <= f.begin < self.end for f in self.reading.links)
        values = (
            Values() if linked and is_reference_label(rest) else read_values(rest if linked else inside, bracketed=True)
        )
        if values is None and linked and (state := leading_state(rest)) is not None:
            values = Values(state=state)
        if values is None and is_reference_label(inside) and not linked:
            values = Values() if self.is_link(begin, self.end) or inside.casefold() in {"link"} else None
        if values is None and re.fullmatch(r"https?://\S+", inside):
            values = Values()
        if values is None:
            return False
        self.reading.values.take(values)
        self.shrink(begin)
        return True

    def is_link(self, begin: int, end: int) -> bool:
        return any(m.kind is MarkKind.LINK and begin <= m.begin < m.end <= end for m in self.source.markup)

    def without_links(self, begin: int, end: int) -> str:
        pieces, at = [], begin
        for found in self.reading.links:
            if begin <= found.begin and found.end <= end:
                pieces.append(self.plain[at : found.begin])
                at = found.end
        return "".join([*pieces, self.plain[at:end]])

    def back_link(self) -> bool:
        """Take off a link at the end whose label is no part of the sentence: an address, a number, "Issue"."""
        end = self.end - (self.plain[self.end - 1] in ".。")
        for mark in self.source.markup:
            if mark.kind is MarkKind.LINK and mark.end == end and mark.begin > self.begin:
                label = self.plain[mark.begin : mark.end]
                if is_reference(label) or is_reference_label(label) or label.strip() == mark.url:
                    self.shrink(self.before_reference(mark.begin))
                    return True
        for found in self.reading.links:
            if found.end == end and found.begin > self.begin and (found.url is None or found.ref == found.url):
                self.shrink(self.before_reference(found.begin))
                return True
        return False

    def before_reference(self, begin: int) -> int:
        """Where "…, see #12" and "… - Issue: #12" end when the reference is taken away, words for it included."""
        before = self.plain[self.begin : begin]
        match = re.search(r"(?:^|[\s(,;.–—-])((?:[\w]+\s){0,2}[\w]+)\s*[:：]?\s*$", before)
        if match:
            words = match[1].split()
            for length in range(len(words), 0, -1):
                label = " ".join(words[-length:])
                if is_reference_label(label) and label.casefold() not in {
                    "in",
                    "for",
                    "task",
                    "story",
                    "bug",
                    "issue",
                    "card",
                } | (set() if before.rstrip().endswith((":", "：")) else {"here", "link"}):
                    return self.begin + match.end(1) - len(label)
        return begin

    def back_mark(self, window: str) -> bool:
        """A sign at the end: ``✅``, ``✅ 2024-05-01``, ``- DONE``."""
        tail = re.search(r"([✅☑✔❌🚧⏳🔄])️?\s*(\d{4}-\d\d-\d\d)?$", window)
        if tail:
            self.reading.values.take(Values(state=state_of(tail[1])))
            self.shrink(self.begin + tail.start())
            return True
        dated = re.search(r"(?:📅|🗓|⏰)️?\s*(\d{4}-\d\d-\d\d)$", window)
        if dated:
            values = read_values(dated[1], bracketed=True)
            self.reading.values.take(values or Values())
            self.shrink(self.begin + dated.start())
            return True
        word = window.rsplit(None, 1)[-1].strip("*[]")
        if word.isupper() and len(word) > 2 and word.isascii() and word != window and state_of(word) is not None:  # noqa: PLR2004
            self.reading.values.take(Values(state=state_of(word)))
            self.shrink(self.begin + len(window) - len(window.rsplit(None, 1)[-1]))
            return True
        return False

    def back_mention(self, window: str) -> bool:
        match = _MENTION_TAIL.search(window, max(0, len(window) - 160))
        if match is None or not match.start(1):
            return False
        self.reading.values.take(Values(owners=re.findall(r"@[\w][\w./-]*", match[1])))
        self.shrink(self.begin + match.start(1))
        return True

    def back_label(self, window: str) -> bool:
        """``Owner: Jane`` and the like, from the last such label on."""
        start = max(0, len(window) - 200)
        for match in reversed(list(_LABEL_AT.finditer(window, start))):
            words = match[1].split()
            for length in range(len(words), 0, -1):
                label = " ".join(words[-length:])
                begin = match.end(1) - len(label)
                if not begin or window[begin - 1] not in " \n(|;,.*–—-":
                    continue
                values = labelled_value(label, window[match.end() :])
                if values is not None and len(window) - match.end() <= 80:  # noqa: PLR2004
                    self.reading.values.take(values)
                    self.shrink(self.begin + begin)
                    return True
        return False

    def back_tail(self, window: str) -> None:
        """The last piece behind a dash, bar or comma, or a due date at the end of the sentence."""
        start = max(0, len(window) - 160)
        cuts = list(_SEPARATORS.finditer(window, start))
        for cut in reversed(cuts):
            values = read_values(window[cut.end() :], bracketed=not cut[0].startswith((",", ".")) and cut[0] != "\n")
            if values is not None:
                self.reading.values.take(values)
                self.shrink(self.begin + cut.start())
                return
        due = _TAIL_WORD.search(window, max(0, len(window) - 60))
        if due and due.start() > 0:
            values = read_values(due[0], bracketed=False)
            if values is not None and values.due is not None:
                self.reading.values.take(values)
                self.shrink(self.begin + due.start())

    # -- what remains

    def cut_addresses(self) -> None:
        """Leave bare addresses out of the text, with the brackets around them."""
        for match in re.finditer(r"\s*[(<\[]?https?://[^\s<>()\[\]]+[)>\]]?", self.window):
            self.holes.append((self.begin + match.start(), self.begin + match.end()))

    def words(self) -> str:
        pieces, at = [], self.begin
        for begin, end in self.holes:
            pieces.append(self.plain[at:begin])
            at = end
        return join_lines("".join([*pieces, self.plain[at : self.end]])).strip()

    def bold_lead(self) -> int:
        """How long the bold words are that the text begins with; 0 where it doesn't, or is bold throughout."""
        for mark in self.source.markup:
            if mark.kind is MarkKind.STRONG and mark.begin <= self.begin < mark.end:
                return mark.end - self.begin if mark.end < self.end else 0
        return 0


def is_reference(label: str) -> bool:
    """Whether a link's label is an issue's number or key."""
    bare = label.strip(" []()")
    return re.fullmatch(
        r"(?:(?:PR|MR|Issue|GH|Bug|Ticket)\s?)?(?:[\w.-]+/)?(?:[\w.-]+)?[#!]\d+", bare, re.IGNORECASE
    ) is not None or is_bare_key(bare)


def is_reference_label(text: str) -> bool:
    """Whether words only say that there is a reference: "Issue", "PR", "see"."""
    return not text or "reference" in vocabulary.concepts("word", re.sub(r"#?\d+$", "", text))


_EAST = r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]"
_EAST_BREAK = re.compile(rf"(?<={_EAST})[ \t]*\n[ \t]*(?={_EAST})")


def join_lines(text: str) -> str:
    """One line: breaks and runs of blanks as one blank, between Chinese or Japanese characters as none."""
    if "\n" in text:
        text = _EAST_BREAK.sub("", text)
    return " ".join(text.split())


def split_title(text: str, bold: int = 0) -> tuple[str, str]:
    """Part "Lead: explanation" and several sentences into title and details."""
    lead = text[:bold].rstrip() if bold else ""
    after = text[bold:].lstrip() if bold else ""
    if lead and (lead.endswith((":", "：", ".", "。")) or after.startswith((":", "：", ".", "-", "–", "—"))):
        rest = after.lstrip(" :：.–—-")
        if rest and len(lead) > 1:
            return lead.rstrip(" :：."), rest
    colon = re.match(r"(.{3,80}?)(?:: |：)(?=\S)", text)
    if colon and len(colon[1].split()) <= 12 and not _SENTENCE_END.search(colon[1]):  # noqa: PLR2004
        return colon[1].rstrip(), text[colon.end() :].strip()
    for end in _SENTENCE_END.finditer(text):
        if end.start() >= 12 and text[end.end() :].strip() and not _abbreviates(text, end.start()):  # noqa: PLR2004
            return text[: end.end()].strip(), text[end.end() :].strip()
    return text, ""


def _abbreviates(text: str, at: int) -> bool:
    """Whether the full stop at ``at`` belongs to "e.g.", "vs.", an initial or a number."""
    word = text[:at].rsplit(None, 1)[-1].lstrip("([\"'“")
    follows = text[at + 1 :].lstrip()[:1]
    return (
        len(word) == 1
        or word.casefold()
        in {
            "e.g",
            "i.e",
            "eg",
            "ie",
            "etc",
            "vs",
            "cf",
            "approx",
            "no",
            "dr",
            "mr",
            "mrs",
            "ms",
            "sept",
            "z.b",
            "p.ex",
            "np",
            "bzw",
            "ca",
            "v",
        }
        or follows.islower()
    )
