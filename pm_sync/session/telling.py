"""Telling: what a run found out, said where people look: on a commit, and on a pull request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from pm_sync.errors import TrackerError, UsageError
from pm_sync.publish.checks import Standing, run_url, set_status
from pm_sync.publish.command import Git
from pm_sync.publish.comment import Sticky
from pm_sync.regex import regex
from pm_sync.session.home import Home, open_home
from pm_sync.session.session import Session
from pm_sync.status.items import Failure, StatusReport

_COMMIT = regex(r"[0-9a-f]{40}|[0-9a-f]{64}")


def find_commit(session: Session, text: str) -> str:
    """The full hash of what ``--commit-status`` names: a hash, or whatever this clone knows.

    Raises:
        UsageError: nothing is known by that name.

    """
    if _COMMIT.fullmatch(text):
        return text
    git = Git(session.root, session.world.environment)
    found = git.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{text}^{{commit}}").text
    if not found:
        hint = "give the commit's full hash, or a name that this clone knows"
        raise UsageError(f"git knows no commit {text!r}", place="--commit-status", hint=hint)
    return found


def standing(report: StatusReport, failures: Sequence[Failure], unread: Mapping[str, str]) -> Standing:
    """What a commit's status says: red where the gate fails, neither where nobody could look."""
    counts = report.summary
    still = sum(item.active for item in report.items)
    parts = [f"{still} open"] + [f"{counts[name]} {name}" for name in ("overdue", "lost") if counts[name]]
    if unread:
        return Standing(
            "error", f"can't be told: {', '.join(f'{name}: {why}' for name, why in sorted(unread.items()))}"
        )
    if failures:
        worst = failures[0]
        more = f" and {len(failures) - 1} more" if len(failures) > 1 else ""
        return Standing("failure", f"{', '.join(parts)}; {worst.item.path}:{worst.item.line} {worst.message}{more}")
    return Standing("success", ", ".join(parts))


def tell_commit(session: Session, commit: str, said: Standing) -> None:
    """Set a commit's status.

    Raises:
        Refused: this run writes nothing.
        PublishFailed: it can't be set.

    """
    with open_home(session) as home:
        _tell(session, home, commit, said)


def tell_head(session: Session, said: Standing) -> None:
    """Set the status of the commit that a workflow's run is about: a pull request's own, else the branch's last.

    Raises:
        Refused: this run writes nothing.
        PublishFailed: it can't be set.

    """
    with open_home(session) as home:
        _tell(session, home, _head(session, home), said)


def _head(session: Session, home: Home) -> str:
    event, started = session.event, session.world.environment.get("GITHUB_SHA", "")
    if event is None or event.pull_request is not None:
        return event.pull_request.head if event and event.pull_request else started
    try:
        # A step before this one may have pushed what it recorded.
        found = home.client.get(f"/repos/{home.repository}/git/ref/{quote(event.ref.removeprefix('refs/'))}")
        return str(found["object"]["sha"])
    except TrackerError:
        return started


def _tell(session: Session, home: Home, commit: str, said: Standing) -> None:
    url = run_url(session.world.environment)
    set_status(home.client, home.repository, commit, Standing(said.state, said.description, url))


def tell_pull_request(session: Session, number: int, text: str, *, only_if_there: bool) -> None:
    """Keep the one comment on a pull request up to date.

    Raises:
        Refused: this run writes nothing.
        PublishFailed: it can't be written.

    """
    with open_home(session) as home:
        Sticky(home.client, home.repository, number).say(text, only_if_there=only_if_there)
