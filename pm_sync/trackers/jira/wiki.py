"""Data Center's bodies: wiki text, in which nothing that a postmortem says means more than its words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from mistletoe.base_renderer import BaseRenderer
from mistletoe.block_token import Document
from mistletoe.contrib.jira_renderer import JiraRenderer

from pm_sync.trackers.jira.markup import Run, clean, is_parsable, is_web_address, one_line, paragraphs

_URL = re.compile(r"https?://[\w.~:/?#@!$&'*+,;=%-]*[\w/]", re.ASCII)
_SPECIAL = re.compile(r"[{}\[\]*_\-+^~!|?#]")
_FACE = re.compile(r"[:;](?=[()DPp|])|\((?=[!?/xX+\-*iyn]\)|\*[rgby]\)|on\)|off\))")
_OPENING = re.compile(r"^(?:h[1-6]\.|bq\.)")
_CODE = re.compile(r"\{code", re.IGNORECASE)
_NOFORMAT = re.compile(r"\{(?=noformat)", re.IGNORECASE)
_LANGUAGE = re.compile(r"^[\w+#.-]+$", re.ASCII)


class WikiText:
    """Makes wiki text."""

    def words(self, runs: Sequence[Run]) -> str:
        """One paragraph."""
        return _opened("".join(_run(run) for run in runs))

    def markdown(self, text: str) -> str:
        """Markdown as wiki text, whose words mean nothing but themselves."""
        text = clean(text)
        if is_parsable(text):
            with suppress(RecursionError), _Renderer() as renderer:
                return str(renderer.render(Document(text))).strip("\n")
        return "\n\n".join(self.words([Run(part)]) for part in paragraphs(text))


def escape(text: str) -> str:
    """Text in which Jira sees no markup; addresses stay as they are, to be followed."""
    parts: list[str] = []
    at = 0
    for match in _URL.finditer(text):
        parts += [_escaped(text[at : match.start()]), match.group()]
        at = match.end()
    return "".join([*parts, _escaped(text[at:])])


def _escaped(text: str) -> str:
    # Two backslashes would break the line, so a backslash of the writer's is named by its number.
    text = text.replace("\\", "&#92;")
    text = _FACE.sub(lambda match: f"&#{ord(match.group())};", text)
    return re.sub(r"&#\d+;|" + _SPECIAL.pattern, _protected, text)


def _protected(match: re.Match[str]) -> str:
    found = match.group()
    return found if found.startswith("&#") else f"\\{found}"


def _opened(text: str) -> str:
    """A paragraph that is no heading and no quotation, whatever it begins with."""
    return f"&#{ord(text[0])};{text[1:]}" if _OPENING.match(text) else text


def _run(run: Run) -> str:
    text = escape(one_line(run.text))
    if run.href and is_web_address(run.href):
        return f"[{text}|{_target(run.href)}]"
    return f"*{text}*" if run.strong else text


def _target(url: str) -> str:
    return quote(url, safe=":/?#%=&+,;~$@")


class _Renderer(JiraRenderer):
    """The library's rendering of the structure, with escapes, links and code that hold whatever stands in them."""

    def __init__(self) -> None:
        # Not the library's own: HTML is read as the text it is, instead of being passed on.
        self.listTokens: list[str] = []
        self.lastChildOfQuotes: list[Any] = []
        BaseRenderer.__init__(self)

    def render_raw_text(self, token: Any, escape: bool = True) -> str:  # noqa: ANN401, FBT001, FBT002  as the library calls it
        return _whole(token.content) if escape else str(token.content)

    def render_paragraph(self, token: Any) -> str:  # noqa: ANN401  as the library calls it
        return _opened(self._inner(token)) + self._end(token)

    def render_link(self, token: Any) -> str:  # noqa: ANN401
        return self._linked(token, token.target)

    def render_auto_link(self, token: Any) -> str:  # noqa: ANN401
        return self._linked(token, token.target)

    def render_image(self, token: Any) -> str:  # noqa: ANN401
        return self._linked(token, token.src)

    def render_block_code(self, token: Any) -> str:  # noqa: ANN401
        content = token.children[0].content
        end = self._end(token)
        if _CODE.search(content):
            # Nothing may end the block but its own end.
            return f"{{noformat}}\n{_NOFORMAT.sub('{ ', content)}{{noformat}}{end}"
        language = f":{token.language}" if _LANGUAGE.match(token.language or "") else ""
        return f"{{code{language}}}\n{content}{{code}}{end}"

    def render_quote(self, token: Any) -> str:  # noqa: ANN401
        return str(JiraRenderer.render_quote(self, token)) if token.children else ""

    def render_list_item(self, token: Any) -> str:  # noqa: ANN401
        line = str(JiraRenderer.render_list_item(self, token))
        return line if line.endswith("\n") else f"{line}\n"

    def render_table_cell(self, token: Any, in_header: bool = False) -> str:  # noqa: ANN401, FBT001, FBT002
        return ("||" if in_header else "|") + (self._inner(token) or " ")

    def _inner(self, token: Any) -> str:  # noqa: ANN401
        return str(JiraRenderer.render_inner(self, token))

    def _end(self, token: Any) -> str:  # noqa: ANN401
        return str(JiraRenderer._block_eol(self, token))  # noqa: SLF001  the library's own way to close a block

    def _linked(self, token: Any, target: str) -> str:  # noqa: ANN401
        inner = self._inner(token)
        if not is_web_address(target):
            return inner
        return f"[{inner}|{_target(target)}]" if inner else f"[{_target(target)}]"


_whole: Callable[[str], str] = escape
"""The escape under a name that the renderer's own parameter doesn't hide."""
