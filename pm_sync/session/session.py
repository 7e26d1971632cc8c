"""A session: one repository opened for one command."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from pm_sync import git, io
from pm_sync.config import Config, load_config
from pm_sync.errors import PmSyncError, ReadError, UsageError
from pm_sync.model import Postmortem
from pm_sync.session.actions import Event, read_event
from pm_sync.session.policy import Surroundings, choose_trackers, make_policy
from pm_sync.session.scope import Scope, parse_path, parse_place
from pm_sync.sync.entries import Document
from pm_sync.sync.policy import Policy
from pm_sync.trackers.base import Tracker
from pm_sync.trackers.pace import Patience, untold
from pm_sync.trackers.registry import KINDS
from pm_sync.trackers.registry import Surroundings as TrackerSurroundings
from pm_sync.workers import spread

if TYPE_CHECKING:
    from pm_sync.config import TrackerSettings
    from pm_sync.sync.guards import Limits

Shown = TypeVar("Shown")

DEFAULT_GLOBS = (
    "**/{postmortem,postmortems,post-mortem,post-mortems,post_mortem,post_mortems}/**/*.md",
    "**/{incident,incidents,incident-reports,incident-reviews,outages,retrospectives}/**/*.md",
    "**/*{postmortem,post-mortem,post_mortem}*.md",
)
"""Where postmortems are looked for when nobody says where they are; upper and lower case are alike."""


class World(Struct, frozen=True):
    """Everything outside of the program that a session may touch, given by the command line or a test."""

    folder: Path
    """The current folder."""
    environment: Mapping[str, str]
    clock: Callable[[], datetime]
    sleep: Callable[[float], None]
    tell_wait: Callable[[str, float], None] = untold
    """Told what is waited for, and how many seconds."""


class Reading(Struct, frozen=True):
    """The postmortems of a run, and what could not be read."""

    documents: tuple[Document, ...]
    errors: tuple[PmSyncError, ...] = ()
    whole: bool = False
    """Everything configured was read, and nothing but that."""

    @property
    def postmortems(self) -> tuple[Postmortem, ...]:
        """Those that the command is about."""
        return tuple(document.postmortem for document in self.documents if document.selected)

    @property
    def unread(self) -> frozenset[str]:
        """The paths that could not be read."""
        return frozenset((error.place or "").partition(":")[0] for error in self.errors)


class Session(Struct):
    """The repository, its configuration and its trackers. A context manager, which closes the trackers."""

    root: Path
    config: Config
    policy: Policy
    world: World
    settings: Mapping[str, TrackerSettings]
    origin: git.Remote | None
    event: Event | None
    """What started the workflow, in GitHub Actions."""
    read_only: bool
    patience: Patience
    """How long this run waits for its trackers, together."""
    _trackers: dict[str, Tracker] = field(default_factory=dict)

    @classmethod
    def open(
        cls,
        world: World,
        *,
        config: Path | None = None,
        tracker: str | None = None,
        paths: Sequence[str] = (),
        read_only: bool = True,
    ) -> Self:
        """Find the root and the configuration: on a pull request, that of the commit it is made against.

        Args:
            world: What may be touched.
            config: The configuration's file, else it is looked for.
            tracker: The value of ``--tracker``.
            paths: The paths that the command names, which may lie in another repository than the current folder.
            read_only: Nothing is going to be written.

        Raises:
            ConfigError: the configuration can't be used.
            Refused: on a pull request, the commit that tells it is not in this clone.
            UsageError: ``tracker`` names none.

        """
        if config is not None and not config.is_file():
            raise UsageError("no such file", place=str(config), hint="give --config the path of a pm-sync.yaml")
        root = io.find_root(world.folder, config, [world.folder / path for path in paths])
        event = read_event(world.environment)
        if event is not None and event.pull_request is not None:
            from pm_sync.session.base import load_base_config  # noqa: PLC0415 - only pull requests need it

            loaded = load_base_config(root, config, event.pull_request, world.environment)
        else:
            loaded = load_config(root, config)
        around = Surroundings(root, world.environment, git.origin(root), partial(git.head, root))
        trackers, routes = choose_trackers(loaded, tracker, around)
        policy = make_policy(loaded, trackers, routes, around)
        patience = Patience(loaded.max_wait.total_seconds(), sleep=world.sleep, tell=world.tell_wait)
        return cls(root, loaded, policy, world, trackers, around.origin, event, read_only, patience)

    def __enter__(self) -> Self:
        """Enter the session."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the trackers."""
        for tracker in self._trackers.values():
            tracker.close()

    def open_tracker(self, name: str) -> Tracker:
        """The tracker of this configured name, opened once.

        Raises:
            TrackerError: it can't be opened.

        """
        if name not in self._trackers:
            settings = self.settings[name]
            run = TrackerSurroundings(
                root=self.root,
                clock=self.world.clock,
                read_only=self.read_only,
                environment=self.world.environment,
                patience=self.patience,
                tracking_label=self.config.tracking_label,
                trusted_authors=self.config.trusted_authors,
            )
            self._trackers[name] = KINDS[settings.kind].open(name, settings, run)
        return self._trackers[name]

    def read(self, paths: Sequence[Path] = (), *, all_for_identity: bool = True) -> Reading:
        """Read the postmortems that ``paths`` name, else the configured ones.

        Args:
            paths: Files and folders.
            all_for_identity: Read the configured ones besides ``paths`` too, not selected, to know what they claim.

        Raises:
            UsageError: a path doesn't exist.

        """
        selected = self._find(paths)
        others = self._find() if paths and all_for_identity else io.Found(())
        errors: list[PmSyncError] = [*selected.errors, *others.errors]
        documents = [*self._read_all(selected.paths, errors, _as_read)]
        rest = sorted(set(others.paths) - set(selected.paths))
        documents += self._read_all(rest, errors, lambda document: replace(document, selected=False))
        whole = not errors and set(others.paths) <= set(selected.paths)
        return Reading(tuple(documents), tuple(errors), whole)

    def _find(self, paths: Sequence[Path] = ()) -> io.Found:
        named = self.config.postmortems
        return io.find_postmortems(self.root, paths, named or DEFAULT_GLOBS, any_case=not named)

    def read_each(
        self, paths: Sequence[Path], errors: list[PmSyncError], show: Callable[[Postmortem], Shown]
    ) -> Iterator[Shown]:
        """Read the postmortems that ``paths`` name, else the configured ones, each when it is asked for.

        Args:
            paths: Files and folders.
            errors: Gets what can't be read.
            show: What to make of each: many are read in other processes, and no more than this comes back.

        Raises:
            UsageError: a path doesn't exist.

        """
        found = self._find(paths)
        errors += found.errors
        return self._read_all(found.paths, errors, lambda document: show(document.postmortem))

    def _read_all(
        self, paths: Sequence[str], errors: list[PmSyncError], show: Callable[[Document], Shown]
    ) -> Iterator[Shown]:
        for read in spread(partial(self._read, show=show), paths):
            if isinstance(read, ReadError):
                errors.append(read)
            else:
                yield read

    def _read(self, path: str, show: Callable[[Document], Shown]) -> Shown | ReadError:
        try:
            data = io.read_file(self.root, path)
            return show(Document(self.read_postmortem(data, path), data))
        except ReadError as error:
            return error

    def read_postmortem(self, data: bytes, path: str) -> Postmortem:
        """Read one postmortem as the configuration says.

        Raises:
            ReadError: it isn't UTF-8.

        """
        from pm_sync.postmortem.read import ReadOptions, read_postmortem  # noqa: PLC0415 - loads the parser

        sections = self.config.sections
        options = ReadOptions(sections.include, sections.exclude, self.policy.places.jira_keys)
        return read_postmortem(data, path, options)

    def limit(self, scope: Scope) -> Limits:
        """Limit this run to what the command line says, besides the configuration.

        Raises:
            UsageError: git doesn't know a revision, a place is none, or a duration.

        """
        from pm_sync.sync.guards import Limits  # noqa: PLC0415 - who only reads needs none

        only = git.changed_since(self.root, scope.changed_since) if scope.changed_since else None
        new = frozenset(parse_place(text, self.root, self.world.folder) for text in scope.new)
        self.policy = replace(self.policy, only=only, new=new)
        if scope.max_wait is not None:
            self.patience.left = _seconds(scope.max_wait)
        guards = self.config.guards
        return Limits(
            creates=guards.max_creates if scope.max_creates is None else scope.max_creates,
            updates=guards.max_updates if scope.max_updates is None else scope.max_updates,
            closes=guards.max_closes if scope.max_closes is None else scope.max_closes,
            allow_empty=frozenset(parse_path(text, self.root, self.world.folder) for text in scope.allow_empty),
        )


def _as_read(document: Document) -> Document:
    return document


def _seconds(text: str) -> float:
    from pm_sync.config.values import parse_duration  # noqa: PLC0415 - few name one

    try:
        return parse_duration(text).total_seconds()
    except ValueError as error:
        raise UsageError(str(error), place="--max-wait") from error
