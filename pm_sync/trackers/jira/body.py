"""The issue's description: of it the managed block is ours, and everything around that block is people's.

The block stands between two sentences that say so, the last such pair counts. It holds the link back to the
postmortem, the details, and what is known of the incident.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from pm_sync.model import IssueDraft
from pm_sync.trackers.jira.adf import AdfText, Node, document
from pm_sync.trackers.jira.markup import Run, plain_text
from pm_sync.trackers.jira.wiki import WikiText

BODY_LIMIT = 32_767
"""Characters that Jira accepts, unless its administrator says otherwise."""
BEGIN = "pm-sync writes from here on,"
END = "up to here. Please write above or below."
_CUT = "\n\n… (too long for an issue: the postmortem has the whole text)"
_NOTHING = "\u200b"
"""Keeps a writer's words from being taken for the block's own borders."""
_TARGET = re.compile(r"\|(https?://[^\]\s]+)\]")


def write_body(old: Any, draft: IssueDraft, facts: Sequence[tuple[str, str]], *, cloud: bool) -> Any:  # noqa: ANN401  text or JSON
    """Put what the draft says into the managed block of a description; add one at the end where there is none.

    Whatever stands outside of the block stays as it is. Details too long for Jira are cut.

    Args:
        old: The description as it is; None for a new issue.
        draft: What the issue is to say.
        facts: What is known besides, by names.
        cloud: Make a document instead of wiki text.

    """
    write = _into_document if cloud else _into_wiki
    # What would be cut off anyway needs no rendering.
    details = draft.details[:BODY_LIMIT]
    whole = write(old, replace(draft, details=details + (_CUT if details != draft.details else "")), facts)
    while details and (size := _size(whole)) > BODY_LIMIT:
        details = details[: min(len(details) * BODY_LIMIT // size, len(details) * 9 // 10)]
        whole = write(old, replace(draft, details=details + _CUT), facts)
    return whole


def _size(body: Any) -> int:  # noqa: ANN401  text or JSON
    return len(body) if isinstance(body, str) else len(json.dumps(body, ensure_ascii=False))


def _into_wiki(old: Any, draft: IssueDraft, facts: Sequence[tuple[str, str]]) -> str:  # noqa: ANN401  text or nothing
    lines = str(old).split("\n") if old else []
    first, last = _block([plain_text(line).strip() for line in lines])
    kept = _TARGET.search("\n".join(lines[first:last]))
    text = WikiText()
    parts = [text.words(paragraph) for paragraph in _head(draft, kept.group(1) if kept else None)]
    parts += [text.markdown(draft.details)] if draft.details else []
    parts += ["\n".join(f"* {text.words(fact)}" for fact in _facts(facts))] if facts else []
    inside = [_NOTHING + line if _is_border(line) else line for line in "\n\n".join(parts[1:]).split("\n")]
    block = "\n\n".join((parts[0], "\n".join(inside), text.words([Run(END)])))
    before, after = "\n".join(lines[:first]), "\n".join(lines[last:])
    if first == last:
        before += "\n\n" if before else ""
    elif first:
        before += "\n"
    return before + block + (f"\n{after}" if last < len(lines) else "")


def _into_document(old: Any, draft: IssueDraft, facts: Sequence[tuple[str, str]]) -> Node:  # noqa: ANN401  JSON or nothing
    nodes = list(old.get("content") or ()) if isinstance(old, dict) else []
    first, last = _block([plain_text(node).strip() for node in nodes])
    kept = next(_targets(nodes[first:last]), None)
    text = AdfText()
    block = [node for paragraph in _head(draft, kept) for node in text.words(paragraph)]
    block += text.markdown(draft.details) if draft.details else []
    if facts:
        items: list[Node] = [{"type": "listItem", "content": text.words(fact)} for fact in _facts(facts)]
        block.append({"type": "bulletList", "content": items})
    for node in block[1:]:
        if _is_border(node):
            node["content"].insert(0, {"type": "text", "text": _NOTHING})
    block += text.words([Run(END)])
    return document([*nodes[:first], *block, *nodes[last:]])


def _head(draft: IssueDraft, kept: str | None) -> list[list[Run]]:
    """The opening, and the link back: to the commit of creation, which later ones don't change."""
    place = f"{draft.source.path}, line {draft.source.line}"
    link = Run(place, href=kept or draft.source.url)
    return [[Run(BEGIN)], [Run(draft.incident.title, strong=True), Run(": "), link]]


def _facts(facts: Sequence[tuple[str, str]]) -> list[list[Run]]:
    return [[Run(name, strong=True), Run(f": {value}")] for name, value in facts]


def _is_border(part: Any) -> bool:  # noqa: ANN401  text or JSON
    return plain_text(part).strip() in (BEGIN, END)


def _block(lines: Sequence[str]) -> tuple[int, int]:
    """Where our block begins and ends, as a half-open range; at the end of everything where there is none."""
    last = next((at for at in reversed(range(len(lines))) if lines[at] == END), -1)
    first = next((at for at in reversed(range(max(last, 0))) if lines[at] == BEGIN), -1)
    if first >= 0:
        return first, last + 1
    end = len(lines) if any(lines) else 0
    return end, end


def _targets(node: Any) -> Iterator[str]:  # noqa: ANN401  as JSON is
    if isinstance(node, list):
        for child in node:
            yield from _targets(child)
    elif isinstance(node, dict):
        for mark in node.get("marks") or ():
            if mark.get("type") == "link":
                yield str((mark.get("attrs") or {}).get("href", ""))
        yield from _targets(node.get("content") or [])
