"""``pm-sync explain``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pm_sync.cli.options import (
    ConfigOption,
    LogFileOption,
    OfflineOption,
    TrackerOption,
    VerboseOption,
    make_world,
    path_of,
)
from pm_sync.cli.terminal import emit

if TYPE_CHECKING:
    from pm_sync.model import RejectedItem
    from pm_sync.session.linking import Explanation

Place = Annotated[str, typer.Argument(metavar="PATH:LINE", help="Where the action item stands.")]


def explain(
    place: Place,
    *,
    offline: OfflineOption = False,
    tracker: TrackerOption = None,
    config: ConfigOption = None,
    verbose: VerboseOption = 0,
    log_file: LogFileOption = None,
) -> None:
    """Tell how an action item is read, which issue is its own and why, and what a sync would do about it.

    \b
    Example:
      pm-sync explain postmortems/checkout.md:41
    """
    from pm_sync.report.clean import clean  # noqa: PLC0415 - help doesn't need it
    from pm_sync.session import linking  # noqa: PLC0415
    from pm_sync.session.session import Session  # noqa: PLC0415

    world = make_world(verbose=verbose, log_file=log_file)
    with Session.open(world, config=config, tracker=tracker, paths=[path_of(place)]) as session:
        told = linking.explain(session, place, offline=offline)
        emit("".join(f"{name + ':':<10} {clean(value)}\n" for name, value in _lines(told, place)))


def _lines(told: Explanation | RejectedItem, place: str) -> list[tuple[str, str]]:
    from pm_sync.model import RejectedItem  # noqa: PLC0415 - as above

    if isinstance(told, RejectedItem):
        return [("rejected", f"{place} {told.text}".rstrip()), ("reason", told.reason)]
    entry = told.entry
    lines = [
        ("item", f"{entry.path}:{entry.item.line} {entry.item.text}"),
        ("title", entry.item.title),
        ("section", " > ".join(entry.item.section) or "-"),
        ("key", entry.mark(entry.item.ordinal).key),
        ("route", f"{entry.route.to} ({_conditions(told)})"),
        ("issue", _issue(told)),
    ]
    return lines + [(change.kind.value.replace("_", "-"), change.reason) for change in told.changes]


def _conditions(told: Explanation) -> str:
    route = told.entry.route
    named = {
        "path": route.paths,
        "type": route.types,
        "priority": route.priorities,
        "severity": route.severities,
        "team": route.teams,
        "section": route.sections,
    }
    return (
        ", ".join(f"{name} is one of {sorted(words)}" for name, words in named.items() if words) or "takes everything"
    )


def _issue(told: Explanation) -> str:
    from pm_sync.sync.identity import Linked  # noqa: PLC0415

    match told.entry.identity:
        case Linked(ref, tracker, by):
            return f"{ref} in {tracker}, known by its {by}"
        case None:
            restored = next((change.ref for change in told.changes if change.ref and change.issue), None)
            return f"{restored}, known by its mark" if restored else "none yet"
        case unreachable:
            return unreachable.reason
