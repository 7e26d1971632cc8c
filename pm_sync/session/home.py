"""Home: the repository on GitHub that holds the postmortems, where we have a credential for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from msgspec import Struct

from pm_sync.errors import AccessDenied, Refused
from pm_sync.publish.remote import PublishFailed
from pm_sync.session.session import Session

if TYPE_CHECKING:
    from pm_sync.trackers.github.client import Client


class Home(Struct, frozen=True):
    """GitHub's API for that repository. A context manager, which closes the connection."""

    client: Client
    repository: str

    def __enter__(self) -> Self:
        """Enter."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        self.client.close()


def find_home(session: Session) -> Home | None:
    """Open it; None where the repository is nowhere on the GitHub of our credential, or we have none."""
    from pm_sync.trackers.github.access import access_from  # noqa: PLC0415 - only publishing needs it

    home = session.policy.places.home
    if home is None:
        return None
    try:
        access = access_from(session.world.environment)
    except AccessDenied:
        return None
    if access.site.web != home.site:
        return None
    from pm_sync.trackers.github.client import Client  # noqa: PLC0415 - PyGithub is heavy
    from pm_sync.trackers.github.connection import Connection  # noqa: PLC0415

    return Home(Client(Connection(access, home.project), session.patience), home.project)


def open_home(session: Session) -> Home:
    """Open it, to say something there.

    Raises:
        Refused: a fork's run must not.
        PublishFailed: there is none.

    """
    event = session.event
    if event is not None and (event.fork or (event.pull_request is not None and event.pull_request.from_fork)):
        raise Refused("a fork's run writes nothing: neither comments nor commit statuses")
    home = find_home(session)
    if home is None:
        hint = "set GITHUB_TOKEN, in a clone whose origin is on that GitHub"
        raise PublishFailed("there is no GitHub repository with a credential to write to", hint=hint)
    return home
