"""Which items a person wants to see."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import Struct
from msgspec.structs import replace

from pm_sync.errors import UsageError
from pm_sync.levels import priority_name, severity_name
from pm_sync.status.items import STATES, StatusItem, StatusReport


class StatusFilter(Struct, frozen=True):
    """What to keep: one value of each kind that is given must fit; a kind without values keeps everything."""

    owners: tuple[str, ...] = ()
    """With or without ``@``, in any case."""
    teams: tuple[str, ...] = ()
    """Of the item, or named as an owner of it."""
    severities: tuple[str, ...] = ()
    """Of the incident, in any way of writing: ``SEV1``, ``critical``."""
    priorities: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    """Globs as in the configuration: ``*`` stays in its folder, ``**`` goes through all below it."""
    states: tuple[str, ...] = ()
    """Some of `STATES`, with blanks or dashes for underscores."""

    def __post_init__(self) -> None:
        """Raise UsageError at a state that is none: nothing would ever fit it."""
        for word in self.states:
            if _state(word) not in STATES:
                raise UsageError(f"{word!r} is no state", place="--state", hint=f"there is {', '.join(STATES)}")

    def keeps(self, item: StatusItem) -> bool:
        """Whether the item fits."""
        return (
            _fits(self.owners, item.owners, _plain)
            and _fits(self.teams, (item.team or "", *item.owners), _plain)
            and _fits(self.severities, (item.severity or "",), severity_name)
            and _fits(self.priorities, (item.priority or "",), priority_name)
            and _fits(self.states, (item.state,), _state)
            and (not self.paths or _matches(item.path, self.paths))
        )

    def apply(self, report: StatusReport) -> StatusReport:
        """The same report about fewer items."""
        return replace(report, items=tuple(item for item in report.items if self.keeps(item)))


def _fits(wanted: Iterable[str], has: Iterable[str], name: Callable[[str], str]) -> bool:
    names = {name(word) for word in wanted}
    return not names or not names.isdisjoint(name(word) for word in has)


def _plain(word: str) -> str:
    return word.strip().removeprefix("@").casefold()


def _state(word: str) -> str:
    return _plain(word).replace("-", "_").replace(" ", "_")


def _matches(path: str, globs: tuple[str, ...]) -> bool:
    from wcmatch import glob  # noqa: PLC0415 - only filters by path need it

    try:
        return glob.globmatch(path, list(globs), flags=glob.GLOBSTAR | glob.BRACE | glob.DOTGLOB)
    except Exception as error:  # the library gives its limit's error no public name
        raise UsageError("these are too many patterns", place="--path", hint="give fewer braces") from error
