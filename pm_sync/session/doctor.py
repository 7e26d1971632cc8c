"""``pm-sync doctor``: look at everything a run stands on, without writing anything anywhere."""

from __future__ import annotations

import platform
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from pm_sync import __version__, io
from pm_sync.errors import PmSyncError
from pm_sync.findings import Diagnosis, Finding, Section, fine, of_error, warning
from pm_sync.model import IssueRef
from pm_sync.session import grounds
from pm_sync.session.actions import refuse_writes
from pm_sync.session.session import Reading, Session, World
from pm_sync.sync.entries import make_entries

_FORK = "run the doctor in a workflow of the repository itself"


def diagnose(world: World, config: Path | None = None, tracker: str | None = None) -> Diagnosis:
    """Look at configuration, repository, trackers and publishing.

    What is wrong is found and not raised; where the configuration can't be used, no tracker is asked.

    Args:
        world: What may be touched.
        config: The configuration's file, else it is looked for.
        tracker: The value of ``--tracker``.

    """
    versions = Section("pm-sync", (_versions(),))
    try:
        session = Session.open(world, config=config, tracker=tracker)
    except PmSyncError as error:
        sections = [Section("configuration", (of_error("configuration", error),)), _unopened(world, config)]
        return Diagnosis((versions, *sections), error.code)
    with session:
        # Nobody waits for a limit just to hear that it is reached.
        session.patience.left = 0
        reading = session.read()
        linked = _linked(session, reading)
        trackers = [Section(f"tracker {name}", tuple(_tracker(session, name, linked))) for name in session.settings]
        return Diagnosis(
            (
                versions,
                Section("configuration", (*_configuration(session, config), *_postmortems(reading, linked))),
                Section("repository", (*grounds.look(session.root, shared=_is_shared(session)), *_event(session))),
                *trackers,
                *_publishing(session),
            )
        )


def _versions() -> Finding:
    python = f"Python {platform.python_version()}"
    return fine("versions", f"pm-sync {__version__}, {python} on {platform.system()} {platform.machine()}")


def _unopened(world: World, config: Path | None) -> Section:
    """The repository, where the configuration can't be used."""
    try:
        return Section("repository", tuple(grounds.look(io.find_root(world.folder, config))))
    except PmSyncError as error:
        return Section("repository", (of_error("repository", error),))


def _configuration(session: Session, config: Path | None) -> Iterator[Finding]:
    from pm_sync.config.load import find_config  # noqa: PLC0415 - loaded with the session

    path = config or find_config(session.root)
    if path is None:
        yield fine("configuration", f"there is none, which is fine; issues go to {', '.join(session.settings)}")
    elif session.event is not None and session.event.pull_request is not None:
        yield fine("configuration", f"{path}, as it is where the pull request would go")
    else:
        yield fine("configuration", f"{path} is valid")


def _linked(session: Session, reading: Reading) -> Collection[IssueRef]:
    """The issues that postmortems link."""
    entries = make_entries(reading.documents, session.policy, {})
    return frozenset(entry.ref for entry in entries if entry.ref is not None)


def _postmortems(reading: Reading, linked: Collection[IssueRef]) -> Iterator[Finding]:
    for error in reading.errors:
        yield of_error("postmortems", error)
    if not reading.documents:
        if not reading.errors:
            yield warning("postmortems", "none found", "set `postmortems:` in pm-sync.yaml to where they are")
        return
    items = sum(len(postmortem.items) for postmortem in reading.postmortems)
    yield fine("postmortems", f"{len(reading.documents)} read; items: {items}, linked issues: {len(linked)}")


def _is_shared(session: Session) -> bool:
    return not session.config.source and any(settings.kind != "local" for settings in session.settings.values())


def _event(session: Session) -> Iterator[Finding]:
    """What this run of GitHub Actions may do."""
    if session.event is None:
        return
    try:
        refuse_writes(session.event, allow_branch=False)
    except PmSyncError as error:
        yield warning("workflow", f"a sync would be refused: {error.what}", error.hint or "")
    else:
        yield fine("workflow", f"started by {session.event.name}, may write")


def _is_fork(session: Session) -> bool:
    """Whether a stranger's pull request started this run: for those no tracker is asked, and no credential is used."""
    pull = session.event.pull_request if session.event else None
    return pull is not None and pull.from_fork


def _tracker(session: Session, name: str, linked: Collection[IssueRef]) -> Sequence[Finding]:
    place = next(place for place in session.policy.places.trackers if place.name == name)
    ours = [ref for ref in linked if (ref.kind, ref.site, ref.project) == (place.kind, place.site, place.project)]
    if _is_fork(session):
        return [warning("credential", "not looked at: a fork's pull request asks no tracker", _FORK)]
    try:
        return session.open_tracker(name).diagnose(session.world.clock, ours)
    except PmSyncError as error:
        return [of_error("credential", error)]


def _publishing(session: Session) -> Iterator[Section]:
    """Whether ``sync --publish`` can write to the repository that holds the postmortems, where it is on GitHub."""
    from pm_sync.session.home import find_home  # noqa: PLC0415 - loads what publishing needs

    if _is_fork(session):
        return
    try:
        home = find_home(session)
    except PmSyncError as error:
        yield Section("publishing", (of_error("credential", error),))
        return
    if home is None:
        return
    from pm_sync.trackers.github.diagnosis import diagnose_publishing  # noqa: PLC0415 - PyGithub is heavy

    with home:
        findings = diagnose_publishing(home.client, home.repository, session.world.clock)
    yield Section("publishing", tuple(findings))
