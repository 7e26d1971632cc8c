"""Making untrusted text harmless for people's eyes and terminals.

Whatever a postmortem or a tracker wrote may hold terminal escapes, characters that reorder what is read, or commands
for the CI runner that prints our output. Every format for people passes all such text through `clean`.
"""

from __future__ import annotations

from pm_sync.regex import regex

_BLANKS = regex(r"[\s\u0085\u2028\u2029]+")
_OTHER_BLANKS = regex(r"[\t\r\u0085\u2028\u2029]")
_UNSEEN = regex("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ud800-\udfff]")
_RUNNER_COMMAND = regex(r"#(?=#\[)|^\s*:(?=:)")
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def clean(text: str) -> str:
    """One line without control characters, bidirectional overrides, lone surrogates and commands for a CI runner.

    GitHub's runner obeys a line that begins with ``::``, and ``##[command]`` anywhere: a blank breaks both.
    """
    if text.isascii() and text.isprintable() and "##" not in text and "::" not in text:
        # Nearly always; nothing but blanks is left to look after.
        return " ".join(text.split())
    return _harmless(_BLANKS.sub(" ", text).strip())


def clean_lines(text: str) -> str:
    """The same for text of several lines, each of which keeps its blanks."""
    return "\n".join(_harmless(_OTHER_BLANKS.sub(" ", line)) for line in text.split("\n"))


def _harmless(line: str) -> str:
    return _RUNNER_COMMAND.sub(lambda broken: f"{broken[0]} ", _UNSEEN.sub(REPLACEMENT, line))
