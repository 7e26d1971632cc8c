"""Rendering the managed block: in a sandbox, and with every value that comes from outside defused."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, partial
from html import unescape
from importlib.resources import files
from string import ascii_letters, digits
from typing import Any, Protocol

from pm_sync.errors import ConfigError, TrackerError

_BREAK = "\u200b"
"""An invisible character between two that mean something together."""
# GitHub's word characters are ASCII's: any other one, and any punctuation, may stand before a mention.
_MENTION = re.compile(r"(?<![A-Za-z0-9_])@(?=[A-Za-z0-9])")
_REFERENCE = re.compile(r"(#|GH-)(?=\d)(?!(?<=&#)\d{1,7};)", re.IGNORECASE)
_ENTITY = re.compile(r"&(?=((?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]*);))", re.IGNORECASE)
_PLAIN = frozenset("@#:/-" + ascii_letters + digits)
"""Characters that nobody has to write as an entity, except to hide from what follows."""
_CLOSING = re.compile(r"\b(close[sd]?|fix(?:e[sd])?|resolve[sd]?)(:?\s+)(?=https?://)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


class Template(Protocol):
    """Makes the inside of a managed block."""

    def render(self, **values: Any) -> str:  # noqa: ANN401  templates name what they like
        """Fill in."""
        ...


def one_line_of(text: str) -> str:
    """Text that can't leave the line it is put on."""
    return " ".join(text.split())


def defuse(text: str) -> str:
    """Words of a postmortem that mean nothing to GitHub but themselves.

    They ping nobody, refer to and close no issue, and neither open nor close an HTML comment, not as entities either.
    """
    text = _CONTROL.sub("", text)
    text = text.replace("<!--", "&lt;!--").replace("-->", "--&gt;")
    text = _ENTITY.sub(lambda match: "&amp;" if unescape(f"&{match[1]}") in _PLAIN else "&", text)
    text = _MENTION.sub(f"@{_BREAK}", text)
    text = _REFERENCE.sub(rf"\1{_BREAK}", text)
    return _CLOSING.sub(rf"\1\2{_BREAK}", text)


@cache
def load_template(source: str | None) -> Template:
    """Compile a template, or ours for None.

    Raises:
        ConfigError: it is no valid template.

    """
    # Only for issues that are written.
    from pm_sync.trackers.github.sandbox import Sandbox  # noqa: PLC0415

    sandbox = Sandbox(_finalize)
    text = source if source is not None else (files("pm_sync") / "data/issue.md.j2").read_text("utf-8")
    try:
        template = sandbox.load(text)
    except Exception as error:  # a template can be wrong in any way
        what, line = getattr(error, "message", type(error).__name__), getattr(error, "lineno", "?")
        raise ConfigError(f"the issue template: {what} (line {line})") from error
    return _Checked(partial(sandbox.fill, template))


class _Checked:
    """A template whose failures cost one issue, not the run."""

    def __init__(self, fill: Callable[[dict[str, Any]], str]) -> None:
        self._fill = fill

    def render(self, **values: Any) -> str:  # noqa: ANN401  templates name what they like
        try:
            return self._fill(values)
        except Exception as error:  # a template can fail in any way
            raise TrackerError(f"the issue template fails: {error}", hint="correct the tracker's `template`") from error


def _finalize(value: object) -> str:
    return "" if value is None else defuse(str(value))
