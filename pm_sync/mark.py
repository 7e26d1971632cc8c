"""Marks: the machine-readable line inside an issue that names the item it was made for.

The format is frozen by ``tests/golden/marks.json``: a mark written today must be found by every later version.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from msgspec import Struct, field

from pm_sync.regex import regex

VERSION = 1
_NOT_WORD = regex(r"[\W_]+")
_ASCII = bytes(ord(chr(c).lower()) if chr(c).isalnum() else ord(" ") for c in range(256))


def text_hash(text: str) -> str:
    """Hash an item's full text so that case, width, punctuation and spacing don't matter.

    NFKC, case-folded, each run of non-word characters as one space; 20 hexadecimal digits.
    """
    return _digest(normal_form(text))


@lru_cache(1 << 9)
def normal_form(text: str) -> str:
    """What `text_hash` hashes: texts are equal where this is."""
    if text.isascii():
        # The same, at a fifth of the time; most texts have single blanks alone.
        words = text.encode().translate(_ASCII).decode().strip()
        return " ".join(words.split()) if "  " in words else words
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _NOT_WORD.sub(" ", folded).strip()


def value_hash(value: str) -> str:
    """Short hash of one field's value, for a mark's base."""
    return _digest(value)[:12]


def _digest(*parts: str) -> str:
    # A separator that no part can hold keeps ("ab", "c") and ("a", "bc") apart.
    return hashlib.sha256("\x00".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:20]


class Mark(Struct, frozen=True):
    """Names one item of one postmortem of one source."""

    src: str
    """The source: configured, else the normalised address of the repository's origin, else empty."""
    path: str
    text: str
    """`text_hash` of the item's text."""
    n: int = 0
    """The item's ordinal among those of equal text in its postmortem."""
    base: Mapping[str, str] = field(default_factory=dict)
    """`value_hash` of each field the postmortem owns, as last synced."""
    v: int = VERSION

    def __eq__(self, other: object) -> bool:
        """Whether both name the same item: the base is memory, not identity."""
        return isinstance(other, Mark) and self._identity == other._identity

    def __hash__(self) -> int:
        return hash(self._identity)

    @property
    def _identity(self) -> tuple[int, str, str, str, int]:
        return self.v, self.src, self.path, self.text, self.n

    @property
    def key(self) -> str:
        """The item's key: 20 hexadecimal digits over version, source, path, text and ordinal."""
        return _digest(str(self.v), self.src, self.path, self.text, str(self.n))

    @property
    def text_key(self) -> str:
        """Like `key` but without path and ordinal, so that a renamed postmortem's issues are found."""
        return _digest(str(self.v), self.src, self.text)

    def to_json(self) -> str:
        """One line of JSON that holds no ``-->``, so that it can stand in an HTML comment."""
        data = {
            "v": self.v,
            "src": self.src,
            "path": self.path,
            "text": self.text,
            "n": self.n,
            "base": dict(self.base),
        }
        line = json.dumps(data, separators=(",", ":"), sort_keys=True)
        return line.replace("<", "\\u003c").replace(">", "\\u003e")

    @classmethod
    def from_json(cls, line: str) -> Mark | None:
        """Read a mark, or None for anything that isn't a whole one."""
        try:
            data = json.loads(line)
        except (ValueError, RecursionError):
            return None
        match data:
            case {"v": int(v), "src": str(src), "path": str(path), "text": str(text), "n": int(n)}:
                base = data.get("base", {})
            case _:
                return None
        if not isinstance(base, dict) or not all(isinstance(h, str) for h in base.values()):
            return None
        return cls(src, path, text, n, base, v)
