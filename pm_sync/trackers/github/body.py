"""The issue's body: of it the managed block is ours, and everything around that block is people's.

The block stands between two HTML comments, the last such pair counts, and its last line is the mark::

    <!-- pm-sync:begin https://github.com/acme/infra/blob/4cc1de4/postmortems/db.md#L12 -->
    …
    <!-- pm-sync:mark {"base":{},"n":0,…} -->
    <!-- pm-sync:end -->

The first comment keeps the address of the item at the commit of creation.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

from pm_sync.mark import Mark
from pm_sync.model import IssueDraft, Source
from pm_sync.trackers.github.template import Template, one_line_of

BODY_LIMIT = 65_536
"""Characters that GitHub accepts."""
_END = "<!-- pm-sync:end -->"
_BEGIN = re.compile(r"<!-- pm-sync:begin(?: (?P<url>\S+))? -->")
_MARK = re.compile(r"<!-- pm-sync:mark (?P<json>\{[^<>\n]*\})(?: (?P<mac>[0-9a-f]{64}))? -->")
_CUT = "\n\n… (too long for an issue: the postmortem has the whole text)"


class Block(Struct, frozen=True):
    """Where the managed block is in a body, and what it says of itself."""

    start: int
    end: int
    url: str | None
    mark: Mark | None
    signature: str
    """The mark's, or empty."""


def find_block(body: str) -> Block | None:
    """Find the managed block: the last one. An end that somebody quotes below it ends nothing."""
    begins = list(_BEGIN.finditer(body, 0, max(body.rfind(_END), 0)))
    if not begins:
        return None
    begin = begins[-1]
    end = body.find(_END, begin.end())
    marks = list(_MARK.finditer(body, begin.end(), end))
    mark = marks[-1] if marks else None
    return Block(
        start=begin.start(),
        end=end + len(_END),
        url=begin["url"],
        mark=Mark.from_json(mark["json"]) if mark else None,
        signature=(mark["mac"] or "") if mark else "",
    )


def sign(mark: Mark, key: str) -> str:
    """The mark's signature under a key."""
    return hmac.new(key.encode(), mark.to_json().encode(), hashlib.sha256).hexdigest()


def write_body(old: str, draft: IssueDraft, template: Template, mark_key: str = "") -> str:
    """Put what the draft says into the managed block; add one where there is none.

    Every character outside of the block stays. Details too long for GitHub are cut.

    Args:
        old: The whole body as it is; empty for a new issue.
        draft: What the issue is to say.
        template: The block's inside.
        mark_key: Signs the mark, unless empty.

    """
    block = find_block(old)
    before, after = (old[: block.start], old[block.end :]) if block else (_spaced(old), "")
    source = _lasting_source(draft.source, block)
    room = BODY_LIMIT - len(before) - len(after)
    return before + _render(replace(draft, source=source), template, mark_key, room) + after


def replace_mark(body: str, mark: Mark | None, mark_key: str = "") -> str:
    """Put another mark into the managed block, or none; everything else stays."""
    block = find_block(body)
    if block is None:
        return body
    line = _mark_line(mark, mark_key) if mark is not None else ""
    return body[: block.start] + _MARK.sub(lambda _: line, body[block.start : block.end]) + body[block.end :]


def _spaced(text: str) -> str:
    return f"{text}\n\n" if text.strip() else ""


def _lasting_source(source: Source, block: Block | None) -> Source:
    if block is not None and block.url:
        return replace(source, url=block.url)
    # A space or a comment's end would break out of the comment, an @ would ping.
    return replace(source, url=quote(source.url, safe=":/?#%=&+,;~$") if source.url else None)


def _render(draft: IssueDraft, template: Template, mark_key: str, room: int) -> str:
    if len(draft.details) > BODY_LIMIT:  # what would be cut off anyway needs no rendering
        draft = replace(draft, details=draft.details[:BODY_LIMIT] + _CUT)
    whole = _wrapped(draft, template, mark_key)
    kept = draft.details
    while kept and len(whole) > room:
        # By its share, as making text harmless may make it many times as long; and a little more, to come to an end.
        kept = kept[: min(len(kept) * max(room, 0) // len(whole), len(kept) * 9 // 10)]
        whole = _wrapped(replace(draft, details=kept + _CUT), template, mark_key)
    return whole


def _wrapped(draft: IssueDraft, template: Template, mark_key: str) -> str:
    url = f" {draft.source.url}" if draft.source.url else ""
    inside = template.render(
        incident=draft.incident, source=draft.source, details=draft.details, facts=list(_facts(draft)), item=draft
    )
    return "\n".join(
        (
            f"<!-- pm-sync:begin{url} -->",
            inside.strip("\n").replace("<!-- pm-sync:", "&lt;!-- pm-sync:"),
            "",
            _mark_line(draft.mark, mark_key),
            _END,
        )
    )


def _mark_line(mark: Mark, mark_key: str) -> str:
    signature = f" {sign(mark, mark_key)}" if mark_key else ""
    return f"<!-- pm-sync:mark {mark.to_json()}{signature} -->"


def _facts(draft: IssueDraft) -> Iterator[tuple[str, str]]:
    """What is known besides, each in one line."""
    incident = draft.incident
    known = (
        ("Severity", incident.severity),
        ("Impact", incident.impact),
        ("Root cause", incident.root_cause),
        ("Owner", ", ".join(draft.owners)),
        ("Due", draft.due.isoformat() if draft.due else None),
        ("Priority", draft.priority),
        ("Type", draft.type),
        *draft.extra,
    )
    return ((name, one_line_of(value)) for name, value in known if value)
