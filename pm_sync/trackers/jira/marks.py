"""Our mark in an issue: an entity property that holds it whole, and labels by which Jira's search finds it."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from pm_sync.mark import Mark

PROPERTY = "pm-sync"
"""The key of the entity property."""
_KEY_PREFIX = "pm-sync-"
_TEXT_PREFIX = "pm-sync-t-"
_OURS = re.compile(r"pm-sync-(t-)?[0-9a-f]{20}")
_SIGNATURE, _PRIORITY, _DUE = "mac", "default_priority", "default_due"


def key_label(mark: Mark, key: str = "") -> str:
    """The label that finds the issue of just this item."""
    return _KEY_PREFIX + _sealed(mark.key, key)


def text_label(mark: Mark, key: str = "") -> str:
    """The label that finds the issue though its postmortem was renamed."""
    return _TEXT_PREFIX + _sealed(mark.text_key, key)


def mark_labels(mark: Mark, key: str = "") -> tuple[str, str]:
    """The two labels of a mark."""
    return key_label(mark, key), text_label(mark, key)


def _sealed(name: str, key: str) -> str:
    """What nobody can work out who lacks the key, if there is one: a label alone may stand for a mark."""
    return hmac.new(key.encode(), name.encode(), hashlib.sha256).hexdigest()[: len(name)] if key else name


def is_bookkeeping(label: str) -> bool:
    """Whether a label stands for a mark, so that it says nothing to people."""
    return _OURS.fullmatch(label) is not None


class Note(Struct, frozen=True):
    """What the entity property says."""

    mark: Mark
    default_priority: str = ""
    """The priority that Jira gave the issue by itself, as the item had none: nobody chose it."""
    default_due: str = ""
    """The due date that the configuration gave the issue, as the item had none: the item's own goes before it."""
    cut_short: bool = False
    """The issue has no property, only labels tell whose it is."""


class Marks(Struct, frozen=True):
    """Writes and reads marks, signed if there is a key to sign with."""

    tracking_label: str
    key: str = ""

    def __repr__(self) -> str:
        """Without the key."""
        return f"Marks(tracking_label={self.tracking_label!r})"

    def to_property(self, note: Note) -> dict[str, object]:
        """The property's value."""
        value: dict[str, object] = json.loads(note.mark.to_json())
        if note.default_priority:
            value[_PRIORITY] = note.default_priority
        if note.default_due:
            value[_DUE] = note.default_due
        if self.key:
            value[_SIGNATURE] = self._sign(note.mark)
        return value

    def from_property(self, value: object, labels: Iterable[str]) -> Note | None:
        """The note in an issue, or None where there is none, or none to be believed.

        Without our tracking label the mark was taken back, or is another's.
        """
        if not isinstance(value, Mapping) or self.tracking_label not in labels:
            return None
        mark = read_mark(value)
        if mark is None:
            return None
        # As bytes: of texts, any letter that is none of ASCII's would be an error.
        signature = str(value.get(_SIGNATURE, "")).encode("utf-8", "surrogatepass")
        if self.key and not hmac.compare_digest(signature, self._sign(mark).encode()):
            return None
        return Note(mark, str(value.get(_PRIORITY, "")), str(value.get(_DUE, "")))

    def labels(self, mark: Mark) -> tuple[str, str]:
        """The labels by which a mark's issue is found."""
        return mark_labels(mark, self.key)

    def _sign(self, mark: Mark) -> str:
        return hmac.new(self.key.encode(), mark.to_json().encode(), hashlib.sha256).hexdigest()


def read_mark(value: object) -> Mark | None:
    """The mark in a property's value, or None for anything that isn't a whole one, however deep it is nested."""
    try:
        return Mark.from_json(json.dumps(value))
    except RecursionError:
        return None


class Wanted(Struct, frozen=True):
    """Marks of items by which an issue without a property may be known, by their labels."""

    by_key: Mapping[str, Mark]
    by_text: Mapping[str, Mark]
    """Those of items without a link."""

    @classmethod
    def of(cls, marks: Sequence[Mark], named: Sequence[Mark] = (), *, key: str = "") -> Wanted:
        """Sort marks of items without a link, and of those with one, by their labels."""
        by_key = {key_label(mark, key): mark for mark in (*marks, *named)}
        return cls(by_key, {text_label(mark, key): mark for mark in marks})

    def cut_short(self, labels: Iterable[str]) -> Note | None:
        """The note of an issue of ours that has labels but no property: its creation was cut short.

        Nobody knows what was synced then, so its base is empty: the tracker's values count as the last agreed ones.
        """
        mark = next((self.by_key[label] for label in labels if label in self.by_key), None)
        return Note(replace(mark, base={}), cut_short=True) if mark else None

    def same_text(self, labels: Iterable[str]) -> Note | None:
        """The note to show for an issue without a property, of which only the text is known to be a wanted one's.

        It names no item, but stands where that item is: so resemblance stops a create, and a person decides.
        """
        mark = next((self.by_text[label] for label in labels if label in self.by_text), None)
        return Note(replace(mark, text="", base={})) if mark else None
