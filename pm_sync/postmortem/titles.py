"""Plain words: lines joined, sentences told apart, title and details."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pm_sync.regex import regex

_EAST = r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]"
_EAST_BREAK = regex(rf"(?<={_EAST})[ \t]*\n[ \t]*(?={_EAST})")
_LEAD = regex(r"(.{3,80}?)(?:: |：)(?=\S)")
_STOP = regex(r"[.!?。！？](?:(?<=[。！？])|(?=\s))")
_SHORT = frozenset(
    {
        "e.g",
        "i.e",
        "eg",
        "ie",
        "etc",
        "vs",
        "cf",
        "approx",
        "est",
        "no",
        "dr",
        "mr",
        "mrs",
        "ms",
        "sept",
        "z.b",
        "p.ex",
        "np",
    }
    | {"bzw", "ca", "v", "incl", "resp", "ggf", "evtl", "m.a.w", "bv", "п", "др", "т.е", "т.д"}
    | {"отв", "verantw", "zust", "nr"}
)
_FEW_STOPS = 20
_SHORTEST_TITLE = 12
_LEAD_WORDS = 12


def join_lines(text: str) -> str:
    """One line: breaks and runs of blanks as one blank, between Chinese or Japanese characters as none."""
    # What can be printed has no break, and no blank but the common one.
    if text.isprintable() and "  " not in text:
        return text.strip()
    if "\n" in text:
        text = _EAST_BREAK.sub("", text)
    return " ".join(text.split())


def split_title(text: str, bold: int = 0, *, above: bool = False, code: Sequence[str] = ()) -> tuple[str, str]:
    """Part "Lead: explanation" and several sentences into title and details.

    ``bold``: how long the bold lead is; ``above``: it has a line of its own; ``code``: what stands in it as code, whose
    colons lead to nothing.
    """
    found = (_bold_lead(text, bold, above=above) if bold else None) or _colon_lead(text, code)
    if found:
        return found
    for at in _stops(text):
        within = text.count("(", 0, at) > text.count(")", 0, at)
        if at >= _SHORTEST_TITLE and text[at:].strip() and not within:
            return text[:at].strip(), text[at:].strip()
    return text, ""


def _bold_lead(text: str, bold: int, *, above: bool) -> tuple[str, str] | None:
    lead, after = text[:bold].rstrip(), text[bold:].lstrip()
    told = lead.endswith((":", "：", ".", "。")) or after.startswith((":", "：", ".", "-", "–", "—"))
    if not lead or not (told or above):
        return None
    rest = after.lstrip(" :：.–—-")
    return (lead.rstrip(" :：."), rest) if rest and len(lead) > 1 else None


def _colon_lead(text: str, code: Sequence[str]) -> tuple[str, str] | None:
    match = _LEAD.match(text) if ": " in text or "：" in text else None
    if match is None or len(match[1].split()) > _LEAD_WORDS or _STOP.search(match[1]):
        return None
    opened = any(match[1].count(opening) > match[1].count(closing) for opening, closing in ("()", "（）"))
    if opened or match[1].count('"') % 2 == 1:
        return None
    if any(0 <= (at := text.find(piece)) < match.end() < at + len(piece) for piece in code):
        return None
    return match[1].rstrip(), text[match.end() :].strip()


def _stops(text: str) -> Iterator[int]:
    for number, stop in enumerate(_STOP.finditer(text)):
        if number == _FEW_STOPS:
            return
        if not abbreviates(text, stop.start()):
            yield stop.end()


def abbreviates(text: str, at: int) -> bool:
    """Whether the full stop at ``at`` belongs to "e.g.", "vs.", an initial or a number, and ends no sentence."""
    if text[at] != ".":
        return False
    word = text[max(0, at - 24) : at].rsplit(None, 1)[-1:]
    bare = word[0].lstrip("([\"'“") if word else ""
    follows = text[at + 1 : at + 4].lstrip()[:1]
    return (len(bare) == 1 and bare.isalpha()) or bare.casefold() in _SHORT or follows.islower()
